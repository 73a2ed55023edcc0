using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.CodeLists;

namespace IsaExchange.Cli.Commands;

/// <summary>isax codelist map: what codes of one edition are in another.</summary>
static class CodelistMap
{
    public static Command Create(GlobalOptions globals)
    {
        var (id, policies, partnership) = (CodelistVerbs.Id(), Inputs.Policies(), Inputs.Partnership());
        var codes = new Argument<string[]>("CODE")
        {
            Description = "Codes of the first edition. Default: all of them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var from = Edition("--from", "The edition of the codes.");
        var to = Edition("--to", "The edition they are wanted in.");
        var command = new Command("map", "Tell what codes of one edition are in another.")
        {
            id, codes, from, to, policies, partnership,
        }.WithExample("isax codelist map incident-categories AS-HOAX AS-VEHICLES --from 2007 --to 2011");
        globals.Handle(command, (parse, run) =>
        {
            var list = CodelistVerbs.Find(run.Terminal, parse.GetValue(policies), parse.GetValue(partnership)!,
                parse.GetRequiredValue(id));
            var mapping = Find(list, parse.GetValue(from)!, parse.GetValue(to)!);
            return Task.FromResult(Run(run.Terminal, mapping, parse.GetValue(codes) ?? []));
        });
        return command;
    }

    static Option<string> Edition(string name, string description) =>
        new(name) { Description = description, HelpName = "EDITION", Required = true };

    static CodeListMapping Find(CodeList list, string from, string to)
    {
        CodelistVerbs.Edition(list, from);
        CodelistVerbs.Edition(list, to);
        return list.Mapping(from, to) ?? throw new VerbException(ExitCode.NotFound,
            $"{list.Id} has no mapping from {from} to {to}", "isax codelist import-mapping brings one in");
    }

    static ExitCode Run(Terminal terminal, CodeListMapping mapping, string[] asked)
    {
        var listing = new Listing(
            new("from", "code"), new("title", "title", Wraps: true), new("to", "is"),
            new("became", "what became of it", Wraps: true));
        var codes = asked.Length > 0 ? asked : [.. mapping.Codes.Order(StringComparer.Ordinal)];
        var unmapped = 0;
        foreach (var code in codes)
        {
            var at = mapping.From.IndexOf(code);
            unmapped += mapping.Find(code) is null ? 1 : 0;
            listing.Add(code, at < 0 ? null : mapping.From.Title(at), mapping.Find(code),
                CodelistVerbs.Words(mapping, code));
        }

        terminal.Show(listing, "the mapping is empty");
        if (mapping.NotReached > 0)
            terminal.Say($"{mapping.NotReached} codes of {mapping.To.Edition} are reached from none of "
                + $"{mapping.From.Edition}: new ones, or the mapping is a best fit");
        if (unmapped > 0)
            terminal.Warn($"{unmapped} of {codes.Length} codes are no one code of {mapping.To.Edition}: only who "
                + "recorded them can tell which");
        return asked.Length > 0 && unmapped > 0 ? ExitCode.ValidationErrors : ExitCode.Ok;
    }
}
