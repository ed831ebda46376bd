// Hundreds come and go at once, on many threads: the lines together are one true history all the same (clause 6.6).
namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class RegistryStormTests
{
    private const int Threads = 6;
    private const int ClientsEach = 1_000;

    [Test]
    public void A_storm_of_clients_leaves_one_true_history()
    {
        using var output = new RecordingStream();
        var registry = new ClientRegistry(new ServerConsole(output), new ReportSchedule(TimeProvider.System, TimeSpan.FromMinutes(1)));

        long[] ids = Together.Run(Threads, thread => ComeAndGo(registry, thread)).ToArray();

        registry.Flush();
        Assert.That(RosterModel.FirstLie(output.Text), Is.Null);
        Assert.That(ids.Order(), Is.EqualTo(Enumerable.Range(1, Threads * ClientsEach)), "each ID was given once");
        Assert.That(output.Text, Does.EndWith("Connected clients = {}\n"));
        Assert.That(output.Writes, Is.All.EndsWith("\n"));
    }

    [Test]
    public void A_farewell_in_the_middle_of_a_storm_is_the_last_line()
    {
        using var output = new RecordingStream();
        var registry = new ClientRegistry(new ServerConsole(output), new ReportSchedule(TimeProvider.System, TimeSpan.FromMinutes(1)));

        _ = Together.Run(Threads, thread =>
        {
            long[] ids = [.. ComeAndGo(registry, thread).Take(thread == 0 ? ClientsEach / 2 : ClientsEach)];
            if (thread == 0)
            {
                registry.Farewell();
            }

            return ids;
        }).Count();

        registry.Flush();
        const string Farewell = "Bye bye~\n";
        Assert.That(output.Text, Does.EndWith(Farewell));
        Assert.That(RosterModel.FirstLie(output.Text[..^Farewell.Length]), Is.Null);
    }

    // The judge must be able to say no.
    [TestCase("Client 2 connected. Number of connected clients = 1\nConnected clients = {client 2}\n", Description = "a skipped ID")]
    [TestCase("Client 1 connected. Number of connected clients = 2\nConnected clients = {client 1}\n", Description = "a wrong number")]
    [TestCase("Client 1 connected. Number of connected clients = 1\nConnected clients = {}\n", Description = "a stale roster")]
    [TestCase("Client 1 connected. Number of connected clients = 1\n", Description = "no roster")]
    [TestCase("Client 1 disconnected. Number of connected clients = 0\nConnected clients = {}\n", Description = "an end without a beginning")]
    [TestCase("Number of connected clients = 1\n", Description = "a wrong report")]
    [TestCase("Number of connected clients = 0", Description = "an open line")]
    public void The_model_finds_a_lie(string log) => Assert.That(RosterModel.FirstLie(log), Is.Not.Null);

    // Some stay while others come; reports and writes happen in between, as they do in a server.
    private static IEnumerable<long> ComeAndGo(ClientRegistry registry, int thread)
    {
        var choice = new Random(thread);
        var here = new List<LinkedListNode<long>>();
        for (int i = 0; i < ClientsEach; i++)
        {
            here.Add(registry.Join());
            yield return here[^1].Value;
            while (here.Count > 0 && choice.Next(3) == 0)
            {
                int leaver = choice.Next(here.Count);
                registry.Leave(here[leaver]);
                here.RemoveAt(leaver);
            }

            if (choice.Next(10) == 0)
            {
                registry.Report();
                registry.Flush();
            }
        }

        foreach (LinkedListNode<long> place in here)
        {
            registry.Leave(place);
        }
    }
}
