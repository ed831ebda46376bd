// A Turkish program is Turkish, also where the system has no such locale.
using CliWrap;
using CliWrap.Buffered;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class OwnLocaleTests
{
    [Test]
    public async Task The_C_library_finds_it()
    {
        string? folder = OwnLocale.FolderOf(Corpus.TurkishLocale);
        Assume.That(folder, Is.Not.Null, "localedef and its sources are not on this machine");

        BufferedCommandResult told = await Cli.Wrap("python3").WithArguments(["-c", "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.localeconv()['decimal_point'])"])
            .WithEnvironmentVariables(new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = Corpus.TurkishLocale, ["LOCPATH"] = folder }).ExecuteBufferedAsync();

        Assert.That(told.StandardOutput, Is.EqualTo(",\n"));
    }

    [Test]
    public void One_that_there_is_not_is_none() => Assert.That(OwnLocale.FolderOf("xx_XX.UTF-8"), Is.Null);
}
