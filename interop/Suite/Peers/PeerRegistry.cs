// The implementations under test: interop/peers.json, the one place to add one.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EasyTcp.Interop.Peers;

/// <summary>A clause that a peer does not claim.</summary>
internal sealed record Gap(string Clause, string Reason);

/// <summary>A program under test.</summary>
/// <param name="Name">Its name in matrix, test names and selections.</param>
/// <param name="Language">What it is written in.</param>
/// <param name="Command">The program and its arguments, with <c>{port}</c>, <c>{report}</c> and <c>{host}</c> to fill in.</param>
/// <param name="Method">How a server waits; null for a client.</param>
internal sealed record Peer(string Name, string Language, string[] Command, string? Method = null)
{
    /// <summary>The command as it was given, of a program that is not in the registry; null for one that is.</summary>
    [JsonIgnore]
    public string? GuestCommand { get; init; }

    /// <summary>The clauses that it does not claim; cases that prove them are not run on it.</summary>
    public IReadOnlyList<Gap> Unsupported { get; init; } = [];

    /// <summary>Runs that it takes part in, instead of the default one.</summary>
    public IReadOnlyList<string> Variants { get; init; } = [];

    /// <summary>How many times longer it may take than others, its reports aside: a sanitizer makes a program slow. More than 1 marks
    /// a program that was built with one, whose leaks are looked for at its end, and whose memory is not judged.</summary>
    public double Slack { get; init; } = 1;

    /// <summary>The container image that it is in; null for one that takes no part in runs in containers.</summary>
    public string? Image { get; init; }

    /// <summary>The Dockerfile of that image, from the repository's root.</summary>
    public string? Build { get; init; }

    /// <summary>True for a server, which takes a report's interval; a client takes a host instead.</summary>
    [JsonIgnore]
    public bool IsServer { get; } = !Command.Any(part => part.Contains("{host}", StringComparison.Ordinal));

    /// <summary>Its command with other arguments than the registry's: as many take their places, else all stand at the end; what
    /// is part of the program itself stays.</summary>
    public string[] CommandWith(string[] arguments)
    {
        string[] places = IsServer ? ["{port}", "{report}"] : ["{host}", "{port}"];
        if (arguments.Length != places.Length)
        {
            return [.. Command.Where(part => !places.Contains(part, StringComparer.Ordinal)), .. arguments];
        }

        return [.. Command.Select(part => places.Zip(arguments).Aggregate(part, (text, value) => text.Replace(value.First, value.Second, StringComparison.Ordinal)))];
    }
}

/// <summary>All servers and clients of a registry.</summary>
internal sealed record PeerRegistry(IReadOnlyList<Peer> Servers, IReadOnlyList<Peer> Clients)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The file that it was read from, from the repository's root if it is below that; null for the default one.</summary>
    [JsonIgnore]
    public string? File { get; private init; }

    /// <summary>The peers of a variant; null for those of the default matrix.</summary>
    public PeerRegistry Of(string? variant) => this with { Servers = [.. Servers.Where(peer => IsOf(peer, variant))], Clients = [.. Clients.Where(peer => IsOf(peer, variant))] };

    /// <summary>The peers that containers can be made of.</summary>
    [JsonIgnore]
    public PeerRegistry InImages => this with { Servers = [.. Servers.Where(peer => peer.Image != null)], Clients = [.. Clients.Where(peer => peer.Image != null)] };

    /// <summary>The registry's file.</summary>
    public static string DefaultFile => Repository.At("interop", "peers.json");

    /// <summary>Reads a registry.</summary>
    /// <exception cref="InvalidDataException">The file is not a registry, or a name stands in it twice.</exception>
    public static PeerRegistry Load(string file)
    {
        PeerRegistry registry;
        try
        {
            registry = JsonSerializer.Deserialize<PeerRegistry>(System.IO.File.ReadAllText(file), Format)
                ?? throw new InvalidDataException($"{file} is empty");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is no registry of peers: {error.Message}", error);
        }

        if (registry.Servers.Concat(registry.Clients).Any(peer => peer == null || peer.Command.Length == 0))
        {
            throw new InvalidDataException($"{file} has a peer without a command");
        }

        if (registry.Servers.Concat(registry.Clients).Any(peer => peer.Slack is not (>= 1 and <= 10)))
        {
            throw new InvalidDataException($"{file} has a peer with a slack that is not from 1 to 10");
        }

        if (registry.Servers.Concat(registry.Clients).FirstOrDefault(peer => (peer.Image == null) != (peer.Build == null)) is Peer half)
        {
            throw new InvalidDataException($"{file}: '{half.Name}' has but one of image and build");
        }

        if (registry.Servers.Concat(registry.Clients).Where(peer => peer.Image != null).GroupBy(peer => peer.Image, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Select(peer => peer.Build).Distinct(StringComparer.Ordinal).Skip(1).Any())?.Key is string ambiguous)
        {
            throw new InvalidDataException($"{file} builds the image '{ambiguous}' in two ways");
        }

        string? twice = registry.Servers.Concat(registry.Clients).GroupBy(peer => peer.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice == null ? registry with { File = Named(file) } : throw new InvalidDataException($"{file} has the name '{twice}' twice");
    }

    private static string? Named(string file)
    {
        string full = Path.GetFullPath(file);
        string below = Path.GetRelativePath(Repository.At(), full);
        return string.Equals(full, DefaultFile, StringComparison.Ordinal) ? null : below.StartsWith("..", StringComparison.Ordinal) ? full : below;
    }

    private static bool IsOf(Peer peer, string? variant) =>
        variant == null ? peer.Variants.Count == 0 : peer.Variants.Contains(variant, StringComparer.Ordinal);
}
