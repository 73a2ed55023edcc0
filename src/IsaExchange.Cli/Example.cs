using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli;

/// <summary>Every verb has one example that works; help ends with it and a usage error repeats it.</summary>
static class Example
{
    static readonly ConditionalWeakTable<Command, string> Examples = [];

    public static Command WithExample(this Command command, string example)
    {
        Examples.Add(command, example);
        return command;
    }

    public static string? Of(Command command) => Examples.TryGetValue(command, out var example) ? example : null;

    /// <summary>The words that lead to the command, for example "isax release publish".</summary>
    public static string Path(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "isax" : $"{Path(parent)} {command.Name}";
    }
}

sealed class HelpWithExample(HelpAction standard, Screen screen) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = standard.Invoke(parseResult);
        if (Example.Of(parseResult.CommandResult.Command) is { } example)
            screen.Answers.WriteLine($"Example:{Environment.NewLine}  {example}{Environment.NewLine}");
        return code;
    }
}
