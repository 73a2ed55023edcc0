using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax release: the stewards' acts.</summary>
static class ReleasePublish
{
    public static Command Create(GlobalOptions globals) =>
        new("release", "Publish releases of a feed: at once or after approval. Take them back.")
        {
            Publish(globals), ReleaseProposals.Propose(globals), ReleaseProposals.List(globals),
            ReleaseProposals.Review(globals), ReleaseProposals.Approve(globals), ReleaseProposals.Reject(globals),
            ReleaseRetraction.Retract(globals), ReleaseRetraction.WhoHasIt(globals),
        };

    public static Argument<string> Feed() =>
        new("FEED") { Description = "Id of the feed; isax feeds lists them." };

    public static Option<string?> Note() => new("--note")
    {
        Description = "What changed, for those who read the release before.",
        HelpName = "TEXT",
    };

    public static Option<DateOnly?> Embargo() => new("--embargo-until")
    {
        Description = "First day on which its readers may read it. Default: as the agreement says.",
        HelpName = "DAY",
    };

    static Command Publish(GlobalOptions globals)
    {
        var feed = Feed();
        var (period, note, embargo) = (Inputs.Period(), Note(), Embargo());
        var command = new Command("publish", "Publish the next release of a feed from what has been submitted.")
        {
            feed, period, note, embargo,
        }.WithExample("isax release publish recorded-crime-by-csp --period 2026-07-01/P3M");
        globals.Handle(command, async (parse, run) =>
        {
            var request = new PublishReleaseRequest
            {
                Parent = Names.Feed(run.Exchange.Agreement, parse.GetRequiredValue(feed)),
                Period = WirePeriods.Write(parse.GetRequiredValue(period)),
                Note = parse.GetValue(note) ?? "",
                EmbargoUntilDate = parse.GetValue(embargo) is { } day ? WirePeriods.Write(day) : null,
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
