// What clients do to a server, step by step: the half of a history that the suite decides.
using System.Text.Json.Serialization;
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Histories;

/// <summary>What a client does in a step.</summary>
internal enum Deed
{
    /// <summary>Connects, or connects again.</summary>
    Connect,

    /// <summary>The same over IPv6, where there is any.</summary>
    ConnectByIpv6,

    /// <summary>Sends a request and reads its reply.</summary>
    Ask,

    /// <summary>Sends a whole request and closes without reading the reply.</summary>
    Abandon,

    /// <summary>Sends a request's beginning and closes.</summary>
    Vanish,

    /// <summary>Sends a request's beginning, if any, then ends its sending, and reads the end that must follow.</summary>
    HalfClose,

    /// <summary>Closes.</summary>
    Close,

    /// <summary>Resets; a menu client is killed.</summary>
    Reset,
}

/// <summary>A step.</summary>
/// <param name="Client">Whose: a capital letter for a client of the suite's own, a name in the registry for a menu client.</param>
/// <param name="Deed">What it does.</param>
/// <param name="Request">The bytes that it sends, as Latin-1.</param>
/// <param name="AtOnce">True if it goes on at the same time as the step before, unless that is the same client's.</param>
internal sealed record Step(string Client, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Deed Deed, string Request = "", bool AtOnce = false)
{
    /// <summary>True if it is a real client of the registry's that does it, through its menu.</summary>
    [JsonIgnore]
    public bool IsByMenu => Client is not [>= 'A' and <= 'Z'];

    private string Who => IsByMenu ? $"the menu client {Client}" : Client;

    public override string ToString() => $"{Who} " + Deed switch
    {
        Deed.Connect => "connects",
        Deed.ConnectByIpv6 => "connects over IPv6",
        Deed.Ask => $"asks {Excerpt.Of(Request)}",
        Deed.Abandon => $"asks {Excerpt.Of(Request)} and closes at once",
        Deed.Vanish => $"sends {Excerpt.Of(Request)}, no whole request, and closes",
        Deed.HalfClose when IsByMenu => "comes to the end of its input",
        Deed.HalfClose => Request.Length == 0 ? "ends its sending" : $"sends {Excerpt.Of(Request)}, no whole request, and ends its sending",
        Deed.Close => IsByMenu ? "exits" : "closes",
        _ => IsByMenu ? "is killed" : "resets",
    };
}

/// <summary>All steps.</summary>
internal sealed record Scenario(IReadOnlyList<Step> Steps)
{
    private const string Simplest = "UPPER 0\n";

    /// <summary>The steps in groups: one group after another, and in a group each client's steps at the same time as the others'.</summary>
    [JsonIgnore]
    public IEnumerable<IReadOnlyList<Step>> Groups
    {
        get
        {
            for (int start = 0, end = 1; start < Steps.Count; start = end++)
            {
                while (end < Steps.Count && Steps[end].AtOnce)
                {
                    end++;
                }

                yield return [.. Steps.Skip(start).Take(end - start)];
            }
        }
    }

    /// <summary>Whether a client can do its step: it is connected for what needs that, and has not been sent off by an error.</summary>
    public Scenario Sensible()
    {
        var connected = new Dictionary<string, bool>(StringComparer.Ordinal); // by client; false once an error has ended it
        var steps = new List<Step>();
        foreach (Step step in Steps)
        {
            bool isIn = connected.TryGetValue(step.Client, out bool isServed);
            bool isLast = step.Deed is Deed.Abandon or Deed.Vanish or Deed.HalfClose or Deed.Close or Deed.Reset;
            bool needsService = step.Deed is Deed.Ask or Deed.Abandon or Deed.Vanish or Deed.HalfClose;
            if (step.Deed is Deed.Connect or Deed.ConnectByIpv6 ? isIn : !isIn || (needsService && !isServed))
            {
                continue;
            }

            if (isLast)
            {
                connected.Remove(step.Client);
            }
            else
            {
                connected[step.Client] = step.Deed != Deed.Ask || !Owed.For(step.Request)[0].EndsConnection;
            }

            steps.Add(step with { AtOnce = step.AtOnce && steps.Count > 0 });
        }

        return new Scenario(steps);
    }

    /// <summary>Smaller and simpler scenarios, the greatest leaps first.</summary>
    public IEnumerable<Scenario> Smaller() =>
        Steps.Select(step => step.Client).Distinct(StringComparer.Ordinal).Select(client => new Scenario([.. Steps.Where(step => !string.Equals(step.Client, client, StringComparison.Ordinal))]))
            .Concat(Shrinking.Without(Steps).Select(steps => new Scenario(steps)))
            .Concat(With(step => step with { AtOnce = false }))
            .Concat(With(step => step.Deed switch
            {
                Deed.Ask or Deed.Abandon => step with { Request = Simplest },
                Deed.ConnectByIpv6 => step with { Deed = Deed.Connect },
                Deed.HalfClose => step with { Request = "" },
                _ => step,
            }))
            .Select(each => each.Sensible());

    /// <summary>In words, a group a line.</summary>
    public IEnumerable<string> Lines() => Groups.Select(group => string.Join("; ", group.GroupBy(step => step.Client, StringComparer.Ordinal)
        .Select((own, place) => (place == 0 ? "" : "at the same time ") + string.Join(", then ", own.Select(step => step.ToString())))));

    private IEnumerable<Scenario> With(Func<Step, Step> change) =>
        Enumerable.Range(0, Steps.Count).Select(at => new Scenario([.. Steps.Select((step, i) => i == at ? change(step) : step)]));
}
