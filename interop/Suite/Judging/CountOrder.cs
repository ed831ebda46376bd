// COUNT among many clients (clause 3.3): is there an order of all requests in which each was told its own place?
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>A request that counts.</summary>
/// <param name="Who">Whose it was.</param>
/// <param name="Asked">A moment before its last byte was sent; it cannot have counted earlier.</param>
/// <param name="Told">When its reply was read; it counted before. Null if nobody read it: it may count later, or never.</param>
/// <param name="Count">The number that it was told, if it was a COUNT.</param>
internal sealed record CountedRequest(string Who, TimeSpan Asked, TimeSpan? Told, long? Count = null)
{
    /// <summary>True if it was over before another was begun: then it counts before the other.</summary>
    public bool IsBefore(CountedRequest other) => Told < other.Asked;
}

/// <summary>A linearisation check of a counter that is raised by every request and told by some.</summary>
internal static class CountOrder
{
    /// <summary>Fails unless the numbers told can all be true together.</summary>
    /// <param name="requests">All requests that count, each client's in the order of its replies.</param>
    /// <param name="before">How many had counted before the first of these was begun.</param>
    public static void Judge(IReadOnlyList<CountedRequest> requests, long before = 0)
    {
        CountedRequest[] told = [.. requests.Where(each => each.Count != null)];
        foreach (CountedRequest each in told)
        {
            int surely = requests.Count(other => other.IsBefore(each));
            int perhaps = requests.Count(other => other != each && !each.IsBefore(other));
            (long atLeast, long atMost) = (before + surely + 1, before + perhaps + 1);
            Expect.That(each.Count >= atLeast && each.Count <= atMost, "3.3",
                $"COUNT told {each.Who} {(atLeast == atMost ? $"{atLeast}" : $"from {atLeast} to {atMost}")}, for so many requests, its own included, were answered OK by then", $"{each.Count}");
        }

        foreach (IGrouping<long?, CountedRequest> same in told.GroupBy(each => each.Count))
        {
            Expect.That(same.Count() == 1, "3.3", "COUNT told each client a number of its own, for the request itself is included", $"{same.Key} told {string.Join(" and ", same.Select(each => each.Who))}");
        }

        foreach (IGrouping<string, CountedRequest> own in told.GroupBy(each => each.Who, StringComparer.Ordinal))
        {
            foreach ((CountedRequest first, CountedRequest second) in own.Zip(own.Skip(1)))
            {
                Expect.That(first.Count < second.Count, "3.3", $"{own.Key} told a higher number each time", $"{second.Count} after {first.Count}");
            }
        }

        ExpectOrder(requests, told, before);
    }

    // Gives each place to a request that may have it. A COUNT has the place that it was told; any other one must come after
    // the COUNTs that were over before it was begun, and before those begun after it was over. Of those that may have a
    // place, the one that can wait least takes it; those that perhaps never counted can always wait.
    private static void ExpectOrder(IReadOnlyList<CountedRequest> requests, CountedRequest[] told, long before)
    {
        var open = requests.Where(each => each.Count == null).Select(each => (Request: each,
            After: told.Where(count => count.IsBefore(each)).Max(count => count.Count) ?? before,
            Until: told.Where(count => each.IsBefore(count)).Min(count => count.Count) ?? long.MaxValue)).ToList();
        Dictionary<long, CountedRequest> places = told.ToDictionary(each => each.Count!.Value);
        for (long place = before + 1; place <= (told.Length == 0 ? before : places.Keys.Max()); place++)
        {
            if (!places.TryGetValue(place, out CountedRequest? taken))
            {
                var next = open.Where(each => each.After < place).OrderBy(each => each.Request.Told == null).ThenBy(each => each.Until).FirstOrDefault();
                Expect.That(next.Request != null && next.Until > place, "3.3",
                    $"an order of all {requests.Count} requests in which each COUNT was told its own place", $"no request that can have been number {place}");
                open.Remove(next);
                continue;
            }

            CountedRequest? wrong = places.Values.FirstOrDefault(other => other.Count > place && other.IsBefore(taken));
            Expect.That(wrong == null, "3.3", $"a number above {wrong?.Count} told {taken.Who}, who asked after {wrong?.Who} had been told that", $"{place}");
        }

        (CountedRequest Request, long After, long Until) lost = open.FirstOrDefault(each => each.Until != long.MaxValue);
        Expect.That(lost.Request == null, "3.3", $"the reply to {lost.Request?.Who} counted before number {lost.Until} was told", "fewer were counted by then");
    }
}
