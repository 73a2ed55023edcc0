namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>Why a cell is refused, in names of published cells. No number: it would be what is hidden.</summary>
static class Explanation
{
    /// <summary>So many cells are named; of more it is told how many there are.</summary>
    const int NamedMax = 8;

    public static string Of(AttackerKnowledge known, ProtectedCell cell) => cell.Verdict switch
    {
        CellVerdict.Derived => "follows from " + Combination(known, cell),
        CellVerdict.Narrow => $"{Lack(cell)} from {Combination(known, cell)}",
        CellVerdict.NarrowInWholeNumbers => $"{Lack(cell)}, for counts are whole numbers",
        _ => "is not proved safe in the time that a check has",
    };

    static string Lack(ProtectedCell cell) => cell.Lacks switch
    {
        RequiredPart.Reach => "is known to be too small to have been hidden for others",
        RequiredPart.Zero => "is known not to be zero",
        _ => "is known too closely",
    };

    static string Combination(AttackerKnowledge known, ProtectedCell cell)
    {
        var plus = Names(known, cell, sign: 1);
        var minus = Names(known, cell, sign: -1);
        if (cell.Proof.All(w => w.Sum == cell.Sum))
            return "its own published value";
        if (plus.Count == 0 || minus.Count == 0)
            return List([.. plus, .. minus]);
        return $"{List(plus)} less {List(minus)}";
    }

    static List<string> Names(AttackerKnowledge known, ProtectedCell cell, int sign) =>
        [.. cell.Proof.Where(w => w.Weight.Sign == sign).Select(w => known.Sums[w.Sum].Name)];

    static string List(List<string> names) => names.Count <= NamedMax
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(NamedMax))} and {names.Count - NamedMax} more cells";
}
