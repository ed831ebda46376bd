// The argument grammar that client and servers share, with its exit codes and where its words go (clauses 6.1 and 10.1).
using System.CommandLine;

namespace EasyTcp.Protocol.Tests;

// The console is the process's own, so one test at a time may take it.
[TestFixture]
[NonParallelizable]
internal sealed class CommandLineTests
{
    private const int NotRun = -1;

    private TextWriter _stdout = TextWriter.Null;
    private TextWriter _stderr = TextWriter.Null;
    private StringWriter _told = new();
    private StringWriter _complained = new();

    [SetUp]
    public void TakeTheConsole()
    {
        (_stdout, _stderr) = (Console.Out, Console.Error);
        (_told, _complained) = (new StringWriter(), new StringWriter());
        Console.SetOut(_told);
        Console.SetError(_complained);
    }

    [TearDown]
    public void GiveTheConsoleBack()
    {
        Console.SetOut(_stdout);
        Console.SetError(_stderr);
        _told.Dispose();
        _complained.Dispose();
    }

    [TestCase("0", 0)]
    [TestCase("1", 1)]
    [TestCase("12000", 12000)]
    [TestCase("65535", 65535)]
    [TestCase("00000", 0)]
    [TestCase("00080", 80, Description = "1*5DIGIT allows leading zeros")]
    public void A_port_is_read(string text, int port)
    {
        Assert.That(Run([text], out int given), Is.EqualTo(CommandLine.Success));
        Assert.That(given, Is.EqualTo(port));
        ExpectSilence();
    }

    [Test]
    public void The_port_is_12000_if_left_out()
    {
        Assert.That(Run([], out int given), Is.EqualTo(CommandLine.Success));
        Assert.That(given, Is.EqualTo(12000));
        ExpectSilence();
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("65536")]
    [TestCase("99999")]
    [TestCase("000080", Description = "six digits")]
    [TestCase("99999999999999999999")]
    [TestCase("-1")]
    [TestCase("+1")]
    [TestCase(" 80")]
    [TestCase("80 ")]
    [TestCase("80.0")]
    [TestCase("8,0")]
    [TestCase("0x50")]
    [TestCase("8e1")]
    [TestCase("http")]
    [TestCase("\u0661\u0662", Description = "digits, but not ASCII's")]
    public void Anything_else_is_no_port(string text) => ExpectMisuse([text]);

    [Test]
    public void The_lowest_port_is_the_callers_choice()
    {
        Assert.That(Run(["0"], out _, lowest: 1), Is.EqualTo(CommandLine.Misuse), "a client cannot connect to port 0 (clause 10.1)");
        Assert.That(Run(["00000"], out _, lowest: 1), Is.EqualTo(CommandLine.Misuse));
        Assert.That(Run(["1"], out int given, lowest: 1), Is.EqualTo(CommandLine.Success));
        Assert.That(given, Is.EqualTo(1));
    }

    // What the parser would take for its own is an argument like any other, and a wrong one.
    [TestCase("1", "2")]
    [TestCase("--version")]
    [TestCase("-h")]
    [TestCase("-?")]
    [TestCase("/?")]
    [TestCase("--port", "1")]
    [TestCase("--")]
    [TestCase("--", "1")]
    [TestCase("[suggest]")]
    [TestCase("[suggest]", "1")]
    [TestCase("--help=true", Description = "help takes no value")]
    [TestCase("--help:")]
    [TestCase("1", "--verbose")]
    public void Other_arguments_are_misuse(params string[] args) => ExpectMisuse(args);

    [TestCase("[suggest]", "tested: '[suggest]' is not expected\n")]
    [TestCase("--", "tested: '--' is not expected\n")]
    [TestCase("70000", "tested: '70000' is not a port: a number from 0 to 65535 is expected\n")]
    [TestCase("--help=true", "tested: --help takes no value\n")]
    public void The_first_line_of_a_complaint_says_what_is_wrong(string arg, string line)
    {
        ExpectMisuse([arg]);
        Assert.That(_complained.ToString(), Does.StartWith(line.ReplaceLineEndings()));
    }

    [Test]
    public void A_fault_of_the_programs_own_is_left_to_the_program() =>
        Assert.That(() => CommandLine.Run("tested", "", [], [], _ => throw new InvalidDataException()), Throws.TypeOf<InvalidDataException>());

    [Test]
    public void A_response_file_is_not_read()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "80");
            ExpectMisuse([$"@{file}"]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestCase("--help")]
    [TestCase("80", "--help")]
    [TestCase("--help", "nonsense", "and more", Description = "who asks for help gets it, also with wrong arguments")]
    public void Help_is_usage_on_stdout_and_success(params string[] args)
    {
        Assert.That(Run(args, out int given), Is.EqualTo(CommandLine.Success));
        Assert.That(given, Is.EqualTo(NotRun), "help does not run the program");
        Assert.That(_told.ToString(), Does.Contain("Usage").And.Contain("[<port>]").And.Contain("It is tested."));
        Assert.That(_complained.ToString(), Is.Empty);
    }

    [Test]
    public void The_programs_own_exit_status_is_the_exit_status()
    {
        var port = CommandLine.Port(0, "a port");
        Assert.That(CommandLine.Run("tested", "", [port], [], _ => CommandLine.Fault), Is.EqualTo(1));
    }

    [Test]
    public void The_exit_codes_are_those_of_the_contract() =>
        Assert.That((CommandLine.Success, CommandLine.Fault, CommandLine.Misuse), Is.EqualTo((0, 1, 2)));

    [TestCase("0", true)]
    [TestCase("0123456789", true)]
    [TestCase("", false)]
    [TestCase("1/", false)]
    [TestCase(":1", false)]
    [TestCase("1 ", false)]
    [TestCase("\u0661", false)]
    public void Digits_are_those_of_ASCII(string text, bool expected) => Assert.That(CommandLine.IsDigits(text), Is.EqualTo(expected));

    private static int Run(string[] args, out int given, int lowest = 0)
    {
        int port = NotRun;
        Argument<int> argument = CommandLine.Port(lowest, "The port.");
        int status = CommandLine.Run("tested", "It is tested.", [argument], args, parsed =>
        {
            port = parsed.GetValue(argument);
            return CommandLine.Success;
        });
        given = port;
        return status;
    }

    private void ExpectMisuse(string[] args)
    {
        Assert.That(Run(args, out int given), Is.EqualTo(CommandLine.Misuse));
        Assert.That(given, Is.EqualTo(NotRun), "wrong arguments do not run the program");
        Assert.That(_told.ToString(), Is.Empty, "nothing on stdout");
        Assert.That(_complained.ToString(), Does.StartWith("tested: ").And.Contain("Usage"));
    }

    private void ExpectSilence() => Assert.That((_told.ToString(), _complained.ToString()), Is.EqualTo(("", "")));
}
