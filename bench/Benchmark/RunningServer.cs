// A contestant that runs: its port, its reports and when they came, what it costs.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EasyTcp.Benchmark;

/// <summary>A server under load, on a processor of its own.</summary>
internal sealed partial class RunningServer : IDisposable
{
    private const string ReadyLine = "The server is ready to receive on port ";
    private const string ReportLine = "Number of connected clients = ";
    private const int Terminate = 15;
    private const int Processor = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly Process _process;
    private readonly long _started;
    private readonly TimeSpan _interval;
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TimeSpan> _reports = [];
    private readonly Thread _reader;
    private long _readyAt;

    private RunningServer(Contestant contestant, TimeSpan interval)
    {
        _interval = interval;
        string[] command = Tools.On(Processor, contestant.CommandFor(interval.TotalSeconds));
        _started = _clock.GetTimestamp();
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = Repository.Root })!;
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>From its start to its ready line.</summary>
    public TimeSpan StartTime { get; private set; }

    public int Port => _port.Task.Result;

    /// <summary>Starts a contestant and awaits its ready line.</summary>
    /// <exception cref="InvalidOperationException">It did not become ready.</exception>
    public static RunningServer Start(Contestant contestant, TimeSpan interval)
    {
        var server = new RunningServer(contestant, interval);
        if (!server._port.Task.Wait(Patience))
        {
            server.Dispose();
            throw new InvalidOperationException($"{contestant.Name} was not ready within {Patience.TotalSeconds} s");
        }

        return server;
    }

    /// <summary>The processor time that it has taken so far, in seconds.</summary>
    public double Cpu() => Directory.GetDirectories($"/proc/{_process.Id}/task").Sum(ThreadTime) / 1e9;

    /// <summary>Its own memory, in bytes: what it shares with nobody.</summary>
    public long Memory()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>How many threads it has.</summary>
    public int Threads() => Directory.GetDirectories($"/proc/{_process.Id}/task").Length;

    /// <summary>Counts its system calls while something else goes on.</summary>
    /// <returns>The number; null where there is no strace.</returns>
    public long? CountCalls(Action action)
    {
        if (!Tools.Has("strace"))
        {
            action();
            return null;
        }

        string file = Path.GetTempFileName();
        try
        {
            using Process trace = Process.Start(new ProcessStartInfo("strace", ["-f", "-c", "-q", "-o", file, "-p", $"{_process.Id}"]) { UseShellExecute = false, RedirectStandardError = true })!;
            WaitUntilTraced();
            action();
            _ = Send(trace.Id, 2);
            trace.WaitForExit();
            string? total = File.ReadLines(file).LastOrDefault(line => line.EndsWith(" total", StringComparison.Ordinal));
            return total == null ? null : long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>How far the report was from its schedule at worst, in seconds; null if there was none.</summary>
    public double? WorstReport()
    {
        lock (_reports)
        {
            return _reports.Count == 0 ? null : _reports.Select((at, i) => Math.Abs((at - (_interval * (i + 1))).TotalSeconds)).Max();
        }
    }

    public void Dispose()
    {
        _ = Send(_process.Id, Terminate);
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _reader.Join();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int processId, int signal);

    private static double ThreadTime(string folder)
    {
        try
        {
            return double.Parse(File.ReadAllText(Path.Combine(folder, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended meanwhile
        }
    }

    private void WaitUntilTraced()
    {
        long start = _clock.GetTimestamp();
        while (_clock.GetElapsedTime(start) < Patience && File.ReadLines($"/proc/{_process.Id}/status").Any(line => line.StartsWith("TracerPid:\t0", StringComparison.Ordinal)))
        {
            Thread.Yield();
        }
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is string line)
        {
            if (line.StartsWith(ReadyLine, StringComparison.Ordinal))
            {
                _readyAt = _clock.GetTimestamp();
                StartTime = _clock.GetElapsedTime(_started, _readyAt);
                _port.TrySetResult(int.Parse(line.AsSpan(ReadyLine.Length), CultureInfo.InvariantCulture));
            }
            else if (line.StartsWith(ReportLine, StringComparison.Ordinal))
            {
                lock (_reports)
                {
                    _reports.Add(_clock.GetElapsedTime(_readyAt));
                }
            }
        }

        _port.TrySetException(new InvalidOperationException("it ended before it was ready"));
    }
}
