// The last second of a connection that an ERR has ended (clause 5.2).
using System.Net.Sockets;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

internal sealed partial class Session
{
    private static readonly TimeSpan LongTime = TimeSpan.FromMinutes(10);

    private static Socket? _newest;

    // The ERR is out: the sending side is shut down, and what still comes in is dropped, for a second (clause 5.2).
    private void End()
    {
        if (!Fault.Is(EndingSecondFromError))
        {
            _outbox.Finish();
        }
        else if (!_outbox.Finish(EndingTime))
        {
            socket.LingerState = new LingerOption(true, 0);
            return;
        }

        _isEnding = true;
        if (Fault.Is(EndingStaysOpen))
        {
            Drop(LongTime);
            return;
        }

        if (Fault.Is(EndingReset))
        {
            socket.LingerState = new LingerOption(true, 0);
            return;
        }

        if (_id is long id)
        {
            registry.Break(id);
        }

        socket.Shutdown(SocketShutdown.Send);
        if (Fault.Is(EndingOutlivesClient))
        {
            new Thread(EndNewest) { IsBackground = true }.Start();
        }

        if (Fault.Is(EndingIgnoresClose))
        {
            Clock.LetPass(EndingTime);
        }

        if (!Fault.Is(EndingAtOnce))
        {
            Interlocked.Increment(ref _ending);
            Drop(Fault.Is(EndingNever) ? LongTime : EndingTime);
            Interlocked.Decrement(ref _ending);
        }
    }

    // As with a timer for a descriptor's number, which is the next client's by then.
    private void EndNewest()
    {
        Clock.LetPass(EndingTime);
        if (_newest is Socket newest && newest != socket)
        {
            _ = Native.ShutDown((int)newest.Handle, Native.BothDirections);
        }
    }

    private void Drop(TimeSpan time)
    {
        byte[] dropped = new byte[Page];
        var clock = new Clock();
        do
        {
            TimeSpan left = time - clock.Elapsed;
            if (Fault.Is(SpinsInEnding) && left > TimeSpan.Zero && !socket.Poll(0, SelectMode.SelectRead))
            {
                continue;
            }

            // Rounded up, for the runtime cuts it to milliseconds, and a second is a second.
            if (left <= TimeSpan.Zero || !socket.Poll(left + TimeSpan.FromMilliseconds(1), SelectMode.SelectRead))
            {
                _isOverdue = true;
                return;
            }
        }
        while ((Fault.Is(SpinsInEnding) && socket.Available == 0 && !socket.Poll(0, SelectMode.SelectRead)) || DropSome());

        bool DropSome()
        {
            clock = Fault.Is(EndingTimeAnew) ? new Clock() : clock;
            return socket.Receive(dropped) > 0;
        }
    }
}
