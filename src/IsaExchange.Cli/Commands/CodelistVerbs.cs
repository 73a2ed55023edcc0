using System.CommandLine;
using System.Globalization;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.CodeLists;

namespace IsaExchange.Cli.Commands;

/// <summary>isax codelist: the partnership's code lists, edition by edition. Offline.</summary>
static class CodelistVerbs
{
    public static Command Create(GlobalOptions globals) =>
        new("codelist", "Read, map and bring in code lists and geographies, edition by edition.")
        {
            List(globals), Show(globals), CodelistMap.Create(globals), CodelistImport.Create(globals),
            CodelistImportMapping.Create(globals),
        };

    public static Argument<string> Id() => new("LIST")
    {
        Description = "Id of the code list, for example exclusion-reasons.",
        HelpName = "LIST",
    };

    /// <exception cref="VerbException">Usage: there is no such list, or it has faults, which are told.</exception>
    public static CodeList Find(Terminal terminal, DirectoryInfo? policies, string partnership, string id)
    {
        var folder = PoliciesFolder.Partnership(PoliciesFolder.Find(policies), partnership);
        var lists = CodeListCatalog.Load(Path.Combine(folder, "codelists"), out var faults);
        foreach (var fault in faults) terminal.Complain(fault.ToString());
        return lists.Find(id) ?? throw new VerbException(ExitCode.NotFound,
            $"{partnership} has no code list {id} without faults", "isax codelist list names them");
    }

    static Command List(GlobalOptions globals)
    {
        var (policies, partnership) = (Inputs.Policies(), Inputs.Partnership());
        var command = new Command("list", "List the editions of every code list, and the mappings between them.")
        {
            policies, partnership,
        }.WithExample("isax codelist list --partnership northmere");
        globals.Handle(command, (parse, run) =>
        {
            var folder = PoliciesFolder.Partnership(
                PoliciesFolder.Find(parse.GetValue(policies)), parse.GetValue(partnership)!);
            var lists = CodeListCatalog.Load(Path.Combine(folder, "codelists"), out var faults);
            foreach (var fault in faults) run.Terminal.Complain(fault.ToString());
            var listing = new Listing(
                new("list", "list"), new("edition", "edition"), new("valid_from", "from"), new("valid_to", "to"),
                new("codes", "codes", Number: true), new("maps_to", "mapped to"), new("sha256", "sha256", Detail: true),
                new("title", "title", Wraps: true));
            foreach (var list in lists.All)
            {
                foreach (var edition in list.Editions)
                    listing.Add(list.Id, edition.Edition, edition.ValidFrom, edition.ValidTo, edition.Count,
                        list.Mappings.Where(m => ReferenceEquals(m.From, edition)).Select(m => m.To.Edition),
                        edition.Sha256, list.Title);
            }

            run.Terminal.Show(listing, "there are no code lists");
            return Task.FromResult(faults.Count > 0 ? ExitCode.ValidationErrors : ExitCode.Ok);
        });
        return command;
    }

    static Command Show(GlobalOptions globals)
    {
        var (id, policies, partnership) = (Id(), Inputs.Policies(), Inputs.Partnership());
        var name = new Option<string?>("--edition")
        {
            Description = "The edition. Default: the one in force today.",
            HelpName = "EDITION",
        };
        var command = new Command("show", "Show the codes of an edition, and what became of them in others.")
        {
            id, name, policies, partnership,
        }.WithExample("isax codelist show exclusion-reasons --edition 2006");
        globals.Handle(command, (parse, run) =>
        {
            var list = Find(run.Terminal, parse.GetValue(policies), parse.GetValue(partnership)!,
                parse.GetRequiredValue(id));
            var edition = Edition(list, parse.GetValue(name));
            var mappings = list.Mappings.Where(m => ReferenceEquals(m.From, edition)).ToList();
            var about = new Card()
                .Add("list", "list", list.Id).Add("title", "title", list.Title)
                .Add("publisher", "publisher", list.Publisher)
                .Add("edition", "edition", edition.Edition)
                .Add("valid_from", "in force from", edition.ValidFrom)
                .Add("valid_to", "to", edition.ValidTo)
                .Add("parent_list", "parents are of", edition.ParentList)
                .Add("part_of", "and part of", edition.PartOfLists.Count == 0
                    ? null : string.Join(", ", edition.PartOfLists))
                .Add("source", "source", edition.Source)
                .Add("sha256", "sha256", edition.Sha256);
            var codes = new Listing([new("code", "code"), new("title", "title", Wraps: true), new("parent", "parent"),
                .. edition.PartOfLists.Select(list => new Column(list, list)),
                .. mappings.Select(m => new Column($"in_{m.To.Edition}", $"in {m.To.Edition}", Wraps: true))]);
            for (var i = 0; i < edition.Count; i++)
                codes.Add([edition.Code(i), edition.Title(i), edition.Parent(i),
                    .. Enumerable.Range(0, edition.PartOfLists.Count).Select(list => edition.PartOf(i, list)),
                    .. mappings.Select(m => Words(m, edition.Code(i)))]);
            run.Terminal.Show([("about", about), ("codes", codes)], csvPart: "codes");
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    public static CodeListEdition Edition(CodeList list, string? name) =>
        (name is null ? list.Find(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)) : list.Find(name))
        ?? throw new VerbException(ExitCode.NotFound,
            name is null ? $"no edition of {list.Id} is in force today" : $"{list.Id} has no edition {name}",
            $"its editions: {string.Join(", ", list.Editions.Select(e => e.Edition))}");

    /// <summary>What became of a code: <c>same: X</c>, <c>split: X 0.7, Y 0.3</c>, <c>ended</c>.</summary>
    public static string Words(CodeListMapping mapping, string code)
    {
        var became = mapping.SuccessorsOf(code).Select(s =>
            s.Share is { } share ? string.Create(CultureInfo.InvariantCulture, $"{s.Code} {share}") : s.Code);
        return mapping.KindOf(code) switch
        {
            null => "not in this edition",
            CodeSuccession.Ended => "ended",
            CodeSuccession.Same when mapping.Find(code) == code => "same",
            CodeSuccession.Same => $"now {mapping.Find(code)}",
            CodeSuccession.Merged => $"merged: {mapping.Find(code)}",
            CodeSuccession.Split => $"split: {string.Join(", ", became)}",
            _ => $"inseparable: {string.Join(", ", became)}",
        };
    }
}
