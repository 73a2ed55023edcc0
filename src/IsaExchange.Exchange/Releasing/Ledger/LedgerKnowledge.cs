using IsaExchange.Datasets.OutsideTables;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>A release that was published before, and what the ledger says of its cells.</summary>
/// <param name="Name">For people.</param>
/// <param name="Secrets">What it was made of.</param>
/// <param name="Said">By table and cell key; a cell that is not there is missing.</param>
sealed record EarlierRelease(
    string Name, ReleaseSecrets Secrets, IReadOnlyDictionary<(string Table, string CellKey), Statement> Said)
{
    /// <summary>What it says of a cell; null of one that is missing.</summary>
    public Statement? Of(string table, string key) =>
        Said.TryGetValue((table, key), out var said) && said.Status != CellStatus.Missing ? said : null;

    /// <summary>What a cell of it must leave possible.</summary>
    /// <param name="isPublic">Whether outside tables told it by themselves when it was published.</param>
    /// <param name="fewContributors">Whether too few contribute to it.</param>
    public RequiredInterval RequiredOf(
        bool isPublic, bool fewContributors, Statement? said, long count) => said?.Status switch
    {
        null => default,
        _ when isPublic => default,
        CellStatus.Held => new RequiredInterval(Secrets.Profile.Width),
        _ => Secrets.Profile.RequiredOf(count, fewContributors),
    };

    /// <summary>Whether it was published in the year of the release that is compared with it.</summary>
    public bool IsOfThisYear { get; init; }
}

/// <summary>
/// All that is known of the counts behind a release: its own cells, and every cell of every release before it. A count
/// whose records have not changed since is one unknown in both; one whose records have, another. So who reads it is
/// taken to know which have changed.
/// </summary>
sealed class LedgerKnowledge
{
    readonly Dictionary<(string Key, UInt128 Records), int> _unknowns = [];
    readonly List<long> _truth = [];
    readonly List<string?> _of = [];
    readonly string? _contributors;
    readonly IReadOnlyList<string> _dimensions;

    /// <param name="outside">Tables of others, of the release's period or of months in it.</param>
    public LedgerKnowledge(
        ReleaseShape release, IReadOnlyList<EarlierRelease> earlier, IReadOnlyList<OutsideTable> outside)
    {
        _dimensions = Dimensions(
            [release, .. earlier.Select(e => e.Secrets.Shape)],
            outside.SelectMany(t => OutsideSums.DimensionsOf(t, release)));
        _contributors = release.Contributors;
        var grid = new LedgerGrid(release, _dimensions);
        Outside = new OutsideSums(release, grid, Numbers(grid));
        foreach (var table in outside)
            Outside.Add(table);
        var tables = grid.Tables(_dimensions, (_, _) => default);
        var before = new List<KnownSum>();
        var first = tables.Sum(t => t.Cells.Count);
        foreach (var one in earlier)
            before.AddRange(SumsOf(one, first + before.Count));
        Before = before;
        Exact = new ExactCells(tables, grid.Finest, [.. _truth], grid.Records, CellIdentities.Of(release));
    }

    /// <summary>Of each unknown who contributed it; null where the dataset does not tell.</summary>
    public Contributors? Contributors => _contributors is null ? null : new Contributors(_of);

    /// <summary>The cells of the release, with their counts.</summary>
    public ExactCells Exact { get; }

    /// <summary>What was published before.</summary>
    public IReadOnlyList<KnownSum> Before { get; }

    /// <summary>What others have published.</summary>
    public OutsideSums Outside { get; }

    /// <summary>Those of any table, and those in which the releases differ.</summary>
    static List<string> Dimensions(IReadOnlyList<ReleaseShape> shapes, IEnumerable<string> outside)
    {
        var used = shapes.SelectMany(s => s.Tables).SelectMany(t => t.Dimensions).Select(d => d.Name).Concat(outside)
            .ToHashSet(StringComparer.Ordinal);
        if (shapes[0].Contributors is { } contributors)
            used.Add(contributors);
        if (shapes.Select(s => string.Join(',', s.Areas.Order(StringComparer.Ordinal))).Distinct().Count() > 1)
            used.Add(ReleaseShape.Place);
        if (shapes.DistinctBy(s => (s.FirstDay, s.LastDay)).Count() > 1)
            used.Add(shapes[0].Time.Name);
        if (used.FirstOrDefault(d => shapes.Any(s => s.Axes.All(a => a.IndexOf(d) < 0))) is { } unknown)
            throw ExchangeException.Precondition(
                "RELEASES_NOT_COMPARABLE",
                $"A release of the same records was made without {unknown}: both together cannot be checked.");
        Comparison.Require(shapes, used);
        return [.. shapes[0].Axes.SelectMany(a => a.Dimensions).Where(used.Contains)];
    }

    /// <summary>For each combination of the grid its unknown: the one that an earlier grid had, if its records are the
    /// same.</summary>
    int[] Numbers(LedgerGrid grid)
    {
        var numbers = new int[grid.Counts.Length];
        var at = 0;
        using var of = _contributors is null ? null : grid.CodesOf(_contributors).GetEnumerator();
        foreach (var key in grid.Keys())
        {
            of?.MoveNext();
            if (!_unknowns.TryGetValue((key, grid.Records[at]), out var number))
            {
                _unknowns[(key, grid.Records[at])] = number = _truth.Count;
                _truth.Add(grid.Counts[at]);
                _of.Add(of?.Current is null or TableCodes.NotStated ? null : of.Current);
            }

            numbers[at++] = number;
        }

        return numbers;
    }

    IEnumerable<KnownSum> SumsOf(EarlierRelease earlier, int first)
    {
        var grid = new LedgerGrid(earlier.Secrets.Shape, _dimensions);
        var numbers = Numbers(grid);
        var tables = grid.Tables(_dimensions, (_, _) => default);
        var cell = -1;
        var (told, few) = (
            earlier.Secrets.Outside.PublicCells.ToHashSet(), earlier.Secrets.FewContributors.ToHashSet());
        foreach (var (shape, table) in earlier.Secrets.Shape.Tables.Zip(tables))
        {
            foreach (var (sum, key) in table.Sums(grid.Finest, first).Zip(CellKeys(shape)))
            {
                var said = earlier.Of(shape.Name, key);
                cell++;
                yield return sum with
                {
                    Name = $"{earlier.Name}, {sum.Name}",
                    Lo = said?.Lo ?? 0,
                    Hi = said?.Hi,
                    Unknowns = [.. sum.Unknowns.Select(u => numbers[u]).Order()],
                    Required = earlier.RequiredOf(
                        told.Contains(cell), few.Contains(cell), said, sum.Unknowns.Sum(u => grid.Counts[u])),
                };
            }

            first += table.Cells.Count;
        }
    }

    /// <summary>The codes of each cell of a table as the ledger writes them.</summary>
    public static IEnumerable<string> CellKeys(ShapeTable table)
    {
        IEnumerable<string> keys = [""];
        foreach (var dimension in table.Dimensions)
        {
            IReadOnlyList<string> codes = dimension.TotalCode is { } total
                ? [.. dimension.Codes, total] : dimension.Codes;
            keys = [.. keys.SelectMany(before => codes.Select(c => before.Length == 0 ? c : $"{before}|{c}"))];
        }

        return keys;
    }
}
