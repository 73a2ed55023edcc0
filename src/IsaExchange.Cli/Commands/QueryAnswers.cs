using System.Globalization;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>Queries: what they were asked on, what was said to them, and how exactly a file says where.</summary>
static class QueryAnswers
{
    /// <summary>Everything said to one query, what stands first.</summary>
    public static Listing Said(ViolationGroup group)
    {
        var listing = new Listing(
            new("group", "group"), new("explanation", "explanation", Wraps: true), new("said", "said"),
            new("until", "until"), new("carried_from", "carried from"), new("ended", "ended"),
            new("stands", "stands"));
        for (var i = 0; i < group.Explanations.Count; i++)
        {
            var e = group.Explanations[i];
            listing.Add(
                Names.Last(group.Name), e.Text, SubmissionAnswers.Time(e.Time), RequestAnswers.Day(e.UntilDate),
                Names.Last(e.CarriedFrom), SubmissionAnswers.Time(e.EndTime), i == 0);
        }
        return listing;
    }

    /// <summary>What stands, with where it comes from and until when it answers later submissions too.</summary>
    public static string Standing(ViolationGroup group)
    {
        if (group.Explanations.Count == 0) return group.Explanation;
        var e = group.Explanations[0];
        var text = e.Text;
        if (e.CarriedFrom.Length > 0) text += $" (carried from {Names.Last(e.CarriedFrom)})";
        if (e.EndTime is not null) return text + " (ended)";
        return e.UntilDate is null ? text : $"{text} (until {Cell.Text(RequestAnswers.Day(e.UntilDate))})";
    }

    /// <summary>The counts now and before. Null when no query came of comparing periods.</summary>
    public static Listing? Counts(IEnumerable<ViolationGroup> groups)
    {
        var listing = new Listing(
            new("group", "group"), new("period", "period"), new("count", "count", Number: true),
            new("submission", "submission"));
        foreach (var g in groups.Where(g => g.Comparison is not null))
        {
            listing.Add(Names.Last(g.Name), "this one", g.Comparison.Count, "");
            foreach (var b in g.Comparison.Before)
            {
                listing.Add(
                    Names.Last(g.Name), WirePeriods.Cell(b.Period), b.Known ? b.Count : "not known",
                    Names.Last(b.Submission));
            }
        }
        return listing.Rows.Count == 0 ? null : listing;
    }

    /// <summary>Says with what a file was compared, and with what it could not be.</summary>
    public static void SayCompared(Terminal terminal, PeriodComparison? comparison)
    {
        if (comparison is null) return;
        terminal.Say(comparison.Submissions.Count switch
        {
            0 when comparison.NotCompared.Count > 0 => "not compared with the periods before",
            0 => "no period before this one to compare with",
            var n => $"compared with {n} before: {string.Join(", ", comparison.Submissions.Select(Names.Last))}",
        });
        foreach (var left in comparison.NotCompared)
            terminal.Warn($"not compared with {Names.Last(left.Submission)}: {left.Reason}");
    }

    /// <summary>Null where the dataset tells no places.</summary>
    public static string? Located(LocationQuality? at) =>
        at is null ? null : Located(new Datasets.Validation.LocationQuality(
            at.ExactCount, at.OutwardCount, at.UnknownCount));

    public static string Located(Datasets.Validation.LocationQuality at) => at.Records == 0
        ? "no records"
        : Shares(at.Percent(at.Exact), at.Percent(at.Outward), at.Percent(at.Unknown));

    public static string Shares(int exact, int outward, int unknown) => string.Create(
        CultureInfo.InvariantCulture, $"{exact} % exact, {outward} % outward postcode, {unknown} % unknown");
}
