using System.CommandLine;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli;

/// <summary>The options every verb understands, and the way every verb's action is run.</summary>
sealed class GlobalOptions(Screen screen, TimeProvider clock)
{
    readonly Option<OutputFormat> _output = new("--output", "-o")
    {
        Description = "How the answer is written: table, json or csv.",
        HelpName = "table|json|csv",
        Recursive = true,
        CustomParser = result =>
        {
            switch (result.Tokens[^1].Value)
            {
                case "table": return OutputFormat.Table;
                case "json": return OutputFormat.Json;
                case "csv": return OutputFormat.Csv;
                default:
                    result.AddError("-o takes table, json or csv.");
                    return default;
            }
        },
    };

    readonly Option<string?> _as = new("--as")
    {
        Description = "Credential folder of whoever acts. Default: the environment variable ISAX_CREDENTIAL.",
        HelpName = "DIR",
        Recursive = true,
    };

    readonly Option<string?> _server = new("--server")
    {
        Description = "Address of the exchange. Default: the one in the credential folder.",
        HelpName = "https://host:port",
        Recursive = true,
    };

    readonly Option<string?> _token = new("--token-file")
    {
        Description = "File with the token of isax login. With it a person calls by token instead of by certificate.",
        HelpName = "FILE",
        Recursive = true,
    };

    readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "No messages and no progress on stderr; warnings and errors stay.",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_output);
        root.Options.Add(_as);
        root.Options.Add(_server);
        root.Options.Add(_token);
        root.Options.Add(_quiet);
    }

    /// <summary>Makes <paramref name="body"/> what the command does.</summary>
    public void Handle(Command command, Func<ParseResult, Invocation, Task<ExitCode>> body) =>
        command.SetAction(async (parse, stop) =>
        {
            var terminal = new Terminal(screen, parse.GetValue(_output), parse.GetValue(_quiet));
            using var invocation = new Invocation(
                terminal, clock, parse.GetValue(_as), parse.GetValue(_server), parse.GetValue(_token), stop);
            return (int)await Outcomes.Run(invocation, () => body(parse, invocation));
        });
}
