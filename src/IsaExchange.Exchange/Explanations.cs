using System.Globalization;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// What has been said to the queries of a submission. The last word on a query counts, those before stay. One given
/// until a day also answers the same query of later submissions of the authority's dataset: those submitted by that
/// day, unless it was ended before. What was said when something was submitted stays with it.
/// </summary>
static class Explanations
{
    /// <summary>By group, those that stand today.</summary>
    public static async Task<Dictionary<string, ExplanationRow>> StandingAsync(
        CatalogueContext db, SubmissionRow row, DateOnly today, CancellationToken ct)
    {
        var own = await db.Explanations.Where(e => e.Submission == row.Id).ToListAsync(ct);
        var standing = Latest(own).ToDictionary(e => e.Group, StringComparer.Ordinal);
        if (row.State != SubmissionState.Ready)
            return standing;
        foreach (var carried in await CarriersAsync(db, row, today, ct))
            standing.TryAdd(carried.Group, Carried(carried, row.Id, 0));
        return standing;
    }

    /// <summary>All that was said to one query, the one that stands first.</summary>
    public static async Task<IReadOnlyList<ExplanationRow>> SaidAsync(
        CatalogueContext db, SubmissionRow row, string group, DateOnly today, CancellationToken ct)
    {
        var own = await db.Explanations.Where(e => e.Submission == row.Id && e.Group == group)
            .OrderByDescending(e => e.Number).ToListAsync(ct);
        if (own.Count > 0)
            return own;
        return (await StandingAsync(db, row, today, ct)).TryGetValue(group, out var carried) ? [carried] : [];
    }

    /// <summary>With the act of submitting, what answered its queries from before becomes its own.</summary>
    public static async Task CarryAsync(
        CatalogueContext db, SubmissionRow row, IReadOnlyCollection<string> groups, DateOnly today,
        CancellationToken ct)
    {
        var own = await db.Explanations.Where(e => e.Submission == row.Id).Select(e => e.Group).ToListAsync(ct);
        foreach (var carried in await CarriersAsync(db, row, today, ct))
        {
            if (groups.Contains(carried.Group) && !own.Contains(carried.Group, StringComparer.Ordinal))
                db.Explanations.Add(Carried(carried, row.Id, 1));
        }
    }

    /// <summary>The latest of each group that is given until a day that has not passed, and not ended.</summary>
    static async Task<List<ExplanationRow>> CarriersAsync(
        CatalogueContext db, SubmissionRow row, DateOnly today, CancellationToken ct)
    {
        var given = await db.Explanations.Where(e => e.CarriedFrom == null && e.Submission != row.Id
            && db.Submissions.Any(s => s.Id == e.Submission && s.Agreement == row.Agreement && s.Party == row.Party
                && s.Dataset == row.Dataset && s.State != SubmissionState.Withdrawn))
            .ToListAsync(ct);
        var day = CreateSubmission.Iso(today);
        return [.. Latest(given)
            .Where(e => e.EndTicks is null && e.Until is { } until && string.CompareOrdinal(until, day) >= 0)
            .GroupBy(e => e.Group, StringComparer.Ordinal)
            .Select(g => g.MaxBy(e => e.Ticks)!).OrderBy(e => e.Group, StringComparer.Ordinal)];
    }

    /// <summary>Of each submission and group the last word.</summary>
    static IEnumerable<ExplanationRow> Latest(IEnumerable<ExplanationRow> rows) =>
        rows.GroupBy(e => (e.Submission, e.Group)).Select(g => g.MaxBy(e => e.Number)!);

    static ExplanationRow Carried(ExplanationRow given, string submission, int number) => new()
    {
        Submission = submission,
        Group = given.Group,
        Number = number,
        Text = given.Text,
        Actor = given.Actor,
        Ticks = given.Ticks,
        Until = given.Until,
        CarriedFrom = given.Submission,
    };

    /// <exception cref="ExchangeException">INVALID_ARGUMENT.</exception>
    public static string? ReadUntil(DateOnly? until, DateOnly today, int daysMax)
    {
        if (until is not { } day)
            return null;
        if (day < today || day > today.AddDays(daysMax))
            throw ExchangeException.Invalid(
                "UNTIL_OUT_OF_RANGE",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The last day of an explanation is today at the earliest, and in {daysMax} days at the latest."));
        return CreateSubmission.Iso(day);
    }
}
