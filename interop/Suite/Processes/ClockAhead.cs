// A program's clock, put ahead while it runs: a library of the suite's answers for the C library (interop/clock/ahead.c).
using System.IO.MemoryMappedFiles;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Processes;

/// <summary>A clock for one program.</summary>
internal sealed class ClockAhead : IDisposable
{
    private const int Size = 2 * sizeof(long); // the seconds, and how often the program has asked

    private readonly string _file = Path.GetTempFileName();
    private readonly MemoryMappedFile _shared;
    private readonly MemoryMappedViewAccessor _numbers;

    private ClockAhead()
    {
        File.WriteAllBytes(_file, new byte[Size]);
        _shared = MemoryMappedFile.CreateFromFile(_file, FileMode.Open, null, Size);
        _numbers = _shared.CreateViewAccessor(0, Size);
    }

    /// <summary>The command to start a program by.</summary>
    public string[] Prefix => ["env", $"LD_PRELOAD={Library}", $"EASYTCP_AHEAD={_file}"];

    /// <summary>True if the program has asked the C library for the time.</summary>
    public bool IsAsked => _numbers.ReadInt64(sizeof(long)) > 0;

    private static string Library => Repository.At("artifacts", "c", "ahead.so");

    /// <summary>Makes one; null where the library is not built, on systems other than Linux.</summary>
    public static ClockAhead? TryMake() => File.Exists(Library) ? new ClockAhead() : null;

    /// <summary>Puts the clock ahead of the system's.</summary>
    /// <param name="time">By so many whole seconds.</param>
    public void Set(TimeSpan time) => _numbers.Write(0, (long)time.TotalSeconds);

    public void Dispose()
    {
        _numbers.Dispose();
        _shared.Dispose();
        File.Delete(_file);
    }
}
