using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A cell of which two releases say different things.</summary>
public sealed record CellDifference(
    string Table, IReadOnlyList<string> Codes, PublishedCell First, PublishedCell Other)
{
    /// <summary>Other less first; null unless both say a value: what is missing or hidden has no difference.</summary>
    public long? Value => Other.Value - First.Value;

    /// <summary>The least difference that agrees with both statements: what is rounded is good for so much only.
    /// </summary>
    public long? Lo => Value is null ? null : Other.Lo - First.Hi;

    public long? Hi => Value is null ? null : Other.Hi - First.Lo;
}

/// <summary>How two releases' tables of one name compare, cell by cell, held together by their codes.</summary>
/// <param name="IsComparable">False: only one release has it, or its dimensions are others.</param>
/// <param name="InBoth">Cells with the same codes.</param>
/// <param name="OnlyFirst">Cells that only the first has: they differ from nothing.</param>
public sealed record TableComparison(
    string Table, bool IsComparable, IReadOnlyList<string> Dimensions, long InBoth, long OnlyFirst, long OnlyOther,
    IReadOnlyList<CellDifference> Differences)
{
    /// <param name="name">Of the table.</param>
    /// <param name="first">Null where the release has none; not both.</param>
    /// <param name="other">As the first.</param>
    public static TableComparison Of(string name, ReleaseTable? first, ReleaseTable? other)
    {
        if (first is null || other is null || !first.Dimensions.SequenceEqual(other.Dimensions))
            return new TableComparison(
                name, false, (first ?? other)!.Dimensions, 0, first?.Rows.Count ?? 0, other?.Rows.Count ?? 0, []);
        var others = other.Rows.ToDictionary(Key, r => r.Cell, StringComparer.Ordinal);
        var (both, differences) = (0L, new List<CellDifference>());
        foreach (var row in first.Rows)
        {
            if (!others.TryGetValue(Key(row), out var cell))
                continue;
            both++;
            if (cell != row.Cell)
                differences.Add(new CellDifference(name, row.Codes, row.Cell, cell));
        }

        return new TableComparison(
            name, true, first.Dimensions, both, first.Rows.Count - both, other.Rows.Count - both, differences);
    }

    // No code holds a line end: the file they come from has none in its cells.
    static string Key(PublishedRow row) => string.Join('\n', row.Codes);
}
