using System.CommandLine;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Cli.Commands;

/// <summary>isax validate: the exchange's own rules, offline, before anything is sent.</summary>
static class Validate
{
    // A page for eyes; the other formats carry every line that is listed.
    const int LinesShown = 20;

    public static Command Create(GlobalOptions globals)
    {
        var file = Inputs.File("The file to check: CSV, also packed by gzip, or a workbook (its first sheet).");
        var dataset = Inputs.Dataset();
        var period = Inputs.Period();
        var areas = Inputs.Areas(required: false);
        var party = Inputs.Party();
        var policies = Inputs.Policies();
        var partnership = Inputs.Partnership();
        var command = new Command("validate", "Check a file offline by the rules of the exchange. Nothing is sent.")
        {
            file, dataset, period, areas, party, policies, partnership,
        }.WithExample(
            "isax validate crime.csv --dataset police-recorded-crime --period 2026-07-01/P3M --areas X22000001");
        globals.Handle(command, (parse, run) => Submitting.WithVerdict(run, () =>
        {
            var folder = PoliciesFolder.Find(parse.GetValue(policies));
            var partnershipFolder = PoliciesFolder.Partnership(folder, parse.GetValue(partnership)!);
            var (id, when) = (parse.GetRequiredValue(dataset), parse.GetRequiredValue(period));
            var codes = Inputs.Codes(parse.GetValue(areas));
            if (codes.Length == 0)
                codes = AreasOwed(partnershipFolder, id, when, parse.GetValue(party) ?? run.PartyIfKnown);
            var plan = Plan(folder, partnershipFolder, id, when, codes);
            return Task.FromResult(Run(run, parse.GetRequiredValue(file), plan));
        }));
        return command;
    }

    static (ExitCode, string) Run(Invocation run, FileInfo file, ValidationPlan plan)
    {
        using var content = Open(file.FullName);
        var report = new DatasetValidator(plan).Validate(content, new NoSink(), run.Stop);
        Show(run.Terminal, report);
        if (report.Truncated)
            run.Terminal.Warn("there are more faults than the list holds; the counts of the groups are exact");
        if (report.StoppedEarly)
            run.Terminal.Warn("the file was not read to its end; what follows the last fault is not known");
        return report.HasErrors
            ? (ExitCode.ValidationErrors, $"NOT SUBMITTED: {report.ErrorCount} errors to correct in the source")
            : (ExitCode.Ok, $"NOT SUBMITTED: only checked; {report.RecordCount} records, no errors, "
                + $"{report.QueryCount} queries to explain. isax send sends it");
    }

    /// <summary>A workbook by its first sheet, as isax send sends it; all else as it is.</summary>
    static Stream Open(string path)
    {
        try
        {
            return SourceFile.IsWorkbook(path) ? SourceFile.Open(path) : File.OpenRead(path);
        }
        catch (PackedContentException packed)
        {
            throw Sheet.Unreadable(path, packed);
        }
    }

    static void Show(Terminal terminal, ValidationReport report)
    {
        var groups = new Listing(
            new("severity", "severity"), new("rule", "rule"), new("field", "field"),
            new("count", "count", Number: true), new("description", "what is wrong", Wraps: true),
            new("remedy", "what to do", Wraps: true));
        foreach (var g in report.Groups)
            groups.Add(Word(g.Severity), g.Rule, g.Field, g.Count, g.Description, g.Remedy);
        var lines = new Listing(
            new("line", "line", Number: true), new("record", "record", Number: true),
            new("column", "column", Number: true), new("field", "field"), new("rule", "rule"),
            new("severity", "severity"), new("description", "what is wrong", Wraps: true),
            new("remedy", "what to do", Detail: true));
        var shown = terminal.Format is OutputFormat.Table ? report.Violations.Take(LinesShown) : report.Violations;
        foreach (var v in shown)
            lines.Add(v.Line, v.Record, v.Column, v.Field, v.Rule, Word(v.Severity), v.Description, v.Remedy);
        var summary = new Card()
            .Add("records", "records", report.RecordCount)
            .Add("accepted", "accepted", report.AcceptedCount)
            .Add("outside", "outside every area", report.OutsideCount)
            .Add("errors", "errors", report.ErrorCount)
            .Add("queries", "queries", report.QueryCount)
            .Add("locations", "locations", report.Locations is { } at ? QueryAnswers.Located(at) : null);
        List<(string, object)> parts = [("summary", summary)];
        if (report.Risk is { } risk)
            parts.Add(("record_risk", RiskAnswers.Card(risk)));
        terminal.Show([.. parts, ("violation_groups", groups), ("violations", lines)], csvPart: "violations");
        if (lines.Rows.Count < report.Violations.Count)
            terminal.Say($"the first {LinesShown} of {report.Violations.Count} lines; -o csv writes them all");
    }

    static ValidationPlan Plan(
        string policies, string partnership, string dataset, InformationPeriod period, string[] areas)
    {
        var spec = DatasetCatalog.Load(policies, out var faults).Find(dataset);
        if (spec is null)
        {
            var own = faults.Where(f => Path.GetFileNameWithoutExtension(f.File) == dataset).ToList();
            throw new VerbException(ExitCode.Usage, own.Count == 0
                ? $"there is no specification of {dataset} in {Path.Combine(policies, "datasets")}"
                : $"the specification of {dataset} has faults:"
                    + string.Concat(own.Select(f => Environment.NewLine + f)));
        }
        var lists = CodeListCatalog.Load(Path.Combine(partnership, "codelists"), out var listFaults);
        try
        {
            return ValidationPlan.Compile(spec, lists, period.Start, period.EndExclusive, areas);
        }
        catch (PlanFaultException e)
        {
            var because = string.Concat(listFaults.Select(f => Environment.NewLine + f));
            throw new VerbException(ExitCode.Usage, e.Message + because, "isax codelist import brings an edition in",
                e);
        }
    }

    /// <summary>The areas one party owes the dataset for the period, by the agreement as it is written here.</summary>
    static string[] AreasOwed(string partnership, string dataset, InformationPeriod period, string? party)
    {
        var path = Path.Combine(partnership, "agreement.yaml");
        var agreement = File.Exists(path) ? AgreementLoader.Load(path).Agreement : null;
        var first = InformationPeriod.QuarterContaining(period.Start).Start;
        var owed = (agreement?.ObligationsBetween(first, period.LastDay) ?? [])
            .Where(o => o.Dataset == dataset && (party is null || o.Party == party))
            .Where(o => o.Period.Start < period.EndExclusive && period.Start < o.Period.EndExclusive).ToList();
        var owners = owed.Select(o => o.Party).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return owners switch
        {
            [_] => [.. owed.Select(o => o.Area).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [] => throw new VerbException(ExitCode.Usage,
                $"{(party is null ? "nobody owes" : $"{party} owes no area")} {dataset} for {period}",
                "name the areas with --areas"),
            _ => throw new VerbException(ExitCode.Usage,
                $"{dataset} is owed by several: {string.Join(", ", owners)}",
                "name the areas with --areas, or whose file it is with --party"),
        };
    }

    static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Query => "query",
        _ => "info",
    };

    sealed class NoSink : IRecordSink
    {
        public void Accept(in ValidRecord record)
        {
            // Only the report is wanted.
        }
    }
}
