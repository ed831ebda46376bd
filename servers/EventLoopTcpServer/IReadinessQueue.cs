// What the loop asks of the system: who is ready, among all whom it watches.
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace EventLoopTcpServer;

/// <summary>Watches the listener and the clients. For one thread.</summary>
internal interface IReadinessQueue
{
    /// <summary>Watches the listener, or leaves it alone for now (clause 9.2).</summary>
    void WatchListener(bool isWatched);

    /// <summary>Watches a client from now on.</summary>
    /// <param name="guest">The client, of whom nothing has been received yet.</param>
    /// <param name="obstacle">Why the system cannot.</param>
    bool TryAdd(Guest guest, [NotNullWhen(false)] out string? obstacle);

    /// <summary>Waits for what the client's session wants now: bytes of the client's, or room to send (clause 1.5).</summary>
    void Await(Guest guest);

    /// <summary>Watches a client no more. Its socket is still open, and is closed before the next <see cref="Wait"/>.</summary>
    void Remove(Guest guest);

    /// <summary>Waits until somebody is ready, at most for a time of whole milliseconds.</summary>
    /// <param name="timeout">The time.</param>
    /// <param name="someoneWaits">True if a client waits at the listener.</param>
    /// <returns>The clients that are ready; valid until the next call.</returns>
    ReadOnlySpan<Guest> Wait(TimeSpan timeout, out bool someoneWaits);
}

/// <summary>The queue of this system.</summary>
internal static class ReadinessQueue
{
    private const string Choice = "EASYTCP_QUEUE";

    /// <summary>Linux's epoll, or the runtime's own asynchronous sockets: on other systems, and where the environment says
    /// <c>EASYTCP_QUEUE=async</c>, which is how these are tested on Linux.</summary>
    /// <exception cref="IOException">The system has no queue left.</exception>
    public static IReadinessQueue Open(Socket listener) =>
        OperatingSystem.IsLinux() && !string.Equals(Environment.GetEnvironmentVariable(Choice), "async", StringComparison.Ordinal)
            ? new EpollQueue(listener)
            : new AsyncSocketQueue(listener);
}
