using IsaExchange.Datasets.Depersonalisation;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// The quasi-identifiers of a dataset, compiled: positions of the fields, and what makes each coarser.
/// </summary>
sealed record QuasiIdentifiers(int[] Fields, string[] Names, int SmallestGroup, CoarserValues[] Coarser)
{
    /// <summary>"age, gender and school".</summary>
    public string Words => Names.Length == 1 ? Names[0] : $"{string.Join(", ", Names[..^1])} and {Names[^1]}";
}

/// <summary>Turns the value of one quasi-identifier into the coarser one.</summary>
/// <param name="Position">Which of the quasi-identifiers.</param>
/// <param name="Words">"age as band".</param>
/// <param name="Starts">First numbers of the bands; null = codes.</param>
/// <param name="Parents">For each code the position of its parent, -1 = none; null = bands.</param>
sealed record CoarserValues(int Position, string Words, int[]? Starts, int[]? Parents)
{
    public int Of(int value)
    {
        if (value == FieldCheck.Absent)
            return value;
        if (Parents is not null)
            return Parents[value];
        var found = Array.BinarySearch(Starts!, value);
        return found >= 0 ? found : ~found - 1;
    }
}

/// <summary>What a table of groups says about a smallest group.</summary>
readonly record struct Shortfall(long Records, long Groups, long Alone)
{
    public static Shortfall Of(GroupTable table, int smallestGroup)
    {
        long records = 0, groups = 0, alone = 0;
        for (var slot = 0; slot < table.Slots; slot++)
        {
            var count = table.RecordsIn(slot);
            if (count == 0 || count >= smallestGroup)
                continue;
            records += count;
            groups++;
            alone += count == 1 ? 1 : 0;
        }

        return new(records, groups, alone);
    }
}
