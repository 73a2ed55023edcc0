namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>Why a cell is refused, in names of published cells. No number: it would be what is hidden.</summary>
static class Explanation
{
    /// <summary>So many cells are named; of more it is told how many there are.</summary>
    const int NamedMax = 8;

    public static string Of(AttackerKnowledge known, ProtectedCell cell) => cell.Verdict switch
    {
        CellVerdict.Derived => "follows from " + Combination(known, cell),
        CellVerdict.Narrow => "is known too closely from " + Combination(known, cell),
        CellVerdict.NarrowInWholeNumbers => "is known too closely, for counts are whole numbers",
        _ => "is not proved safe in the time that a check has",
    };

    static string Combination(AttackerKnowledge known, ProtectedCell cell)
    {
        var plus = Names(known, cell, sign: 1);
        var minus = Names(known, cell, sign: -1);
        if (plus.Count + minus.Count == 0)
            return "its own published value";
        return minus.Count == 0 ? List(plus) : $"{List(plus)} less {List(minus)}";
    }

    static List<string> Names(AttackerKnowledge known, ProtectedCell cell, int sign) =>
        [.. cell.Proof.Where(w => w.Weight.Sign == sign).Select(w => known.Sums[w.Sum].Name)];

    static string List(List<string> names) => names.Count <= NamedMax
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(NamedMax))} and {names.Count - NamedMax} more cells";
}
