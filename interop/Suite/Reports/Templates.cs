// Pages made from templates. Whatever a template prints is escaped, unless it was made by a template itself: bytes that a peer sent
// are never markup.
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace EasyTcp.Interop.Reports;

/// <summary>Text that needs no escaping any more.</summary>
internal sealed record Markup(string Text)
{
    public override string ToString() => Text;
}

/// <summary>The templates that are built into the suite.</summary>
internal static class Templates
{
    private static readonly ConcurrentDictionary<string, Template> Parsed = new(StringComparer.Ordinal);

    // A context knows the types that it has met: a page is made much faster by a few of them than by one for each part.
    private static readonly ConcurrentBag<Context> Idle = [];

    /// <summary>A part of an HTML page.</summary>
    /// <param name="name">The template's file.</param>
    /// <param name="model">What it prints; members are named <c>as_here</c>.</param>
    public static Markup Html(string name, object model) => Render(name, model, EscapeHtml);

    /// <summary>A Markdown text, for those who read it as HTML too.</summary>
    public static Markup Markdown(string name, object model) => Render(name, model, EscapeMarkdown);

    /// <summary>A file beside the templates, as it is.</summary>
    public static string Source(string name)
    {
        using Stream stream = typeof(Templates).Assembly.GetManifestResourceStream($"report/{name}") ?? throw new ArgumentException($"there is no template {name}", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Text as HTML, in elements and in quoted attributes; a control character is shown by its number.</summary>
    public static string EscapeHtml(string text) => Escape(text, each => each switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        _ => null,
    });

    /// <summary>Text as Markdown on one line of a table or a list.</summary>
    public static string EscapeMarkdown(string text) => Escape(text.ReplaceLineEndings(" "), each => each switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '|' or '\\' or '`' or '*' or '_' or '[' or ']' or '#' or '~' or '$' or '@' => $"\\{each}",
        _ => null,
    });

    /// <summary>Text without anything that no document may hold: a control character or half a character is shown by its number.</summary>
    public static string Printable(string text) => Escape(text, _ => null);

    private static string Escape(string text, Func<char, string?> special)
    {
        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char each = text[i];
            bool isPair = char.IsHighSurrogate(each) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair)
            {
                escaped.Append(each).Append(text[++i]);
            }
            else if ((char.IsControl(each) && each is not ('\n' or '\t')) || char.IsSurrogate(each) || each is '\uFFFE' or '\uFFFF')
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)each:X2}");
            }
            else
            {
                escaped.Append(special(each) ?? each.ToString());
            }
        }

        return escaped.ToString();
    }

    private static Markup Render(string name, object model, Func<string, string> escape)
    {
        Template template = Parsed.GetOrAdd(name, each => Template.Parse(Source(each), each));
        Context context = Idle.TryTake(out Context? idle) ? idle : new Context();
        context.Escape = escape;
        var globals = new ScriptObject(StringComparer.Ordinal);
        globals.Import(model);
        context.PushGlobal(globals);
        string text = template.Render(context);
        context.PopGlobal();
        Idle.Add(context);
        return new Markup(text);
    }

    private sealed class Context : TemplateContext
    {
        // Templates print, choose and repeat; they call no function.
        private static readonly ScriptObject NoFunctions = new(StringComparer.Ordinal);

        public Context()
            : base(NoFunctions)
        {
            (StrictVariables, LoopLimit, LimitToString) = (true, 0, 0);
        }

        public Func<string, string> Escape { get; set; } = text => text;

        public override TemplateContext Write(SourceSpan span, object? textAsObject) => textAsObject is Markup markup
            ? Write(markup.Text)
            : Write(Escape(Convert.ToString(textAsObject, CultureInfo.InvariantCulture) ?? ""));
    }
}
