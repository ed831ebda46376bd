// Where things lie: every path of the suite is from the repository's root.
namespace EasyTcp.Interop.Peers;

/// <summary>The checkout that this suite belongs to.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>EasyTcp.sln</c>, above the suite's own build output.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path from the root.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EasyTcp.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"EasyTcp.sln is in no folder above {AppContext.BaseDirectory}");
    }
}
