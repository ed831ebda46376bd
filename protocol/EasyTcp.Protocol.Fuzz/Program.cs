// The C# half of `make fuzz`: proves that the fuzzer finds what is wrong, then runs it on Header.Read for so many seconds.
using System.Globalization;
using EasyTcp.Protocol;
using EasyTcp.Protocol.Fuzz;

const int MostInputsForProof = 5_000_000;

if (args.Length == 2 && args[0] is "--replay")
{
    string? fault = Verdicts.Fault(Header.Read, File.ReadAllBytes(args[1]));
    Console.WriteLine(fault ?? "no finding");
    return fault == null ? CommandLine.Success : CommandLine.Fault;
}

if (args.Length < 4 || !int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ||
    !ulong.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
{
    Console.Error.WriteLine("Usage: EasyTcp.Protocol.Fuzz SECONDS SEED FINDINGS SEEDS...   or   --replay INPUT");
    return CommandLine.Misuse;
}

byte[][] seeds = [.. args[3..].SelectMany(folder => Directory.EnumerateFiles(folder)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
if (seeds.Length == 0)
{
    Console.Error.WriteLine("fuzz: there are no inputs to begin with");
    return CommandLine.Fault;
}

// No check that cannot fail: each of these readers is wrong in one way, which must be found.
foreach ((string name, HeaderReader wrong) in PlantedFaults.All)
{
    if (new Fuzzer(wrong, seeds, seed).Run(done => done < MostInputsForProof).Finding == null)
    {
        Console.Error.WriteLine($"fuzz: the C# header fuzzer did not find a reader that is wrong: {name}");
        return CommandLine.Fault;
    }
}

long start = TimeProvider.System.GetTimestamp();
(byte[]? finding, long inputs) = new Fuzzer(Header.Read, seeds, seed).Run(_ => TimeProvider.System.GetElapsedTime(start).TotalSeconds < seconds);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: the C# fuzzer found {PlantedFaults.All.Count} of {PlantedFaults.All.Count} planted faults"));
if (finding == null)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: csharp-header: {inputs} inputs, no finding; seed {seed}"));
    return CommandLine.Success;
}

string file = Path.Combine(args[2], "csharp-header-finding");
File.WriteAllBytes(file, finding);
Console.Error.WriteLine($"FAULT: {Verdicts.Fault(Header.Read, finding)}");
Console.Error.WriteLine($"fuzz: csharp-header FAILED on the input {file}; replay: {Environment.ProcessPath} --replay {file}");
return CommandLine.Fault;
