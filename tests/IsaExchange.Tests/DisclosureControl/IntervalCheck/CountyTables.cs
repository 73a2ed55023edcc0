using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>
/// The synthetic county of the vectors: counts by LSOA, type and month, and what others' tools would publish of them
/// as pattern files (codes, count, primary, suppressed).
/// </summary>
public sealed class CountyTables
{
    readonly List<string[]> _records;
    readonly List<string[]> _geography;
    readonly List<string> _lsoas;
    readonly List<string> _types;
    readonly List<string> _months;
    readonly Dictionary<string, string> _groupOf;

    CountyTables(string size)
    {
        _records = Read(SharedFolders.Vectors("disclosure", "county", $"table_{size}.csv"));
        _geography = Read(SharedFolders.Vectors("disclosure", "county", "geo.csv"));
        _lsoas = [.. _records.Select(r => r[0]).Distinct()];
        _types = [.. _records.Select(r => r[4]).Distinct()];
        _months = [.. _records.Select(r => r[6]).Distinct()];
        _groupOf = _records.DistinctBy(r => r[4]).ToDictionary(r => r[4], r => r[5], StringComparer.Ordinal);
        Truth = new long[_lsoas.Count * _types.Count * _months.Count];
        foreach (var r in _records)
            Truth[UnknownOf(r)] += long.Parse(r[7], System.Globalization.CultureInfo.InvariantCulture);
    }

    public static CountyTables Large { get; } = new("large");

    public static CountyTables Small { get; } = new("small");

    /// <summary>By LSOA, type and month.</summary>
    public long[] Truth { get; }

    public int[] Finest => [_lsoas.Count, _types.Count, _months.Count];

    /// <summary>A pattern file as an attacker reads it.</summary>
    /// <param name="zerosAreShown">Then a hidden cell is at least 1.</param>
    public AttackerKnowledge Pattern(string file, int width, bool zerosAreShown = true)
    {
        var rows = Read(SharedFolders.Vectors("disclosure", file));
        var dimensions = rows[0].Length - 3;
        var published = rows.ToDictionary(
            r => string.Join('|', r[..dimensions]), r => (Count: r[^3], IsPrimary: Says(r[^2]), IsHidden: Says(r[^1])),
            StringComparer.Ordinal);
        CheckedDimension[] columns =
            [Areas(rows), Types(rows), .. dimensions > 2 ? (CheckedDimension[])[Months()] : []];
        return Knowledge(columns, codes =>
        {
            var (count, isPrimary, isHidden) = published[string.Join('|', codes)];
            var exact = long.Parse(count, System.Globalization.CultureInfo.InvariantCulture);
            return isHidden
                ? new CellStatement(zerosAreShown ? 1 : 0, null, isPrimary ? width : 0)
                : new CellStatement(exact, exact, isPrimary ? width : 0);
        });
    }

