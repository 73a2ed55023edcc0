using System.Globalization;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.DisclosureControl.Evidence;

/// <summary>
/// Exclusions from schools by authority, school year, type of school and reason, as a ministry published them: x for
/// one or two, and the total over types beside.
/// </summary>
public sealed class ExclusionFile
{
    const string Mark = "x";
    const string Total = "Total";

    readonly List<string> _reasons;
    readonly List<Dictionary<string, string[]>> _authorities;
    readonly int _first;

    /// <param name="year">For example 201617; null: all eleven.</param>
    public ExclusionFile(string? year = null)
    {
        var rows = File.ReadLines(SharedFolders.Data("education", "dfe_exclusion_reasons_la_201617.csv"))
            .Select(line => line.TrimStart('\uFEFF').Split(',')).ToList();
        _first = Array.IndexOf(rows[0], "perm_physical_pupils");
        _reasons = [.. rows[0][_first..]];
        var type = Array.IndexOf(rows[0], "school_type");
        _authorities = [.. rows.Skip(1).Where(r => r[1] == "LOCAL AUTHORITY" && (year is null || r[0] == year))
            .GroupBy(r => string.Join('|', r[..type]), StringComparer.Ordinal)
            .Select(g => g.ToDictionary(r => r[type], r => r, StringComparer.Ordinal))];
    }

    /// <summary>Cells of one type of school that are marked.</summary>
    public int Marked => _authorities.Sum(a => Types(a).Sum(t => a[t][_first..].Count(cell => cell == Mark)));

    /// <summary>
    /// Every number as published; what is marked is protected. In the oldest years some numbers have fractions: they
    /// are taken off their total where what is left is whole, and where it is not, nothing is said of the total.
    /// </summary>
    /// <param name="markHi">Greatest count under the mark; null: the reader does not know.</param>
    public AttackerKnowledge Published(long markLo, long? markHi)
    {
        var (sums, truth) = (new List<KnownSum>(), new List<long>());
        foreach (var (at, authority) in _authorities.Index())
        {
            for (var r = 0; r < _reasons.Count; r++)
                Add(authority, $"{at} {_reasons[r]}", _first + r, (markLo, markHi), sums, truth);
        }

        return new AttackerKnowledge(sums, [.. truth]);
    }

    static void Add(
        Dictionary<string, string[]> authority, string name, int column, (long Lo, long? Hi) mark, List<KnownSum> sums,
        List<long> truth)
    {
        var rest = authority.TryGetValue(Total, out var total) ? Number(total[column]) : null;
        var (hidden, unknowns) = (new List<int>(), new List<int>());
        foreach (var type in Types(authority))
        {
            var cell = authority[type][column];
            var shown = Number(cell);
            if (shown is not null && shown != decimal.Truncate(shown.Value))
            {
                rest -= shown;
                continue;
            }

            if (cell == Mark)
                hidden.Add(truth.Count);
            unknowns.Add(truth.Count);
            sums.Add(new KnownSum($"{name} {type}", [truth.Count], shown is null ? mark.Lo : (long)shown,
                shown is null ? mark.Hi : (long)shown)
            {
                ProtectedWidth = cell == Mark ? 1 : 0,
            });
            truth.Add((long)(shown ?? 1));
        }

        // What the marks truly stand for is not known; any whole numbers that agree will do.
        var left = rest is null ? null : rest - unknowns.Sum(u => truth[u]);
        var isWhole = left is not null && Math.Abs(left.Value - Math.Round(left.Value)) < 0.001m;
        if (!isWhole || unknowns.Count == 0)
            return;
        for (var more = (long)Math.Round(left!.Value); more != 0; more -= Math.Sign(more))
            truth[hidden.MinBy(u => truth[u] * Math.Sign(more))] += Math.Sign(more);
        var said = unknowns.Sum(u => truth[u]);
        sums.Add(new KnownSum($"{name} {Total}", [.. unknowns], said, said));
    }

    /// <summary>The same tables to be published anew: counts of every type, and their totals.</summary>
    public ExactCells Exact()
    {
        List<string> types = ["State-funded primary", "State-funded secondary", "Special"];
        var random = new Random(7);
        var truth = new long[_authorities.Count * _reasons.Count * types.Count];
        foreach (var (at, authority) in _authorities.Index())
        {
            foreach (var type in types.Where(authority.ContainsKey))
            {
                for (var r = 0; r < _reasons.Count; r++)
                {
                    var count = (long)Math.Round(Number(authority[type][_first + r]) ?? 1 + (r % 2));
                    truth[(((at * _reasons.Count) + r) * types.Count) + types.IndexOf(type)] = count;
                }
            }
        }

        int[] all = [.. Enumerable.Range(0, types.Count)];
        CheckedDimension[] dimensions =
        [
            Flat("authority", 0, _authorities.Count), Flat("reason", 1, _reasons.Count),
            new("type", 2, [.. types.Select((t, i) => new CheckedCode(t, [i])),
                new CheckedCode(Total, all) { Splits = [all] }]),
        ];
        var cells = _authorities.Count * _reasons.Count * (types.Count + 1);
        var blank = Enumerable.Repeat(new CellStatement(0, null), cells);
        var table = new CheckedTable("exclusions", dimensions, [.. blank]);
        UInt128[] records = [.. truth.Select(n => n == 0
            ? UInt128.Zero : new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))];
        return new ExactCells("year", [table], [_authorities.Count, _reasons.Count, types.Count], truth, records);
    }

    static CheckedDimension Flat(string name, int classification, int codes) => new(
        name, classification, [.. Enumerable.Range(0, codes).Select(i => new CheckedCode($"{name} {i}", [i]))]);

    static IEnumerable<string> Types(Dictionary<string, string[]> authority) =>
        authority.Keys.Where(type => type != Total);

    static decimal? Number(string cell) =>
        decimal.TryParse(cell, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
