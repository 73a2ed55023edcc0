using System.CommandLine;
using System.Text;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Cli.Commands;

/// <summary>isax datasets: the information specification in words, and for other tools. Offline.</summary>
static class DatasetVerbs
{
    public static Command Create(GlobalOptions globals) =>
        new("datasets", "Read the information specification: what each dataset holds, and why.")
        {
            List(globals), Show(globals), Export(globals),
        };

    static Command List(GlobalOptions globals)
    {
        var policies = Inputs.Policies();
        var command = new Command("list", "List the datasets.") { policies }.WithExample("isax datasets list");
        globals.Handle(command, (parse, run) =>
        {
            var catalog = Catalog(run.Terminal, parse.GetValue(policies), out var faults);
            var listing = new Listing(
                new("dataset", "dataset"), new("title", "title", Wraps: true), new("version", "version"),
                new("legal_basis", "basis"), new("columns", "columns", Number: true),
                new("unit", "one record", Wraps: true));
            foreach (var spec in catalog.All)
                listing.Add(spec.Id, spec.Title, spec.Version, spec.LegalBasis, spec.Fields.Count, spec.Unit);
            run.Terminal.Show(listing, "there are no datasets");
            return Task.FromResult(faults > 0 ? ExitCode.ValidationErrors : ExitCode.Ok);
        });
        return command;
    }

    static Command Show(GlobalOptions globals)
    {
        var id = Id();
        var policies = Inputs.Policies();
        var format = Format("markdown: the page of the dataset, as text. Default: as -o says.", "markdown");
        var command = new Command("show", "Tell what a dataset holds: its columns, codes, rules and caveats.")
        {
            id, format, policies,
        }.WithExample("isax datasets show police-recorded-crime");
        globals.Handle(command, (parse, run) =>
        {
            var spec = Find(run.Terminal, parse.GetValue(policies), parse.GetRequiredValue(id));
            if (parse.GetValue(format) is null)
                Dictionary(run.Terminal, spec);
            else
                run.Terminal.Text(DatasetPage.Markdown(spec));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    static Command Export(GlobalOptions globals)
    {
        var id = Id();
        var policies = Inputs.Policies();
        var format = Format(
            "table-schema: the columns; data-package: a file with its columns.", "table-schema", "data-package");
        format.Required = true;
        var target = new Option<FileInfo>("--to")
        {
            Description = "The file to write.",
            HelpName = "FILE",
            Required = true,
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file when it exists." };
        var command = new Command("export", "Write a dataset for tools that read Frictionless descriptors.")
        {
            id, format, target, overwrite, policies,
        }.WithExample("isax datasets export road-collisions --format table-schema --to road-collisions.json");
        globals.Handle(command, async (parse, run) =>
        {
            var spec = Find(run.Terminal, parse.GetValue(policies), parse.GetRequiredValue(id));
            var path = parse.GetRequiredValue(target).FullName;
            if (!parse.GetValue(overwrite) && Path.Exists(path))
                throw new VerbException(ExitCode.Usage, $"{path} exists", "name another file, or say --overwrite");
            var isSchema = parse.GetValue(format) == "table-schema";
            var text = isSchema ? TableSchemaExport.TableSchema(spec) : TableSchemaExport.DataPackage(spec);
            await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), run.Stop);
            run.Terminal.Show(new Card()
                .Add("path", "wrote", path)
                .Add("dataset", "dataset", spec.Id)
                .Add("version", "version", spec.Version));
            return ExitCode.Ok;
        });
        return command;
    }

    static void Dictionary(Terminal terminal, DatasetSpec spec)
    {
        var columns = new Listing(
            new("column", "column"), new("required", "required"), new("holds", "holds", Wraps: true),
            new("title", "what it is", Wraps: true), new("description", "more", Wraps: true));
        foreach (var f in spec.Fields)
            columns.Add(f.Name, f.Required, SpecWords.Holds(f), f.Title, f.Description);
        var codes = new Listing(new("column", "column"), new("code", "code"), new("title", "means", Wraps: true));
        foreach (var f in spec.Fields)
        {
            foreach (var category in f.Categories) codes.Add(f.Name, category.Code, category.Title);
        }
        foreach (var derived in spec.Derived.Where(d => d.Kind is DerivedKind.Weekday or DerivedKind.Hours))
        {
            foreach (var band in derived.Bands(mayBeUnknown: false)) codes.Add(derived.Name, band.Code, band.Title);
        }
        var rules = new Listing(
            new("rule", "rule"), new("field", "field"), new("sentence", "what must hold", Wraps: true));
        foreach (var rule in SpecWords.Rules(spec)) rules.Add(rule.Rule, rule.Field, rule.Sentence);
        var notes = new Listing(new("kind", "note"), new("text", "text", Wraps: true));
        foreach (var never in spec.Never) notes.Add("never", never);
        foreach (var caveat in spec.Caveats) notes.Add("caveat", caveat);
        foreach (var unconfirmed in spec.Unconfirmed) notes.Add("unconfirmed", unconfirmed);
        terminal.Show(
            [("dataset", Head(spec)), ("columns", columns), ("codes", codes), ("rules", rules), ("notes", notes)],
            csvPart: "columns");
    }

    static Card Head(DatasetSpec spec) => new Card()
        .Add("dataset", "dataset", spec.Id)
        .Add("title", "title", spec.Title)
        .Add("version", "version", spec.Version)
        .Add("unit", "one record", spec.Unit)
        .Add("legal_basis", "legal basis", new TwoForms(SpecWords.LegalBasis(spec), spec.LegalBasis))
        .Add("legal_reference", "reference", spec.LegalReference)
        .Add("period_field", "period by", spec.PeriodField)
        .Add("routing_field", "area by", spec.Routing.Field)
        .Add("counted", "counted", SpecWords.Counted(spec))
        .Add("never_summed", "never added up", spec.NeverSummed)
        .Add("of_no_single_person", "of no single person",
            spec.QuasiIdentifiers is { } quasi ? SpecWords.Shared(quasi) : null);

    static DatasetSpec Find(Terminal terminal, DirectoryInfo? policies, string id) =>
        Catalog(terminal, policies, out _).Find(id)
        ?? throw new VerbException(ExitCode.NotFound, $"there is no dataset {id}", "isax datasets list names them");

    static DatasetCatalog Catalog(Terminal terminal, DirectoryInfo? policies, out int faulty)
    {
        var catalog = DatasetCatalog.Load(PoliciesFolder.Find(policies), out var faults);
        foreach (var fault in faults) terminal.Complain(fault.ToString());
        faulty = faults.Count;
        return catalog;
    }

    static Argument<string> Id() => new("DATASET") { Description = "Id of the dataset.", HelpName = "DATASET" };

    static Option<string?> Format(string description, params string[] words) =>
        new Option<string?>("--format") { Description = description, HelpName = string.Join('|', words) }
            .AcceptOnlyFromAmong(words);
}
