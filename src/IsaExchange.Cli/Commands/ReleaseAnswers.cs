using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Coverage = IsaExchange.V1.CoverageEntry.Types.Status;

namespace IsaExchange.Cli.Commands;

/// <summary>Feeds and releases, as cards and listings. What is missing is always said.</summary>
static class ReleaseAnswers
{
    /// <summary>The argument of every verb that is about one release.</summary>
    public static Argument<string> Argument(string name = "FEED[@N]") => new(name)
    {
        Description = "The feed, and the number of the release. Default: the latest.",
    };

    public static Listing Feeds(IEnumerable<Feed> feeds)
    {
        var listing = new Listing(
            new("feed", "feed"), new("title", "title"), new("dataset", "dataset"), new("regime", "regime"),
            new("marking", "marking"), new("latest_release", "latest"), new("next", "next one"),
            new("approvals", "approvals", Detail: true), new("embargo_days", "embargo, days", Detail: true),
            new("areas", "areas", Detail: true), new("purposes", "purposes", Wraps: true),
            new("onward", "also for", Wraps: true));
        foreach (var f in feeds)
        {
            listing.Add(
                Names.Last(f.Name), f.Title, f.Dataset, f.Regime, f.Marking, Names.Last(f.LatestRelease),
                SubmissionAnswers.Time(f.NextReadableTime), f.Approvals, f.EmbargoDays, f.Areas, f.Purposes,
                f.OnwardConsents.Select(Onward));
        }
        return listing;
    }

    public static Listing Releases(IEnumerable<Release> releases)
    {
        var listing = new Listing(
            new("release", "release"), new("period", "period"), new("published", "published"),
            new("state", "state"), new("coverage", "coverage"), new("missing", "missing", Wraps: true),
            new("readable", "readable from"), new("retracted", "retracted because", Wraps: true),
            new("files", "files", Detail: true), new("note", "note", Wraps: true), new("name", "name", Detail: true));
        foreach (var r in releases)
        {
            listing.Add(Names.Last(r.Name), WirePeriods.Cell(r.Period), SubmissionAnswers.Time(r.PublishTime),
                State(r), r.Complete ? "complete" : "INCOMPLETE", Missing(r),
                SubmissionAnswers.Time(r.ReadableTime), r.Retraction?.Reason, r.Files.Select(f => f.Name), r.Note,
                r.Name);
        }
        return listing;
    }

    public static Card Card(Release r) => new Card()
        .Add("name", "release", Names.Cell(r.Name))
        .Add("period", "period", WirePeriods.Cell(r.Period))
        .Add("published", "published", SubmissionAnswers.Time(r.PublishTime))
        .Add("state", "state", State(r))
        .Add("readable", "readable from", SubmissionAnswers.Time(r.ReadableTime))
        .Add("retracted", "retracted", SubmissionAnswers.Time(r.Retraction?.Time))
        .Add("retracted_because", "because", r.Retraction?.Reason)
        .Add("affected_by", "affected by", r.AffectedBy.Select(a => $"{Word(a.Cause)} {Names.Last(a.Submission)}"))
        .Add("complete", "complete", r.Complete)
        .Add("note", "note", r.Note)
        .Add("agreement_revision", "agreement", Names.Digest(r.AgreementRevision))
        .Add("event_id", "event", r.EventId)
        .Add("files", "files", r.Files.Select(f => f.Name));

    public static Listing CoverageOf(Release r)
    {
        var listing = new Listing(
            new("party", "authority"), new("area", "area"), new("status", "status"),
            new("queries_open", "queries open"), new("locations", "locations", Wraps: true),
            new("submissions", "submissions", Wraps: true));
        foreach (var c in r.Coverage)
        {
            listing.Add(c.Party, c.Area, Words(c.Status), c.HasUnexplainedQueries,
                c.Locations is { } at
                    ? QueryAnswers.Shares(at.ExactPercent, at.OutwardPercent, at.UnknownPercent) : null,
                c.Submissions.Select(Names.Last));
        }
        return listing;
    }

    /// <summary>What the figures were asked about when they were published, and what was said: each once.</summary>
    public static Listing QueriesOf(Release r)
    {
        var listing = new Listing(
            new("party", "authority"), new("rule", "rule"), new("title", "asked", Wraps: true),
            new("area", "area"), new("code", "code"), new("explanation", "explanation", Wraps: true),
            new("carried_from", "carried from"), new("until", "until"), new("submission", "submission", Detail: true));
        foreach (var q in r.Coverage.SelectMany(c => c.Queries).Distinct())
        {
            listing.Add(Names.Id(q.Submission, "parties"), q.Rule, q.Title, q.Area, q.Code,
                q.Explanation.Length > 0 ? q.Explanation : "OPEN, UNEXPLAINED", q.CarriedFrom,
                RequestAnswers.Day(q.UntilDate), q.Submission);
        }
        return listing;
    }

    /// <summary>Warns of what is not in the release, so that nobody reads a missing authority as zero.</summary>
    public static void WarnOfGaps(Terminal terminal, Release r)
    {
        foreach (var gap in r.Coverage.Where(c => c.Status is Coverage.Missing))
            terminal.Warn($"MISSING: nothing from {gap.Party} for {gap.Area}; cells that need it say [x], never zero");
        foreach (var cause in r.AffectedBy.Where(a => a.Cause is AffectedBy.Types.Cause.Withdrawn))
            terminal.Warn($"WITHDRAWN: {Names.Id(cause.Submission, "parties")} no longer stands by what it sent");
        if (r.Coverage.Any(c => c.HasUnexplainedQueries))
            terminal.Warn("some figures have queries that are not explained yet");
        WarnIfRetracted(terminal, r);
    }

    public static void WarnIfRetracted(Terminal terminal, Release r)
    {
        if (r.Retraction is { } taken)
            terminal.Warn($"RETRACTED: use nothing of {r.Name}: {taken.Reason}");
    }

    static string Onward(OnwardConsent c) =>
        $"{c.Recipient} for {c.Purpose}, by consent of {c.Originator} to {Cell.Text(RequestAnswers.Day(c.UntilDate))}";

    static string State(Release r) =>
        r.Retraction is not null ? "RETRACTED" : r.Frozen ? "FROZEN"
        : r.AffectedBy.Count > 0 ? "contributor withdrawn" : "readable";

    static string Word(AffectedBy.Types.Cause cause) => cause switch
    {
        AffectedBy.Types.Cause.Withdrawn => "withdrawn",
        AffectedBy.Types.Cause.Frozen => "frozen",
        _ => "",
    };

    static IEnumerable<string> Missing(Release r) =>
        r.Coverage.Where(c => c.Status is Coverage.Missing).Select(c => $"{c.Party}/{c.Area}");

    public static string Words(Coverage status) => status switch
    {
        Coverage.Received => "received",
        Coverage.Nil => "nil return",
        Coverage.Missing => "MISSING",
        _ => "",
    };
}
