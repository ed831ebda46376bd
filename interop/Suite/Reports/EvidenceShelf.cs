// The evidence that results name, as far as it is there and a page has room for it.
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Reports;

/// <summary>Evidence below the folder of results.json.</summary>
/// <param name="folder">That folder.</param>
internal sealed class EvidenceShelf(string folder)
{
    private const int MostHtml = 700_000; // characters; with the cells of a full run the page stays below 2 MB
    private const int LongestStory = 4000;
    private const int BeginningOfStory = 300;
    private const int MostOfCapture = 512 * 1024;
    private const int MostOfCaptures = 4 * 1024 * 1024;
    private const string CaptureName = "wire.pcapng";

    private int _html = MostHtml;
    private int _captures = MostOfCaptures;

    /// <summary>An attempt's story as far as there is room: no more than its beginning when the page is full.</summary>
    public string? StoryOf(AttemptRecord attempt)
    {
        int room = _html > 0 ? LongestStory : BeginningOfStory;
        string? story = attempt.Story?.Length > room ? $"{attempt.Story[..room]}\n[the rest is in results.json]" : attempt.Story;
        _html -= story?.Length ?? 0;
        return story;
    }

    /// <summary>What an attempt's evidence shows.</summary>
    /// <returns>Its conversation and its logs, or why they are not here.</returns>
    public Markup Show(AttemptRecord attempt)
    {
        if (FolderOf(attempt) is not string path)
        {
            return new Markup("");
        }

        if (_html <= 0)
        {
            return Templates.Html("left-out.html", new { Reason = "This page is full. The conversation and the logs are in the evidence folder." });
        }

        try
        {
            Markup shown = Templates.Html("evidence.html", EvidenceView.Of(EvidenceFile.Read(Path.Combine(path, EvidenceFile.Name))));
            _html -= shown.Text.Length;
            return shown;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Templates.Html("left-out.html", new { Reason = $"The evidence cannot be read: {error.Message.Replace(folder, ".", StringComparison.Ordinal)}" });
        }
    }

    /// <summary>The address of an attempt's folder, from the page; null if it has none.</summary>
    public string? LinkOf(AttemptRecord attempt) => FolderOf(attempt) == null ? null : string.Concat(attempt.Evidence!.Split('/').Select(part => $"{Uri.EscapeDataString(part)}/"));

    /// <summary>The address of an attempt's capture; null if there is none.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="isWithin">True to have the capture itself in the page, if it is not too long.</param>
    public string? CaptureOf(AttemptRecord attempt, bool isWithin)
    {
        if (FolderOf(attempt) is not string path || new FileInfo(Path.Combine(path, CaptureName)) is not { Exists: true } capture)
        {
            return null;
        }

        if (!isWithin || capture.Length > Math.Min(MostOfCapture, _captures))
        {
            return LinkOf(attempt) + CaptureName;
        }

        _captures -= (int)capture.Length;
        return $"data:application/octet-stream;base64,{Convert.ToBase64String(File.ReadAllBytes(capture.FullName))}";
    }

    // A file of results may come from anywhere: it names nothing outside its own folder.
    private string? FolderOf(AttemptRecord attempt)
    {
        if (attempt.Evidence == null || attempt.Evidence.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        string path = Path.GetFullPath(Path.Combine(folder, attempt.Evidence));
        return path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }
}
