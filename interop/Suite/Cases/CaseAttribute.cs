// How a method says that it is a case.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

/// <summary>Who a case judges.</summary>
internal enum Role
{
    /// <summary>A server and a client together.</summary>
    Pair,

    /// <summary>A server, by clients of the suite's own or by one of each language.</summary>
    Server,

    /// <summary>A client, by a server of the suite's own.</summary>
    Client,
}

/// <summary>Beside which others a case runs.</summary>
internal enum Lane
{
    /// <summary>Any others: it waits more than it works.</summary>
    Any,

    /// <summary>Few others: it keeps the machine busy.</summary>
    Few,

    /// <summary>All the others of this lane, in one window from the start of the run on: time is what it judges.</summary>
    Together,

    /// <summary>Some others of this lane, from the start of the run on: time is what it judges, under a load of its own.</summary>
    Loaded,
}

/// <summary>Marks a case: a static method that takes a <see cref="Lab"/> and returns normally if all is well.</summary>
/// <param name="role">Who it judges.</param>
/// <param name="id">Its stable ID.</param>
/// <param name="clause">The clause of protocol/README.md that it proves.</param>
/// <param name="sentence">What it shows, in one sentence.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CaseAttribute(Role role, string id, string clause, string sentence) : Attribute
{
    public Role Role { get; } = role;

    public string Id { get; } = id;

    public string Clause { get; } = clause;

    public string Sentence { get; } = sentence;

    /// <summary>Other clauses that it proves on its way: without them it would fail.</summary>
    public string[] Also { get; init; } = [];

    /// <summary>About how long it waits: the longest begin first.</summary>
    public double Seconds { get; init; }

    /// <summary>Beside which others it runs.</summary>
    public Lane Lane { get; init; }

    /// <summary>True if it takes the true minute, which a quick run leaves out.</summary>
    public bool TrueMinute { get; init; }

    /// <summary>True if it tries all there is of a kind, which a quick run leaves out too.</summary>
    public bool Exhaustive { get; init; }

    /// <summary>True if it takes too long for all runs but those of <c>make nightly</c>.</summary>
    public bool Nightly { get; init; }

    /// <summary>True if clients connect to the server itself, and not through the suite's relay: the address told is then theirs.</summary>
    public bool Direct { get; init; }

    /// <summary>True if it needs peers that are processes of this machine: it looks into them, starts them by a command of its
    /// own, or uses addresses that loopback alone has. Runs in containers leave it out.</summary>
    public bool Here { get; init; }

    /// <summary>True if it needs hosts of their own, to cut them off, pause or kill them: containers of this suite's.</summary>
    public bool Apart { get; init; }

    /// <summary>True if peers that go off their network for good must not have their addresses given to others while the case lasts.</summary>
    public bool KeepsAddresses { get; init; }

    /// <summary>True if so many clients come and go that their number over time is worth a plot.</summary>
    public bool HasCrowd { get; init; }

    /// <summary>True if a quick run leaves it out.</summary>
    public bool FullRunOnly => TrueMinute || Exhaustive || Nightly;

    /// <summary>True if a run of this kind takes it in.</summary>
    public bool IsIn(bool quick, bool nightly) => !(quick && FullRunOnly) && (nightly || !Nightly);
}

/// <summary>A case, ready to run.</summary>
internal sealed record Case(CaseAttribute About, Func<Lab, Task> Run)
{
    /// <summary>All cases of the suite, by ID.</summary>
    public static IReadOnlyList<Case> All { get; } = [.. Find().OrderBy(each => each.About.Id, StringComparer.Ordinal)];

    private static IEnumerable<Case> Find() =>
        from type in typeof(Case).Assembly.GetTypes()
        from method in type.GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public)
        from about in method.GetCustomAttributes(typeof(CaseAttribute), inherit: false).Cast<CaseAttribute>()
        select new Case(about, method.CreateDelegate<Func<Lab, Task>>());
}
