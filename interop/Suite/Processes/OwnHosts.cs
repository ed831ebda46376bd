// Names that a program under test can resolve and nobody else: a hosts file of its own, in a mount namespace of its own.
using CliWrap;

namespace EasyTcp.Interop.Processes;

/// <summary>A hosts file for one program.</summary>
internal sealed class OwnHosts : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    private OwnHosts(string text) => File.WriteAllText(_file, text);

    /// <summary>The command to start a program by.</summary>
    public string[] Prefix => ["unshare", "-rm", "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\"", _file];

    /// <summary>Makes one; null where the system does not let this user have a mount namespace.</summary>
    public static async Task<OwnHosts?> TryMake(string text)
    {
        var hosts = new OwnHosts(text);
        try
        {
            CommandResult result = await Cli.Wrap(hosts.Prefix[0]).WithArguments([.. hosts.Prefix[1..], "true"]).WithValidation(CommandResultValidation.None).ExecuteAsync();
            if (result.ExitCode == 0)
            {
                return hosts;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // there is no such program
        }

        hosts.Dispose();
        return null;
    }

    public void Dispose() => File.Delete(_file);
}
