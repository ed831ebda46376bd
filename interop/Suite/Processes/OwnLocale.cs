// A locale that the system may not have: compiled where the C library's tools and sources are, for programs that ask the C library.
using System.Collections.Concurrent;
using CliWrap;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Processes;

/// <summary>Locales of the suite's own.</summary>
internal static class OwnLocale
{
    private const int MereWarnings = 1;

    private static readonly ConcurrentDictionary<string, Lazy<string?>> Folders = new(StringComparer.Ordinal);

    /// <summary>The folder that LOCPATH is to name for a locale.</summary>
    /// <param name="locale">As in <c>tr_TR.UTF-8</c>.</param>
    /// <returns>Null where it cannot be had: programs then find the system's, or none.</returns>
    public static string? FolderOf(string locale) => Folders.GetOrAdd(locale, name => new Lazy<string?>(() => Make(name))).Value;

    private static string? Make(string locale)
    {
        string folder = Repository.At("artifacts", "locale");
        string target = Path.Combine(folder, locale);
        if (!Directory.Exists(target))
        {
            string[] parts = locale.Split('.');
            string work = Directory.CreateTempSubdirectory().FullName;
            try
            {
                string made = Path.Combine(work, locale);
                CommandResult result = Cli.Wrap("localedef").WithArguments(["-i", parts[0], "-f", parts[1], made]).WithValidation(CommandResultValidation.None).ExecuteAsync().Task.GetAwaiter().GetResult();
                if (result.ExitCode <= MereWarnings)
                {
                    Directory.CreateDirectory(folder);
                    Directory.Move(made, target);
                }
            }
            catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
            {
                // there is no such tool, or it has no sources; or another suite was quicker
            }
            finally
            {
                Directory.Delete(work, recursive: true);
            }
        }

        return Directory.Exists(target) ? folder : null;
    }
}
