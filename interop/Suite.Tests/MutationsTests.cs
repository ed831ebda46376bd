// Generated requests: each way to go wrong does go wrong, and by the clause that an independent table says.
using CsCheck;
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class MutationsTests
{
    private const int Many = 1000;

    // What the first reply may be by: a clause, "ok" for a legal request, "none" for one that is not whole.
    private static readonly Dictionary<string, string[]> Table = new(StringComparer.Ordinal)
    {
        ["a small letter in the command"] = ["4.3"],
        ["another byte in the command"] = ["4.3"],
        ["no command"] = ["4.3"],
        ["a command of more than sixteen letters"] = ["4.3"],
        ["no space"] = ["4.3"],
        ["another separator"] = ["4.3"],
        ["a space before or after"] = ["4.3"],
        ["leading zeros"] = ["4.3"],
        ["five digits, the first of them zero"] = ["4.3"],
        ["six digits"] = ["4.3"],
        ["more digits than a number holds"] = ["4.3"],
        ["a sign"] = ["4.3"],
        ["no digits"] = ["4.3"],
        ["another byte in the length"] = ["4.3"],
        ["a second length"] = ["4.3"],
        ["a CR before the LF"] = ["4.3"],
        ["another end of line"] = ["4.3", "none"],
        ["an empty line"] = ["4.3"],
        ["no LF in the longest header's bytes"] = ["4.3"],
        ["the LF one byte late"] = ["4.3"],
        ["a length above 65535"] = ["4.4"],
        ["a payload to a question"] = ["4.2"],
        ["an unknown command close to a known one"] = ["4.1"],
        ["a length that is one too small"] = ["ok", "4.2"],
        ["a length that is too large"] = ["ok", "4.2", "none"],
        ["cut short"] = ["none"],
        ["a byte changed, put in or taken out anywhere"] = ["4.1", "4.2", "4.3", "4.4", "ok", "none"],
    };

    private static IEnumerable<string> Names => Mutations.All.Select(each => each.Name);

    [Test]
    public void The_table_knows_every_mutation() => Assert.That(Names, Is.EquivalentTo(Table.Keys));

    [TestCaseSource(nameof(Names))]
    public void A_mutation_is_wrong_by_the_clause_that_the_table_says(string name)
    {
        Gen<string> requests = Mutations.All.Single(each => string.Equals(each.Name, name, StringComparison.Ordinal)).Requests;
        string[] drawn = [.. Enumerable.Range(0, Many).Select(seed => Chance.Draw(requests, seed))];
        string[] clauses = [.. drawn.Select(First)];

        Assert.That(clauses.Zip(drawn).Where(each => !Table[name].Contains(each.First, StringComparer.Ordinal)), Is.Empty);
        Assert.That(clauses.Where(clause => clause is not "ok"), Is.Not.Empty, "some of them are wrong indeed");
        Assert.That(drawn.Select(Reading), Is.EqualTo(clauses), "another reader of the grammar says the same");
    }

    [Test]
    public void The_same_seed_draws_the_same_streams()
    {
        string one = string.Join('|', Chance.Draw(RequestStream.Several(20), 7).Select(stream => stream.ToString()));

        Assert.That(string.Join('|', Chance.Draw(RequestStream.Several(20), 7).Select(stream => stream.ToString())), Is.EqualTo(one));
        Assert.That(string.Join('|', Chance.Draw(RequestStream.Several(20), 8).Select(stream => stream.ToString())), Is.Not.EqualTo(one));
    }

    [Test]
    public void The_pieces_of_a_stream_are_the_stream()
    {
        for (int seed = 0; seed < Many; seed++)
        {
            RequestStream stream = Chance.Draw(RequestStream.Any, seed);
            Assert.That(string.Concat(stream.Pieces), Is.EqualTo(stream.Bytes));
            Assert.That(stream.Pieces, Has.None.Empty);
        }
    }

    [Test]
    public void Streams_are_owed_replies_by_every_clause()
    {
        string[] clauses = [.. Enumerable.Range(0, Many).SelectMany(seed => Owed.For(Chance.Draw(RequestStream.Any, seed).Bytes)).Select(reply => reply.Clause)];

        Assert.That(clauses, Is.SupersetOf(new[] { "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "4.4" }));
    }

    private static string First(string request) => Owed.For(request) switch
    {
        [] => "none",
        [{ Status: "OK" }, ..] => "ok",
        [OwedReply reply, ..] => reply.Clause,
    };

    // Part 2 read byte by byte, without a regular expression.
    private static string Reading(string request)
    {
        int lineFeed = request.IndexOf('\n', StringComparison.Ordinal);
        if (lineFeed is < 0 or >= 23)
        {
            return request.Length >= 23 ? "4.3" : "none";
        }

        string header = request[..lineFeed];
        int letters = header.TakeWhile(each => each is >= 'A' and <= 'Z').Count();
        string digits = header.Length > letters ? header[(letters + 1)..] : "";
        bool isRight = letters is >= 1 and <= 16 && header.Length > letters && header[letters] == ' ' &&
            digits.Length is >= 1 and <= 5 && digits.All(each => each is >= '0' and <= '9') && (digits.Length == 1 || digits[0] != '0');
        if (!isRight)
        {
            return "4.3";
        }

        int length = digits.Aggregate(0, (number, digit) => (number * 10) + digit - '0');
        bool isQuestion = header[..letters] is "ADDR" or "COUNT" or "UPTIME";
        return length > 65535 ? "4.4" : request.Length - lineFeed - 1 < length ? "none"
            : !isQuestion && header[..letters] is not "UPPER" ? "4.1" : isQuestion && length > 0 ? "4.2" : "ok";
    }
}
