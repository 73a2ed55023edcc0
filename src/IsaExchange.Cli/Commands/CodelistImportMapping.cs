using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.CodeLists;

namespace IsaExchange.Cli.Commands;

/// <summary>isax codelist import-mapping: how codes of one edition answer those of another, from a lookup.</summary>
static class CodelistImportMapping
{
    public static Command Create(GlobalOptions globals)
    {
        var file = Inputs.File("The publisher's lookup, one line a pair of codes.");
        var list = Text("--list", "Id of the code list.", "ID", required: true);
        var from = Text("--from", "The earlier edition.", "EDITION", required: true);
        var to = Text("--to", "The later edition.", "EDITION", required: true);
        var fromColumn = Text("--from-column", "Column of the earlier codes, for example LSOA11CD.", "NAME", true);
        var toColumn = Text("--to-column", "Column of the later codes, for example LSOA21CD.", "NAME", true);
        var share = Text("--share-column", "Column with the part of the earlier code, 0 to 1.", "NAME");
        var source = Text("--source", "Where the file came from. Default: its name.", "TEXT");
        var (policies, partnership) = (Inputs.Policies(), Inputs.Partnership());
        var command = new Command("import-mapping", "Import how codes of one edition answer those of another.")
        {
            file, list, from, to, fromColumn, toColumn, share, source, policies, partnership,
        }.WithExample("isax codelist import-mapping best_fit.csv --list lsoa --from 2011 --to 2021 "
            + "--from-column LSOA11CD --to-column LSOA21CD");
        globals.Handle(command, (parse, run) =>
        {
            var folder = PoliciesFolder.Partnership(
                PoliciesFolder.Find(parse.GetValue(policies)), parse.GetValue(partnership)!);
            return Task.FromResult(Run(run.Terminal, parse.GetRequiredValue(file), Path.Combine(folder, "codelists"),
                new CodeListMappingRequest
                {
                    ListId = parse.GetValue(list)!,
                    From = parse.GetValue(from)!,
                    To = parse.GetValue(to)!,
                    FromColumn = parse.GetValue(fromColumn)!,
                    ToColumn = parse.GetValue(toColumn)!,
                    ShareColumn = parse.GetValue(share),
                    Source = parse.GetValue(source) ?? parse.GetRequiredValue(file).Name,
                }));
        });
        return command;
    }

    static ExitCode Run(Terminal terminal, FileInfo file, string lists, CodeListMappingRequest request)
    {
        using var csv = file.OpenRead();
        var result = CodeListMappingImport.Run(csv, request, lists);
        foreach (var fault in result.Faults) terminal.Complain($"{file.Name}: {fault}");
        terminal.Show(new Card()
            .Add("list", "list", request.ListId)
            .Add("from", "from", request.From)
            .Add("to", "to", request.To)
            .Add("outcome", "outcome", CodelistImport.Words(result.Outcome))
            .Add("codes", "codes", result.Mapping?.Codes.Count)
            .Add("same", "same", result.Mapping?.Count(CodeSuccession.Same))
            .Add("merged", "merged", result.Mapping?.Count(CodeSuccession.Merged))
            .Add("split", "split", result.Mapping?.Count(CodeSuccession.Split))
            .Add("inseparable", "inseparable", result.Mapping?.Count(CodeSuccession.Inseparable))
            .Add("ended", "ended", result.Mapping?.Count(CodeSuccession.Ended))
            .Add("not_reached", "later codes not reached", result.Mapping?.NotReached)
            .Add("path", "file", result.Path)
            .Add("faults", "faults", result.Faults.Count));
        return result.Outcome is CodeListImportOutcome.Refused ? ExitCode.ValidationErrors : ExitCode.Ok;
    }

    static Option<string?> Text(string name, string description, string help, bool required = false) =>
        new(name) { Description = description, HelpName = help, Required = required };
}
