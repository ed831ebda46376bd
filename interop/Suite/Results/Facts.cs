// What can be told of the machine that a run was made on, and of what it judged.
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;

namespace EasyTcp.Interop.Results;

/// <summary>Commit, machine and versions.</summary>
/// <param name="Commit">The commit; null where that cannot be told.</param>
/// <param name="IsChanged">True if the work tree differs from it.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Versions">Compilers and runtimes, by name.</param>
internal sealed partial record Facts(string? Commit, bool IsChanged, Machine Machine, IReadOnlyDictionary<string, string> Versions)
{
    // None of these takes long, and a run does without them.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Finds out.</summary>
    public static async Task<Facts> Gather()
    {
        Task<string?> commit = FirstLine("git", "rev-parse", "HEAD");
        Task<string?> changes = FirstLine("git", "status", "--porcelain");
        var tools = new Dictionary<string, Task<string?>>(StringComparer.Ordinal);
        if (Place.Current is ThisMachine or AttachedPlace) // what is in images is not told by this machine
        {
            tools[".NET SDK"] = FirstLine("dotnet", "--version");
            tools["gcc"] = FirstLine("gcc", "--version");
            tools["Python"] = FirstLine("python3", "--version");
        }

        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal) { [".NET runtime"] = Environment.Version.ToString() };
        foreach ((string name, Task<string?> line) in tools)
        {
            if (await line is string text && Version().Match(Aside().Replace(text, "")) is { Success: true } version)
            {
                versions[name] = version.Value;
            }
        }

        var machine = new Machine(RuntimeInformation.OSDescription, RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(), Environment.ProcessorCount, Place.Current.Category.ToLowerInvariant());
        return new Facts(await commit, !string.IsNullOrEmpty(await changes), machine, versions);
    }

    // What a program says first; null if it is not there, or does not say.
    private static async Task<string?> FirstLine(string program, params string[] arguments)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            BufferedCommandResult result = await Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(Repository.Root)
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(patience.Token);
            return result.ExitCode == 0 ? result.StandardOutput.Split('\n')[0] : null;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return null;
        }
    }

    // Who built it, as in "gcc (Debian 12.2.0-14) 12.2.0".
    [GeneratedRegex(@"\([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Aside();

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)+[0-9A-Za-z+-]*", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
