// Real sanitizers' reports, of programs that are wrong in one way each: built here by gcc, found by the suite.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class SanitizerReportTests
{
    private const string Overflow = "#include <stdlib.h>\nint main(int n, char **v) { (void)v; char *p = calloc(1, 4); char c = p[n + 3]; free(p); return c; }\n";
    private const string Leak = "#include <stdlib.h>\nstatic void *volatile p;\nint main(void) { p = malloc(100); p = NULL; return 0; }\n";
    private const string Undefined = "#include <limits.h>\nint main(int n, char **v) { (void)v; volatile int most = INT_MAX; most = most + n; return 0; }\n";
    // Many times over: two that touch the same word at the very same moment may miss each other.
    private const string Race = "#include <pthread.h>\nstatic volatile int x;\nstatic void *f(void *a) { for (int i = 0; i < 10000; i++) x++; return a; }\n" +
        "int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); for (int i = 0; i < 10000; i++) x++; pthread_join(t, 0); return 0; }\n";

    private const string Sound = "int main(void) { return 0; }\n";

    [TestCase(Overflow, "address", "heap-buffer-overflow")]
    [TestCase(Leak, "address", "LeakSanitizer: detected memory leaks")]
    [TestCase(Undefined, "undefined", "signed integer overflow")]
    [TestCase(Race, "thread", "data race")]
    public async Task A_report_is_found_and_told_with_its_text(string source, string sanitizer, string told)
    {
        CaseFailedException? report = await ReportOf(source, sanitizer);

        Assert.That(report?.Actual, Does.Contain(told).And.Contain("main"), "the report names the place");
        Assert.That(report!.Late, Is.Null, "no stall of the machine excuses it");
    }

    [TestCase("address")]
    [TestCase("undefined")]
    [TestCase("thread")]
    public async Task A_program_without_fault_has_no_report(string sanitizer) =>
        Assert.That((await ReportOf(Sound, sanitizer))?.Actual, Is.Null);

    private static async Task<CaseFailedException?> ReportOf(string source, string sanitizer)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "main.c"), source);
            await using PeerProcess compiler = Start(folder, ["gcc", "-g", $"-fsanitize={sanitizer}", "-pthread", "main.c", "-o", "main"]);
            Assert.That((await compiler.Ended).ExitCode, Is.Zero, compiler.Errors.Text);
            await using PeerProcess program = Start(folder, [Path.Combine(folder.FullName, "main")]);
            await program.Ended;
            return SanitizerReport.Find([program]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static LocalProcess Start(DirectoryInfo folder, string[] command) =>
        LocalProcess.Start("a program", command, folder.FullName, new Dictionary<string, string?>(StringComparer.Ordinal), hasChildren: false);
}
