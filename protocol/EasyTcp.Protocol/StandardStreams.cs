// Stdin and stdout as they are, also where they are not.
namespace EasyTcp.Protocol;

/// <summary>The standard streams as bytes. One that was closed before the program began is empty, or swallows everything.</summary>
public static class StandardStreams
{
    // A native program of .NET opens this while it starts, and gets the lowest descriptor that is free.
    private const string TakenByRuntime = "/dev/urandom";

    /// <summary>Standard input.</summary>
    public static Stream Input() => IsTaken(0) ? Stream.Null : Console.OpenStandardInput();

    /// <summary>Standard output.</summary>
    public static Stream Output()
    {
        try
        {
            return IsTaken(1) ? Stream.Null : Console.OpenStandardOutput();
        }
        catch (Exception fault) when (IsUnusable(fault))
        {
            return Stream.Null;
        }
    }

    /// <summary>Makes the way to tell people of trouble, now: there may be no descriptor left when it is needed.</summary>
    /// <returns>Writes one line to stderr, or to nobody where there is none.</returns>
    public static Action<string> Errors()
    {
        TextWriter errors;
        try
        {
            errors = Console.Error;
        }
        catch (Exception fault) when (IsUnusable(fault))
        {
            errors = TextWriter.Null;
        }

        return line =>
        {
            try
            {
                errors.WriteLine(line);
            }
            catch (Exception fault) when (IsUnusable(fault))
            {
                // nobody reads it
            }
        };
    }

    /// <summary>True for what a stream throws that is closed at its other end, or was never open.</summary>
    public static bool IsUnusable(Exception fault) => fault is IOException or UnauthorizedAccessException;

    private static bool IsTaken(int descriptor)
    {
        try
        {
            return OperatingSystem.IsLinux() &&
                File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false) is { FullName: TakenByRuntime };
        }
        catch (Exception fault) when (IsUnusable(fault))
        {
            return false; // no such file system here: taken at its word
        }
    }
}
