// The queue of bytes, against a plain list of them.
using System.Buffers;
using System.Runtime.InteropServices;
using CsCheck;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class ByteBufferTests
{
    [Test]
    public void A_new_buffer_is_empty()
    {
        var buffer = new ByteBuffer();

        Assert.That(buffer.Count, Is.Zero);
        Assert.That(buffer.Waiting.IsEmpty, Is.True);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4096)]
    [TestCase(200_000)]
    public void There_is_as_much_room_as_was_asked_for(int size)
    {
        var buffer = new ByteBuffer();
        buffer.Add("waiting"u8);

        Assert.That(buffer.Room(size).Length, Is.AtLeast(size));
        Assert.That(buffer.Waiting.SequenceEqual("waiting"u8), Is.True, "making room moves what waits, and loses none of it");
    }

    [Test]
    public void Only_what_was_added_waits()
    {
        var buffer = new ByteBuffer();
        "abcdef"u8.CopyTo(buffer.Room(6));

        buffer.Added(2);

        Assert.That(buffer.Waiting.SequenceEqual("ab"u8), Is.True);
    }

    [Test]
    public void Release_leaves_waiting_bytes_alone()
    {
        var buffer = new ByteBuffer();
        buffer.Add("abc"u8);
        buffer.Remove(1);

        buffer.ReleaseIfEmpty();

        Assert.That(buffer.Waiting.SequenceEqual("bc"u8), Is.True);
    }

    [Test]
    public void A_buffer_works_on_after_its_release()
    {
        var buffer = new ByteBuffer();
        buffer.Add("abc"u8);
        buffer.Clear();
        buffer.ReleaseIfEmpty();
        buffer.ReleaseIfEmpty();

        buffer.Add("def"u8);

        Assert.That(buffer.Waiting.SequenceEqual("def"u8), Is.True);
    }

    // An array that went back to the pool while the buffer still wrote to it would show another one's bytes.
    [Test]
    public void Two_buffers_never_share_an_array()
    {
        var first = new ByteBuffer();
        var second = new ByteBuffer();
        for (int size = 1; size < 100_000; size *= 3)
        {
            first.Add(Enumerable.Repeat((byte)'1', size).ToArray());
            second.Add(Enumerable.Repeat((byte)'2', size).ToArray());
            Assert.That(first.Waiting.IndexOfAnyExcept((byte)'1'), Is.EqualTo(-1));
            Assert.That(second.Waiting.IndexOfAnyExcept((byte)'2'), Is.EqualTo(-1));
            first.Clear();
            first.ReleaseIfEmpty();
        }
    }

    [Test]
    public void An_array_that_has_become_too_small_goes_back_to_the_pool()
    {
        var buffer = new ByteBuffer();
        buffer.Add(new byte[1024]);
        MemoryMarshal.TryGetArray(buffer.WaitingMemory, out ArraySegment<byte> small);
        buffer.Add("a"u8);

        byte[] next = ArrayPool<byte>.Shared.Rent(small.Array!.Length);

        Assert.That(next, Is.SameAs(small.Array));
        ArrayPool<byte>.Shared.Return(next);
    }

    // Traffic of any length goes through the same room as long as little of it waits at a time.
    [Test]
    public void A_long_stream_needs_no_more_room_than_what_waits_of_it()
    {
        var buffer = new ByteBuffer();
        byte[] piece = new byte[700];
        buffer.Add(piece);
        for (int i = 0; i < 10_000; i++)
        {
            buffer.Add(piece);
            buffer.Remove(piece.Length);
        }

        Assert.That(buffer.Room(1).Length, Is.AtMost(4096));
    }

    [Test]
    public void It_behaves_like_a_list_of_bytes() =>
        Gen.Select(Gen.Int[0, 5], Gen.Byte.Array[0, 100]).Array[0, 60].Sample(steps =>
        {
            var buffer = new ByteBuffer();
            var model = new List<byte>();
            foreach ((int kind, byte[] bytes) in steps)
            {
                switch (kind)
                {
                    case 0 or 1:
                        buffer.Add(bytes);
                        model.AddRange(bytes);
                        break;
                    case 2:
                        bytes.CopyTo(buffer.Room(bytes.Length * 50));
                        buffer.Added(bytes.Length);
                        model.AddRange(bytes);
                        break;
                    case 3:
                        int count = Math.Min(bytes.Length, model.Count);
                        buffer.Remove(count);
                        model.RemoveRange(0, count);
                        break;
                    case 4:
                        buffer.ReleaseIfEmpty();
                        break;
                    default:
                        buffer.Clear();
                        model.Clear();
                        break;
                }

                if (buffer.Count != model.Count || !buffer.Waiting.SequenceEqual(model.ToArray()))
                {
                    return false;
                }
            }

            return true;
        }, iter: 3_000);
}
