// junit.xml: the results for servers of continuous integration.
using System.Globalization;
using System.Xml;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>Results in the form of JUnit: a suite for each square of the matrix, a test for each cell.</summary>
/// <remarks>A cell that is inconclusive or was not run is a failure of that type: a skipped test would be green to those who read
/// this, and nothing that was not proven may be. Skipped is what a run may bear: unsupported cells and known failures.</remarks>
internal static class JUnitFile
{
    private const int LongestOutput = 2000;

    /// <summary>Writes it.</summary>
    public static void Write(ResultsFile results, TextWriter output)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true });
        xml.WriteStartElement("testsuites");
        WriteSums(xml, "EasyTcp", [.. results.Cells], results.Run.Seconds);
        foreach (IGrouping<(string?, string?), CellRecord> square in results.Cells.GroupBy(cell => (cell.Server, cell.Client)))
        {
            xml.WriteStartElement("testsuite");
            WriteSums(xml, Title(square.First()), [.. square], square.Sum(cell => cell.Seconds));
            xml.WriteAttributeString("timestamp", results.Run.Start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
            square.ToList().ForEach(cell => Write(xml, cell));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteSums(XmlWriter xml, string name, CellRecord[] cells, double seconds)
    {
        int borne = cells.Count(cell => Standing.IsBorne(cell.Verdict));
        int passed = cells.Count(cell => cell.Verdict == Verdict.Passed);
        Attribute(xml, "name", name);
        Attribute(xml, "tests", cells.Length);
        Attribute(xml, "failures", cells.Length - borne);
        Attribute(xml, "errors", 0);
        Attribute(xml, "skipped", borne - passed);
        Attribute(xml, "time", seconds);
    }

    private static void Write(XmlWriter xml, CellRecord cell)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", Title(cell));
        Attribute(xml, "name", cell.Case);
        Attribute(xml, "time", cell.Seconds);
        AttemptRecord? told = cell.Attempts.FirstOrDefault(attempt => attempt.Verdict == cell.Verdict);
        string story = told?.Story ?? cell.Reason ?? "";
        if (cell.Verdict != Verdict.Passed)
        {
            xml.WriteStartElement(Standing.IsBorne(cell.Verdict) ? "skipped" : "failure");
            Attribute(xml, "message", Blame.SentenceOf(cell));
            if (!Standing.IsBorne(cell.Verdict))
            {
                Attribute(xml, "type", Standing.Key(cell.Verdict));
                xml.WriteString(Templates.Printable(Short(story)));
            }

            xml.WriteEndElement();
            xml.WriteElementString("system-out", Templates.Printable(Short($"replay: {cell.Replay}{(told?.Evidence is string folder ? $"\nevidence: {folder}" : "")}")));
        }

        xml.WriteEndElement();
    }

    private static string Title(CellRecord cell) => $"{cell.Server ?? "client alone"}.{cell.Client ?? "server alone"}";

    private static string Short(string text) => text.Length <= LongestOutput ? text : $"{text[..LongestOutput]} [...]";

    private static void Attribute(XmlWriter xml, string name, object value) => xml.WriteAttributeString(name, value switch
    {
        double seconds => seconds.ToString("0.000", CultureInfo.InvariantCulture),
        string text => Templates.Printable(Short(text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    });
}
