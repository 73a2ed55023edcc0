using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Cli.Commands;

/// <summary>isax rule: the page of a rule, offline.</summary>
static class Rule
{
    public static Command Create(GlobalOptions globals)
    {
        var code = new Argument<string>("CODE")
        {
            Description = "Code of the rule, for example X404. Without it: all rules.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("rule", "Explain a rule that a file is checked against.") { code }
            .WithExample("isax rule T203");
        globals.Handle(command, (parse, run) => Task.FromResult(
            parse.GetValue(code) is { } text ? Page(run.Terminal, text) : List(run.Terminal)));
        return command;
    }

    static ExitCode Page(Terminal terminal, string code)
    {
        var rule = Rules.Find(code.ToUpperInvariant())
            ?? throw new VerbException(ExitCode.NotFound, $"there is no rule {code}", "isax rule lists them all");
        terminal.Show(new Card()
            .Add("rule", "rule", rule.Code)
            .Add("title", "title", rule.Title)
            .Add("severity", "severity", Weight(rule.Severity))
            .Add("description", "what is wrong", rule.Sentence)
            .Add("wrong", "for example", rule.Example.Wrong)
            .Add("right", "put right", rule.Example.Right)
            .Add("remedy", "what to do", rule.Remedy));
        return ExitCode.Ok;
    }

    static ExitCode List(Terminal terminal)
    {
        var listing = new Listing(new("rule", "rule"), new("severity", "severity"), new("title", "title"));
        foreach (var rule in Rules.All.OrderBy(r => r.Code[1..], StringComparer.Ordinal))
            listing.Add(rule.Code, rule.Severity.ToString().ToLowerInvariant(), rule.Title);
        terminal.Show(listing);
        return ExitCode.Ok;
    }

    static string Weight(Severity severity) => severity switch
    {
        Severity.Error => "error: must be corrected in the source",
        Severity.Query => "query: must be explained by the liaison officer",
        _ => "info: nothing to do",
    };
}
