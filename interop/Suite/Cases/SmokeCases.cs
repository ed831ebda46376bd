// A first pair case.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

internal static class SmokeCases
{
    [Case(Role.Pair, "menu-end-to-end", "10.2", "Every option of the menu works in one session, and the transcript is exact to the byte.")]
    public static async Task Menu(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        await lab.StartClient(server.Port).ExpectTranscript(
            new Transcript("10.2").Upper("hello").Address().Count().Uptime().Invalid("9").Exit());
        await server.ExpectFarewell();
    }
}
