using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>
/// The cells of all tables of a release over the same unknown counts, and what they truly hold. CONFIDENTIAL.
/// </summary>
public sealed class ExactCells
{
    /// <param name="tables">Shapes alone: what their cells say is not looked at.</param>
    /// <param name="finest">How many finest codes each classification has.</param>
    /// <param name="truth">The count of each combination of finest codes, the last classification running fastest;
    /// behind them those of unknowns that only other releases have.</param>
    /// <param name="records">The fingerprint of its records: sums of equal records are equal.</param>
    /// <param name="identities">What each cell is of, in words that are the same in every table and release, the period
    /// among them: with it a cell that stands for all of one release is none of another.</param>
    public ExactCells(
        IReadOnlyList<CheckedTable> tables, IReadOnlyList<int> finest, long[] truth, UInt128[] records,
        IEnumerable<string> identities)
        : this(tables, Sum(tables, finest).Zip(identities, (s, i) => s with { Identity = i }), truth, records)
    {
    }

    /// <inheritdoc cref="ExactCells(IReadOnlyList{CheckedTable}, IReadOnlyList{int}, long[], UInt128[],
    /// IEnumerable{string})"/>
    /// <param name="scope">What all of the release is of, its period first.</param>
    public ExactCells(
        string scope, IReadOnlyList<CheckedTable> tables, IReadOnlyList<int> finest, long[] truth, UInt128[] records)
        : this(
            tables, Sum(tables, finest).Select(s => s with { Identity = $"{scope}: {s.Identity}" }), truth, records)
    {
    }

    ExactCells(IReadOnlyList<CheckedTable> tables, IEnumerable<KnownSum> sums, long[] truth, UInt128[] records)
    {
        (Tables, Truth, Sums) = (tables, truth, [.. sums]);
        Counts = [.. Sums.Select(s => s.Unknowns.Sum(u => truth[u]))];
        Records = [.. Sums.Select(s => s.Unknowns.Aggregate(UInt128.Zero, (sum, u) => unchecked(sum + records[u])))];
    }

    ExactCells(ExactCells of)
    {
        (Tables, Truth, Sums, Counts, Records) = (of.Tables, of.Truth, of.Sums, of.Counts, of.Records);
        (Missing, Held, Public) = (of.Missing, of.Held, of.Public);
        (Contributors, FewContributors) = (of.Contributors, of.FewContributors);
    }

    /// <summary>The same cells, and what is said of some of them whatever they hold.</summary>
    public ExactCells With(IReadOnlySet<int> missing, IReadOnlyDictionary<int, long> held) =>
        new(this) { Missing = missing, Held = held };

    /// <summary>The same cells, some of which need no protection any more.</summary>
    public ExactCells WithPublic(IReadOnlySet<int> cells) =>
        new(this) { Public = cells };

    /// <summary>The same cells, with those who contributed to them.</summary>
    /// <param name="contributors">Of each unknown.</param>
    /// <param name="least">Cells of fewer are not shown; 0: every count is, as far as they go.</param>
    public ExactCells WithContributors(Contributors contributors, int least) => new(this)
    {
        Contributors = contributors,
        FewContributors = Enumerable.Range(0, least > 0 ? Sums.Count : 0)
            .Where(i => contributors.AreFew(Sums[i].Unknowns, Truth, least)).ToHashSet(),
    };

    static IEnumerable<KnownSum> Sum(IReadOnlyList<CheckedTable> tables, IReadOnlyList<int> finest)
    {
        var first = 0;
        foreach (var table in tables)
        {
            foreach (var sum in table.Sums(finest, first))
                yield return sum;
            first += table.Cells.Count;
        }
    }

    public IReadOnlyList<CheckedTable> Tables { get; }

    public long[] Truth { get; }

    /// <summary>The cells of one table after those of another, each with the unknowns it adds up.</summary>
    public IReadOnlyList<KnownSum> Sums { get; }

    public IReadOnlyList<long> Counts { get; }

    public IReadOnlyList<UInt128> Records { get; }

    /// <summary>Cells, by position, of which something is missing: nothing is said of them.</summary>
    public IReadOnlySet<int> Missing { get; init; } = new HashSet<int>();

    /// <summary>Cells, by position, that outside numbers tell by themselves: nothing is required of them.</summary>
    public IReadOnlySet<int> Public { get; init; } = new HashSet<int>();

    /// <summary>Null where the dataset names none.</summary>
    public Contributors? Contributors { get; init; }

    /// <summary>Cells, by position, of too few contributors, or nearly all of one: protected whatever their count.
    /// </summary>
    public IReadOnlySet<int> FewContributors { get; init; } = new HashSet<int>();

    /// <summary>Exact values of an earlier release, by position, that stay although few records have changed since: the
    /// change would be a small count itself.</summary>
    public IReadOnlyDictionary<int, long> Held { get; init; } = new Dictionary<int, long>();
}
