// The C programs are one file each, so what they share is written out in each of them: identical, between fences.
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class FenceTests
{
    private static readonly string[] Sources = [.. Directory.EnumerateFiles(Repository.At("c-reference"), "*.c").Order(StringComparer.Ordinal)];

    private static readonly Fence[] All = [.. Sources.SelectMany(file => Fences.Read(Path.GetFileName(file), File.ReadAllText(file)))];

    [Test]
    public void What_is_fenced_is_the_same_in_every_file() => Assert.That(Fences.Differences(All), Is.Empty);

    [Test]
    public void What_is_fenced_is_shared_indeed()
    {
        string[] alone = [.. All.GroupBy(fence => fence.Name, StringComparer.Ordinal).Where(same => same.Count() == 1).Select(same => same.Key)];

        Assert.That(All, Is.Not.Empty);
        Assert.That(alone, Is.Empty, "a fence in one file alone promises what is not so");
    }

    [Test]
    public void A_file_has_each_fence_once() => Assert.That(All.Select(fence => (fence.File, fence.Name)), Is.Unique);

    // A mark with a typing error would be passed over as an ordinary comment, and its block with it.
    [Test]
    public void Every_line_that_looks_like_a_fence_is_one()
    {
        int looks = Sources.Sum(file => File.ReadLines(file).Count(line => line.Contains("====", StringComparison.Ordinal)));

        Assert.That(looks, Is.EqualTo(2 * All.Length));
    }

    [Test]
    public void A_block_that_differs_is_found()
    {
        const string One = "/* ==== shared: x ==== */\nint a;\nint b;\n/* ==== end shared: x ==== */\n";
        string other = One.Replace("int b", "int  b", StringComparison.Ordinal);

        Assert.That(Fences.Differences([.. Fences.Read("one.c", One), .. Fences.Read("two.c", One)]), Is.Empty);
        Assert.That(Fences.Differences([.. Fences.Read("one.c", One), .. Fences.Read("two.c", other)]),
            Has.One.EqualTo("'x' in two.c differs from that in one.c at line 2 of the block"));
    }

    [TestCase("/* ==== shared: x ==== */\n", Description = "never closed")]
    [TestCase("/* ==== end shared: x ==== */\n", Description = "never opened")]
    [TestCase("/* ==== shared: x ==== */\n/* ==== end shared: y ==== */\n", Description = "closed by another")]
    [TestCase("/* ==== shared: x ==== */\n/* ==== shared: y ==== */\n/* ==== end shared: y ==== */\n", Description = "one in another")]
    public void A_fence_without_its_partner_is_found(string source) =>
        Assert.That(() => Fences.Read("a.c", source), Throws.TypeOf<InvalidDataException>());
}
