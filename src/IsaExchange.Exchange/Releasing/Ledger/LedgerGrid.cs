using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// The atoms of one release, summed over every dimension that no table in question has: what is unknown to a reader is
/// one count for each combination of what is left.
/// </summary>
sealed class LedgerGrid
{
    /// <summary>More unknown counts than any sensible menu of tables has.</summary>
    const int CellsMax = 4_000_000;

    readonly ReleaseShape _shape;
    readonly List<Projection> _axes = [];

    /// <summary>An axis summed over all of its dimensions but these.</summary>
    sealed record Projection(string Axis, string[] Dimensions, List<string[]> Codes, int[] PlaceOfElement);

    /// <param name="shape">Of the release.</param>
    /// <param name="dimensions">All that a table in question has, and those in which releases differ.</param>
    /// <exception cref="ExchangeException">There are more unknown counts than can be looked after.</exception>
    public LedgerGrid(ReleaseShape shape, IReadOnlyList<string> dimensions)
    {
        _shape = shape;
        foreach (var axis in shape.Axes)
            _axes.Add(Projected(axis, [.. dimensions.Select(axis.IndexOf).Where(at => at >= 0)]));
        var cells = 1L;
        foreach (var axis in _axes)
            cells *= Math.Max(1, axis.Codes.Count);
        if (cells > CellsMax)
            throw ExchangeException.Precondition(
                "TABLES_TOO_FINE",
                $"The feed's tables, and outside tables beside them, have more than {CellsMax} combinations: make them "
                + "coarser.");
        (Counts, Records) = (new long[cells], new UInt128[cells]);
        foreach (var atom in shape.Atoms)
        {
            var at = 0;
            for (var a = 0; a < _axes.Count; a++)
                at = (at * _axes[a].Codes.Count) + _axes[a].PlaceOfElement[atom.Elements[a]];
            Counts[at] = checked(Counts[at] + atom.Count);
            Records[at] = unchecked(Records[at] + atom.Records);
        }
    }

    /// <summary>CONFIDENTIAL: the count of each combination, the last axis running fastest.</summary>
    public long[] Counts { get; }

    public UInt128[] Records { get; }

    /// <summary>How many combinations of each axis there are.</summary>
    public IReadOnlyList<int> Finest => _axes.ConvertAll(a => a.Codes.Count);

    static Projection Projected(ShapeAxis axis, int[] columns)
    {
        var codes = new List<string[]>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var places = new int[axis.Elements.Count];
        for (var e = 0; e < places.Length; e++)
        {
            string[] kept = [.. columns.Select(c => axis.Elements[e][c])];
            var key = string.Join('|', kept);
            if (!known.TryGetValue(key, out places[e]))
            {
                known[key] = places[e] = codes.Count;
                codes.Add(kept);
            }
        }

        // An axis of which nothing came, such as one of periods, still has its one place.
        if (codes.Count == 0)
            codes.Add([]);
        return new Projection(axis.Name, [.. columns.Select(c => axis.Dimensions[c])], codes, places);
    }

    /// <summary>Places of an axis all of whose codes, each with the name of its dimension, are meant.</summary>
    public int[] PlacesWhere(int axis, Func<string, string, bool> isMeant)
    {
        var (codes, columns) = (_axes[axis].Codes, _axes[axis].Dimensions);
        return [.. Enumerable.Range(0, codes.Count)
            .Where(place => codes[place].Zip(columns).All(x => isMeant(x.Second, x.First)))];
    }

    /// <summary>For each combination its code of a dimension.</summary>
    public IEnumerable<string> CodesOf(string dimension)
    {
        var axis = _axes.FindIndex(a => a.Dimensions.Contains(dimension));
        var column = Array.IndexOf(_axes[axis].Dimensions, dimension);
        var behind = _axes.Skip(axis + 1).Aggregate(1, (n, a) => n * a.Codes.Count);
        return Enumerable.Range(0, Counts.Length)
            .Select(at => _axes[axis].Codes[at / behind % _axes[axis].Codes.Count][column]);
    }

    /// <summary>For each combination a text that is the same in every release.</summary>
    public IEnumerable<string> Keys() => Keys(new Dictionary<string, string[]>(StringComparer.Ordinal));

    /// <param name="told">By axis the dimensions that alone are in the text; those of other axes all are.</param>
    public IEnumerable<string> Keys(IReadOnlyDictionary<string, string[]> told)
    {
        var keys = new List<string> { "" };
        // An axis that is summed up tells nothing, and releases may differ in those that they have.
        foreach (var axis in _axes.Where(a => a.Dimensions.Length > 0))
        {
            int[] columns = told.TryGetValue(axis.Axis, out var names)
                ? [.. names.Select(name => Array.IndexOf(axis.Dimensions, name))]
                : [.. Enumerable.Range(0, axis.Dimensions.Length)];
            var own = axis.Codes.ConvertAll(c => string.Join('|', columns.Select(at => c[at])));
            keys = [.. keys.SelectMany(before => own.Select(code => before + "/" + code))];
        }

        return keys;
    }

    /// <summary>The tables as sums over these combinations, with what is said of each cell.</summary>
    public IReadOnlyList<CheckedTable> Tables(
        IReadOnlyList<string> dimensions, Func<ShapeTable, int, CellStatement> said) =>
        [.. _shape.Tables.Select(table => new CheckedTable(
            table.Name, [.. table.Dimensions.Select(d => Dimension(d, dimensions))],
            [.. Enumerable.Range(0, table.CellCount).Select(cell => said(table, cell))]))];

    CheckedDimension Dimension(TableDimension dimension, IReadOnlyList<string> dimensions)
    {
        var at = _shape.Axes.ToList().FindIndex(a => a.IndexOf(dimension.Name) >= 0);
        var axis = _shape.Axes[at];
        var column = dimensions.Where(d => axis.IndexOf(d) >= 0).ToList().IndexOf(dimension.Name);
        var places = _axes[at].Codes.Select((codes, i) => (Code: codes[column], i))
            .ToLookup(x => x.Code, x => x.i, StringComparer.Ordinal);
        List<CheckedCode> codes = [.. dimension.Codes.Select(c => new CheckedCode(c, [.. places[c]]))];
        if (dimension.TotalCode is { } total)
        {
            int[] all = [.. Enumerable.Range(0, _axes[at].Codes.Count)];
            var covers = codes.Sum(c => c.Finest.Length) == all.Length;
            codes.Add(new CheckedCode(total, all)
            {
                Splits = covers ? [[.. Enumerable.Range(0, codes.Count).Where(c => codes[c].Finest.Length > 0)]] : [],
            });
        }

        return new CheckedDimension(dimension.Name, at, codes);
    }
}
