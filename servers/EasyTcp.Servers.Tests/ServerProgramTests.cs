// A server's arguments, and the end that it comes to before it serves (clauses 6.1 and 6.7).
using System.Globalization;
using System.Net.Sockets;

namespace EasyTcp.Servers.Tests;

// Takes the process's stderr and culture.
[TestFixture]
[NonParallelizable]
internal sealed class ServerProgramTests
{
    private TextWriter _stderr = TextWriter.Null;
    private StringWriter _complained = new();

    [SetUp]
    public void TakeStderr()
    {
        (_stderr, _complained) = (Console.Error, new StringWriter());
        Console.SetError(_complained);
    }

    [TearDown]
    public void GiveStderrBack()
    {
        Console.SetError(_stderr);
        _complained.Dispose();
    }

    [TestCase("0.1", 0.1)]
    [TestCase("0.10", 0.1)]
    [TestCase("1", 1)]
    [TestCase("1.5", 1.5)]
    [TestCase("007.250", 7.25)]
    [TestCase("86400", 86400)]
    [TestCase("86400.000", 86400)]
    public void An_interval_is_read_whatever_the_culture(string text, double seconds)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // A comma as the decimal point and a point between thousands, as in Turkish.
            var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (foreign.NumberFormat.NumberDecimalSeparator, foreign.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = foreign;
            ExpectInterval(["0", text], seconds);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void The_interval_is_a_minute_if_left_out() => ExpectInterval(["0"], 60);

    [TestCase("")]
    [TestCase("0")]
    [TestCase("0.09")]
    [TestCase("0.0999999999")]
    [TestCase("86400.1")]
    [TestCase("86401")]
    [TestCase("99999999999999999999999999")]
    [TestCase("1,5")]
    [TestCase("1.")]
    [TestCase(".5")]
    [TestCase("1.5.0")]
    [TestCase("+1")]
    [TestCase("-1")]
    [TestCase(" 1")]
    [TestCase("1 ")]
    [TestCase("1e3")]
    [TestCase("1s")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("\u0661")]
    public void Anything_else_is_no_interval(string text)
    {
        bool served = false;

        Assert.That(ServerProgram.Run("tested", "", ["0", text], _ => served = true), Is.EqualTo(2));
        Assert.That(served, Is.False);
        Assert.That(_complained.ToString(), Does.StartWith("tested: ").And.Contain("Usage"));
    }

    [TestCase("The EasyTCP/1 server, tested")]
    [TestCase("The port to listen on; 0 lets the system choose")]
    [TestCase("The report's interval in seconds")]
    public void The_usage_says_what_the_program_and_its_arguments_are(string words)
    {
        Assert.That(ServerProgram.Run("tested", "tested", ["nonsense"], _ => { }), Is.EqualTo(2));
        Assert.That(_complained.ToString(), Does.Contain(words));
    }

    [Test]
    public void A_third_argument_is_misuse() =>
        Assert.That(ServerProgram.Run("tested", "", ["0", "60", "1"], _ => { }), Is.EqualTo(2));

    [Test]
    public void A_port_in_use_is_one_line_on_stderr_and_exit_1()
    {
        using Socket first = Listener.Open(0);
        int port = ((System.Net.IPEndPoint)first.LocalEndPoint!).Port;
        bool served = false;

        Assert.That(ServerProgram.Run("tested", "", [port.ToString(CultureInfo.InvariantCulture)], _ => served = true), Is.EqualTo(1));
        Assert.That(served, Is.False);
        Assert.That(_complained.ToString(), Does.StartWith($"tested: cannot listen on port {port}: ").And.EndsWith(Environment.NewLine));
        Assert.That(_complained.ToString().Count(each => each == '\n'), Is.EqualTo(1));
    }

    // The schedule has just begun when the server starts to wait, so what is left is the interval, but for a moment.
    private void ExpectInterval(string[] args, double seconds)
    {
        TimeSpan left = TimeSpan.Zero;

        Assert.That(ServerProgram.Run("tested", "", args, service => left = service.Reports.UntilDue), Is.Zero);
        Assert.That(left.TotalSeconds, Is.LessThanOrEqualTo(seconds).And.GreaterThan(seconds - 10));
        Assert.That(_complained.ToString(), Is.Empty);
    }
}
