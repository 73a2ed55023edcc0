using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Releasing;

/// <summary>How an authority's part of an area stands in a release.</summary>
public enum CoverageStatus
{
    Received = 1,
    Nil = 2,
    Missing = 3,
}

/// <summary>One line of coverage: an authority, an area, and the submissions that were used for them.</summary>
public sealed record CoverageLine(
    string Party, string Area, CoverageStatus Status, IReadOnlyList<string> Submissions, bool HasUnexplainedQueries)
{
    /// <summary>What the figures were asked about, and what was said.</summary>
    public IReadOnlyList<ReleaseQuery> Queries { get; init; } = [];

    /// <summary>Null where it is not told, or of too few records.</summary>
    public LocationShares? Locations { get; init; }
}

/// <summary>How exactly the records of the submissions used say where, in percent.</summary>
public sealed record LocationShares(int Exact, int Outward, int Unknown);

/// <summary>A submission that is there and is not used, and why.</summary>
public sealed record LeftOut(string Submission, string Reason);

/// <summary>
/// Which submissions a release is made of, and what is missing. An area is complete only when every authority that owes
/// it has accepted content (or an explicit nil return) for the whole period: missing is never zero.
/// </summary>
public sealed class Coverage
{
    internal Coverage(
        IReadOnlyList<CoverageLine> lines, IReadOnlyList<SubmissionRow> inputs, IReadOnlyList<LeftOut> leftOut) =>
        (Lines, Inputs, LeftOut) = (lines, inputs, leftOut);

    public IReadOnlyList<CoverageLine> Lines { get; }

    /// <summary>The submissions used, each once.</summary>
    public IReadOnlyList<SubmissionRow> Inputs { get; }

    /// <summary>What the revision it was sent under keeps out of this feed; it counts as missing.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    public bool IsComplete => Lines.All(l => l.Status != CoverageStatus.Missing);

    public bool IsMissing(string area) => Lines.Any(l => l.Area == area && l.Status == CoverageStatus.Missing);

    internal static async Task<Coverage> OfAsync(
        CatalogueContext db, Partnership partnership, FeedClause feed, InformationPeriod period,
        CancellationToken ct)
    {
        var agreement = partnership.Agreement;
        var (start, end) = (CreateSubmission.Iso(period.Start), CreateSubmission.Iso(period.EndExclusive));
        var submitted = await db.Submissions.Where(
            s => s.Agreement == agreement.Id && s.Dataset == feed.Dataset && s.State == SubmissionState.Submitted
                && s.FreezeTicks == null
                && string.Compare(s.PeriodStart, start) >= 0 && string.Compare(s.PeriodEnd, end) <= 0)
            .ToListAsync(ct);
        var leftOut = new List<LeftOut>();
        submitted.RemoveAll(s => IsLeftOut(s, partnership, feed, leftOut));
        var lines = new List<CoverageLine>();
        var queries = new ReleaseQueries(db, feed, period.LastDay);
        foreach (var (party, area) in Owed(agreement, feed, period))
        {
            var theirs = submitted.FindAll(
                s => s.Party == party && s.Areas.Split(',').Contains(area, StringComparer.Ordinal));
            lines.Add(await LineAsync(queries, party, area, theirs, period, ct));
        }

        var used = lines.SelectMany(l => l.Submissions).ToHashSet(StringComparer.Ordinal);
        return new Coverage(lines, submitted.FindAll(s => used.Contains(s.Name)), leftOut);
    }

    static bool IsLeftOut(SubmissionRow row, Partnership partnership, FeedClause feed, List<LeftOut> leftOut)
    {
        var (areas, own) = (row.Areas.Split(','), partnership.Registered(row.AgreementRevision)?.Agreement);
        if (!areas.Any(feed.Areas.Contains) || InputTerms.Problem(areas, own, feed) is not { } problem)
            return false;
        leftOut.Add(new LeftOut(row.Name, problem));
        return true;
    }

