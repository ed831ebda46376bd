// A stdout that keeps what is written to it, write by write, and that can be closed on the writer.
using System.Text;

namespace EasyTcp.Servers.Tests;

/// <summary>Records writes.</summary>
internal sealed class RecordingStream : MemoryStream
{
    private readonly List<string> _writes = [];

    /// <summary>True if the other side has closed: every write fails.</summary>
    public bool IsBroken { get; set; }

    /// <summary>How often somebody tried to write.</summary>
    public int Attempts { get; private set; }

    /// <summary>True while something written may not be out yet: the stream was not flushed after it.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>What was written, each write for itself.</summary>
    public IReadOnlyList<string> Writes => _writes;

    /// <summary>All that was written.</summary>
    public string Text => string.Concat(_writes);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Attempts++;
        if (IsBroken)
        {
            throw new IOException("Broken pipe");
        }

        // Whoever is not kept out by a lock comes in between.
        Thread.Yield();
        IsHeldBack = true;
        _writes.Add(Encoding.ASCII.GetString(buffer));
    }

    public override void Flush() => IsHeldBack = false;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}
