// Chromium, headless, driven by Playwright: one for all tests, a fresh window for each.
using EasyTcp.Interop.Peers;
using Microsoft.Playwright;

namespace EasyTcp.Interop.BrowserTests;

/// <summary>The browser, and the page of the run that REPORT_FOLDER names.</summary>
[SetUpFixture]
internal sealed class Browser
{
    private static IPlaywright? _driver;
    private static IBrowser? _browser;

    /// <summary>Where the run's index.html and results.json are.</summary>
    public static string Folder { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("REPORT_FOLDER") ?? Repository.At("artifacts", "interop"));

    /// <summary>The page's address.</summary>
    public static string Address => new Uri(Path.Combine(Folder, "index.html")).AbsoluteUri;

    /// <summary>Opens an empty window.</summary>
    public static Task<IBrowserContext> Window(int width = 1200, ColorScheme scheme = ColorScheme.Light, bool hasScript = true) => _browser!.NewContextAsync(new BrowserNewContextOptions
    {
        ViewportSize = new ViewportSize { Width = width, Height = 900 },
        ColorScheme = scheme,
        JavaScriptEnabled = hasScript,
        Permissions = ["clipboard-read", "clipboard-write"],
    });

    // It has none for root, nor where a system keeps unprivileged namespaces from it, as the machines of CI services do.
    private static bool HasSandbox => !string.Equals(Environment.UserName, "root", StringComparison.Ordinal) && Environment.GetEnvironmentVariable("CI") == null;

    [OneTimeSetUp]
    public static async Task Start()
    {
        string chromium = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("chromium is missing; on Debian: apt install chromium");
        _driver = await Playwright.CreateAsync();
        _browser = await _driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = HasSandbox ? [] : ["--no-sandbox"],
        });
    }

    [OneTimeTearDown]
    public static async Task Stop()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _driver?.Dispose();
    }
}
