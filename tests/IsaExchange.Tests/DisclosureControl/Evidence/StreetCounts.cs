using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.DisclosureControl.Evidence;

/// <summary>A force's street-level crime of one quarter by LSOA, type and month, with the areas above.</summary>
public sealed class StreetCounts
{
    static readonly string[] Files = ["2018-10", "2018-11", "2018-12"];
    static readonly Lazy<StreetCounts> Once = new(() => new StreetCounts());

    readonly List<string[]> _areas;
    readonly List<string> _types;

    StreetCounts()
    {
        var partnerships = Read("geo", "lad18_csp18_pfa18.csv").Where(r => r[5] == "Hampshire")
            .ToDictionary(r => r[0], r => r[2], StringComparer.Ordinal);
        _areas = [.. Read("geo", "lsoa11_ward18_lad18.csv").Where(r => partnerships.ContainsKey(r[^3]))
            .Select(r => (string[])[r[0], r[2], r[^3], partnerships[r[^3]]]).DistinctBy(r => r[0])];
        var at = _areas.Select((r, i) => (r[0], i)).ToDictionary(x => x.Item1, x => x.i, StringComparer.Ordinal);
        var records = Files.SelectMany((file, month) => Read("police", $"{file}-hampshire-street.csv")
            .Where(r => at.ContainsKey(r[7])).Select(r => (Area: at[r[7]], Type: r[9], Month: month))).ToList();
        _types = [.. records.Select(r => r.Type).Distinct().Order(StringComparer.Ordinal)];
        Truth = new long[_areas.Count * _types.Count * Files.Length];
        foreach (var (area, type, month) in records)
            Truth[(((area * _types.Count) + _types.IndexOf(type)) * Files.Length) + month]++;
    }

    public static StreetCounts Quarter => Once.Value;

    public long[] Truth { get; }

    int[] Finest => [_areas.Count, _types.Count, Files.Length];

    public CheckedTable PartnershipsByType => Table("csp-type", Areas(3), Types);

    public CheckedTable DistrictsByTypeAndMonth => Table("district-type-month", Areas(2), Types, Months);

    public CheckedTable Wards => Table("ward", Areas(1));

    public CheckedTable SmallAreas => Table("lsoa", Areas(0));

    public ExactCells Exact(params CheckedTable[] tables)
    {
        var random = new Random(7);
        UInt128[] records = [.. Truth.Select(n => n == 0
            ? UInt128.Zero : new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))];
        return new ExactCells("2018-10..2018-12", tables, Finest, Truth, records);
    }

    /// <summary>Cells that are no totals: with totals events would count more than once.</summary>
    public IEnumerable<int> Inner(ExactCells exact, CheckedTable table)
    {
        var first = exact.Tables.TakeWhile(t => t.Name != table.Name).Sum(t => t.Cells.Count);
        return Enumerable.Range(first, table.Cells.Count)
            .Where(i => !exact.Sums[i].Name.Contains("Total", StringComparison.Ordinal));
    }

    /// <summary>Each single count as anybody can look it up.</summary>
    public IReadOnlyList<KnownSum> Street() => [.. Truth.Select((n, i) => new KnownSum($"street {i}", [i], n, n))];

    CheckedDimension Types => Flat("type", 1, _types);

    static CheckedDimension Months => Flat("month", 2, Files);

    CheckedDimension Areas(int level)
    {
        var codes = _areas.Select((r, i) => (Code: r[level], i)).GroupBy(x => x.Code, x => x.i, StringComparer.Ordinal)
            .Select(g => new CheckedCode(g.Key, [.. g])).ToList();
        return new CheckedDimension("area", 0, [.. codes, All(_areas.Count, codes.Count)]);
    }

    static CheckedDimension Flat(string name, int classification, IReadOnlyList<string> codes) => new(
        name, classification,
        [.. codes.Select((code, i) => new CheckedCode(code, [i])), All(codes.Count, codes.Count)]);

    static CheckedCode All(int finest, int codes) =>
        new("Total", [.. Enumerable.Range(0, finest)]) { Splits = [[.. Enumerable.Range(0, codes)]] };

    static CheckedTable Table(string name, params CheckedDimension[] dimensions)
    {
        var cells = dimensions.Aggregate(1, (n, d) => n * d.Codes.Count);
        return new CheckedTable(name, dimensions, [.. Enumerable.Repeat(new CellStatement(0, null), cells)]);
    }

    /// <summary>Of these files no cell that is read holds a comma but at the end of a record.</summary>
    static IEnumerable<string[]> Read(string folder, string file) =>
        File.ReadLines(SharedFolders.Data(folder, file)).Skip(1).Select(line => line.TrimStart('\uFEFF').Split(','));
}
