// A scenario's client that is one of the registry's, worked through its menu (part 10).
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Histories;

/// <summary>Takes steps with a real client: each connection is a run of its program.</summary>
internal sealed partial class MenuClient(Lab lab, ServerUnderTest server, Peer peer) : ISteppingClient
{
    private ClientUnderTest? _client;

    public string Address { get; private set; } = "";

    public async Task Connect(Deed how)
    {
        string host = server.EndPoint.Address.ToString();
        _client = lab.StartClient(server.Port, host, peer);
        string[] addresses = await Place.Current.AddressesOf(_client, host);
        int port = await _client.Port();
        Address = string.Create(CultureInfo.InvariantCulture, $"{addresses[0]}:{port}");
    }

    public async Task<Message> Ask(string request, OwedReply owed)
    {
        string option = owed.Command switch
        {
            "UPPER" => $"1\n{request[(request.IndexOf('\n', StringComparison.Ordinal) + 1)..]}",
            "ADDR" => "2",
            "COUNT" => "3",
            "UPTIME" => "4",
            _ => throw new InvalidDataException($"a menu cannot ask {Excerpt.Of(request)}"),
        };
        string printed = await _client!.Choose(option);
        Match reply = Printed().Match(printed);
        Expect.That(reply.Success, "10.5", $"a reply from the menu client to {Excerpt.Of(request)}", Excerpt.Of(printed));
        string text = reply.Groups["text"].Value;
        string payload = owed.Command switch
        {
            "ADDR" => text.Replace("client IP = ", "", StringComparison.Ordinal).Replace(", port = ", ":", StringComparison.Ordinal),
            "COUNT" => text.Replace("requests served = ", "", StringComparison.Ordinal),
            "UPTIME" => text.Replace("run time = ", "", StringComparison.Ordinal),
            _ => text,
        };
        return new Message(reply.Groups["from"].Value is "Reply" ? "OK" : "ERR", Encoding.Latin1.GetBytes(payload));
    }

    public async Task Leave(Deed how, string request)
    {
        switch (how)
        {
            case Deed.HalfClose:
                _client!.Process.EndInput();
                break;
            case Deed.Reset:
                _client!.Process.Signal(PosixSignals.Kill);
                break;
            default:
                _client!.Type("5\n");
                break;
        }

        await _client!.Process.End("10.9", Wait.Patience);
    }

    // The lab ends the process.
    public void Dispose()
    {
    }

    [GeneratedRegex(@"\A(?:Input sentence: )?(?<from>Reply|Error) from server: (?<text>.*)\nRTT = [0-9.]+ ms\n\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Printed();
}
