using System.CommandLine;
using IsaExchange.Cli.Rendering;
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
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file when it exists." };
        var command = new Command("prepare", "Make a dataset from a source system's export, by a mapping. Offline.")
        {
            inputs, mapping, target, overwrite,
        }.WithExample(
            "isax prepare jul.csv aug.csv sep.csv --mapping policies/mappings/data-police-uk.yaml --out quarter.csv");
        globals.Handle(command, (parse, run) => Run(
            run, [.. parse.GetRequiredValue(inputs).Select(f => f.FullName)], parse.GetRequiredValue(mapping).FullName,
            parse.GetRequiredValue(target).FullName, parse.GetValue(overwrite)));
        return command;
    }

    static async Task<ExitCode> Run(
        Invocation run, IReadOnlyList<string> inputs, string mappingFile, string target, bool overwrite)
    {
        var loaded = ColumnMapping.Load(mappingFile);
        if (loaded.Mapping is not { } mapping)
        {
            foreach (var fault in loaded.Faults) run.Terminal.Complain(fault.ToString());
            throw new VerbException(ExitCode.Usage, $"{mappingFile} is not a mapping");
        }
        if (!overwrite && Path.Exists(target))
            throw new VerbException(ExitCode.Usage, $"{target} exists", "name another file, or say --overwrite");
        var bytes = inputs.Sum(path => new FileInfo(path).Length);
        var report = await ByteProgress.Run(run.Terminal, "preparing", bytes, progress => Task.Run(
            () => PrepareFiles.Run(mapping, inputs, target, run.Stop, new Reporting(progress), overwrite), run.Stop));
        foreach (var fault in report.Faults) run.Terminal.Complain(fault.ToString());
        if (report.FaultCount > report.Faults.Count)
            run.Terminal.Complain($"and {report.FaultCount - report.Faults.Count} more");
        run.Terminal.Show(Answer(report, target));
        return report.Succeeded ? ExitCode.Ok : ExitCode.ValidationErrors;
    }

    static Card Answer(MappingReport report, string target) => new Card()
        .Add("path", "wrote", report.Succeeded ? target : null)
        .Add("records_read", "records read", report.RecordsRead)
        .Add("records_written", "records written", report.Succeeded ? report.RecordsWritten : 0)
        .Add("skipped", "left behind",
            report.Skipped.Where(s => s.Records > 0).Select(s => $"{s.Records} by {s.Column} ({s.Reason})"))
        .Add("replaced", "replaced", report.Replaced.Where(c => c.Values > 0).Select(c => $"{c.Values} in {c.Column}"))
        .Add("dropped_columns", "columns left behind", report.DroppedColumns)
        .Add("empty_lines", "empty lines", report.EmptyLines)
        .Add("faults", "faults", report.FaultCount);

    sealed class Reporting(Action<long> progress) : IProgress<long>
    {
        public void Report(long value) => progress(value);
    }
}
