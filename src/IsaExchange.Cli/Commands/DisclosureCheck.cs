using System.CommandLine;
using System.Globalization;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Tables;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.OwnTables;

namespace IsaExchange.Cli.Commands;

/// <summary>isax disclosure check: whether tables of one's own could be published. Offline.</summary>
static class DisclosureCheck
{
    static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(10);

    public static Command Create(GlobalOptions globals) =>
        new("disclosure", "Check tables of your own before they are published. Offline.") { Check(globals) };

    static Command Check(GlobalOptions globals)
    {
        var table = new Argument<FileInfo?>("FILE")
        {
            Description = "The table, where the specification has one without a file. CSV.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var spec = new Option<FileInfo>("--spec")
        {
            Description = "What the columns are, what marks mean, and what is to be protected; "
                + "policies/disclosure-check.schema.json has its words.",
            HelpName = "YAML",
            Required = true,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "What is not decided after so long is not proved safe.",
            HelpName = "N",
            DefaultValueFactory = _ => new CheckLimits().SecondsMax,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "Of the search: the same tables and seed give the same answer.",
            HelpName = "N",
            DefaultValueFactory = _ => new CheckLimits().Seed,
        };
        var command = new Command("check", "Look for counts that the tables would tell although they do not show them.")
        {
            table, spec, seconds, seed,
        }.WithExample("isax disclosure check areas.csv --spec areas.yaml");
        globals.Handle(command, (parse, run) =>
        {
            var limits = new CheckLimits(parse.GetValue(seconds), parse.GetValue(seed));
            if (!(limits.SecondsMax is > 0 and <= 86_400))
                throw new VerbException(ExitCode.Usage, "--seconds is more than 0, and a day at most");
            var file = parse.GetRequiredValue(spec);
            if (!file.Exists)
                throw new VerbException(ExitCode.Usage, $"there is no file {file}");
            return Run(run, file.FullName, parse.GetValue(table)?.FullName, limits);
        });
        return command;
    }

    static async Task<ExitCode> Run(Invocation run, string spec, string? table, CheckLimits limits)
    {
        var (publication, faults) = PublicationFiles.Read(spec, table);
        if (publication is null)
            return Faulty(run.Terminal, faults);
        var work = Task.Run(() => PublicationCheck.Run(publication, faults, limits, run.Stop), run.Stop);
        var begun = run.Clock.GetTimestamp();
        while (await Task.WhenAny(work, Task.Delay(SignOfLife, run.Clock, run.Stop)) != work)
            run.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
                $"checking since {run.Clock.GetElapsedTime(begun).TotalSeconds:f0} s"));
        var report = await work;
        return report.Check is null ? Faulty(run.Terminal, report.Faults) : Show(run.Terminal, report, limits.Seed);
    }

    /// <param name="verdict">What did not come about.</param>
    public static ExitCode Faulty(
        Terminal terminal, IReadOnlyList<TableFault> faults, string verdict = "NOT CHECKED")
    {
        var listing = new Listing(
            new("file", "file"), new("line", "line", Number: true), new("fault", "what is wrong", Wraps: true));
        foreach (var fault in faults)
            listing.Add(fault.File, fault.Line, fault.Message);
        terminal.Show(listing);
        terminal.Verdict($"{verdict}: {faults.Count} faults in what was given");
        return ExitCode.ValidationErrors;
    }

    static ExitCode Show(Terminal terminal, PublicationReport report, int seed)
    {
        var check = report.Check!;
        var summary = new Card()
            .Add("verdict", "verdict", report.IsSafe ? "safe" : report.IsUndecided ? "undecided" : "not safe")
            .Add("cells", "cells", check.PublishedCells)
            .Add("protected", "protected", check.ProtectedCells)
            .Add("refused", "told", report.Refused.Count)
            .Add("public_already", "public already", report.PublicAlready.Count)
            .Add("narrowest", "narrowest", check.NarrowestWidth)
            .Add("tables", "witness tables", check.Tables)
            .Add("method", "method", Method(check.Figures))
            .Add("seconds", "seconds", Math.Round(check.Seconds, 2))
            .Add("seed", "seed", seed);
        var cells = new Listing(
            new("cell", "cell"), new("finding", "finding"), new("because", "because", Wraps: true));
        foreach (var cell in report.Refused)
            cells.Add(cell.Name, Word(cell.Verdict), cell.Because);
        foreach (var cell in report.PublicAlready)
            cells.Add(cell.Name, "public already", "the outside tables tell it without these");
        terminal.Show([("summary", summary), ("cells", cells)], csvPart: "cells");
        terminal.Verdict(Verdict(report, check));
        return report.IsSafe ? ExitCode.Ok : report.IsUndecided ? ExitCode.TryAgain : ExitCode.ValidationErrors;
    }

    static string Verdict(PublicationReport report, CheckReport check)
    {
        if (report.IsSafe)
            return $"SAFE: each of {check.ProtectedCells - report.PublicAlready.Count} protected cells has two possible"
                + " values far enough apart";
        return report.IsUndecided
            ? $"UNDECIDED: {report.Refused.Count} cells are not proved safe in the time; give more with --seconds"
            : $"NOT SAFE: {report.Refused.Count} of {check.ProtectedCells} protected cells are told";
    }

    static string Method(CheckFigures figures) =>
        $"{figures.ByWalk} by steps, {figures.ByLinearProgram} by linear programs, {figures.BySolver} by whole-number"
        + $" programs ({figures.Solver})";

    static string Word(CellVerdict verdict) => verdict switch
    {
        CellVerdict.Derived => "exact",
        CellVerdict.NotProved => "undecided",
        _ => "too narrow",
    };
}
