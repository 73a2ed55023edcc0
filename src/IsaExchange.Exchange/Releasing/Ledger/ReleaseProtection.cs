using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Rounding;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>What is to be published, what proves that it may be, and what has to be kept of it.</summary>
/// <param name="Outside">Of the records that lie outside every area.</param>
sealed record ProtectedRelease(
    IReadOnlyList<PublishedTable> Tables, PublishedCell Outside, ExactCells Exact, IReadOnlyList<KnownSum> Before,
    ProtectedCells Result, ReleaseSecrets Secrets);

/// <summary>Runs a feed's regime over its tables, and the interval check over them and all that was published
/// before.</summary>
sealed class ReleaseProtection(ProtectionProfile profile, byte[] roundingKey, string dataset, CheckLimits limits)
{
    /// <param name="outside">Records outside every area.</param>
    /// <param name="isMissing">Whether something that is owed for an area has not come.</param>
    /// <param name="earlier">Releases of the same records, oldest first.</param>
    public ProtectedRelease Run(
        ReleaseShape shape, long outside, Func<string, bool> isMissing,
        IReadOnlyList<EarlierRelease> earlier, CancellationToken ct)
    {
        var knowledge = new LedgerKnowledge(shape, earlier);
        var identities = knowledge.Exact.Sums.Select(s => s.Identity).ToList();
        var exact = knowledge.Exact.With(
            MissingCells.Of(shape, isMissing),
            profile.Regime == ProtectionProfile.Suppression
                ? HeldCells.Of(knowledge.Common, knowledge.Exact, earlier, profile.Threshold)
                : new Dictionary<int, long>());
        using var rounding = new StickyRounding(roundingKey, dataset, Kept(earlier));
        var hidden = StillHidden(exact, earlier);
        var result = TableProtection.Run(exact, profile, rounding, knowledge.Before, hidden, limits, ct);
        var published = Tables(shape, result.Cells);
        var said = Outside(shape, outside, isMissing);
        var own = identities.ToHashSet(StringComparer.Ordinal);
        var secrets = new ReleaseSecrets(
            shape, profile,
            rounding.Offsets.Where(o => own.Contains(o.Key)).ToDictionary(o => o.Key, o => o.Value),
            HiddenNow(exact, result.Cells), result.Check.Certificate, result.Check.Report);
        return new ProtectedRelease(published, said, exact, knowledge.Before, result, secrets);
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
