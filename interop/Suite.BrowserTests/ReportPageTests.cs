// The report of a real run with planted failures, as a person uses it: seen, filtered, opened, copied from, by mouse and by keys.
using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;
using Microsoft.Playwright;

namespace EasyTcp.Interop.BrowserTests;

[TestFixture]
internal sealed class ReportPageTests
{
    private const int Phone = 400;

    private static readonly ResultsFile Results = ResultsFile.Read(Path.Combine(Browser.Folder, "results.json"));

    private readonly List<string> _errors = [];
    private readonly List<string> _requests = [];
    private IBrowserContext _window = null!;
    private IPage _page = null!;

    private static CellRecord[] Failed => [.. Results.Cells.Where(cell => cell.Verdict == Verdict.Failed)];

    [SetUp]
    public Task Open() => Open(Browser.Window());

    [TearDown]
    public Task Close() => _window.CloseAsync();

    // Each test is of a page that says nothing on the console and asks nobody for anything.
    [TearDown]
    public void ExpectSilence()
    {
        Assert.That(_errors, Is.Empty, "errors of the page's script or style");
        Assert.That(_requests.Where(address => !address.StartsWith(Browser.Address, StringComparison.Ordinal)), Is.Empty, "requests that leave the page");
    }

    [Test]
    public async Task It_begins_with_what_failed_and_where_to_look()
    {
        await Expect(_page.Locator("header.failed h1")).ToContainTextAsync("failed", new LocatorAssertionsToContainTextOptions { IgnoreCase = true });
        Assert.That(await _page.Locator(".blames li").CountAsync(), Is.Positive);
        Assert.That(await Names(_page.Locator(".cell:visible")), Is.EquivalentTo(Results.Cells.Where(cell => cell.Verdict != Verdict.Passed).Select(cell => cell.Name)));
        await Shoot("begin");
    }

    [Test]
    public async Task Filters_choose_and_stand_in_the_address()
    {
        CellRecord one = Failed.First(cell => cell is { Server: not null, Client: not null });
        await _page.Locator("select[name=verdict]").SelectOptionAsync("any");
        await _page.Locator("select[name=server]").SelectOptionAsync(one.Server!);
        await _page.Locator("select[name=case]").SelectOptionAsync(one.Case);
        string[] expected = [.. Results.Cells.Where(cell => string.Equals(cell.Server, one.Server, StringComparison.Ordinal) && string.Equals(cell.Case, one.Case, StringComparison.Ordinal)).Select(cell => cell.Name)];
        Assert.That(await Names(_page.Locator(".cell:visible")), Is.EquivalentTo(expected));
        await Expect(_page.Locator("#shown")).ToHaveTextAsync(string.Create(CultureInfo.InvariantCulture, $"{expected.Length} of {Results.Cells.Count} cells are shown."));
        await Shoot("filtered");

        string view = _page.Url;
        IPage other = await _window.NewPageAsync();
        await other.GotoAsync(view);
        Assert.That(await Names(other.Locator(".cell:visible")), Is.EquivalentTo(expected), view);
    }

