using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.CodeLists;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// isax codelist import: an edition of a code list from its publisher's CSV into the partnership's policies.
/// </summary>
static class CodelistImport
{
    public static Command Create(GlobalOptions globals)
    {
        var file = Inputs.File("The publisher's CSV, for example from the ONS Open Geography portal.");
        var list = Text("--list", "Id of the code list.", "ID", required: true);
        var edition = Text("--edition", "Name of the edition, for example 2026-04.", "EDITION", required: true);
        var from = new Option<DateOnly>("--valid-from")
        {
            Description = "First day of the edition.",
            HelpName = "YYYY-MM-DD",
            Required = true,
        };
        var to = new Option<DateOnly?>("--valid-to")
        {
            Description = "Last day. Default: until the next edition.",
            HelpName = "YYYY-MM-DD",
        };
        var code = Text("--code-column", "Column of the codes, for example LAD26CD.", "NAME", required: true);
        var title = Text("--title-column", "Column of the names, for example LAD26NM.", "NAME", required: true);
        var parent = Text("--parent-column", "Column of the codes above, for example CTY26CD.", "NAME");
        var parentList = Text("--parent-list", "The list that the codes above belong to.", "ID");
        var partOf = new Option<string[]>("--part-of")
        {
            Description = "Column of codes of another list that these are part of besides, for example WD24CD=ward.",
            HelpName = "NAME=ID",
        };
        var name = Text("--title", "Title of the list; needed when it is new.", "TEXT");
        var publisher = Text("--publisher", "Who publishes it; needed when it is new.", "TEXT");
        var only = Text("--only", "Take only lines that say so, for example Current=TRUE.", "NAME=VALUE");
        var source = Text("--source", "Where the file came from. Default: its name.", "TEXT");
        var policies = Inputs.Policies();
        var partnership = Inputs.Partnership();
        var command = new Command("import", "Import an edition of a code list. The edition before it ends by itself.")
        {
            file, list, edition, from, to, code, title, parent, parentList, partOf, only, name, publisher,
            source, policies, partnership,
        }.WithExample("isax codelist import LAD_APR_2026.csv --list lad --edition 2026-04 --valid-from 2026-04-01 "
            + "--code-column LAD26CD --title-column LAD26NM --title Districts --publisher ONS");
        globals.Handle(command, (parse, run) =>
        {
            var folder = PoliciesFolder.Partnership(
                PoliciesFolder.Find(parse.GetValue(policies)), parse.GetValue(partnership)!);
            var lists = Path.Combine(folder, "codelists");
            var known = Known(lists, parse.GetValue(list)!);
            return Task.FromResult(Run(run.Terminal, parse.GetRequiredValue(file), lists, new CodeListImportRequest
            {
                ListId = parse.GetValue(list)!,
                Title = parse.GetValue(name) ?? known?.Title ?? throw IsNew(parse.GetValue(list)!),
                Publisher = parse.GetValue(publisher) ?? known?.Publisher ?? throw IsNew(parse.GetValue(list)!),
                Edition = parse.GetValue(edition)!,
                ValidFrom = parse.GetValue(from),
                ValidTo = parse.GetValue(to),
                CodeColumn = parse.GetValue(code)!,
                TitleColumn = parse.GetValue(title)!,
                ParentColumn = parse.GetValue(parent),
                ParentList = parse.GetValue(parentList) ?? (parse.GetValue(parent) is null ? null : known?.ParentList),
                PartOf = [.. (parse.GetValue(partOf) ?? []).Select(text => Pair("--part-of", text))],
                Only = Only(parse.GetValue(only)),
                Source = parse.GetValue(source) ?? parse.GetRequiredValue(file).Name,
            }));
        });
        return command;
    }

    static ExitCode Run(Terminal terminal, FileInfo file, string lists, CodeListImportRequest request)
    {
        using var csv = file.OpenRead();
        var result = CodeListImport.Run(csv, request, lists);
        foreach (var fault in result.Faults) terminal.Complain($"{file.Name}: {fault}");

        // The loader is the authority: what it does not take, the exchange would not start with.
        CodeListCatalog.Load(lists, out var specFaults);
        foreach (var fault in specFaults) terminal.Complain(fault.ToString());
        terminal.Show(new Card()
            .Add("list", "list", request.ListId)
            .Add("edition", "edition", request.Edition)
            .Add("outcome", "outcome", Words(result.Outcome))
            .Add("codes", "codes", result.Codes)
            .Add("without_parent", "without parent", result.WithoutParent)
            .Add("without_part", "part of none", result.WithoutPart.Count == 0
                ? null : string.Join(", ", result.WithoutPart.Select(w => $"{w.List}: {w.Codes}")))
            .Add("path", "file", result.Path)
            .Add("sha256", "sha256", result.Sha256)
            .Add("faults", "faults", result.Faults.Count + specFaults.Count));
        return result.Outcome is CodeListImportOutcome.Refused || specFaults.Count > 0
            ? ExitCode.ValidationErrors
            : ExitCode.Ok;
    }

    /// <summary>
    /// What the list is called already, so that a new edition need not repeat it; null when it is new.
    /// </summary>
    static (string? Title, string? Publisher, string? ParentList)? Known(string lists, string id)
    {
        var path = Path.Combine(lists, Path.GetFileName(id), "list.yaml");
        if (!File.Exists(path)) return null;
        try
        {
            using var reader = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(reader);
            return yaml.Documents is [{ RootNode: YamlMappingNode root }]
                ? (Word(root, "title"), Word(root, "publisher"), Word(root, "parent_list"))
                : null;
        }
        catch (YamlException)
        {
            // The import itself says what is wrong with it.
            return null;
        }
    }

    static string? Word(YamlMappingNode root, string word) =>
        root.Children.TryGetValue(new YamlScalarNode(word), out var node) ? (node as YamlScalarNode)?.Value : null;

    static VerbException IsNew(string id) =>
        new(ExitCode.Usage, $"{id} is a new list", "name it with --title and --publisher");

    static (string Column, string Value)? Only(string? text) => text is null ? null : Pair("--only", text);

    static (string Column, string Value) Pair(string option, string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? (text[..at], text[(at + 1)..])
            : throw new VerbException(ExitCode.Usage, $"{option} needs two words", "write NAME=VALUE");
    }

    public static string Words(CodeListImportOutcome outcome) => outcome switch
    {
        CodeListImportOutcome.Written => "written",
        CodeListImportOutcome.Unchanged => "unchanged: the very same edition was there",
        _ => "refused: nothing was changed",
    };

    static Option<string?> Text(string name, string description, string help, bool required = false) =>
        new(name) { Description = description, HelpName = help, Required = required };
}
