// What one client sends and is sent (clause 1.5).
using System.Net.Sockets;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

internal sealed partial class Session
{
    private const int Page = 4096;

    private bool _hadToWait;

    // As one thread for all that stays with a client for as long as more of it is here.
    private void AwaitTurn()
    {
        if (Monitor.IsEntered(All))
        {
            if (socket.Poll(0, SelectMode.SelectRead))
            {
                return;
            }

            Monitor.Exit(All);
        }

        socket.Poll(-1, SelectMode.SelectRead);
        Monitor.Enter(All);
    }

    // False at the client's end.
    private bool Receive()
    {
        byte[] page = new byte[Page];
        bool isLocked = Fault.Is(PayloadReadUnderLock) && _conversation.IsInPayload;
        if (isLocked)
        {
            Monitor.Enter(All);
        }

        try
        {
            while ((Fault.Is(SpinsWithIdleClients) || (Fault.Is(SpinsAfterFullBuffer) && _hadToWait) || (Fault.Is(SpinsInHeader) && _conversation.IsInRequest && !_conversation.IsInPayload)) && !socket.Poll(0, SelectMode.SelectRead))
            {
            }

            int count = socket.Receive(page);
            if (count == 0)
            {
                _conversation.InputEnded();
                return false;
            }

            if (Fault.Is(PayloadReadUnderLock) && !isLocked)
            {
                lock (All)
                {
                    _conversation.Received(page.AsSpan(0, count));
                }
            }
            else
            {
                _conversation.Received(page.AsSpan(0, count));
            }

            // As with a loop that reads for as long as reads are full.
            return !Fault.Is(FullReceiveAwaitsMore) || count < page.Length || Receive();
        }
        finally
        {
            if (isLocked)
            {
                Monitor.Exit(All);
            }
        }
    }

    private void Send(IReadOnlyList<byte[]> replies)
    {
        byte[] bytes = Texts.Joined(Fault.Is(RepliesReversed) ? replies.Reverse() : replies);
        if (bytes.Length == 0)
        {
            return;
        }

        if (Fault.Is(RepliesQueuedWithoutBound) || Fault.Is(EndingSecondFromError))
        {
            _outbox.Add(bytes);
            return;
        }

        if (Fault.Is(RepliesHoarded))
        {
            Hoard.Add(bytes);
        }

        if (Fault.Is(SlowReaderBlocksAll))
        {
            lock (All)
            {
                SendAll(bytes);
            }

            return;
        }

        SendAll(bytes);
        _conversation.IsOver |= Fault.Is(ClosesAfterReply) || (Fault.Is(ClosesAfterFarewell) && bytes.AsSpan().EndsWith("\nBYE BYE~"u8));
    }

    private void SendAll(byte[] bytes)
    {
        _isSending = true;
        for (int sent = 0; sent < bytes.Length;)
        {
            Interlocked.Increment(ref _sending);
            _hadToWait |= Fault.Is(SpinsAfterFullBuffer) && !socket.Poll(0, SelectMode.SelectWrite);
            while (Fault.Is(SpinsWithFullBuffer) && !socket.Poll(0, SelectMode.SelectWrite))
            {
            }

            try
            {
                sent += socket.Send(bytes.AsSpan(sent, Fault.Is(SpinsWithFullBuffer) ? Math.Min(Page, bytes.Length - sent) : bytes.Length - sent));
            }
            catch (SocketException) when (Fault.Is(SendErrorRetried) && bytes.Length > Texts.MaxPayload)
            {
                Clock.LetPass(LongTime);
            }
            finally
            {
                Interlocked.Decrement(ref _sending);
            }
        }

        _isSending = false;
    }
}
