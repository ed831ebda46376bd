// Shrinking: it ends at what cannot be left out, and it ends.
using EasyTcp.Interop.Generating;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ShrinkingTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static readonly IReadOnlyList<int> Hundred = [.. Enumerable.Range(0, 100)];

    [TestCase(new[] { 0 })]
    [TestCase(new[] { 13, 87 })]
    [TestCase(new[] { 0, 49, 50, 99 })]
    public async Task What_is_needed_to_fail_is_all_that_is_left(int[] needed)
    {
        Shrunk<IReadOnlyList<int>> shrunk = await Shrink(Hundred, items => needed.All(items.Contains));

        Assert.That(shrunk.Smallest, Is.EqualTo(needed));
        Assert.That(shrunk.IsDone);
        Assert.That(shrunk.Attempts, Is.LessThan(400));
    }

    [Test]
    public async Task What_fails_by_its_size_is_left_at_that_size()
    {
        Shrunk<IReadOnlyList<int>> shrunk = await Shrink(Hundred, items => items.Count >= 7);

        Assert.That(shrunk.Smallest, Has.Count.EqualTo(7));
    }

    [Test]
    public async Task Nothing_is_tried_twice()
    {
        var tried = new List<string>();
        await Shrink([1, 2, 3, 4, 5, 6, 7, 8], items =>
        {
            tried.Add(string.Join(',', items));
            return items.Contains(3) && items.Contains(6);
        });

        Assert.That(tried, Is.Unique);
    }

    [Test]
    public async Task Attempts_are_bounded_and_the_smallest_so_far_is_kept()
    {
        Shrunk<IReadOnlyList<int>> shrunk = await Shrink(Hundred, items => items.Contains(13) && items.Contains(87), mostAttempts: 5);

        Assert.That(shrunk.Attempts, Is.EqualTo(5));
        Assert.That(shrunk.IsDone, Is.False);
        Assert.That(shrunk.Smallest, Is.SupersetOf(new[] { 13, 87 }));
    }

    [Test]
    public async Task Time_is_bounded()
    {
        Shrunk<IReadOnlyList<int>> shrunk = await Shrinking.Smallest(Hundred, Shrinking.Without, Name, _ => Task.FromResult(true), 1000, TimeSpan.Zero);

        Assert.That(shrunk, Is.EqualTo(new Shrunk<IReadOnlyList<int>>(Hundred, 0, false)));
    }

    [Test]
    public async Task A_request_stream_shrinks_to_the_byte_that_fails()
    {
        var stream = new RequestStream(["UPPER 5\nhello", "COUNT 0\n", "NOSUCH 7\nabc\xFFxyz", "ADDR 0\n"], [3, 17, 40], EndsEarly: true);
        Shrunk<RequestStream> shrunk = await Shrinking.Smallest(stream, each => each.Smaller(), each => $"{each}{string.Join(',', each.Cuts)}",
            each => Task.FromResult(each.Bytes.Contains('\xFF', StringComparison.Ordinal)), 1000, Long);

        Assert.That(shrunk.Smallest.Requests, Is.EqualTo(new[] { "\xFF" }));
        Assert.That(shrunk.Smallest.Cuts, Is.Empty);
        Assert.That(shrunk.Smallest.EndsEarly, Is.False);
    }

    [Test]
    public void An_empty_list_has_nothing_to_leave_out() => Assert.That(Shrinking.Without(Array.Empty<int>()), Is.Empty);

    private static Task<Shrunk<IReadOnlyList<int>>> Shrink(IReadOnlyList<int> items, Func<IReadOnlyList<int>, bool> fails, int mostAttempts = 1000) =>
        Shrinking.Smallest(items, Shrinking.Without, Name, each => Task.FromResult(fails(each)), mostAttempts, Long);

    private static string Name(IReadOnlyList<int> items) => string.Join(',', items);
}
