using System.Diagnostics;
using IsaExchange.Datasets.OutsideTables;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Rounding;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>What is to be published, what proves that it may be, and what has to be kept of it.</summary>
/// <param name="Outside">Of the records that lie outside every area.</param>
/// <param name="Before">All that is known besides, in earlier releases and outside tables.</param>
sealed record ProtectedRelease(
    IReadOnlyList<PublishedTable> Tables, PublishedCell Outside, ExactCells Exact, IReadOnlyList<KnownSum> Before,
    ProtectedCells Result, ReleaseSecrets Secrets)
{
    /// <summary>How many of <see cref="Before"/> are cells of earlier releases; those behind them are outside
    /// numbers.</summary>
    public int StatementsBefore { get; init; }
}

/// <summary>Runs a feed's regime over its tables, and the interval check over them and all that was published
/// before.</summary>
sealed class ReleaseProtection(ProtectionProfile profile, byte[] roundingKey, string dataset, CheckLimits limits)
{
    /// <param name="outside">Records outside every area.</param>
    /// <param name="isMissing">Whether something that is owed for an area has not come.</param>
    /// <param name="earlier">Releases of the same records, oldest first.</param>
    /// <param name="others">Outside tables of the dataset.</param>
    public ProtectedRelease Run(
        ReleaseShape shape, long outside, Func<string, bool> isMissing,
        IReadOnlyList<EarlierRelease> earlier, IReadOnlyList<OutsideTable> others, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var tables = OutsideKnown.TablesFor(shape, profile, others, earlier);
        var knowledge = new LedgerKnowledge(shape, earlier, tables);
        var identities = knowledge.Exact.Sums.Select(s => s.Identity).ToList();
        var exact = knowledge.Exact.With(
            MissingCells.Of(shape, isMissing),
            profile.Regime == ProtectionProfile.Suppression
                ? HeldCells.Of(knowledge.Common, knowledge.Exact, earlier, profile.Threshold)
                : new Dictionary<int, long>());
        if (knowledge.Contributors is { } contributors)
            exact = exact.WithContributors(contributors, profile.Contributors);
        var told = PublicCells.Of(
            [.. exact.Sums.Select((sum, i) => sum with { Required = TableProtection.RequiredOf(exact, profile, i) }),
                .. knowledge.Before],
            knowledge.Outside.Sums, exact.Truth, limits, ct);
        exact = exact.WithPublic(told);
        var before = knowledge.Before.Select(
            (sum, i) => told.Contains(exact.Sums.Count + i) ? sum with { Required = default } : sum);
        IReadOnlyList<KnownSum> known = [.. before, .. knowledge.Outside.Sums];
        using var rounding = new StickyRounding(roundingKey, dataset, Kept(earlier));
        var hidden = StillHidden(exact, earlier);
        var left = limits with { SecondsMax = Math.Max(0, limits.SecondsMax - clock.Elapsed.TotalSeconds) };
        var result = TableProtection.Run(exact, profile, rounding, known, hidden, left, ct);
        var published = Tables(shape, result.Cells);
        var said = Outside(shape, outside, isMissing);
        var own = identities.ToHashSet(StringComparer.Ordinal);
        var secrets = new ReleaseSecrets(
            shape, profile,
            rounding.Offsets.Where(o => own.Contains(o.Key)).ToDictionary(o => o.Key, o => o.Value),
            HiddenNow(exact, result.Cells), result.Check.Certificate, result.Check.Report)
        {
            FewContributors = [.. exact.FewContributors.Order()],
            Insiders = result.Insiders,
            Outside = new OutsideKnown(tables, knowledge.Outside.LeftOut, [.. told.Order()]),
        };
        return new ProtectedRelease(published, said, exact, known, result, secrets)
        {
            StatementsBefore = knowledge.Before.Count,
        };
    }

    /// <summary>An offset once drawn stays for ever; the first one counts.</summary>
    static Dictionary<string, byte> Kept(IReadOnlyList<EarlierRelease> earlier)
    {
        var kept = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (var (identity, offset) in earlier.SelectMany(e => e.Secrets.Offsets))
            kept.TryAdd(identity, offset);
        return kept;
    }

    /// <summary>What was not shown is not shown as long as it holds the same records.</summary>
    static HashSet<string> StillHidden(ExactCells exact, IReadOnlyList<EarlierRelease> earlier)
    {
        var records = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        for (var i = 0; i < exact.Sums.Count; i++)
            records.TryAdd(exact.Sums[i].Identity, exact.Records[i]);
        return [.. earlier.SelectMany(e => e.Secrets.Hidden)
            .Where(h => records.TryGetValue(h.Key, out var now) && now == h.Value).Select(h => h.Key)];
    }

    static Dictionary<string, UInt128> HiddenNow(ExactCells exact, IReadOnlyList<PublishedCell> cells)
    {
        var hidden = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i].Status == CellStatus.Few)
                hidden.TryAdd(exact.Sums[i].Identity, exact.Records[i]);
        }

        return hidden;
    }

    static List<PublishedTable> Tables(ReleaseShape shape, IReadOnlyList<PublishedCell> cells)
    {
        var (tables, first) = (new List<PublishedTable>(), 0);
        foreach (var table in shape.Tables)
        {
            tables.Add(new PublishedTable(
                table.Name, table.Dimensions, [.. cells.Skip(first).Take(table.CellCount)]));
            first += table.CellCount;
        }

        return tables;
    }

    /// <summary>A number of no table, which no check looks at: told where every count is, when nothing is missing.
    /// </summary>
    PublishedCell Outside(ReleaseShape shape, long outside, Func<string, bool> isMissing) =>
        shape.Areas.Any(isMissing) ? PublishedCell.Missing
        : profile.Regime == ProtectionProfile.Open ? new PublishedCell(CellStatus.Shown, outside, outside, outside)
        : new PublishedCell(CellStatus.Few, null, 0, null);
}
