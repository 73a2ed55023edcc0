using System.CommandLine;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.OutsideTables;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Cli.Commands;

/// <summary>isax outside: what others have published of a dataset, so that releases are checked beside it.
/// Offline.</summary>
static class OutsideVerbs
{
    public static Command Create(GlobalOptions globals) =>
        new("outside", "Bring in tables that others have published: releases are checked beside them.")
        {
            Import(globals), List(globals),
        };

    static Command Import(GlobalOptions globals)
    {
        var file = Inputs.File("The CSV: dimensions named as in feed tables, and a column 'value' of exact counts.");
        var dataset = Inputs.Dataset();
        var period = Inputs.Period();
        var source = new Option<string>("--source")
        {
            Description = "Where it was published, and when: every release that is checked beside it names it.",
            HelpName = "TEXT",
            Required = true,
        };
        var id = new Option<string?>("--id")
        {
            Description = "Id of the table. Default: the file's name.",
            HelpName = "ID",
        };
        var (policies, partnership) = (Inputs.Policies(), Inputs.Partnership());
        var command = new Command("import", "Import a public table. Any fault refuses it whole.")
        {
            file, dataset, period, source, id, policies, partnership,
        }.WithExample("isax outside import street-2018-q4.csv --dataset police-street-level --period 2018-10-01/P3M "
            + "--source \"data.police.uk, December 2018\"");
        globals.Handle(command, (parse, run) =>
        {
            var folder = PoliciesFolder.Find(parse.GetValue(policies));
            var own = PoliciesFolder.Partnership(folder, parse.GetValue(partnership)!);
            var (csv, of) = (parse.GetRequiredValue(file), parse.GetRequiredValue(period));
            var wanted = new OutsideTable(
                parse.GetValue(id) ?? Path.GetFileNameWithoutExtension(csv.Name), parse.GetRequiredValue(dataset),
                of.Start, of.EndExclusive, parse.GetRequiredValue(source), "", [], []);
            var result = OutsideTableImport.Run(
                Catalog(run.Terminal, folder, own), Path.Combine(own, OutsideTableCatalog.Folder), wanted, csv);
            foreach (var fault in result.Faults)
                run.Terminal.Complain(fault.ToString());
            run.Terminal.Show(new Card()
                .Add("table", "table", wanted.Id)
                .Add("outcome", "outcome", Words(result.Outcome))
                .Add("rows", "numbers", result.Table?.Rows.Count)
                .Add("sha256", "sha256", result.Table?.Sha256)
                .Add("faults", "faults", result.Faults.Count));
            if (result.Outcome == OutsideTableOutcome.Written)
                run.Terminal.Say("a server reads it when it starts; it counts from the next release on");
            return Task.FromResult(
                result.Outcome is OutsideTableOutcome.Refused ? ExitCode.ValidationErrors : ExitCode.Ok);
        });
        return command;
    }

    static Command List(GlobalOptions globals)
    {
        var (policies, partnership) = (Inputs.Policies(), Inputs.Partnership());
        var command = new Command("list", "List the outside tables of a partnership.")
        {
            policies, partnership,
        }.WithExample("isax outside list --partnership northmere");
        globals.Handle(command, (parse, run) =>
        {
            var folder = PoliciesFolder.Find(parse.GetValue(policies));
            var own = PoliciesFolder.Partnership(folder, parse.GetValue(partnership)!);
            var tables = Catalog(run.Terminal, folder, own).Load(
                Path.Combine(own, OutsideTableCatalog.Folder), out var faults);
            foreach (var fault in faults)
                run.Terminal.Complain(fault.ToString());
            var listing = new Listing(
                new("table", "table"), new("dataset", "dataset"), new("first_day", "from"), new("last_day", "to"),
                new("rows", "numbers", Number: true), new("dimensions", "by"), new("sha256", "sha256", Detail: true),
                new("source", "source", Wraps: true));
            foreach (var t in tables)
                listing.Add(t.Id, t.Dataset, t.Start, t.EndExclusive.AddDays(-1), t.Rows.Count, t.Dimensions, t.Sha256,
                    t.Source);
            run.Terminal.Show(listing, "there are no outside tables");
            return Task.FromResult(faults.Count > 0 ? ExitCode.ValidationErrors : ExitCode.Ok);
        });
        return command;
    }

    /// <exception cref="VerbException">Usage: the agreement, which tells the areas, is not there or has
    /// faults.</exception>
    static OutsideTableCatalog Catalog(Terminal terminal, string policies, string partnership)
    {
        var datasets = DatasetCatalog.Load(policies, out var faults);
        var lists = CodeListCatalog.Load(Path.Combine(partnership, "codelists"), out var listFaults);
        foreach (var fault in faults.Concat(listFaults))
            terminal.Complain(fault.ToString());
        var path = Path.Combine(partnership, "agreement.yaml");
        var agreement = File.Exists(path) ? AgreementLoader.Load(path).Agreement : null;
        return agreement is null
            ? throw new VerbException(
                ExitCode.Usage, "the partnership's agreement cannot be read", "isax agreement lint says why")
            : new OutsideTableCatalog(datasets, lists, [.. agreement.Areas.Select(a => a.Code)]);
    }

    static string Words(OutsideTableOutcome outcome) => outcome switch
    {
        OutsideTableOutcome.Written => "written",
        OutsideTableOutcome.Unchanged => "unchanged: the very same table was there",
        _ => "refused: nothing was changed",
    };
}
