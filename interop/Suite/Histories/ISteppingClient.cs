// What a scenario's clients have in common, whether they are the suite's own or real ones.
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Histories;

/// <summary>A client that takes the steps of a scenario, one at a time.</summary>
internal interface ISteppingClient : IDisposable
{
    /// <summary>Its own address, as clause 3.2 writes it.</summary>
    string Address { get; }

    /// <summary>Connects, once more if it has left.</summary>
    Task Connect(Deed how);

    /// <summary>Sends a request and reads its one reply, and the clean end if that must follow.</summary>
    Task<Message> Ask(string request, OwedReply owed);

    /// <summary>Sends what is to be sent, and is gone when this returns.</summary>
    Task Leave(Deed how, string request);
}
