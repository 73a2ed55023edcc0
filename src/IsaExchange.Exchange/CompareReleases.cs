using System.Globalization;
using System.Text.Json.Nodes;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Files;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>One side of a comparison.</summary>
public sealed record ComparedRelease(ReleaseView View, string Regime, IReadOnlyList<string> Caveats);

/// <summary>What the caller knows and wants to see all the same.</summary>
public sealed record ComparisonTerms(bool EvenIfCoverageDiffers, bool EvenIfRetracted);

/// <summary>Two releases of a feed beside each other; exists only when the events of these reads are durable.</summary>
public sealed record ReleaseComparison(ComparedRelease First, ComparedRelease Other)
{
    public required bool IsSamePeriod { get; init; }

    public required IReadOnlyList<CoverageDifference> Coverage { get; init; }

    /// <summary>Submissions that only one was made from; true: only the other.</summary>
    public required IReadOnlyList<(string Submission, bool IsAdded)> Inputs { get; init; }

    public required IReadOnlyList<TableComparison> Tables { get; init; }

    /// <summary>They rest on other returns, of one period too: a difference need not be a change of what happened.
    /// </summary>
    public bool CoverageDiffers => Coverage.Count > 0;
}

/// <summary>
/// What two releases of one feed say differently, from their files: what both were published with, and nothing else. Of
/// one period that is a revision. Two periods are compared when the same authorities and areas are in both, or when the
/// caller says that it knows better.
/// </summary>
public sealed class CompareReleases(
    AgreementGate gate, ReadRelease releases, AuditTrail trail, Freezes freezes, IObjectStore store, IKeyRing keys)
{
    const int PairsNamed = 5;

    readonly ReleaseTables _tables = new(store, keys);

    public async Task<ReleaseComparison> RunAsync(
        Caller caller, ReleaseName name, ReleaseName other, string purpose, ComparisonTerms terms,
        CancellationToken ct)
    {
        using var step = Telemetry.Step("release.compare");
        if ((name.Agreement, name.Feed) != (other.Agreement, other.Feed))
            throw ExchangeException.Invalid("NOT_ONE_FEED", "Compared are two releases of one feed.");
        var ask = gate.Request(caller, Verb.ReadRelease) with
        {
            Feed = name.Feed, Purpose = purpose.Length == 0 ? null : purpose,
        };
        var permit = await gate.AskAsync(
            caller, name.Agreement, ask, AuditActions.CompareReleases, name.ToString(), ct);
        var (first, second) = (await OpenAsync(name, ct), await OpenAsync(other, ct));
        ReleaseRow[] rows = [first.View.Row, second.View.Row];
        var coverage = CoverageDifference.Of(first.View.Coverage, second.View.Coverage);
        var isSamePeriod = (rows[0].PeriodStart, rows[0].PeriodEnd) == (rows[1].PeriodStart, rows[1].PeriodEnd);
        var reads = new List<AuditEvent>();
        foreach (var row in rows.DistinctBy(r => r.Name))
        {
            var read = AuditEvent.Of(
                AuditActions.CompareReleases, $"{row.Name}/files/manifest.json", caller, permit);
            reads.Add(read with { Purpose = purpose, Subjects = await releases.SubjectsAsync(row, ct) });
        }

        if (!isSamePeriod && coverage.Count > 0 && !terms.EvenIfCoverageDiffers)
            throw await RefusedAsync(reads, rows, coverage, ct);
        var tables = await TablesAsync(first.View, second.View, ct);
        await freezes.RecordAsync(
            ReadFrom.Releases(rows[0], rows[1]) with { EvenIfRetracted = terms.EvenIfRetracted },
            [.. reads.Select((read, i) => read with { Rows = Cells(tables, i) })], ct);
        return new ReleaseComparison(first, second)
        {
            IsSamePeriod = isSamePeriod,
            Coverage = coverage,
            Inputs = Inputs(first.View, second.View),
            Tables = tables,
        };
    }

    /// <summary>How many cells of a release were read.</summary>
    static long Cells(IReadOnlyList<TableComparison> tables, int side) =>
        tables.Sum(t => t.InBoth + (side == 0 ? t.OnlyFirst : t.OnlyOther));

    async Task<ComparedRelease> OpenAsync(ReleaseName name, CancellationToken ct)
    {
        var view = await releases.MarkedAsync(await releases.RowAsync(name, ct), ct);
        var manifest = await _tables.ManifestAsync(view.Row, view.Files, ct);
        return new ComparedRelease(
            view, (manifest["regime"] as JsonValue)?.ToString() ?? "",
            [.. (manifest["caveats"] as JsonArray ?? []).Select(c => c?.ToString() ?? "")]);
    }

    async Task<IReadOnlyList<TableComparison>> TablesAsync(ReleaseView first, ReleaseView other, CancellationToken ct)
    {
        var compared = new List<TableComparison>();
        var names = first.Files.Concat(other.Files).Select(ReleaseTables.NameOf).OfType<string>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var (a, b) = (await TableAsync(first, name, ct), await TableAsync(other, name, ct));
            if (a is not null || b is not null)
                compared.Add(TableComparison.Of(name, a, b));
        }

        return compared;
    }

    async Task<ReleaseTable?> TableAsync(ReleaseView view, string name, CancellationToken ct) =>
        view.Files.FirstOrDefault(f => ReleaseTables.NameOf(f) == name) is { } file
            ? await _tables.OpenAsync(view.Row, file, ct)
            : null;

    static List<(string Submission, bool IsAdded)> Inputs(ReleaseView first, ReleaseView other)
    {
        var (a, b) = (Names(first), Names(other));
        return [.. a.Except(b).Select(s => (s, false)), .. b.Except(a).Select(s => (s, true))];

        static List<string> Names(ReleaseView view) => [.. view.Coverage.SelectMany(l => l.Submissions)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    async Task<ExchangeException> RefusedAsync(
        List<AuditEvent> reads, ReleaseRow[] rows, IReadOnlyList<CoverageDifference> coverage, CancellationToken ct)
    {
        foreach (var read in reads)
            await trail.RecordAsync(read with { Allowed = false, Reason = "COVERAGE_DIFFERS" }, ct);
        Telemetry.Refused("COVERAGE_DIFFERS");
        var named = coverage.Take(PairsNamed).Select(c => $"{c.Party} for {c.Area} is {Word(c.First)} in "
            + $"{Number(rows[0])} and {Word(c.Other)} in {Number(rows[1])}");
        var more = coverage.Count > PairsNamed ? $"; and {coverage.Count - PairsNamed} more" : "";
        return ExchangeException.Precondition(
            "COVERAGE_DIFFERS",
            $"The two periods rest on other returns, so that their figures do not compare: {string.Join("; ", named)}"
            + $"{more}.");
    }

    static string Number(ReleaseRow row) => string.Create(CultureInfo.InvariantCulture, $"release {row.Number}");

    static string Word(CoverageStatus? status) => status is { } known ? CellWords.Of(known) : "not owed";
}
