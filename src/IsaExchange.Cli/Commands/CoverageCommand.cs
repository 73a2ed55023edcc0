using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax coverage: which authority and area is in a release, and which is missing.</summary>
static class CoverageCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var release = ReleaseAnswers.Argument();
        var command = new Command(
            "coverage", "Show which authority and area is in a release, by which submissions, and with which queries.")
        {
            release,
        }.WithExample("isax coverage recorded-crime-by-csp@3");
        globals.Handle(command, async (parse, run) =>
        {
            var name = Names.Release(run.Exchange.Agreement, parse.GetRequiredValue(release));
            var found = await Resilience.Call(
                o => run.Exchange.Feeds.GetReleaseAsync(new GetReleaseRequest { Name = name }, o), run.Stop);
            run.Terminal.Show(
                [("coverage", ReleaseAnswers.CoverageOf(found)), ("queries", ReleaseAnswers.QueriesOf(found))],
                csvPart: "coverage");
            ReleaseAnswers.WarnOfGaps(run.Terminal, found);
            return ExitCode.Ok;
        });
        return command;
    }
}
