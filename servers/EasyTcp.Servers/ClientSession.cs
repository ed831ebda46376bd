// One connected client: its socket, its place in the registry and its conversation.
using System.Net.Sockets;

namespace EasyTcp.Servers;

/// <summary>
/// Carries bytes between a socket and its conversation. On a blocking socket <see cref="Advance"/> waits, on a
/// non-blocking one it does what can be done now: that is all that the ways of waiting differ in.
/// </summary>
public partial class ClientSession
{
    // How long what still comes in is dropped after the last ERR (clause 5.2).
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(1);

    private readonly ClientRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly Conversation _conversation;
    private readonly DirectSocket _direct;
    private LinkedListNode<long>? _place;
    private long _endingSince;
    private bool _ending;

    /// <summary>Takes over a connection that was just accepted.</summary>
    /// <param name="socket">The connection, blocking or not; so it stays.</param>
    /// <param name="service">The service that it came to.</param>
    public ClientSession(Socket socket, Service service)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(service);

        (Socket, _direct) = (socket, new DirectSocket(socket));
        (_registry, _clock) = (service.Clients, service.Clock);
        _conversation = new Conversation(service.Desk, RequestDesk.AddressOf(socket.RemoteEndPoint));
    }

    /// <summary>The connection, for those who wait on it.</summary>
    public Socket Socket { get; }

    /// <summary>True if the session waits for room to send, false if it waits for bytes of the client's.</summary>
    public bool WantsToSend => _conversation.Wants == Want.Output;

    /// <summary>How long the session may still wait for its client: for ever, but for an ending one (clause 5.2).</summary>
    public TimeSpan TimeLeft => _ending ? EndingTime - _clock.GetElapsedTime(_endingSince) : TimeSpan.MaxValue;

    /// <summary>The client gets its ID.</summary>
    public void Join() => _place = _registry.Join();

    /// <summary>The connection is over: takes the client off the registry and closes it.</summary>
    public void Leave()
    {
        if (_place != null)
        {
            _registry.Leave(_place);
        }

        Socket.Dispose();
    }

    /// <summary>Receives once and sends the replies to all that came. False when the connection is over.</summary>
    public bool Advance()
    {
        bool goesOn = (WantsToSend || Receive()) && Send();
        _conversation.Rest();
        return goesOn && TimeLeft > TimeSpan.Zero;
    }

    private bool Receive()
    {
        // Not by ReceiveTimeout: .NET would start a thread of its own for it, and there may be none left.
        if (_ending && Socket.Blocking && TimeLeft is TimeSpan left && (left <= TimeSpan.Zero || !Socket.Poll(left, SelectMode.SelectRead)))
        {
            return true;
        }

        int count = _direct.Receive(_conversation.Room, out SocketError error);
        if (error == SocketError.Success)
        {
            _conversation.Received(count);
            return true;
        }

        return IsOnlyNotNow(error);
    }

    private bool Send()
    {
        while (_conversation.Wants == Want.Output)
        {
            int count = _direct.Send(_conversation.Replies, out SocketError error);
            if (error != SocketError.Success)
            {
                return IsOnlyNotNow(error);
            }

            _conversation.Sent(count);
        }

        if (_conversation.Wants == Want.Ending && !_ending)
        {
            return BeginEnding();
        }

        return _conversation.Wants != Want.Nothing;
    }

    // The ERR is out: no reset may overtake it, so the sending side is shut down and the rest is dropped (clause 5.2).
    private bool BeginEnding()
    {
        (_ending, _endingSince) = (true, _clock.GetTimestamp());
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (SocketException)
        {
            return false; // the client has reset the connection already
        }
    }

    private static bool IsOnlyNotNow(SocketError error) =>
        error is SocketError.WouldBlock or SocketError.Interrupted;
}
