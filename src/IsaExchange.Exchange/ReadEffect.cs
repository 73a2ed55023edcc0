using IsaExchange.Agreement;
using IsaExchange.Datasets.Plausibility;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>A count of a submission beside the one it replaced and the one before it. CONFIDENTIAL.</summary>
/// <param name="Code">Empty: the whole area, or records that state none.</param>
/// <param name="Replaced">Null where nothing is replaced, or it cannot be opened.</param>
/// <param name="Before">Of the latest submission before it that speaks for the area; null where there is none.</param>
public sealed record EffectCount(string Area, string Code, long Count, long? Replaced, long? Before)
{
    /// <summary>Of records that state no code, so that the codes add up to the area.</summary>
    public bool IsNotStated { get; init; }

    /// <summary>Of <see cref="Before"/>.</summary>
    public InformationPeriod? PeriodBefore { get; init; }
}

/// <summary>Which returns a feed has for a period, and which are missing. No submission of another is named.</summary>
public sealed record FeedStanding(FeedClause Feed, InformationPeriod Period, IReadOnlyList<CoverageLine> Lines)
{
    public bool IsComplete => Lines.All(l => l.Status != CoverageStatus.Missing);
}

/// <summary>What a submission changed in the county's picture, as its own party may see it.</summary>
public sealed record EffectView(SubmissionRow Row)
{
    /// <summary>The dimension of the codes; empty: totals of areas only.</summary>
    public string By { get; init; } = "";

    public IReadOnlyList<EffectCount> Counts { get; init; } = [];

    /// <summary>There are more counts than these.</summary>
    public bool Truncated { get; init; }

    /// <summary>The submissions before it that counts are beside.</summary>
    public IReadOnlyList<SubmissionRow> Before { get; init; } = [];

    public IReadOnlyList<FeedStanding> Feeds { get; init; } = [];

    public LocationQuality? Locations { get; init; }
}

