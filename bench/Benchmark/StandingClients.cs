// Clients who stay connected, and ask when they are told to.
using System.Diagnostics;
using System.Globalization;

namespace EasyTcp.Benchmark;

/// <summary>The clients of one server: some who ask, and some who are idle.</summary>
internal sealed class StandingClients : IDisposable
{
    private readonly string _server;
    private readonly Process _load;

    private StandingClients(string server, Process load) => (_server, _load) = (server, load);

    /// <summary>Connects them; each has been answered once.</summary>
    /// <param name="server">To which server.</param>
    /// <param name="clients">How many ask.</param>
    /// <param name="outstanding">How many requests each of them has under way.</param>
    /// <param name="idle">How many ask nothing.</param>
    /// <exception cref="InvalidOperationException">They could not connect.</exception>
    public static StandingClients Connect(RunningServer server, int clients, int outstanding, int idle = 0)
    {
        var standing = new StandingClients(server.Contestant.Name, LoadResult.Start("loop", $"{server.Port}", $"{server.ProcessId}", $"{clients}", $"{outstanding}", $"{idle}"));
        try
        {
            standing.ReadLine();
            return standing;
        }
        catch
        {
            standing.Dispose();
            throw;
        }
    }

    /// <summary>Has them ask again and again.</summary>
    /// <param name="warm">For how long before it counts, in seconds.</param>
    /// <param name="seconds">For how long it counts.</param>
    /// <exception cref="InvalidOperationException">The server did not stand that, or a reply was wrong or lost.</exception>
    public LoadResult Ask(double warm, double seconds)
    {
        try
        {
            _load.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{warm:0.######} {seconds:0.######}"));
        }
        catch (IOException)
        {
            // It has ended, and has said why.
        }

        LoadResult result = LoadResult.Of(ReadLine());
        return result.Faults == 0 ? result : throw new InvalidOperationException($"{_server}: {result.Wrong} replies were wrong, {result.Lost} lost");
    }

    /// <summary>Lets them go; who was idle is asked once more.</summary>
    /// <exception cref="InvalidOperationException">Some of these had been dropped.</exception>
    public void End()
    {
        _load.StandardInput.Close();
        string errors = _load.StandardError.ReadToEnd().Trim();
        _load.WaitForExit();
        if (_load.ExitCode != 0)
        {
            throw new InvalidOperationException($"{_server}: {(errors.Length > 0 ? errors : "idle clients were dropped, or answered wrongly")}");
        }
    }

    public void Dispose()
    {
        _load.Kill();
        _load.WaitForExit();
        _load.Dispose();
    }

    private string ReadLine()
    {
        if (_load.StandardOutput.ReadLine() is string line)
        {
            return line;
        }

        string errors = _load.StandardError.ReadToEnd().Trim();
        _load.WaitForExit();
        throw new InvalidOperationException($"{_server}: {(errors.Length > 0 ? errors : $"the generator ended with status {_load.ExitCode}")}");
    }
}