    /// <summary>The cells of the table that a pattern file is of, and what they truly hold.</summary>
    public ExactCells Exact(string file)
    {
        var rows = Read(SharedFolders.Vectors("disclosure", file));
        CheckedDimension[] columns =
            [Areas(rows), Types(rows), .. rows[0].Length > 5 ? (CheckedDimension[])[Months()] : []];
        var cells = columns.Aggregate(1, (count, column) => count * column.Codes.Count);
        var table = new CheckedTable("county", columns, [.. Enumerable.Repeat(new CellStatement(0, null), cells)]);
        var random = new Random(7);
        UInt128[] records = [.. Truth.Select(n => n == 0
            ? UInt128.Zero : new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))];
        return new ExactCells("2026-01..2026-03", [table], Finest, Truth, records);
    }

    public AttackerKnowledge Knowledge(CheckedDimension[] columns, Func<string[], CellStatement> published)
    {
        IEnumerable<string[]> cells = [[]];
        foreach (var column in columns)
            cells = [.. cells.SelectMany(cell => column.Codes.Select(code => (string[])[.. cell, code.Code]))];
        var table = new CheckedTable("county", columns, [.. cells.Select(published)]);
        return new AttackerKnowledge([.. table.Sums(Finest)], Truth);
    }

    public CheckedDimension Types(IEnumerable<string[]>? rows = null)
    {
        var groups = _groupOf.Values.Distinct().Order(StringComparer.Ordinal).ToList();
        var isWhole = rows is null || rows.Any(r => r[1] == groups[0]);
        List<CheckedCode> codes = [.. _types.Select((t, i) => new CheckedCode(t, [i]))];
        if (isWhole)
            codes.AddRange(groups.Select(g => Over(g, codes, _types, t => _groupOf[t] == g)));
        codes.Add(new CheckedCode("Total", [.. Enumerable.Range(0, _types.Count)])
        {
            Splits = [isWhole
                ? [.. Enumerable.Range(_types.Count, groups.Count)]
                : [.. Enumerable.Range(0, _types.Count)]],
        });
        return new CheckedDimension("type", 1, codes);
    }

    public CheckedDimension Months()
    {
        var codes = _months.Select((m, i) => new CheckedCode(m, [i])).ToList();
        int[] all = [.. Enumerable.Range(0, _months.Count)];
        return new CheckedDimension("month", 2, [.. codes, new CheckedCode("Total", all) { Splits = [all] }]);
    }

    /// <summary>Whichever levels of areas the file has: LSOAs, MSOAs, wards, districts, the whole.</summary>
    public CheckedDimension Areas(IReadOnlyList<string[]> rows)
    {
        var named = rows.Select(r => r[0]).ToHashSet(StringComparer.Ordinal);
        var codes = new List<CheckedCode>();
        var levels = new List<(int Column, List<string> Codes)>();
        foreach (var column in (int[])[0, 1, 2, 3])
        {
            var level = _geography.Where(g => _lsoas.Contains(g[0])).Select(g => g[column]).Distinct()
                .Where(named.Contains).ToList();
            if (level.Count == 0)
                continue;
            foreach (var area in level)
                codes.Add(Area(area, column, levels, codes));
            levels.Add((column, level));
        }

        var whole = new CheckedCode("Total", [.. Enumerable.Range(0, _lsoas.Count)])
        {
            Splits = [.. levels.Select(l => l.Codes.Select(c => codes.FindIndex(x => x.Code == c)).ToArray())],
        };
        return new CheckedDimension("area", 0, [.. codes, whole]);
    }

    CheckedCode Area(string area, int column, List<(int Column, List<string> Codes)> levels, List<CheckedCode> codes)
    {
        var inside = _geography.Where(g => g[column] == area && _lsoas.Contains(g[0])).ToList();
        int[] lsoas = [.. inside.Select(g => _lsoas.IndexOf(g[0])).Order()];
        var splits = levels
            .Select(l => (Parts: inside.Select(g => g[l.Column]).Distinct().ToList(), l.Column))
            .Where(l => l.Parts.Sum(p => _geography.Count(g => g[l.Column] == p)) == lsoas.Length)
            .Select(l => l.Parts.Select(p => codes.FindIndex(c => c.Code == p)).ToArray());
        return new CheckedCode(area, lsoas) { Splits = [.. splits] };
    }

    static CheckedCode Over(string code, List<CheckedCode> codes, List<string> finest, Func<string, bool> isIn)
    {
        int[] inside = [.. Enumerable.Range(0, finest.Count).Where(i => isIn(finest[i]))];
        return new CheckedCode(code, inside) { Splits = [inside] };
    }

    int UnknownOf(string[] r) =>
        (((_lsoas.IndexOf(r[0]) * _types.Count) + _types.IndexOf(r[4])) * _months.Count) + _months.IndexOf(r[6]);

    static bool Says(string word) => word.ToUpperInvariant() is "TRUE" or "1";

    static List<string[]> Read(string file) =>
        [.. File.ReadLines(file).Skip(1).Select(l => l.Replace("\"", "", StringComparison.Ordinal).Split(','))];
}