    [TestCase("language", "C#")]
    [TestCase("verdict", "passed")]
    [TestCase("verdict", "failed")]
    public async Task A_filter_shows_just_those_that_fit(string name, string value)
    {
        bool Fits(CellRecord cell) => name is "verdict"
            ? string.Equals(cell.Verdict.ToString(), value, StringComparison.OrdinalIgnoreCase)
            : Results.Peers.Any(peer => string.Equals(peer.Language, value, StringComparison.Ordinal) && new[] { cell.Server, cell.Client }.Contains(peer.Name, StringComparer.Ordinal));
        await _page.Locator("select[name=verdict]").SelectOptionAsync("any");
        await _page.Locator($"select[name={name}]").SelectOptionAsync(value);

        string[] expected = [.. Results.Cells.Where(Fits).Select(cell => cell.Name)];
        Assert.That(expected, Is.Not.Empty);
        Assert.That(await Names(_page.Locator(".cell:visible")), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task A_red_square_leads_by_keys_alone_to_the_reason_and_the_replay_line()
    {
        ILocator square = _page.Locator(".square.failed").First;
        string server = (await square.GetAttributeAsync("data-server"))!, client = (await square.GetAttributeAsync("data-client"))!;
        await Press("Tab", () => square.EvaluateAsync<bool>("each => each === document.activeElement"));
        await _page.Keyboard.PressAsync("Enter");
        string[] expected = [.. Results.Cells.Where(cell => string.Equals(cell.Server ?? "-", server, StringComparison.Ordinal) && string.Equals(cell.Client ?? "-", client, StringComparison.Ordinal)).Select(cell => cell.Name)];
        await Expect(_page.Locator("#shown")).ToContainTextAsync(string.Create(CultureInfo.InvariantCulture, $"{expected.Length} of"));
        Assert.That(await Names(_page.Locator(".cell:visible")), Is.EquivalentTo(expected));

        ILocator first = _page.Locator(".cell.failed:visible").First;
        await Press("Tab", () => first.Locator("> summary").EvaluateAsync<bool>("each => each === document.activeElement"));
        await _page.Keyboard.PressAsync("Enter");
        CellRecord cell = Failed.Single(each => string.Equals(each.Name, first.GetAttributeAsync("data-name").GetAwaiter().GetResult(), StringComparison.Ordinal));
        await Expect(first).ToContainTextAsync(Results.Cases.Single(each => string.Equals(each.Id, cell.Case, StringComparison.Ordinal)).Sentence);
        Assert.That(await first.Locator(".beside pre").AllInnerTextsAsync(), Is.EqualTo(new[] { cell.Attempts[^1].Failure!.Expected, cell.Attempts[^1].Failure!.Actual }));
        await Shoot("cell");

        ILocator copy = first.Locator("button.copy");
        await Press("Tab", () => copy.EvaluateAsync<bool>("each => each === document.activeElement"));
        await _page.Keyboard.PressAsync("Enter");
        await Expect(copy).ToHaveTextAsync("copied");
        Assert.That(await _page.EvaluateAsync<string>("navigator.clipboard.readText()"), Is.EqualTo(cell.Replay));
    }

    [Test]
    public async Task An_opened_cell_can_be_sent()
    {
        ILocator cell = _page.Locator(".cell.failed:visible").Last;
        string name = (await cell.GetAttributeAsync("data-name"))!;
        await cell.Locator("> summary").ClickAsync();
        await _page.WaitForURLAsync(url => url.Contains("cell=", StringComparison.Ordinal)); // the page hears of it a moment later
        string view = _page.Url;
        IPage other = await _window.NewPageAsync();
        await other.GotoAsync(view);

        ILocator open = other.Locator(".cell[open]");
        await Expect(open).ToHaveCountAsync(1);
        Assert.That(await open.GetAttributeAsync("data-name"), Is.EqualTo(name));
        await Expect(open).ToBeInViewportAsync();
    }

    [Test]
    public async Task A_square_leads_to_its_cells_every_time()
    {
        ILocator square = _page.Locator(".square.failed").First;
        for (int time = 0; time < 2; time++)
        {
            await square.ClickAsync();
            await Expect(_page.Locator("#cells h2")).ToBeInViewportAsync();
            await Expect(_page.Locator("select[name=server]")).ToBeFocusedAsync();
            await _page.EvaluateAsync("scrollTo(0, 0)");
            await square.FocusAsync();
        }
    }

    [Test]
    public async Task A_failure_s_capture_is_in_the_page_and_is_the_one_that_was_kept()
    {
        ILocator cell = _page.Locator(".cell.failed", new PageLocatorOptions { Has = _page.Locator("a[download]") }).First;
        CellRecord record = Failed.Single(each => string.Equals(each.Name, cell.GetAttributeAsync("data-name").GetAwaiter().GetResult(), StringComparison.Ordinal));
        await cell.Locator("> summary").ClickAsync();
        IDownload download = await _page.RunAndWaitForDownloadAsync(() => cell.Locator("a[download]").First.ClickAsync());
        byte[] kept = await File.ReadAllBytesAsync(Path.Combine(Browser.Folder, record.Attempts.First(attempt => attempt.Evidence != null).Evidence!, "wire.pcapng"));

        Assert.That(await File.ReadAllBytesAsync(await download.PathAsync()), Is.EqualTo(kept));
    }

    [TestCase(1200, ColorScheme.Light)]
    [TestCase(1200, ColorScheme.Dark)]
    [TestCase(Phone, ColorScheme.Light)]
    [TestCase(Phone, ColorScheme.Dark)]
    public async Task It_fits_and_can_be_read_by_everyone(int width, ColorScheme scheme)
    {
        await Close();
        await Open(Browser.Window(width, scheme));
        await _page.Locator(".cell.failed:visible > summary").First.ClickAsync();

        Assert.That(await _page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), "nothing reaches beyond the window");
        AxeResult found = await _page.RunAxe();
        Assert.That(found.Violations.Select(rule => $"{rule.Id}: {rule.Help}: {string.Join(" and ", rule.Nodes.Take(3).Select(node => node.Html))}"), Is.Empty);
        await Shoot(string.Create(CultureInfo.InvariantCulture, $"{scheme.ToString().ToLowerInvariant()}-{width}"));
    }

    [Test]
    public async Task Every_link_of_the_page_has_its_place()
    {
        string[] lost = await _page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href').slice(1)).filter(place => !place.includes('=') && !document.getElementById(place))
            """);
        Assert.That(lost, Is.Empty);
        string[] files = await _page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href')).filter(to => !/^(#|data:)/.test(to))
            """);
        Assert.That(files.Where(file => !Path.Exists(Path.Combine(Browser.Folder, Uri.UnescapeDataString(file)))), Is.Empty);
    }

