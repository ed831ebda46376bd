// The transcript that a client must print (part 10), and that what varies is forgiven in its legal forms alone.
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class TranscriptTests
{
    private const string Menu = "<Menu>\n1) convert text to UPPER-case\n2) get my IP address and port number\n" +
        "3) get server request count\n4) get server running time\n5) exit\nInput option: ";

    [Test]
    public void A_session_is_built_as_the_contract_shows_it()
    {
        Transcript transcript = new Transcript("10.2").Upper("hello").Address().Count().Uptime().Invalid("6").Exit();

        Assert.That(transcript.Input, Is.EqualTo("1\nhello\n2\n3\n4\n6\n5\n"));
        Assert.That(transcript.Expected, Is.EqualTo("The client is running on port #\n" +
            $"{Menu}Input sentence: Reply from server: HELLO\nRTT = # ms\n" +
            $"{Menu}Reply from server: client IP = 127.0.0.1, port = #\nRTT = # ms\n" +
            $"{Menu}Reply from server: requests served = #\nRTT = # ms\n" +
            $"{Menu}Reply from server: run time = #\nRTT = # ms\n" +
            $"{Menu}Invalid option: 6\n" +
            $"{Menu}Bye bye~\n"));
    }

    [Test]
    public void The_end_of_stdin_prints_a_line_feed_before_the_goodbye() =>
        Assert.That(new Transcript("10.9").EndOfInput().Expected, Is.EqualTo($"The client is running on port #\n{Menu}\nBye bye~\n"));

    [TestCase("The client is running on port 54321\n", "The client is running on port #\n")]
    [TestCase("x\nRTT = 0.123 ms\n", "x\nRTT = # ms\n")]
    [TestCase("x\nRTT = 1234.000 ms\n", "x\nRTT = # ms\n")]
    [TestCase("Reply from server: client IP = 127.0.0.1, port = 1\n", "Reply from server: client IP = 127.0.0.1, port = #\n")]
    [TestCase("Reply from server: client IP = ::1, port = 54321\n", "Reply from server: client IP = ::1, port = #\n")]
    [TestCase("Reply from server: requests served = 7\n", "Reply from server: requests served = #\n")]
    [TestCase("Reply from server: requests served = 12345678901234567890\n", "Reply from server: requests served = #\n")]
    [TestCase("Reply from server: run time = 00:01:23\n", "Reply from server: run time = #\n")]
    [TestCase("Reply from server: run time = 100:00:00\n", "Reply from server: run time = #\n")]
    public void Legal_forms_are_forgiven(string printed, string normal) => Assert.That(Transcript.Normalise(printed), Is.EqualTo(normal));

    [TestCase("x\nRTT = -0.123 ms\n", Description = "negative")]
    [TestCase("x\nRTT = 0,123 ms\n", Description = "a decimal comma")]
    [TestCase("x\nRTT = 0.12 ms\n", Description = "two decimals")]
    [TestCase("x\nRTT = 0.1234 ms\n", Description = "four decimals")]
    [TestCase("x\nRTT = .123 ms\n", Description = "no whole part")]
    [TestCase("x\nRTT = 1e-3 ms\n")]
    [TestCase("x\nRTT = 0.123ms\n", Description = "no space")]
    [TestCase("x\nRTT = 0.123 ms", Description = "no end of the line")]
    [TestCase("x\nRTT = 0.123 ms \n", Description = "a space at the end")]
    [TestCase("xRTT = 0.123 ms\n", Description = "not at the beginning of a line")]
    [TestCase("x\nRTT = nan ms\n")]
    [TestCase("\nThe client is running on port 54321\n", Description = "not at the very beginning")]
    [TestCase("The client is running on port 0\n")]
    [TestCase("The client is running on port 054321\n")]
    [TestCase("The client is running on port -1\n")]
    [TestCase("The client is running on port 123456\n")]
    [TestCase("Reply from server: client IP = 127.0.0.1, port = 0\n")]
    [TestCase("Reply from server: client IP = localhost, port = 1\n")]
    [TestCase("Reply from server: client IP = [::1], port = 1\n", Description = "brackets")]
    [TestCase("Reply from server: client IP = 127.0.0.1, port = 1 \n")]
    [TestCase("Reply from server: requests served = \n")]
    [TestCase("Reply from server: requests served = 1,000\n")]
    [TestCase("Reply from server: requests served = -7\n")]
    [TestCase("Reply from server: requests served =  7\n")]
    [TestCase("Reply from server: run time = 0:01:23\n", Description = "one digit of hours")]
    [TestCase("Reply from server: run time = 00:60:00\n")]
    [TestCase("Reply from server: run time = 00:00:60\n")]
    [TestCase("Reply from server: run time = 00:01:23.5\n")]
    [TestCase("Reply from server: run time = 00:01\n")]
    [TestCase("Error from server: requests served = 7\n")]
    public void Other_forms_stay_as_they_are(string printed) => Assert.That(Transcript.Normalise(printed), Is.EqualTo(printed));

    // A whole session: what a client may print gives what is expected, to the byte.
    [Test]
    public void A_real_session_is_normalised_to_the_expected_one()
    {
        string printed = "The client is running on port 54321\n" +
            $"{Menu}Input sentence: Reply from server: HELLO\nRTT = 0.123 ms\n" +
            $"{Menu}Reply from server: requests served = 42\nRTT = 12.000 ms\n" +
            $"{Menu}Bye bye~\n";

        Assert.That(Transcript.Normalise(printed), Is.EqualTo(new Transcript("10.2").Upper("hello").Count().Exit().Expected));
    }

    [Test]
    public void Sentences_are_bytes()
    {
        Transcript transcript = new Transcript("10.4").Upper("\u00E4 i");

        Assert.That(transcript.Expected, Does.Contain("Reply from server: \u00E4 I\n"));
    }
}
