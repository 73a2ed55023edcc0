using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax diff: what two releases of a feed say differently.</summary>
static class Diff
{
    public static Command Create(GlobalOptions globals)
    {
        var first = ReleaseAnswers.Argument();
        var other = ReleaseAnswers.Argument("OTHER[@N]");
        var (purpose, retracted) = (Inputs.Purpose(), Inputs.Retracted());
        var even = new Option<bool>("--even-if-coverage-differs")
        {
            Description = "Compare two periods also when other authorities or areas are in them; every line says so.",
        };
        var command = new Command("diff",
            "Show what two releases of a feed say differently: of one period a revision, of two a comparison.")
        {
            first, other, purpose, even, retracted,
        }.WithExample("isax diff recorded-crime-by-csp@1 recorded-crime-by-csp@2 --purpose strategic-assessment");
        globals.Handle(command, (parse, run) => Run(run, new CompareReleasesRequest
        {
            Name = Names.Release(run.Exchange.Agreement, parse.GetRequiredValue(first)),
            Other = Names.Release(run.Exchange.Agreement, parse.GetRequiredValue(other)),
            Purpose = parse.GetRequiredValue(purpose),
            EvenIfCoverageDiffers = parse.GetValue(even),
            EvenIfRetracted = parse.GetValue(retracted),
            PageSize = Paging.PageSize,
        }));
        return command;
    }

    static async Task<ExitCode> Run(Invocation run, CompareReleasesRequest request)
    {
        var first = default(CompareReleasesResponse);
        var differences = await Paging.All(async token =>
        {
            request.PageToken = token;
            var page = await Resilience.Call(o => run.Exchange.Feeds.CompareReleasesAsync(request, o), run.Stop);
            first ??= page;

            // Of the same two to the end, whatever is published meanwhile.
            if (page.First is not null)
                (request.Name, request.Other) = (page.First.Release.Name, page.Other.Release.Name);
            return (page.Differences, page.NextPageToken);
        });
        run.Terminal.Show(
            [
                ("first", DiffAnswers.Card(first!.First)), ("other", DiffAnswers.Card(first.Other)),
                ("coverage", DiffAnswers.Coverage(first)), ("inputs", DiffAnswers.Inputs(first)),
                ("tables", DiffAnswers.Tables(first)), ("differences", DiffAnswers.Cells(differences)),
            ],
            csvPart: "differences");
        Tell(run.Terminal, first, differences);
        return ExitCode.Ok;
    }

    static void Tell(Terminal terminal, CompareReleasesResponse found, List<CellDifference> differences)
    {
        terminal.Say(found.SamePeriod ? "a revision of one period" : "two periods");
        if (differences.Count == 0) terminal.Say("no cell that both have says anything else");
        if (found.CoverageDiffers)
            terminal.Warn(found.SamePeriod
                ? "COVERAGE DIFFERS: the revision has other returns in it; a cell that was missing was never zero"
                : "COVERAGE DIFFERS: other returns are in the two periods; no difference is a change of what happened");
        foreach (var side in new[] { found.First.Release, found.Other.Release }.Distinct())
            ReleaseAnswers.WarnIfRetracted(terminal, side);
        foreach (var table in found.Tables.Where(t => !t.Comparable))
            terminal.Warn($"table {table.Table} is in one of them only, or has other dimensions: not compared");
    }
}
