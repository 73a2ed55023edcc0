using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.OwnTables;

/// <summary>The codes of one row of a lookup: a finest code, and those above it, level by level.</summary>
/// <param name="Codes">As many as there are levels, the finest first; empty where a level has none.</param>
public sealed record LookupRow(int Line, IReadOnlyList<string> Codes);

/// <summary>
/// The codes that tables have in one dimension. Levels need not nest in each other: wards and census areas are both
/// above the same small areas.
/// </summary>
public sealed class Classification
{
    readonly List<string[]> _levels;
    readonly Dictionary<string, int[]> _finest = new(StringComparer.Ordinal);

    Classification(string name, List<string[]> levels) => (Name, _levels) = (name, levels);

    public string Name { get; }

    /// <summary>How many finest codes it has.</summary>
    public int Count => _levels[0].Length;

    /// <param name="total">Code that stands for all of it; null: there is none.</param>
    /// <param name="file">Where the lookup is from, for faults.</param>
    public static Classification Of(
        string name, string? total, string file, IReadOnlyList<LookupRow> lookup, ICollection<TableFault> faults)
    {
        var depth = lookup.Count == 0 ? 1 : lookup[0].Codes.Count;
        List<string[]> levels = [.. Enumerable.Range(0, depth)
            .Select(level => lookup.Select(row => row.Codes[level]).ToArray())];
        var made = new Classification(name, levels);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in lookup.Where(row => row.Codes[0].Length == 0 || !seen.Add(row.Codes[0])))
            faults.Add(new TableFault(file, row.Line, "a finest code stands in one row of a lookup, and in one alone"));
        foreach (var level in levels)
            made.AddLevel(level, file, faults);
        if (total is null)
            return made;
        int[] all = [.. Enumerable.Range(0, made.Count)];
        if (made._finest.TryGetValue(total, out var others) && others.Length != all.Length)
            faults.Add(new TableFault(file, 0, $"{total} is the total of {name} and the code of a part of it"));
        made._finest[total] = all;
        return made;
    }

    /// <summary>Which finest codes it stands for, ascending; null: there is no such code.</summary>
    public int[]? Find(string code) => _finest.GetValueOrDefault(code);

    /// <summary>The codes of a table's dimension, each with the others that together are all of it.</summary>
    internal IReadOnlyList<CheckedCode> Checked(IReadOnlyList<string> present)
    {
        var at = present.Select((code, i) => (code, i)).ToDictionary(x => x.code, x => x.i, StringComparer.Ordinal);
        return [.. present.Select(code =>
            new CheckedCode(code, _finest[code]) { Splits = [.. SplitsOf(_finest[code], at)] })];
    }

    void AddLevel(string[] level, string file, ICollection<TableFault> faults)
    {
        var codes = level.Select((code, i) => (code, i)).Where(x => x.code.Length > 0)
            .GroupBy(x => x.code, x => x.i, StringComparer.Ordinal);
        foreach (var code in codes)
        {
            int[] finest = [.. code];
            if (_finest.TryGetValue(code.Key, out var before) && !before.SequenceEqual(finest))
                faults.Add(new TableFault(file, 0, $"{code.Key} is a code of two levels, and not the same in both"));
            _finest[code.Key] = finest;
        }
    }

    /// <summary>A level takes a code apart when all its codes there are in the table and none reaches beyond.</summary>
    IEnumerable<int[]> SplitsOf(int[] finest, Dictionary<string, int> at)
    {
        foreach (var level in _levels)
        {
            List<string> parts = [.. finest.Select(f => level[f]).Distinct(StringComparer.Ordinal)];
            if (parts.TrueForAll(at.ContainsKey) && parts.Sum(part => _finest[part].Length) == finest.Length)
                yield return [.. parts.Select(part => at[part])];
        }
    }
}
