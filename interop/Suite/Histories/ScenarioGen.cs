// Random scenarios (CsCheck makes them).
using CsCheck;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Histories;

/// <summary>Makes scenarios.</summary>
internal static class ScenarioGen
{
    private static readonly string[] OwnClients = ["A", "B", "C", "D"];

    private static readonly Gen<string> Sentence = Gen.Char["abcxyzABZ `{@[\0\r\x7f\u00df\u00e9\u00ff0"].Array[0, 12].Select(each => new string(each));

    private static readonly Gen<string> Question = Gen.Frequency(
        (5, Gen.Const("COUNT 0\n")),
        (2, Gen.Const("ADDR 0\n")),
        (1, Gen.Const("UPTIME 0\n")),
        (2, Sentence.Select(text => Text("UPPER", text))));

    // All that a client can say which is owed exactly one reply.
    private static readonly Gen<string> Request = Gen.Frequency(
        (12, Question),
        (2, Sentence.Select(text => Text("NOSUCH", text))),
        (2, Gen.Const("COUNT 2\nhi")),
        (1, Gen.OneOf("count 0\n", "UPPER 01\n", "\n")),
        (1, Gen.OneOf("UPPER 65536\n", "NOSUCH 70000\n")));

    private static readonly Gen<string> Beginning = Gen.OneOf("U", "UPPER 5", "UPPER 5\n", "UPPER 5\nhell", "NOSUCH 3\n", "COUNT 1\n");

    private static readonly Gen<(Deed, string)> OwnDeed = Gen.Frequency(
        (12, Request.Select(request => (Deed.Ask, request))),
        (1, Question.Select(request => (Deed.Abandon, request))),
        (1, Beginning.Select(request => (Deed.Vanish, request))),
        (1, Gen.OneOf(Gen.Const(""), Beginning).Select(request => (Deed.HalfClose, request))),
        (1, Gen.Const((Deed.Close, ""))),
        (2, Gen.Const((Deed.Reset, ""))));

    private static readonly Gen<(Deed, string)> MenuDeed = Gen.Frequency(
        (8, Question.Where(request => !request.Contains('\r', StringComparison.Ordinal)).Select(request => (Deed.Ask, request))),
        (1, Gen.OneOf((Deed.HalfClose, ""), (Deed.Close, ""), (Deed.Reset, ""))));

    /// <summary>Scenarios of so many steps at most.</summary>
    /// <param name="menuClients">Names of the registry's clients, which take part beside those of the suite's own.</param>
    /// <param name="mostSteps">The longest.</param>
    public static Gen<Scenario> Of(IReadOnlyList<string> menuClients, int mostSteps)
    {
        Gen<Step> own = Gen.Select(Gen.OneOf(OwnClients), OwnDeed, Gen.Int[0, 2], (client, deed, together) => new Step(client, deed.Item1, deed.Item2, together > 0));
        Gen<Step> step = menuClients.Count == 0 ? own : Gen.Frequency(
            (7, own),
            (1, Gen.Select(Gen.OneOf(menuClients.ToArray()), MenuDeed, Gen.Bool, (client, deed, together) => new Step(client, deed.Item1, deed.Item2, together))));
        return Gen.Select(step.Array[4, mostSteps], Gen.Int[0, 5].Array[mostSteps], (steps, families) => Connecting(steps, families));
    }

    // Whoever is not connected connects, whatever it was going to do.
    private static Scenario Connecting(Step[] steps, int[] families)
    {
        var connected = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < steps.Length; i++)
        {
            Step step = steps[i];
            if (connected.Add(step.Client))
            {
                steps[i] = step with { Deed = families[i] == 0 && !step.IsByMenu ? Deed.ConnectByIpv6 : Deed.Connect, Request = "" };
            }
            else if (step.Deed != Deed.Ask)
            {
                connected.Remove(step.Client);
            }
        }

        return new Scenario(steps).Sensible();
    }

    private static string Text(string command, string payload) => System.Text.Encoding.Latin1.GetString(WireText.Request(command, payload));
}
