// A scenario's client of the suite's own: it says exactly what the step says.
using System.Net.Sockets;
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Histories;

/// <summary>Takes steps with a <see cref="RawClient"/>.</summary>
internal sealed class OwnClient(ServerUnderTest server, TimeSpan patience) : ISteppingClient
{
    private RawClient? _client;

    public async Task Connect(Deed how) =>
        _client = await server.Connect(how == Deed.ConnectByIpv6 && Place.Current.CarriesIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);

    public string Address => _client!.Address;

    public async Task<Message> Ask(string request, OwedReply owed)
    {
        await _client!.Send(request);
        Message reply = await _client.Reply($"the reply to {Judging.Excerpt.Of(request)}", patience);
        if (owed.EndsConnection)
        {
            await _client.ExpectEnd("5.2", $"after the reply to {Judging.Excerpt.Of(request)}", patience);
        }

        return reply;
    }

    public async Task Leave(Deed how, string request)
    {
        await _client!.Send(request);
        switch (how)
        {
            case Deed.HalfClose:
                _client.EndSending();
                await _client.ExpectEnd("1.4", "after the end of sending", patience);
                _client.Dispose();
                break;
            case Deed.Reset:
                _client.Reset();
                break;
            default:
                _client.Dispose();
                break;
        }
    }

    public void Dispose() => _client?.Dispose();
}
