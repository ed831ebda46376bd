// What became of one saboteur: which cases saw it, and which of them count.
namespace EasyTcp.Interop.Running;

/// <summary>What a case has to say of a saboteur.</summary>
internal enum Sight
{
    /// <summary>It passed: it does not see this fault, and need not.</summary>
    Passed,

    /// <summary>It failed at something that it saw, or at a time that a clause states.</summary>
    Killed,

    /// <summary>It waited for what never came. That is a kill only where the fault is just that: see <see cref="Saboteur.Omits"/>.</summary>
    Hung,

    /// <summary>Nothing can be said: the machine stalled, the suite itself failed, or it was not run.</summary>
    Undecided,
}

/// <summary>A square of the matrix.</summary>
/// <param name="Case">The case's ID.</param>
/// <param name="Sight">What it has to say.</param>
/// <param name="IsIntended">True if it is meant for this saboteur.</param>
/// <param name="Clause">The clause that it says is broken.</param>
/// <param name="Actual">What it saw.</param>
internal sealed record Square(string Case, Sight Sight, bool IsIntended, string? Clause, string? Actual);

/// <summary>A row of the matrix.</summary>
/// <param name="Saboteur">The saboteur.</param>
/// <param name="Squares">What each case that was run on it has to say, in the order of the cases' IDs.</param>
internal sealed record Kill(Saboteur Saboteur, IReadOnlyList<Square> Squares)
{
    /// <summary>The cases meant for it that killed it.</summary>
    public IReadOnlyList<string> Intended => Ids(square => square.IsIntended && IsKill(square));

    /// <summary>The cases that killed it and were not meant for it.</summary>
    public IReadOnlyList<string> Others => Ids(square => !square.IsIntended && IsKill(square));

    /// <summary>The cases that hang because of it, which is no kill.</summary>
    public IReadOnlyList<string> Hung => Ids(square => square.Sight == Sight.Hung && !IsKill(square));

    /// <summary>The cases that are meant for it and passed: the list of those promises more than is so.</summary>
    public IReadOnlyList<string> Missed => Ids(square => square.IsIntended && square.Sight == Sight.Passed);

    /// <summary>Cells without a verdict.</summary>
    public IReadOnlyList<string> Undecided => Ids(square => square.Sight == Sight.Undecided);

    /// <summary>True if all is as it should be: killed by a case that is meant for it, or correct and passed by every case.
    /// A kill stays one whatever other cells have to say, so their being undecided matters to the correct variants alone.</summary>
    public bool IsAsMeant => Saboteur.IsCorrect ? Squares.All(square => square.Sight == Sight.Passed) : Intended.Count > 0;

    /// <summary>The cases whose being undecided leaves it open whether all is as it should be.</summary>
    public IEnumerable<string> InDoubt => IsAsMeant ? [] : Ids(square => square.Sight == Sight.Undecided && (square.IsIntended || Saboteur.IsCorrect));

    private bool IsKill(Square square) => square.Sight == Sight.Killed || (square.Sight == Sight.Hung && (Saboteur.Omits || Saboteur.IsCorrect));

    private string[] Ids(Func<Square, bool> which) => [.. Squares.Where(which).Select(square => square.Case)];
}
