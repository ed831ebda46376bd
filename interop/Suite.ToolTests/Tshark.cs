// tshark, with the protocol's dissector and all its checks.
using System.Globalization;
using System.Net;
using CliWrap;
using CliWrap.Buffered;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.ToolTests;

/// <summary>Runs tshark.</summary>
internal static class Tshark
{
    /// <summary>The fields of each frame that a filter lets through, a line each, separated by tabs.</summary>
    /// <param name="folder">An attempt's evidence.</param>
    /// <param name="evidence">The same, read.</param>
    /// <param name="filter">A display filter.</param>
    /// <param name="fields">What to print; several values of a field are separated by commas.</param>
    public static async Task<string[][]> Read(string folder, EvidenceFile evidence, string filter, params string[] fields)
    {
        string[] ports = [.. evidence.Connections.Select(connection => IPEndPoint.Parse(connection.ServerAddress).Port).Distinct()
            .SelectMany(port => new[] { "-d", string.Create(CultureInfo.InvariantCulture, $"tcp.port=={port},easytcp") })];
        try
        {
            BufferedCommandResult result = await Cli.Wrap("tshark").WithValidation(CommandResultValidation.None).WithArguments([
                "-r", Path.Combine(folder, EvidenceFolder.Capture), "-2", "-n", "-X", $"lua_script:{Repository.At("protocol", "easytcp.lua")}",
                "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", .. ports,
                "-Y", filter, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,", .. fields.SelectMany(field => new[] { "-e", field })]).ExecuteBufferedAsync();
            string complaint = string.Join('\n', result.StandardError.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("Running as user \"root\"", StringComparison.Ordinal)));
            Assert.That((result.ExitCode, complaint), Is.EqualTo((0, "")), folder);
            return [.. result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new AssertionException("tshark is missing; on Debian: apt install tshark", error);
        }
    }
}
