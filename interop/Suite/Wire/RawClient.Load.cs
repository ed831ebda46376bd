// What a client of the suite's own does to a server that it does not spare.
using System.Net.Sockets;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

internal sealed partial class RawClient
{
    /// <summary>Sends what fits without waiting; how many bytes that was.</summary>
    public int SendWhatFits(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        return _exchange.SendWhatFits(Direction.ToServer, _socket, bytes);
    }

    /// <summary>Awaits that what is sent is answered by a reset, as by a server that has closed the connection.</summary>
    public Task ExpectRefused(string clause, string what) => Wait.Until(what, clause, Wait.Soon, () =>
    {
        _socket.Blocking = false;
        _ = _socket.Send("x"u8, SocketFlags.None, out SocketError error);
        return error is not (SocketError.Success or SocketError.WouldBlock);
    }, () => "it is taken");

    /// <summary>Sends a request again and again and reads nothing, until the server takes no more: then it waits for this client.</summary>
    /// <returns>How many bytes it took.</returns>
    public async Task<long> FillUp(ReadOnlyMemory<byte> request)
    {
        const long Bound = 64L * 1024 * 1024;
        long sent = 0;
        for (TimeSpan lastProgress = Moment.Now; Moment.Now - lastProgress < TimeSpan.FromSeconds(0.3);)
        {
            int count = SendWhatFits(request.Span[(int)(sent % request.Length)..]);
            sent += count;
            Expect.That(sent < Bound, "1.5", $"that the server stops reading from a client that does not read, before {Bound} bytes", $"{sent} bytes taken");
            if (count > 0)
            {
                lastProgress = Moment.Now;
            }
            else
            {
                await Wait.LetPass(TimeSpan.FromMilliseconds(10));
            }
        }

        return sent;
    }

    /// <summary>Sends a request again and again without a pause, and takes whatever comes, until the connection ends.</summary>
    public async Task Pour(ReadOnlyMemory<byte> request)
    {
        const int Requests = 1000;
        byte[] requests = [.. Enumerable.Repeat(request, Requests).SelectMany(each => each.ToArray())];
        byte[] replies = new byte[64 * 1024];
        await Task.WhenAll(UntilTheEnd(() => _socket.SendAsync(requests.AsMemory(), CancellationToken.None)), UntilTheEnd(() => _socket.ReceiveAsync(replies.AsMemory(), CancellationToken.None)));

        static async Task UntilTheEnd(Func<ValueTask<int>> step)
        {
            try
            {
                while (await step() > 0)
                {
                }
            }
            catch (SocketException)
            {
                // the server has ended
            }
        }
    }
}
