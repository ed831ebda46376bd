// A contestant that runs: its port, its reports and when they came, what it costs.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EasyTcp.Benchmark;

/// <summary>A server under load, on a processor of its own.</summary>
internal sealed partial class RunningServer : IDisposable
{
    private const int Terminate = 15;
    private const int Processor = 1;
    private const int Page = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly List<Process> Running = [];

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly Process _process;
    private readonly long _started;
    private readonly TimeSpan _interval;
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TimeSpan> _reports = [];
    private readonly bool _hasReports;
    private readonly Thread _reader;
    private long _readyAt;
    private bool _ended;

    private RunningServer(Contestant contestant, TimeSpan interval)
    {
        _interval = interval;
        Contestant = contestant;
        _hasReports = contestant.HasReports;
        string[] command = contestant.CommandFor(interval.TotalSeconds);
        _started = _clock.GetTimestamp();
        _process = Tools.Start(Processor, new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = Repository.Root });
        lock (Running)
        {
            Running.Add(_process);
        }

        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public Contestant Contestant { get; }

    /// <summary>From its start to its ready line.</summary>
    public TimeSpan StartTime { get; private set; }

    public int Port => _port.Task.Result;

    public int ProcessId => _process.Id;

    /// <summary>Starts a contestant and awaits its ready line.</summary>
    /// <exception cref="InvalidOperationException">It did not become ready.</exception>
    public static RunningServer Start(Contestant contestant, TimeSpan interval)
    {
        var server = new RunningServer(contestant, interval);
        try
        {
            server._port.Task.WaitAsync(Patience).GetAwaiter().GetResult();
            return server;
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException)
        {
            server.Dispose();
            throw new InvalidOperationException($"{contestant.Name} was not ready: {fault.Message}", fault);
        }
    }

    /// <summary>Has fresh clients come, ask once, and go.</summary>
    /// <exception cref="InvalidOperationException">It did not stand that.</exception>
    public LoadResult Burst(int clients, int openAtMost) => LoadResult.Run(Contestant.Name, "burst", $"{Port}", $"{ProcessId}", $"{clients}", $"{openAtMost}");

    /// <summary>Has clients connect, ask once when all of them are there, and go.</summary>
    /// <inheritdoc cref="Burst"/>
    public LoadResult Storm(int clients) => LoadResult.Run(Contestant.Name, "storm", $"{Port}", $"{ProcessId}", $"{clients}");

    /// <summary>Its own memory, in bytes: what it shares with nobody.</summary>
    public long Memory()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>How many threads it has.</summary>
    public int Threads() => Directory.GetDirectories($"/proc/{_process.Id}/task").Length;

    /// <summary>Counts its system calls while something else goes on.</summary>
    /// <returns>The number; null where there is no strace, or it may not look into others.</returns>
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
            WaitUntilTraced(trace);
            action();
            if (trace.HasExited)
            {
                return null;
            }

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

    /// <summary>How far a report was from its schedule at worst, in seconds, also one that is due and has not come; null if it has none.</summary>
    public double? WorstReport()
    {
        lock (_reports)
        {
            TimeSpan overdue = _clock.GetElapsedTime(_readyAt) - (_interval * (_reports.Count + 1));
            IEnumerable<TimeSpan> deviations = _reports.Select((at, i) => (at - (_interval * (i + 1))).Duration()).Concat(overdue > TimeSpan.Zero ? [overdue] : []);
            return _hasReports ? deviations.Cast<TimeSpan?>().Max()?.TotalSeconds : null;
        }
    }

    /// <summary>Asks it to end.</summary>
    /// <returns>What was wrong with that: a server that was gone already, one that has to be killed, one of ours with a status other than 0; null if nothing was.</returns>
    public string? End()
    {
        _ended = true;
        bool wasGone = _process.HasExited;
        _ = wasGone ? 0 : Send(_process.Id, Terminate);
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            return $"{Contestant.Name} did not end within {Patience.TotalSeconds} s of SIGTERM";
        }

        return wasGone ? $"{Contestant.Name} ended by itself, with status {_process.ExitCode}"
            : Contestant.Rival || _process.ExitCode == 0 ? null
            : $"{Contestant.Name} ended with status {_process.ExitCode}";
    }

    /// <summary>Kills whatever runs, for a benchmark that is interrupted; no server starts any more, and none ends in good order.</summary>
    public static void KillAll()
    {
        Monitor.Enter(Running); // for good
        foreach (Process process in Running)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose()
    {
        _ = _ended ? null : End();
        _reader.Join();
        lock (Running)
        {
            Running.Remove(_process);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int processId, int signal);

    private void WaitUntilTraced(Process trace)
    {
        long start = _clock.GetTimestamp();
        while (!trace.HasExited && _clock.GetElapsedTime(start) < Patience && File.ReadLines($"/proc/{_process.Id}/status").Any(line => line.StartsWith("TracerPid:\t0", StringComparison.Ordinal)))
        {
            Thread.Yield();
        }
    }

    // Of a burst it prints megabytes, and this runs beside the generator: whole pages are looked through for the few lines that count.
    private void Read()
    {
        Stream output = _process.StandardOutput.BaseStream;
        byte[] page = new byte[Page];
        int kept = 0;
        while (output.Read(page, kept, page.Length - kept) is > 0 and int count)
        {
            int end = kept + count;
            int whole = page.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
            Look(page.AsSpan(0, whole));
            page.AsSpan(whole, end - whole).CopyTo(page);
            kept = end - whole < page.Length ? end - whole : 0;
        }

        _port.TrySetException(new InvalidOperationException("it ended before"));
    }

    private void Look(ReadOnlySpan<byte> lines)
    {
        TimeSpan now = _clock.GetElapsedTime(_started);
        while (lines.Length > 0)
        {
            if (lines.StartsWith("The server is ready to receive on port "u8))
            {
                _readyAt = _clock.GetTimestamp();
                StartTime = now;
                _port.TrySetResult(int.Parse(lines[39..lines.IndexOf((byte)'\n')], CultureInfo.InvariantCulture));
            }
            else if (lines.StartsWith("Number of connected clients = "u8))
            {
                lock (_reports)
                {
                    _reports.Add(now - StartTime);
                }
            }

            // The next line that begins so; connect lines have the same words further on.
            int next = lines.IndexOf("\nNumber of"u8);
            lines = next < 0 ? [] : lines[(next + 1)..];
        }
    }
}
