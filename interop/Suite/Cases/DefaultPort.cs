// Port 12000, which programs take where none is given (clauses 6.1 and 10.1). Where somebody else has it nothing can be said.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

/// <summary>Checks of programs that are started without arguments, one at a time, for there is one such port.</summary>
internal static class DefaultPort
{
    private const int Port = 12000;
    private const int Attempts = 3; // another suite may have had the port, and be gone with it

    private static readonly TimeSpan LongestTenancy = TimeSpan.FromSeconds(5);

    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <summary>A server listens there, or says that the port is in use and exits 1.</summary>
    public static async Task ExpectServer(Lab lab)
    {
        await Turn.WaitAsync();
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                PeerProcess process = lab.LaunchServer([]);
                await Wait.Until("the ready line of a server that is given no arguments, or its end", "6.1", Wait.Patience,
                    () => process.Ended.IsCompleted || process.Output.Lines.Any(line => line.IsWhole), () => "neither");
                if (!process.Ended.IsCompleted)
                {
                    ServerUnderTest server = await ServerUnderTest.Ready(process);
                    Expect.That(server.Port == Port, "6.1", $"port {Port} where none is given", server.Port.ToString(CultureInfo.InvariantCulture));
                    await server.ExpectFarewell();
                    return;
                }

                Ending ending = await process.Ended;
                if (ending.ExitCode == 1 && !IsFree())
                {
                    return;
                }

                Expect.That(attempt < Attempts, "6.1", $"that a server which is given no arguments listens on port {Port}, which is free", $"exit status {ending.ExitCode}: {Excerpt.Of(process.Errors.Text)}");
            }
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>A client that is given nothing, or a host alone, connects to that port.</summary>
    public static async Task ExpectClient(Lab lab)
    {
        await ExpectClient(lab, "no arguments");
        await ExpectClient(lab, "the host alone", "127.0.0.1");
    }

    private static async Task ExpectClient(Lab lab, string given, params string[] arguments)
    {
        await Turn.WaitAsync();
        try
        {
            using Socket? listener = await TryListen();
            if (listener == null)
            {
                return;
            }

            PeerProcess process = lab.LaunchClient(arguments);
            await Wait.Until($"a connection to port {Port} of localhost from a client that is given {given}", "10.1", Wait.Patience,
                () => process.Ended.IsCompleted || process.Output.Lines.Count > 0 || listener.Poll(TimeSpan.Zero, SelectMode.SelectRead), () => "none");
            Expect.That(listener.Poll(TimeSpan.Zero, SelectMode.SelectRead), "10.1", $"a connection to port {Port} of localhost from a client that is given {given}",
                $"none, but stdout {Excerpt.Of(process.Output.Text)}, stderr {Excerpt.Of(process.Errors.Text)}");
            using Socket connection = await listener.AcceptAsync();
            process.EndInput();
            Ending ending = await process.End("10.9", Wait.Patience);
            Expect.That(ending.ExitCode == 0, "10.9", "exit status 0 at the end of stdin", $"exit status {ending.ExitCode}");
        }
        finally
        {
            Turn.Release();
        }
    }

    // A server that was here a moment ago may not be gone yet.
    private static async Task<Socket?> TryListen()
    {
        for (TimeSpan start = Moment.Now; Moment.Now - start < LongestTenancy; await Wait.LetPass(TimeSpan.FromMilliseconds(50)))
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
                listener.Listen();
                return listener;
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }

        return null;
    }

    private static bool IsFree()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, Port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
