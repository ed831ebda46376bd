// The server's stdout: whole lines, out at once (clauses 6.2 and 7.5).
using System.Collections.Concurrent;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>Writes lines. The registry's lock guards it.</summary>
internal sealed class Output : IDisposable
{
    private const int BufferSize = 4096; // what C's stdio holds back on a pipe

    private static readonly TimeSpan LoggerDelay = TimeSpan.FromSeconds(0.1);

    private readonly FileStream _stream = Native.Open(Native.StandardOutput);
    private readonly MemoryStream _held = new();
    private readonly Clock _clock = new();
    private readonly ConcurrentQueue<(TimeSpan Due, byte[] Bytes)> _queue = new();
    private bool _isFirst = true;
    private bool _closed;

    public Output()
    {
        if (Fault.Is(OutputByBackgroundLogger))
        {
            new Thread(Log) { IsBackground = true }.Start();
        }
    }

    /// <summary>True if nobody reads any more.</summary>
    public static bool IsBroken { get; private set; }

    public void Write(string lines)
    {
        byte[] bytes = Texts.Bytes(lines);
        bool isReadyLine = _isFirst;
        _isFirst = false;
        if (Fault.Is(OutputBuffered) && !isReadyLine)
        {
            _held.Write(bytes);
            if (_held.Length >= BufferSize)
            {
                WriteHeld();
            }
        }
        else if (Fault.Is(OutputByBackgroundLogger) && !isReadyLine)
        {
            _queue.Enqueue((_clock.Elapsed + LoggerDelay, bytes));
        }
        else
        {
            WriteOut(bytes);
        }
    }

    /// <summary>What comes after this is not printed.</summary>
    public void Close()
    {
        WriteHeld();
        while (_queue.TryDequeue(out (TimeSpan Due, byte[] Bytes) line))
        {
            WriteOut(line.Bytes);
        }

        _closed = true;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _held.Dispose();
    }

    private void WriteHeld()
    {
        WriteOut(_held.ToArray());
        _held.SetLength(0);
    }

    private void WriteOut(byte[] bytes)
    {
        if (_closed)
        {
            return;
        }

        try
        {
            _stream.Write(bytes);
        }
        catch (IOException error)
        {
            _closed = true;
            IsBroken = true;
            if (Fault.Is(OutputClosedKills))
            {
                Environment.Exit(Texts.Success);
            }

            if (Fault.Is(OutputClosedStackTrace))
            {
                Console.Error.WriteLine(error);
            }
        }
    }

    // A thread of its own that writes lines a little after they came about.
    private void Log()
    {
        while (true)
        {
            if (_queue.TryPeek(out (TimeSpan Due, byte[] Bytes) line) && line.Due <= _clock.Elapsed && _queue.TryDequeue(out line))
            {
                WriteOut(line.Bytes);
            }
            else
            {
                Clock.LetPass(TimeSpan.FromMilliseconds(1));
            }
        }
    }
}
