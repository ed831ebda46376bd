// The argument grammar that client and servers share (clauses 6.1 and 10.1).
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;

namespace EasyTcp.Protocol;

/// <summary>Runs a program by its command line: usage on stdout and 0, or usage on stderr and 2, or the program.</summary>
public static class CommandLine
{
    /// <summary>Exit status of a program that did what it was asked to.</summary>
    public const int Success = 0;

    /// <summary>Exit status of a fault at run time.</summary>
    public const int Fault = 1;

    /// <summary>Exit status of arguments that are not of the form of clauses 6.1 and 10.1.</summary>
    public const int Misuse = 2;

    /// <summary>The port when none is given.</summary>
    public const int DefaultPort = 12000;

    /// <summary>Parses <paramref name="args"/> and runs <paramref name="program"/> if they are right.</summary>
    /// <param name="name">The program's name, for its usage.</param>
    /// <param name="purpose">One sentence for its usage.</param>
    /// <param name="arguments">Its positional arguments, in order.</param>
    /// <param name="args">The command line.</param>
    /// <param name="program">Gets the parsed arguments and returns the exit status.</param>
    public static int Run(string name, string purpose, Argument[] arguments, string[] args, Func<ParseResult, int> program)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(program);

        // A plain command, not a root command: that one brings a version option and directives along.
        var command = new Command(name, purpose) { new HelpOption("--help", []) };
        foreach (Argument argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        command.SetAction(program);
        ParseResult parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        // The parser takes "[word]" and "--" for its own; here they are arguments like any other, and wrong ones.
        Token? foreign = parsed.Tokens.FirstOrDefault(token => token.Type is TokenType.Directive or TokenType.DoubleDash);
        bool wantsHelp = args.Contains("--help", StringComparer.Ordinal);
        if (!wantsHelp && parsed.Action is not HelpAction && parsed.Errors.Count == 0 && foreign == null)
        {
            return parsed.Invoke(invocation);
        }

        try
        {
            if (!wantsHelp)
            {
                string fault = foreign != null ? $"'{foreign.Value}' is not expected" : parsed.Errors.Count > 0 ? parsed.Errors[0].Message : "--help takes no value";
                Console.Error.WriteLine($"{name}: {fault}");
                invocation.Output = Console.Error;
            }

            command.Parse(["--help"]).Invoke(invocation);
        }
        catch (Exception fault) when (StandardStreams.IsUnusable(fault))
        {
            // nobody reads it
        }

        return wantsHelp ? Success : Misuse;
    }

    /// <summary>A port argument: <c>1*5DIGIT</c>, from <paramref name="lowest"/> to 65535.</summary>
    public static Argument<int> Port(int lowest, string description) => new("port")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => DefaultPort,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text.Length <= 5 && IsDigits(text) && int.Parse(text, CultureInfo.InvariantCulture) is int port &&
                port >= lowest && port <= ushort.MaxValue)
            {
                return port;
            }

            result.AddError($"'{text}' is not a port: a number from {lowest} to 65535 is expected");
            return 0;
        },
    };

    /// <summary>True if <paramref name="text"/> is <c>1*DIGIT</c>, in ASCII.</summary>
    public static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
