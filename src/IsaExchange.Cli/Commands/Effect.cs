using System.CommandLine;
using Grpc.Core;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax effect: what a submission changed in the county's picture.</summary>
static class Effect
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = Inputs.Submission();
        var command = new Command("effect",
            "Show what a submission changed: its counts beside those before, and which returns its feeds have.")
        {
            submission,
        }.WithExample("isax effect hospital-admissions/01j9");
        globals.Handle(command, async (parse, run) =>
        {
            var name = await SubmissionLookup.Name(run, parse.GetRequiredValue(submission));
            var effect = await Read(run, name);
            run.Terminal.Show([.. Parts(effect, whole: true)], csvPart: "counts");
            Say(run.Terminal, effect);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>After a submit, which stands whatever comes of this: totals and feeds. Null when it cannot be had.
    /// </summary>
    public static async Task<SubmissionEffect?> TryRead(Invocation run, string submission)
    {
        try
        {
            return await Read(run, submission);
        }
        catch (RpcException)
        {
            run.Terminal.Warn($"what it changed cannot be shown now; isax effect {Names.Last(submission)} shows it");
            return null;
        }
    }

    static Task<SubmissionEffect> Read(Invocation run, string name) => Resilience.Call(
        o => run.Exchange.Submissions.ReadEffectAsync(new ReadEffectRequest { Name = name }, o), run.Stop);

    /// <param name="effect">As the exchange tells it.</param>
    /// <param name="whole">Every code too; else totals of areas, where the codes may be added up.</param>
    public static IEnumerable<(string, object)> Parts(SubmissionEffect effect, bool whole)
    {
        var counts = new Listing(
            new("area", "area"), new("code", effect.Dimension.Length > 0 ? effect.Dimension : "code"),
            new("count", "count", Number: true), new("replaced", "replaced", Number: true),
            new("previous", "period before", Number: true));
        var withCodes = whole || effect.Counts.All(c => c.Code.Length > 0);
        foreach (var c in effect.Counts.Where(c => withCodes || c.Code.Length == 0))
        {
            counts.Add(c.Area, c.Code, c.Count, c.HasReplacedCount ? c.ReplacedCount : null,
                c.HasPreviousCount ? c.PreviousCount : null);
        }
        var feeds = new Listing(
            new("feed", "feed"), new("period", "period"), new("state", "state"), new("in", "in", Number: true),
            new("expected", "expected", Number: true), new("missing", "missing", Wraps: true));
        foreach (var f in effect.Feeds)
        {
            var missing = f.Coverage.Where(c => c.Status is CoverageEntry.Types.Status.Missing)
                .Select(c => $"{c.Party}/{c.Area}").ToList();
            feeds.Add(Names.Last(f.Feed), WirePeriods.Cell(f.Period), f.Complete ? "complete" : "INCOMPLETE",
                f.Coverage.Count - missing.Count, f.Coverage.Count, missing);
        }
        yield return ("counts", counts);
        yield return ("feeds", feeds);
    }

    static void Say(Terminal terminal, SubmissionEffect effect)
    {
        if (QueryAnswers.Located(effect.Locations) is { } located) terminal.Say("locations: " + located);
        if (effect.Truncated) terminal.Warn("there are more counts than these");
    }
}
