using System.Globalization;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>An explanation of an earlier submission that answers the query of this one, unless it has outgrown
/// it.</summary>
/// <param name="Explained">What the query counted when it was explained.</param>
/// <param name="IsOutgrown">It counts more than <see cref="Explanations.GrowthMax"/> times that now: it stays
/// open.</param>
sealed record CarriedExplanation(ExplanationRow Given, long Explained, bool IsOutgrown)
{
    public string Words => string.Create(
        CultureInfo.InvariantCulture,
        $" What was said of {Explained}, until {Given.Until}, does not answer more than twice as many.");
}

/// <summary>
/// What has been said to the queries of a submission. The last word on a query counts, those before stay. One given
/// until a day also answers the same query of later submissions of the authority's dataset, in no other areas: those
/// submitted by that day, unless it was ended before. Only what was submitted speaks for others. What was said when
/// something was submitted stays with it.
/// </summary>
static class Explanations
{
    /// <summary>What was said of some records does not answer for many times as many.</summary>
    public const int GrowthMax = 2;

    /// <summary>By group, those that stand today.</summary>
    public static async Task<Dictionary<string, ExplanationRow>> StandingAsync(
        CatalogueContext db, SubmissionRow row, DateOnly today, CancellationToken ct)
    {
        var own = await db.Explanations.Where(e => e.Submission == row.Id).ToListAsync(ct);
        var standing = LastWords(own).ToDictionary(e => e.Group, StringComparer.Ordinal);
        foreach (var carried in await CarriedAsync(db, row, today, ct))
        {
            if (!carried.IsOutgrown)
                standing.TryAdd(carried.Given.Group, Carried(carried.Given, row.Id, 0));
        }

        return standing;
    }

    /// <summary>All that was said to a submission itself, by group the one that stands first; what was carried to it
    /// with the end that it has come to since.</summary>
    public static async Task<ILookup<string, ExplanationRow>> OwnAsync(
        CatalogueContext db, SubmissionRow row, CancellationToken ct)
    {
        var own = await db.Explanations.Where(e => e.Submission == row.Id).OrderByDescending(e => e.Number)
            .ToListAsync(ct);
        var sources = own.Select(e => e.CarriedFrom).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        List<ExplanationRow> ended = sources.Count == 0
            ? []
            : await db.Explanations.Where(e => sources.Contains(e.Submission) && e.EndTicks != null).ToListAsync(ct);
        return own.Select(WithEnd).ToLookup(e => e.Group, StringComparer.Ordinal);

        ExplanationRow WithEnd(ExplanationRow kept) =>
            ended.Find(e => e.Submission == kept.CarriedFrom && e.Group == kept.Group && e.Ticks == kept.Ticks) is { } e
                ? Carried(e, row.Id, kept.Number)
                : kept;
    }

    /// <summary>All that was said to one query, the one that stands first.</summary>
    public static async Task<IReadOnlyList<ExplanationRow>> SaidAsync(
        CatalogueContext db, SubmissionRow row, string group, DateOnly today, CancellationToken ct)
    {
        var own = await OwnAsync(db, row, ct);
        if (own.Contains(group))
            return [.. own[group]];
        return (await StandingAsync(db, row, today, ct)).TryGetValue(group, out var carried) ? [carried] : [];
    }

    /// <summary>With the act of submitting, what answered its queries from before becomes its own.</summary>
    public static async Task CarryAsync(
        CatalogueContext db, SubmissionRow row, IReadOnlyCollection<string> groups, DateOnly today,
        CancellationToken ct)
    {
        var own = await db.Explanations.Where(e => e.Submission == row.Id).Select(e => e.Group).ToListAsync(ct);
        foreach (var carried in await CarriedAsync(db, row, today, ct))
        {
            var group = carried.Given.Group;
            if (!carried.IsOutgrown && groups.Contains(group) && !own.Contains(group, StringComparer.Ordinal))
                db.Explanations.Add(Carried(carried.Given, row.Id, 1));
        }
    }

    /// <summary>Of each group what was said last, when that is given until a day that has not passed, and is not
    /// ended: whoever says it anew or ends it ends what was said before too. None for what is submitted.</summary>
    public static async Task<IReadOnlyList<CarriedExplanation>> CarriedAsync(
        CatalogueContext db, SubmissionRow row, DateOnly today, CancellationToken ct)
    {
        if (row.State != SubmissionState.Ready)
            return [];
        var (day, areas) = (CreateSubmission.Iso(today), row.Areas.Split(','));
        var given = await db.Explanations.Where(e => e.CarriedFrom == null && e.Submission != row.Id)
            .Join(
                db.Submissions.Where(s => s.Agreement == row.Agreement && s.Party == row.Party
                    && s.Dataset == row.Dataset
                    && (s.State == SubmissionState.Submitted || s.State == SubmissionState.Superseded)),
                e => e.Submission, s => s.Id, (e, s) => new { Said = e, s.Areas })
            .ToListAsync(ct);
        var standing = given.Where(g => areas.All(g.Areas.Split(',').Contains)).Select(g => g.Said)
            .GroupBy(e => e.Group, StringComparer.Ordinal)
            .Select(g => g.OrderBy(e => e.Ticks).ThenBy(e => e.Number).Last())
            .Where(e => e.EndTicks is null && e.Until is { } until && string.CompareOrdinal(until, day) >= 0)
            .OrderBy(e => e.Group, StringComparer.Ordinal).ToList();
        if (standing.Count == 0)
            return [];
        var (carried, now) = (new List<CarriedExplanation>(), await GroupsAsync(db, row.Id, ct));
        foreach (var e in standing)
        {
            if (now.GetValueOrDefault(e.Group) is not { IsRest: false } asked)
                continue;
            if ((await GroupsAsync(db, e.Submission, ct)).GetValueOrDefault(e.Group) is { } then)
                carried.Add(new CarriedExplanation(e, then.Count, asked.Count > GrowthMax * then.Count));
        }

        return carried;
    }

    static async Task<Dictionary<string, ViolationGroup>> GroupsAsync(
        CatalogueContext db, string submission, CancellationToken ct)
    {
        var kept = await db.Reports.SingleOrDefaultAsync(r => r.Submission == submission, ct);
        var groups = kept is null ? [] : ReportJson.FromRow(kept).Groups;
        return groups.DistinctBy(g => g.Id, StringComparer.Ordinal).ToDictionary(g => g.Id, StringComparer.Ordinal);
    }

    static IEnumerable<ExplanationRow> LastWords(IEnumerable<ExplanationRow> own) =>
        own.GroupBy(e => e.Group, StringComparer.Ordinal).Select(g => g.MaxBy(e => e.Number)!);

    /// <summary>As it stands at the submission that it was carried to.</summary>
    public static ExplanationRow Carried(ExplanationRow given, string submission, int number) => new()
    {
        Submission = submission,
        Group = given.Group,
        Number = number,
        Text = given.Text,
        Actor = given.Actor,
        Ticks = given.Ticks,
        Until = given.Until,
        CarriedFrom = given.Submission,
        EndTicks = given.EndTicks,
    };

    /// <exception cref="ExchangeException">INVALID_ARGUMENT.</exception>
    public static void CheckUntil(DateOnly? until, DateOnly today, int daysMax)
    {
        if (until is { } day && (day < today || day > today.AddDays(daysMax)))
            throw ExchangeException.Invalid(
                "UNTIL_OUT_OF_RANGE",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The last day of an explanation is today at the earliest, and in {daysMax} days at the latest."));
    }
}
