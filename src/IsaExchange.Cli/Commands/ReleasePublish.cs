using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax release publish: the steward's act.</summary>
static class ReleasePublish
{
    public static Command Create(GlobalOptions globals) =>
        new("release", "Publish releases of a feed.") { Publish(globals) };

    static Command Publish(GlobalOptions globals)
    {
        var feed = new Argument<string>("FEED") { Description = "Id of the feed; isax feeds lists them." };
        var period = Inputs.Period();
        var note = new Option<string?>("--note")
        {
            Description = "What changed, for those who read the release before.",
            HelpName = "TEXT",
        };
        var command = new Command("publish", "Publish the next release of a feed from what has been submitted.")
        {
            feed, period, note,
        }.WithExample("isax release publish recorded-crime-by-csp --period 2026-07-01/P3M");
        globals.Handle(command, async (parse, run) =>
        {
            var request = new PublishReleaseRequest
            {
                Parent = Names.Feed(run.Exchange.Agreement, parse.GetRequiredValue(feed)),
                Period = WirePeriods.Write(parse.GetRequiredValue(period)),
                Note = parse.GetValue(note) ?? "",
                // Publishing again is a new release; only the retries of this one call are the same act.
                RequestId = RequestId.Fresh(),
            };
            var release = await Resilience.LongCall(o => run.Exchange.Feeds.PublishReleaseAsync(request, o), run.Stop);
            run.Terminal.Show(
                [("release", ReleaseAnswers.Card(release)), ("coverage", ReleaseAnswers.CoverageOf(release)),
                    ("queries", ReleaseAnswers.QueriesOf(release))],
                csvPart: "coverage");
            ReleaseAnswers.WarnOfGaps(run.Terminal, release);
            return ExitCode.Ok;
        });
        return command;
    }
}
