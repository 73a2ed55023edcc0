using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Mapping;

namespace IsaExchange.Cli.Commands;

/// <summary>isax prepare: runs at the authority, so that identifying columns never leave it.</summary>
static class Prepare
{
    public static Command Create(GlobalOptions globals)
    {
        var inputs = new Argument<FileInfo[]>("INPUT")
        {
            Description = "Files of the source system (CSV, also packed by gzip, or the first sheet of a workbook); "
                + "several, such as the months of a quarter, are joined in order.",
            Arity = ArgumentArity.OneOrMore,
        }.AcceptExistingOnly();
        var mapping = new Option<FileInfo>("--mapping")
        {
            Description = "The mapping file: what becomes of each column of the source.",
            HelpName = "FILE",
            Required = true,
        }.AcceptExistingOnly();
        var target = new Option<FileInfo>("--out")
        {
            Description = "The dataset to write.",
            HelpName = "FILE",
            Required = true,
        };
        var second = new Option<FileInfo>("--second")
        {
            Description = "The second file of a mapping that counts one, such as the casualties of collisions.",
            HelpName = "FILE",
        }.AcceptExistingOnly();
        var period = Inputs.Period();
        period.Required = false;
        period.Description = "The period: records of others are left behind where the mapping says what decides it, "
            + "and code lists are those of its last day. For example 2026-07-01/P3M.";
        var policies = Inputs.Policies();
        var partnership = Inputs.Partnership();
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file when it exists." };
        var command = new Command("prepare", "Make a dataset from a source system's export, by a mapping. Offline.")
        {
            inputs, mapping, target, second, period, policies, partnership, overwrite,
        }.WithExample(
            "isax prepare jul.csv aug.csv sep.csv --mapping policies/mappings/data-police-uk.yaml --out quarter.csv");
        globals.Handle(command, (parse, run) =>
        {
            MappingPeriod? days = parse.GetResult(period) is null
                ? null
                : new(parse.GetValue(period).Start, parse.GetValue(period).LastDay);
            var lists = new MappingLists(
                () => CodeLists(run, parse.GetValue(policies), parse.GetValue(partnership)!), days?.Last);
            return Run(run, new Request(
                [.. parse.GetRequiredValue(inputs).Select(f => f.FullName)], parse.GetRequiredValue(mapping).FullName,
                parse.GetRequiredValue(target).FullName, parse.GetValue(second)?.FullName, days,
                parse.GetValue(overwrite)), lists);
        });
        return command;
    }

    sealed record Request(
        IReadOnlyList<string> Inputs, string Mapping, string Target, string? Second, MappingPeriod? Period,
        bool Overwrite);

    static CodeListCatalog CodeLists(Invocation run, DirectoryInfo? policies, string partnership)
    {
        var folder = PoliciesFolder.Partnership(PoliciesFolder.Find(policies), partnership);
        var lists = CodeListCatalog.Load(Path.Combine(folder, "codelists"), out var faults);
        foreach (var fault in faults) run.Terminal.Complain(fault.ToString());
        return lists;
    }

    static async Task<ExitCode> Run(Invocation run, Request request, MappingLists lists)
    {
        var (inputs, mappingFile, target, second, period, overwrite) = request;
        var loaded = ColumnMapping.Load(mappingFile, lists);
        if (loaded.Mapping is not { } mapping)
        {
            foreach (var fault in loaded.Faults) run.Terminal.Complain(fault.ToString());
            throw new VerbException(ExitCode.Usage, $"{mappingFile} is not a mapping");
        }
        if (!overwrite && Path.Exists(target))
            throw new VerbException(ExitCode.Usage, $"{target} exists", "name another file, or say --overwrite");
        var bytes = inputs.Sum(path => new FileInfo(path).Length);
        var report = await ByteProgress.Run(run.Terminal, "preparing", bytes, progress => Task.Run(
            () => PrepareFiles.Run(
                mapping, inputs, target, run.Stop, new Reporting(progress), overwrite, second, period),
            run.Stop));
        foreach (var fault in report.Faults) run.Terminal.Complain(fault.ToString());
        if (report.FaultCount > report.Faults.Count)
            run.Terminal.Complain($"and {report.FaultCount - report.Faults.Count} more");
        foreach (var lack in report.Lacking)
            run.Terminal.Complain($"{mapping.Dataset} needs {lack.Column}: {lack.Reason}. {lack.Remedy}");
        run.Terminal.Show(Answer(report, target));
        if (report.Lacking.Count > 0)
            run.Terminal.Verdict($"NOTHING WRITTEN: this source cannot become {mapping.Dataset}");
        return report.Succeeded ? ExitCode.Ok : ExitCode.ValidationErrors;
    }

    static Card Answer(MappingReport report, string target) => new Card()
        .Add("path", "wrote", report.Succeeded ? target : null)
        .Add("records_read", "records read", report.RecordsRead)
        .Add("records_written", "records written", report.Succeeded ? report.RecordsWritten : 0)
        .Add("skipped", "left behind",
            report.Skipped.Where(s => s.Records > 0).Select(s => $"{s.Records} by {s.Column} ({s.Reason})"))
        .Add("outside_period", "of other periods", report.OutsidePeriod)
        .Add("outside_blocks", "without a code of a block", report.OutsideBlocks)
        .Add("replaced", "written as otherwise", report.Replaced.Select(Words))
        .Add("filled", "empty and filled", report.Filled.Select(Words))
        .Add("nulls", "read as empty", report.Nulls.Select(Words))
        .Add("suppressed", "kept back by the source", Kept(report.Suppressed))
        .Add("second", "second file", report.Second is { } s
            ? $"{s.Records} {s.Title}; {s.Without} records without any, {s.LeftBehind} of records left behind"
            : null)
        .Add("lacking", "not in the source", report.Lacking.Select(l => l.Column))
        .Add("dropped_columns", "columns left behind", report.DroppedColumns)
        .Add("empty_lines", "empty lines", report.EmptyLines)
        .Add("faults", "faults", report.FaultCount);

    static string Words(CountedColumn counted) => $"{counted.Values} in {counted.Column}";

    /// <summary>Many columns of one kind are told together: what counts is that none of them became a number.</summary>
    static IEnumerable<string> Kept(IReadOnlyList<CountedColumn> columns) => columns.Count <= 4
        ? columns.Select(Words)
        : [$"{columns.Sum(c => c.Values)} numbers in {columns.Count} columns"];

    sealed class Reporting(Action<long> progress) : IProgress<long>
    {
        public void Report(long value) => progress(value);
    }
}
