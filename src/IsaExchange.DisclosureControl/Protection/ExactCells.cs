using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>
/// The cells of all tables of a release over the same unknown counts, and what they truly hold. CONFIDENTIAL.
/// </summary>
public sealed class ExactCells
{
    /// <param name="scope">What all of the release is of, its period first: with it a cell that stands for all of one
    /// release is none of another.</param>
    /// <param name="tables">Shapes alone: what their cells say is not looked at.</param>
    /// <param name="finest">How many finest codes each classification has.</param>
    /// <param name="truth">The count of each combination of finest codes, the last classification running
    /// fastest.</param>
    /// <param name="records">The fingerprint of its records: sums of equal records are equal.</param>
    public ExactCells(
        string scope, IReadOnlyList<CheckedTable> tables, IReadOnlyList<int> finest, long[] truth, UInt128[] records)
    {
        (Tables, Truth) = (tables, truth);
        var sums = new List<KnownSum>();
        foreach (var table in tables)
            sums.AddRange(table.Sums(finest, sums.Count).Select(s => s with { Identity = $"{scope}: {s.Identity}" }));
        Sums = sums;
        Counts = [.. sums.Select(s => s.Unknowns.Sum(u => truth[u]))];
        Records = [.. sums.Select(s => s.Unknowns.Aggregate(UInt128.Zero, (sum, u) => unchecked(sum + records[u])))];
    }

    public IReadOnlyList<CheckedTable> Tables { get; }

    public long[] Truth { get; }

    /// <summary>The cells of one table after those of another, each with the unknowns it adds up.</summary>
    public IReadOnlyList<KnownSum> Sums { get; }

    public IReadOnlyList<long> Counts { get; }

    public IReadOnlyList<UInt128> Records { get; }
}
