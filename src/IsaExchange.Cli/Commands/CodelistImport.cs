using System.CommandLine;
using System.Security.Cryptography;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.CodeLists;

namespace IsaExchange.Cli.Commands;

/// <summary>isax codelist import: an edition of a code list from its publisher's CSV into the partnership's policies.</summary>
static class CodelistImport
{
    public static Command Create(GlobalOptions globals) =>
        new("codelist", "Bring code lists and geographies in, edition by edition.") { Import(globals) };

    static Command Import(GlobalOptions globals)
    {
        var file = Inputs.File("The publisher's CSV, for example from the ONS Open Geography portal.");
        var list = Text("--list", "Id of the code list.", "ID", required: true);
        var edition = Text("--edition", "Name of the edition, for example 2026-04.", "EDITION", required: true);
        var code = Text("--code-column", "Column of the codes, for example LAD26CD.", "NAME", required: true);
        var title = Text("--title-column", "Column of the names, for example LAD26NM. Default: the codes.", "NAME");
        var parent = Text("--parent-column", "Column of the codes above, for example CTY26CD. Default: none.", "NAME");
        var parentList = Text("--parent-list", "Id of the list that the codes above belong to.", "ID");
        var from = new Option<DateOnly>("--valid-from") { Description = "First day of the edition.", HelpName = "YYYY-MM-DD", Required = true };
        var to = new Option<DateOnly?>("--valid-to") { Description = "Last day. Default: until the next edition.", HelpName = "YYYY-MM-DD" };
        var name = Text("--title", "Title of the list, when it is new.", "TEXT");
        var publisher = Text("--publisher", "Who publishes the list, when it is new.", "TEXT");
        var policies = Inputs.Policies();
        var partnership = Inputs.Partnership();
        var command = new Command("import", "Import an edition of a code list. The edition before it ends by itself.")
        {
            file, list, edition, code, title, parent, parentList, from, to, name, publisher, policies, partnership,
        }.WithExample("isax codelist import LAD_APR_2026.csv --list districts --edition 2026-04 --valid-from 2026-04-01 "
            + "--code-column LAD26CD --title-column LAD26NM --title Districts --publisher ONS");
        globals.Handle(command, (parse, run) =>
        {
            var folder = PoliciesFolder.Partnership(PoliciesFolder.Find(parse.GetValue(policies)), parse.GetValue(partnership)!);
            var id = Identifier(parse.GetValue(list)!, "--list");
            var source = parse.GetRequiredValue(file).FullName;
            var codes = PublishedCodes.Read(source, parse.GetValue(code)!, parse.GetValue(title), parse.GetValue(parent));
            var label = Identifier(parse.GetValue(edition)!, "--edition");
            var listed = new ListedEdition(label, $"{label}.csv", parse.GetRequiredValue(from), parse.GetValue(to), Source(source));
            return Run(run, folder, id, listed, codes, parse.GetValue(name), parse.GetValue(publisher), parse.GetValue(parentList));
        });
        return command;
    }

    static async Task<ExitCode> Run(
        Invocation run, string partnership, string id, ListedEdition edition, List<PublishedCode> codes, string? title,
        string? publisher, string? parentList)
    {
        var lists = Path.Combine(partnership, "codelists");
        var folder = Path.Combine(lists, id);
        var list = CodelistFolder.Read(folder) ?? (title is null || publisher is null
            ? throw new VerbException(ExitCode.Usage, $"{id} is a new list", "name it with --title and --publisher")
            : new CodelistFolder(folder, id, title, publisher, parentList, []));
        await list.With(edition).Write(edition, codes, run.Stop);

        // The loader is the authority: what it does not take, the exchange would not start with.
        CodeListCatalog.Load(lists, out var faults);
        foreach (var fault in faults) run.Terminal.Complain(fault.ToString());
        run.Terminal.Show(new Card()
            .Add("list", "list", id)
            .Add("edition", "edition", edition.Edition)
            .Add("codes", "codes", codes.Count)
            .Add("valid_from", "valid from", edition.ValidFrom)
            .Add("valid_to", "valid to", edition.ValidTo)
            .Add("path", "wrote", Path.Combine(folder, edition.File))
            .Add("faults", "faults", faults.Count));
        return faults.Count == 0 ? ExitCode.Ok : ExitCode.ValidationErrors;
    }

    // The publisher's file is not kept; its digest says which one it was.
    static string Source(string path)
    {
        using var content = File.OpenRead(path);
        return $"{Path.GetFileName(path)} sha256 {Convert.ToHexStringLower(SHA256.HashData(content))}";
    }

    static string Identifier(string text, string option) =>
        text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-')
            ? text
            : throw new VerbException(ExitCode.Usage, $"{option} takes lower-case letters, digits and hyphens");

    static Option<string?> Text(string name, string description, string help, bool required = false) =>
        new(name) { Description = description, HelpName = help, Required = required };
}