/// <summary>
/// Tells whoever has submitted what became of it: the own counts beside those before, and for each feed that the caller
/// may list whether the other returns are in. Of other authorities it says that they have sent, never what.
/// </summary>
public sealed class ReadEffect(
    AgreementGate gate, SubmissionAccess access, AuditTrail trail, ICatalogue catalogue, ComparePeriods periods,
    Limits limits)
{
    public async Task<EffectView> RunAsync(Caller caller, SubmissionName name, CancellationToken ct)
    {
        var (row, permit) = await access.PermitAsync(
            caller, name, Verb.ReadSubmission, AuditActions.ReadSubmission, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadSubmission, row.Name, caller, permit) with
            {
                Subjects = [new EventSubject(row.Party, row.Dataset)],
            },
            ct);
        if (row.State is not (SubmissionState.Submitted or SubmissionState.Superseded))
            throw ExchangeException.Precondition(
                "NOT_SUBMITTED", "Only what is submitted has changed anything. Submit it first.");
        var view = await CountsAsync(row, ct);
        return view with { Feeds = await FeedsAsync(caller, row, ct) };
    }

    async Task<EffectView> CountsAsync(SubmissionRow row, CancellationToken ct)
    {
        var plausibility = gate.Book.Datasets.Find(row.Dataset)?.Plausibility;
        var by = plausibility?.By;
        var view = new EffectView(row) { By = by ?? "", Locations = (await periods.FiguresAsync(row, ct))?.Locations };
        if (await periods.CountsAsync(row, by, ct) is not { Counts: { } now })
            return view;
        var replaced = row.Supersedes is { } old ? await OwnAsync(SubmissionName.Parse(old), by, ct) : null;
        var before = new List<(SubmissionRow Row, PeriodCounts Counts)>();
        foreach (var earlier in await periods.EarlierAsync(row, ct))
        {
            if ((await periods.CountsAsync(earlier, by, ct)).Counts is { } counts)
                before.Add((earlier, counts));
        }

        var all = Beside(now, replaced, [.. before.Select(b => b.Counts)], by, plausibility?.HasTotals ?? true);
        return view with
        {
            Before = [.. before.Select(b => b.Row)],
            Counts = [.. all.Take(limits.PageSizeMax)],
            Truncated = all.Count > limits.PageSizeMax,
        };
    }

    async Task<PeriodCounts?> OwnAsync(SubmissionName name, string? by, CancellationToken ct)
    {
        var row = await catalogue.ReadAsync(db => SubmissionQueries.FindAsync(db, name, ct), ct);
        return (await periods.CountsAsync(row, by, ct)).Counts;
    }

    /// <summary>Of each area the total, where it may have one, then its codes, as far as there is a count in any of
    /// them.</summary>
    internal static List<EffectCount> Beside(
        PeriodCounts now, PeriodCounts? replaced, IReadOnlyList<PeriodCounts> before, string? by, bool hasTotals)
    {
        var counts = new List<EffectCount>();
        foreach (var area in now.Areas.Order(StringComparer.Ordinal))
        {
            var then = before.FirstOrDefault(b => b.Areas.Contains(area));
            var was = replaced?.Areas.Contains(area) == true ? replaced : null;
            InformationPeriod? period = then is null ? null : new(then.Start, then.EndExclusive);
            if (hasTotals)
                counts.Add(new EffectCount(area, "", now.Of(area), was?.Of(area), then?.Of(area))
                {
                    PeriodBefore = period,
                });
            if (by is null)
                continue;

            // Records without a code come last.
            var codes = new[] { now, was, then }.OfType<PeriodCounts>().SelectMany(c => c.CodesOf(area))
                .Distinct(StringComparer.Ordinal).OrderBy(code => code.Length == 0)
                .ThenBy(code => code, StringComparer.Ordinal);
            counts.AddRange(codes.Select(code => new EffectCount(
                area, code, now.Of(area, code), was?.Of(area, code), then?.Of(area, code))
            {
                IsNotStated = code.Length == 0,
                PeriodBefore = period,
            }));
        }

        return counts;
    }

    /// <summary>That a return is in or missing is for every party of the agreement to know, as in its compliance
    /// report; that a feed exists is for those who may list it: a sender is shown none.</summary>
    async Task<IReadOnlyList<FeedStanding>> FeedsAsync(Caller caller, SubmissionRow row, CancellationToken ct)
    {
        var name = "agreements/" + row.Agreement;
        var permit = await gate.AskAsync(
            caller, row.Agreement, gate.Request(caller, Verb.ReadCompliance), AuditActions.ReadCompliance, name, ct);
        await trail.RecordAsync(AuditEvent.Of(AuditActions.ReadCompliance, name + "/coverage", caller, permit), ct);
        var partnership = gate.Find(row.Agreement, name);
        var (period, areas) = (PeriodOwed(partnership, row), row.Areas.Split(','));
        var standings = new List<FeedStanding>();
        foreach (var feed in partnership.Agreement.Feeds.Where(f => f.Dataset == row.Dataset
            && f.Areas.Intersect(areas, StringComparer.Ordinal).Any() && MayList(caller, row, f)))
        {
            var coverage = await catalogue.ReadAsync(
                db => Coverage.OfAsync(db, partnership, feed, period, ct), ct);
            standings.Add(new FeedStanding(feed, period, coverage.Lines));
        }

        return standings;
    }

    bool MayList(Caller caller, SubmissionRow row, FeedClause feed) => gate.Decide(
        row.Agreement, gate.Request(caller, Verb.ListFeeds) with { Feed = feed.Id }) is Permit;

    /// <summary>The whole period that the submission is owed for: a month of a quarter completes no quarter.</summary>
    static InformationPeriod PeriodOwed(Partnership partnership, SubmissionRow row)
    {
        var own = SubmissionAccess.PeriodOf(row);
        var owed = partnership.ObligationsBetween(own.Start.AddMonths(-2), own.Start).FirstOrDefault(
            o => o.Party == row.Party && o.Dataset == row.Dataset && o.Period.Contains(own.Start)
                && o.Period.Contains(own.EndExclusive.AddDays(-1)));
        return owed?.Period ?? own;
    }
}
