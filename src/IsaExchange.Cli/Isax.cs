using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using IsaExchange.Cli.Commands;
using IsaExchange.Cli.Demo;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli;

/// <summary>The command line as a whole: which verbs there are, and what bad usage is answered with.</summary>
static class Isax
{
    const string Summary = """
        isax: share prescribed, depersonalised information under an agreement, and prove who accessed what.

        Exit codes: 0 ok, 1 a fault of ours, 2 usage, 3 the file needs correction, 4 refused by the agreement,
        5 not found, 6 conflict or locked, 7 try again, 8 integrity failure.
        """;

    /// <param name="ownsProcess">Ctrl-C and SIGTERM end the verb in order; false for a verb inside the demo.</param>
    public static async Task<int> Run(
        IReadOnlyList<string> args, Screen screen, TimeProvider clock, bool ownsProcess, CancellationToken stop)
    {
        var parse = Build(screen, clock).Parse(args);
        if (parse.Action is ParseErrorAction) return (int)Usage(parse, screen);
        var configuration = new InvocationConfiguration
        {
            Output = screen.Answers,
            Error = screen.Messages,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = ownsProcess ? TimeSpan.FromSeconds(30) : null,
        };
        return await parse.InvokeAsync(configuration, stop);
    }

    static RootCommand Build(Screen screen, TimeProvider clock)
    {
        var root = new RootCommand(Summary);
        var globals = new GlobalOptions(screen, clock);
        globals.AddTo(root);
        foreach (var verb in Verbs(globals)) root.Subcommands.Add(verb);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            if (help.Action is HelpAction standard) help.Action = new HelpWithExample(standard, screen);
        }
        return root;
    }

    static IEnumerable<Command> Verbs(GlobalOptions globals) =>
    [
        ServiceVerbs.Init(globals),
        ServiceVerbs.Serve(globals),
        KeyVerbs.Create(globals),
        .. OperatorVerbs.Create(globals),
        Prepare.Create(globals),
        Validate.Create(globals),
        Send.Create(globals),
        Submit.Create(globals),
        Nil.Create(globals),
        Due.Create(globals),
        Withhold.Create(globals),
        Compliance.Create(globals),
        Exceptions.Create(globals),
        Notices.Create(globals),
        Notices.Remind(globals),
        Status.Create(globals),
        Violations.Create(globals),
        Explain.Create(globals),
        Effect.Create(globals),
        ReceiptCommand.Create(globals),
        ReleasePublish.Create(globals),
        Feeds.Create(globals),
        Releases.Create(globals),
        Get.Create(globals),
        CoverageCommand.Create(globals),
        TableCommand.Create(globals),
        Diff.Create(globals),
        DisclosureCheck.Create(globals),
        Rates.Create(globals),
        Who.Create(globals),
        Audit.Create(globals),
        Erasures.Create(globals),
        Export.Create(globals),
        Records.Create(globals),
        Withdraw.Create(globals),
        Freeze.Create(globals),
        Unfreeze.Create(globals),
        Recall.Create(globals),
        RequestVerbs.Create(globals),
        CodelistVerbs.Create(globals),
        OutsideVerbs.Create(globals),
        DatasetVerbs.Create(globals),
        AgreementCommand.Create(globals),
        OfficerCommand.Create(globals),
        CanI.Create(globals),
        Rule.Create(globals),
        CredentialVerbs.Create(globals),
        CredentialVerbs.CreateIdentity(globals),
        Login.Create(globals),
        DemoVerb.Create(globals),
    ];

    static ExitCode Usage(ParseResult parse, Screen screen)
    {
        foreach (var error in parse.Errors) screen.Messages.WriteLine($"error: {Cell.Printable(error.Message)}");
        var command = parse.CommandResult.Command;
        if (Example.Of(command) is { } example) screen.Messages.WriteLine($"  example: {example}");
        screen.Messages.WriteLine($"  see: {Example.Path(command)} --help");
        if (command.Name is "send" or "submit" or "nil" or "validate") screen.Answers.WriteLine("NOT SUBMITTED");
        return ExitCode.Usage;
    }
}
