// What SERVER=, CLIENT= and CASE= choose: patterns of names, or a program of one's own.
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class SelectionTests
{
    private static readonly PeerRegistry Registry = new(
        [Server("csharp-multithread"), Server("csharp-nonblocking"), Server("c-multithread"), Server("c-nonblocking"), Server("python-multithread")],
        [Client("csharp"), Client("c"), Client("python")]);

    [TestCase(null, "csharp-multithread csharp-nonblocking c-multithread c-nonblocking python-multithread")]
    [TestCase("*", "csharp-multithread csharp-nonblocking c-multithread c-nonblocking python-multithread")]
    [TestCase("c-multithread", "c-multithread")]
    [TestCase("c-*", "c-multithread c-nonblocking")]
    [TestCase("c*", "csharp-multithread csharp-nonblocking c-multithread c-nonblocking")]
    [TestCase("*-nonblocking", "csharp-nonblocking c-nonblocking")]
    [TestCase("?-multithread", "c-multithread")]
    [TestCase("c-*,python-*", "c-multithread c-nonblocking python-multithread")]
    [TestCase(" c-* , python-* ", "c-multithread c-nonblocking python-multithread")]
    [TestCase("python-*,c-multithread,c-multithread", "c-multithread python-multithread")]
    [TestCase("c", "")]
    [TestCase("multithread", "", Description = "a pattern is of the whole name")]
    [TestCase("C-*", "", Description = "names are as they are written")]
    [TestCase("c.multithread", "", Description = "a point is a point")]
    [TestCase("c-(multithread|nonblocking)", "", Description = "patterns are no regular expressions")]
    [TestCase("java-*", "")]
    [TestCase("", "")]
    public void Patterns_choose_by_whole_names(string? pattern, string expected) =>
        Assert.That(string.Join(' ', new Selection(Server: pattern).ServersOf(Registry).Select(peer => peer.Name)), Is.EqualTo(expected));

    [Test]
    public void Servers_and_clients_are_chosen_each_for_itself()
    {
        var selection = new Selection(Server: "c-*", Client: "python");

        Assert.That(selection.ServersOf(Registry), Has.Count.EqualTo(2));
        Assert.That(selection.ClientsOf(Registry).Single().Name, Is.EqualTo("python"));
    }

    [Test]
    public void A_value_with_a_port_in_it_is_a_command()
    {
        Peer guest = new Selection(Server: "python3 mine.py {port} {report}").ServersOf(Registry).Single();

        Assert.That(string.Join('|', guest.Command), Is.EqualTo("python3|mine.py|{port}|{report}"));
        Assert.That((guest.Name, guest.GuestCommand != null, guest.IsServer), Is.EqualTo(("your-server", true, true)));
    }

    [Test]
    public void A_command_with_double_quotes_keeps_what_is_between_them_together()
    {
        Peer guest = new Selection(Client: "\"./my client\" {host} {port}").ClientsOf(Registry).Single();

        Assert.That(string.Join('|', guest.Command), Is.EqualTo("./my client|{host}|{port}"));
        Assert.That((guest.Name, guest.GuestCommand != null, guest.IsServer), Is.EqualTo(("your-client", true, false)));
    }

    [Test]
    public void A_name_from_the_registry_is_no_guest() =>
        Assert.That(new Selection(Server: "c-multithread").ServersOf(Registry).Single().GuestCommand, Is.Null);

    [TestCase(null, true)]
    [TestCase("upper-*", true)]
    [TestCase("upper-full-range", true)]
    [TestCase("*-full-*,roster*", true)]
    [TestCase("c-multithread x python / upper-full-range", true, Description = "the name of a whole cell")]
    [TestCase("c-multithread x *", true)]
    [TestCase("c-*", false, Description = "of IDs, and not of all cells of C programs")]
    [TestCase("upper", false)]
    [TestCase("roster-of-twelve", false)]
    [TestCase("c-nonblocking x *", false)]
    public void A_case_is_taken_by_its_ID_or_by_its_cell(string? pattern, bool taken) =>
        Assert.That(new Selection(Case: pattern).Takes("upper-full-range", "c-multithread x python / upper-full-range"), Is.EqualTo(taken));

    private static Peer Server(string name) => new(name, "any", ["program", "{port}", "{report}"], "any");

    private static Peer Client(string name) => new(name, "any", ["program", "{host}", "{port}"]);
}
