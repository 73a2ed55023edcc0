using IsaExchange.Agreement;
using IsaExchange.Datasets.Plausibility;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What a query of plausibility was asked on: the count now, and those before. CONFIDENTIAL.</summary>
public sealed record ComparedCounts(long Count, IReadOnlyList<CountBefore> Before);

/// <summary>Null when the period is no longer there, or cannot be opened now.</summary>
public sealed record CountBefore(string Submission, InformationPeriod Period, long? Count);

/// <summary>
/// Holds what a submission counted to the accepted ones of the same authority and dataset before it. Counts are read
/// from the sealed cubes each time: the report keeps rule, area and code, and of whom it was compared with the names.
/// What was erased is gone from here too.
/// </summary>
public sealed class ComparePeriods(
    AgreementGate gate, ICatalogue catalogue, IObjectStore store, IKeyRing keys, Limits limits)
{
    /// <summary>
    /// The report with what the comparison asks, for content without errors. What it leaves out stays out for good: so
    /// only what is gone or broken is left out, and a fault that may pass is thrown. The verdict can be asked again.
    /// </summary>
    /// <exception cref="StorageFaultException">An earlier cube cannot be read now.</exception>
    /// <exception cref="KeyUnavailableException">Nor opened.</exception>
    internal async Task<(ValidationReport Report, KeptComparison? Comparison)> RunAsync(
        SubmissionRow row, DatasetSpec spec, PassResult result, CancellationToken ct)
    {
        if (spec.Plausibility is not { } plausibility
            || CubeCounts.Of(row, result.Cube, plausibility.By) is not { } now)
            return (result.Report, null);
        using var step = Telemetry.Step("submit.compare");
        var (before, without) = (new List<PeriodCounts>(), new List<NotCompared>());
        foreach (var earlier in await EarlierAsync(row, ct))
        {
            var (counts, problem) = await CountsAsync(earlier, plausibility.By, OpenAsync, ct);
            if (counts is not null)
                before.Add(counts);
            else
                without.Add(new NotCompared(earlier.Name, problem));
        }

        var findings = PeriodComparison.Of(plausibility, now, before);
        return (
            WithFindings(result.Report, findings),
            new KeptComparison([.. before.Select(b => b.Name)], without));
    }

    /// <summary>The latest accepted ones that ended before this one begins and share an area with it.</summary>
    internal Task<List<SubmissionRow>> EarlierAsync(SubmissionRow row, CancellationToken ct) => catalogue.ReadAsync(
        async db =>
        {
            var areas = row.Areas.Split(',');
            var found = new List<SubmissionRow>();
            var rows = db.Submissions.Where(
                s => s.Agreement == row.Agreement && s.Party == row.Party && s.Dataset == row.Dataset
                    && s.State == SubmissionState.Submitted && string.Compare(s.PeriodEnd, row.PeriodStart) <= 0)
                .OrderByDescending(s => s.PeriodStart).ThenByDescending(s => s.Id).AsAsyncEnumerable();
            await foreach (var earlier in rows.WithCancellation(ct))
            {
                if (earlier.Areas.Split(',').Intersect(areas, StringComparer.Ordinal).Any())
                    found.Add(earlier);
                if (found.Count == limits.PeriodsCompared)
                    break;
            }

            return found;
        },
        ct);

    /// <summary>A cube that cannot be had stands in nobody's way; that it was left out is said.</summary>
    internal Task<(PeriodCounts? Counts, string Problem)> CountsAsync(
        SubmissionRow row, string? by, CancellationToken ct) => CountsAsync(row, by, TryOpenAsync, ct);

    static async Task<(PeriodCounts? Counts, string Problem)> CountsAsync(
        SubmissionRow row, string? by, Func<SubmissionRow, CancellationToken, Task<Cube?>> open, CancellationToken ct)
    {
        if (row.FreezeTicks is not null)
            return (null, "frozen");
        if (row.IsNil)
            return (CubeCounts.Of(row, null, by), "");
        if (await open(row, ct) is not { } cube)
            return (null, "its counts cannot be opened");
        return CubeCounts.Of(row, cube, by) is { } counts ? (counts, "") : (null, "counted by other columns");
    }

    /// <summary>Null when the cube is gone, with its key or alone, or does not open.</summary>
    async Task<Cube?> OpenAsync(SubmissionRow row, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(row, WholeAsync, ct);
        }
        catch (KeyUnavailableException)
        {
            // Only the keeper of keys can tell a version that cannot be had now from one that was destroyed, or that
            // somebody disabled: an old period must not stop new ones until an operator has thought again.
            var versions = await keys.VersionsAsync(KeyNames.For(gate, row), ct);
            if (versions.Count > 0 && versions.All(v => v.IsEnabled))
                throw;
            return null;
        }
    }

    /// <summary>Null when the cube is gone, its key cannot be had, or it does not open.</summary>
    Task<Cube?> TryOpenAsync(SubmissionRow row, CancellationToken ct) => TryReadAsync(row, WholeAsync, ct);

    static async Task<Cube?> WholeAsync(Stream content, CancellationToken ct) =>
        await CubeFile.ReadAsync(content, ct);

    /// <summary>For whoever only looks: a fault that may pass is one more reason to show nothing.</summary>
    async Task<T?> TryReadAsync<T>(
        SubmissionRow row, Func<Stream, CancellationToken, Task<T?>> read, CancellationToken ct)
        where T : class
    {
        try
        {
            return await ReadAsync(row, read, ct);
        }
        catch (Exception e) when (e is KeyUnavailableException or StorageFaultException)
        {
            return null;
        }
    }

    async Task<T?> ReadAsync<T>(
        SubmissionRow row, Func<Stream, CancellationToken, Task<T?>> read, CancellationToken ct)
        where T : class
    {
        if (row.CubeObject is not { } name)
            return null;
        try
        {
            await using var content = await SealedObjects.OpenAsync(store, new ObjectName(name), keys, ct);
            return await read(content, ct);
        }
        catch (Exception e) when (e is SealBrokenException or ObjectNotFoundException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The furthest off are listed each with its place; the rest is one more query, and counted.</summary>
    ValidationReport WithFindings(ValidationReport report, IReadOnlyList<PlausibilityFinding> findings)
    {
        if (findings.Count == 0)
            return report;
        List<ViolationGroup> groups = [.. report.Groups, .. findings.Take(limits.FindingsListed).Select(Group)];
        if (findings.Count - limits.FindingsListed is var rest and > 0)
        {
            var rule = findings[limits.FindingsListed].Rule;
            groups.Add(new ViolationGroup(
                rule.Code, "", Severity.Query, rest, "More counts differ from the periods before, and less than those "
                + "that are listed.", rule.Remedy)
            {
                IsRest = true,
            });
        }

        return report with
        {
            QueryCount = report.QueryCount + findings.Count,
            Truncated = report.Truncated || findings.Count > limits.FindingsListed,
            Groups = [.. groups.OrderBy(g => g.Severity)],
        };
    }

    static ViolationGroup Group(PlausibilityFinding finding)
    {
        var where = (finding.Area.Length > 0, finding.Code.Length > 0) switch
        {
            (true, true) => $"{finding.Area}, {finding.Field} {finding.Code}: ",
            (true, false) => $"{finding.Area}: ",
            (false, true) => $"{finding.Field} {finding.Code}: ",
            _ => "",
        };
        var direction = finding.Direction.Length > 0 ? $" It is {finding.Direction}." : "";
        return new ViolationGroup(
            finding.Rule.Code, finding.Field, Severity.Query, 1, $"{where}{finding.Rule.Sentence}{direction}",
            finding.Rule.Remedy)
        {
            Area = finding.Area,
            Code = finding.Code,
            Direction = finding.Direction,
        };
    }

    /// <summary>For each query that came of comparing, by the id of its group, what was compared; and what the own cube
    /// tells beside its counts. It is opened once.</summary>
    internal async Task<(IReadOnlyDictionary<string, ComparedCounts> Counts, RecordFigures? Figures)> CountsOfAsync(
        SubmissionRow row, KeptReport report, DatasetSpec? spec, CancellationToken ct)
    {
        var counted = new Dictionary<string, ComparedCounts>(StringComparer.Ordinal);
        var asked = report.Groups.Where(g => Rules.ComesFromPeriods(g.Rule) && g.Area.Length + g.Code.Length > 0)
            .ToList();
        if (spec?.Plausibility is not { } plausibility)
            return (counted, await FiguresAsync(row, ct));
        // Where codes overlap, an area has no count as a whole.
        if (!plausibility.HasTotals)
            asked.RemoveAll(g => g.Field.Length == 0);
        if (asked.Count == 0)
            return (counted, await FiguresAsync(row, ct));
        RecordFigures? figures = null;
        var (now, _) = await CountsAsync(
            row, plausibility.By,
            async (own, token) =>
            {
                var cube = await TryOpenAsync(own, token);
                figures = cube?.Figures;
                return cube;
            },
            ct);
        if (now is null)
            return (counted, figures);
        var before = new List<(SubmissionRow Row, PeriodCounts? Counts)>();
        foreach (var name in report.Comparison?.With ?? [])
        {
            var id = SubmissionName.Parse(name).Id;
            var earlier = await catalogue.ReadAsync(db => db.Submissions.SingleAsync(s => s.Id == id, ct), ct);
            before.Add((earlier, (await CountsAsync(earlier, plausibility.By, ct)).Counts));
        }

        foreach (var group in asked)
        {
            counted[group.Id] = new ComparedCounts(
                Count(now, group, now)!.Value,
                [.. before.Select(b => new CountBefore(
                    b.Row.Name, SubmissionAccess.PeriodOf(b.Row), Count(b.Counts, group, now)))]);
        }

        return (counted, figures);
    }

    /// <summary>Null where the cube cannot be had.</summary>
    internal async Task<RecordFigures?> FiguresAsync(SubmissionRow row, CancellationToken ct) =>
        row.FreezeTicks is not null ? null : await TryReadAsync(row, CubeFile.ReadFiguresAsync, ct);

    /// <summary>Of the area and code of a group, in the areas that the submission speaks for.</summary>
    static long? Count(PeriodCounts? counts, ViolationGroup group, PeriodCounts now)
    {
        if (counts is null || (group.Area.Length > 0 && !counts.Areas.Contains(group.Area)))
            return null;
        if (group.Area.Length == 0)
            return now.Areas.Sum(area => counts.Of(area, group.Code));
        return group.Field.Length == 0 ? counts.Of(group.Area) : counts.Of(group.Area, group.Code);
    }
}