    static IEnumerable<(string Party, string Area)> Owed(
        SharingAgreement agreement, FeedClause feed, InformationPeriod period)
    {
        var clauses = agreement.DatasetsOwed.Where(d => d.Dataset == feed.Dataset
            && (d.From ?? DateOnly.MinValue) <= period.LastDay && (d.To ?? DateOnly.MaxValue) >= period.Start);
        return clauses.SelectMany(d => d.Areas
                .Where(a => feed.Areas.Contains(a) && agreement.IsThere(d.Party, a, period))
                .Select(a => (d.Party, a)))
            .Distinct().OrderBy(x => x.a, StringComparer.Ordinal).ThenBy(x => x.Party, StringComparer.Ordinal);
    }

    static async Task<CoverageLine> LineAsync(
        ReleaseQueries queries, string party, string area, List<SubmissionRow> theirs, InformationPeriod period,
        CancellationToken ct)
    {
        // Submitted ones never overlap for one area, so days add up: less than the period means a gap.
        var days = theirs.Sum(
            s => CreateSubmission.Day(s.PeriodEnd).DayNumber - CreateSubmission.Day(s.PeriodStart).DayNumber);
        if (days < period.EndExclusive.DayNumber - period.Start.DayNumber)
            return new CoverageLine(party, area, CoverageStatus.Missing, [], false);
        var asked = new List<ReleaseQuery>();
        foreach (var submission in theirs)
            asked.AddRange((await queries.OfAsync(submission, ct)).Where(q => q.Area.Length == 0 || q.Area == area));
        var status = theirs.TrueForAll(s => s.IsNil) ? CoverageStatus.Nil : CoverageStatus.Received;
        return new CoverageLine(
            party, area, status, [.. theirs.Select(s => s.Name).Order(StringComparer.Ordinal)],
            asked.Exists(q => q.IsOpen))
        {
            Queries = asked,
        };
    }

    /// <summary>
    /// As readers are told where zeros are not: that an authority had nothing would tell that each of its counts is
    /// zero, and what others have of every total.
    /// </summary>
    public Coverage WithoutNil() => new(
        [.. Lines.Select(l => l.Status == CoverageStatus.Nil ? l with { Status = CoverageStatus.Received } : l)],
        Inputs, LeftOut);

    /// <summary>The same coverage with how exactly each authority's records say where.</summary>
    /// <param name="located">Of each submission used that tells it.</param>
    /// <param name="feed">Where it hides counts, no share is told: it would be one more number that no check looks at.
    /// Those of a submission are of all its areas, so an authority that has sent one with areas of no concern to the
    /// feed is told of without shares.</param>
    public Coverage WithLocations(IReadOnlyDictionary<string, LocationQuality> located, FeedClause feed)
    {
        if (feed.Regime != ReleaseQueries.Open)
            return this;
        var byParty = Inputs.Where(i => located.ContainsKey(i.Id)).GroupBy(i => i.Party, StringComparer.Ordinal)
            .Where(g => g.All(i => i.Areas.Split(',').All(feed.Areas.Contains)))
            .ToDictionary(
                g => g.Key, g => g.Select(i => located[i.Id]).Aggregate((a, b) => a + b), StringComparer.Ordinal);
        return new Coverage(
            [.. Lines.Select(line => line.Status == CoverageStatus.Received && byParty.TryGetValue(
                line.Party, out var sum) ? line with { Locations = Shares(sum) } : line)],
            Inputs, LeftOut);
    }

    /// <summary>Null for so few records that a share would tell of single ones.</summary>
    internal static LocationShares? Shares(LocationQuality at) => at.Records < SharedRecordsMin
        ? null
        : new LocationShares(at.Percent(at.Exact), at.Percent(at.Outward), at.Percent(at.Unknown));

    /// <summary>Of fewer records no share is told.</summary>
    const int SharedRecordsMin = 100;
}
