// The program behind a name that may be a launcher of launchers.
using System.Collections.Concurrent;
using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;

namespace EasyTcp.Interop.Processes;

/// <summary>
/// Finds the Python that <c>python3</c> stands for. Version managers put a script of that name on the PATH, which costs
/// more than the program under test, prints what it likes, and may stand between a signal and its target.
/// </summary>
internal static class Interpreter
{
    private static readonly ConcurrentDictionary<string, string> Found = new(StringComparer.Ordinal);

    /// <summary>The path of the interpreter for <c>python</c>, <c>python3</c> and the like; any other name as it is.</summary>
    public static string Resolve(string program) =>
        program.StartsWith("python", StringComparison.Ordinal) && !program.Contains('/', StringComparison.Ordinal) ? Found.GetOrAdd(program, Ask) : program;

    private static string Ask(string program)
    {
        try
        {
            string path = Cli.Wrap(program).WithArguments(["-c", "import sys; print(sys.executable)"]).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync().Task.GetAwaiter().GetResult().StandardOutput.Trim();
            return path.Length > 0 ? path : program;
        }
        catch (Win32Exception)
        {
            return program; // starting the peer itself will say what is wrong
        }
    }
}