    [Test]
    public async Task Clauses_and_plots_are_there()
    {
        await _page.Locator("nav a[href='#clauses']").ClickAsync();
        await Expect(_page.Locator("#clauses h2")).ToBeInViewportAsync();
        Assert.That(await _page.Locator("article.clause").CountAsync(), Is.GreaterThan(30));
        Assert.That(await _page.Locator("article.clause.failed").CountAsync(), Is.Positive, "clauses whose cases failed");
        await Shoot("clauses", isWhole: false);
        await _page.Locator("nav a[href='#plots']").ClickAsync();
        Assert.That(await _page.Locator("#plots svg").CountAsync(), Is.Positive);
        await Shoot("plots", isWhole: false);
    }

    [Test]
    public async Task Without_script_all_cells_are_there()
    {
        await Close();
        await Open(Browser.Window(hasScript: false));

        Assert.That(await _page.Locator(".cell:visible").CountAsync(), Is.EqualTo(Results.Cells.Count));
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task<string[]> Names(ILocator cells) => [.. await cells.EvaluateAllAsync<string[]>("each => each.map(cell => cell.dataset.name)")];

    private async Task Open(Task<IBrowserContext> window)
    {
        _errors.Clear();
        _requests.Clear();
        _window = await window;
        _window.Page += (_, page) =>
        {
            page.PageError += (_, error) => _errors.Add(error);
            page.Console += (_, message) => _errors.Add(message.Text);
            page.Request += (_, request) => _requests.Add(request.Url);
        };
        _page = await _window.NewPageAsync();
        await _page.GotoAsync(Browser.Address);
    }

    // The same key again and again until it has led there; a page of this size has fewer places to stop at.
    private async Task Press(string key, Func<Task<bool>> isThere)
    {
        const int Most = 500;
        for (int i = 0; i < Most && !await isThere(); i++)
        {
            await _page.Keyboard.PressAsync(key);
        }

        Assert.That(await isThere(), $"{key}, pressed {Most} times, leads there");
    }

    // For a person to look at.
    private Task<byte[]> Shoot(string view, bool isWhole = true) => _page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browser.Folder, "views", $"{view}.png"), FullPage = isWhole });
}
