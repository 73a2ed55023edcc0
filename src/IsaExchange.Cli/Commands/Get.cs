using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax get: the files of a release, checked against what the exchange signed.</summary>
static class Get
{
    public static Command Create(GlobalOptions globals)
    {
        var release = ReleaseAnswers.Argument();
        var purpose = Inputs.Purpose();
        var target = new Option<DirectoryInfo?>("--out")
        {
            Description = "Folder for the files. Default: FEED/N here.",
            HelpName = "DIR",
        };
        var file = new Option<string?>("--file") { Description = "Only this file of the release.", HelpName = "NAME" };
        var format = new Option<string>("--format")
        {
            Description = "Which files: CSV with what tells of it, Parquet, SDMX-CSV, the workbook, or all of them.",
            HelpName = string.Join('|', ReleaseFormats.Words),
            DefaultValueFactory = _ => ReleaseFormats.Default,
        };
        var retracted = Inputs.Retracted();
        format.AcceptOnlyFromAmong([.. ReleaseFormats.Words]);
        var command = new Command("get", "Download a release for a purpose, and check that it is what was published.")
        {
            release, purpose, target, file, format, retracted,
        }.WithExample("isax get recorded-crime-by-csp --purpose strategic-assessment --format xlsx --out crime");
        globals.Handle(command, (parse, run) => Run(
            run, parse.GetRequiredValue(release), parse.GetRequiredValue(purpose), parse.GetValue(target)?.FullName,
            parse.GetValue(file), parse.GetRequiredValue(format), parse.GetValue(retracted)));
        return command;
    }

    static async Task<ExitCode> Run(
        Invocation run, string text, string purpose, string? folder, string? only, string format,
        bool evenIfRetracted)
    {
        var name = Names.Release(run.Exchange.Agreement, text);
        var release = await Resilience.Call(
            o => run.Exchange.Feeds.GetReleaseAsync(new GetReleaseRequest { Name = name }, o), run.Stop);
        if (only is not null && release.Files.All(f => f.Name != only))
            throw new VerbException(ExitCode.NotFound, $"{release.Name} has no file {only}",
                $"its files: {string.Join(", ", release.Files.Select(f => f.Name))}");
        folder ??= Path.Combine(Names.Id(release.Name, "feeds"), Names.Last(release.Name));
        var paths = await new ReleaseDownload(run, release, purpose, Path.GetFullPath(folder))
        {
            EvenIfRetracted = evenIfRetracted,
        }.Run(name => only is null ? ReleaseFormats.Holds(format, name) : name == only);
        Tell(run.Terminal, release, paths);
        return ExitCode.Ok;
    }

    static void Tell(Terminal terminal, Release release, IReadOnlyList<string> paths)
    {
        if (terminal.Format is OutputFormat.Table)
        {
            foreach (var path in paths) terminal.Line(path);
            // The coverage is for eyes here; in the files it travels with the numbers.
            new Terminal(terminal.Screen with { Answers = terminal.Screen.Messages }, OutputFormat.Table,
                terminal.Quiet)
                .Show(
                    [("coverage", ReleaseAnswers.CoverageOf(release)), ("queries", ReleaseAnswers.QueriesOf(release))],
                    csvPart: "coverage");
        }
        else
        {
            var files = new Listing(new Column("path", "path"));
            foreach (var path in paths) files.Add(path);
            terminal.Show(
                [("release", ReleaseAnswers.Card(release)), ("files", files),
                    ("coverage", ReleaseAnswers.CoverageOf(release)), ("queries", ReleaseAnswers.QueriesOf(release))],
                csvPart: "files");
        }
        ReleaseAnswers.WarnOfGaps(terminal, release);
    }
}
