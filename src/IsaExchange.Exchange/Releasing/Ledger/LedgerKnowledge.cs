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

    /// <param name="outside">Tables of others, of the release's period or of months in it.</param>
    public LedgerKnowledge(
        ReleaseShape release, IReadOnlyList<EarlierRelease> earlier, IReadOnlyList<OutsideTable> outside)
    {
        Common = CommonCodes.Of(
            [release, .. earlier.Select(e => e.Secrets.Shape)],
            outside.SelectMany(t => OutsideSums.DimensionsOf(t, release)));
        _contributors = release.Contributors;
        var grids = Common.Shapes.Select((shape, i) => new LedgerGrid(shape, Common.DimensionsOf(i))).ToList();
        var unknowns = Unknowns(grids);
        Outside = new OutsideSums(Common.Shapes[0], grids[0], [.. unknowns[0].Select(u => u.Single())]);
        foreach (var table in outside)
            Outside.Add(table);
        var tables = grids[0].Tables(Common.DimensionsOf(0), (_, _) => default);
        var before = new List<KnownSum>();
        var first = tables.Sum(t => t.Cells.Count);
        for (var i = 1; i < grids.Count; i++)
        {
            before.AddRange(SumsOf(
                earlier[i - 1], grids[i], Common.DimensionsOf(i), unknowns[i], first + before.Count));
        }

        Before = before;
        Exact = new ExactCells(tables, grids[0].Finest, [.. _truth], grids[0].Records, CellIdentities.Of(release));
    }

    /// <summary>The release and those before in one another's codes.</summary>
    public CommonCodes Common { get; }

    /// <summary>Of each unknown who contributed it; null where the dataset does not tell.</summary>
    public Contributors? Contributors => _contributors is null ? null : new Contributors(_of);

    /// <summary>The cells of the release, with their counts.</summary>
    public ExactCells Exact { get; }

    /// <summary>What was published before.</summary>
    public IReadOnlyList<KnownSum> Before { get; }

    /// <summary>What others have published.</summary>
    public OutsideSums Outside { get; }

    /// <summary>For each release and combination of its grid what it is made of: one unknown, or all of those that its
    /// code has become.</summary>
    int[][][] Unknowns(List<LedgerGrid> grids)
    {
        var unknowns = new int[grids.Count][][];
        for (var i = 0; i < grids.Count; i++)
        {
            if (Common.Links[i].Count == 0)
            {
                var by = ContributorsOf(grids[i]);
                unknowns[i] = [.. grids[i].Keys().Select((key, at) => new[] { Number(grids[i], at, key, by) })];
            }
        }

        for (var i = 0; i < grids.Count; i++)
            unknowns[i] ??= Linked(i, grids, unknowns);
        return unknowns;
    }

    /// <summary>
    /// A code that is no more is all of those it has become, where these hold as many records: a reader may take them
    /// for the same ones. Where they hold more or fewer, records have changed.
    /// </summary>
    int[][] Linked(int linked, List<LedgerGrid> grids, int[][][] unknowns)
    {
        var became = new List<Dictionary<string, (List<int> Unknowns, long Count)>>();
        for (var i = 0; i < grids.Count; i++)
        {
            if (Common.Links[i].Count == 0)
                became.Add(ByEarlierCode(grids[i], unknowns[i], Common.LaterColumns(linked)));
        }

        var grid = grids[linked];
        var by = ContributorsOf(grid);
        return [.. grid.Keys(Common.EarlierColumns(linked)).Zip(grid.Keys(), (Code, Own) => (Code, Own))
            .Select((key, at) => became.Find(b => b.TryGetValue(key.Code, out var to) && to.Count == grid.Counts[at])
                is { } same ? [.. same[key.Code].Unknowns] : new[] { Number(grid, at, key.Own, by) })];
    }

    static Dictionary<string, (List<int> Unknowns, long Count)> ByEarlierCode(
        LedgerGrid grid, int[][] unknowns, IReadOnlyDictionary<string, string[]> columns)
    {
        var byCode = new Dictionary<string, (List<int> Unknowns, long Count)>(StringComparer.Ordinal);
        foreach (var (at, key) in grid.Keys(columns).Index())
        {
            var (known, count) = byCode.TryGetValue(key, out var before) ? before : ([], 0);
            known.AddRange(unknowns[at]);
            byCode[key] = (known, count + grid.Counts[at]);
        }

        return byCode;
    }

    /// <summary>The unknown of a combination of a grid: the one that an earlier grid had, if its records are the
    /// same.</summary>
    /// <param name="by">For each combination who contributed it; empty where the dataset does not tell.</param>
    int Number(LedgerGrid grid, int at, string key, IReadOnlyList<string> by)
    {
        if (_unknowns.TryGetValue((key, grid.Records[at]), out var number))
            return number;
        _unknowns[(key, grid.Records[at])] = number = _truth.Count;
        _truth.Add(grid.Counts[at]);
        _of.Add(by.Count == 0 || by[at] == TableCodes.NotStated ? null : by[at]);
        return number;
    }

    IReadOnlyList<string> ContributorsOf(LedgerGrid grid) =>
        _contributors is null ? [] : [.. grid.CodesOf(_contributors)];

    static IEnumerable<KnownSum> SumsOf(
        EarlierRelease earlier, LedgerGrid grid, IReadOnlyList<string> dimensions, int[][] unknowns, int first)
    {
        var tables = grid.Tables(dimensions, (_, _) => default);
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
                    Unknowns = [.. sum.Unknowns.SelectMany(u => unknowns[u]).Order()],
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
