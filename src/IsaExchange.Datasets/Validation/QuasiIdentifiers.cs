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

/// <summary>What a table of groups says: how many records are in groups so small.</summary>
/// <param name="Groups">All of them.</param>
/// <param name="Records">In all of them.</param>
/// <param name="Alone">Records that are a group by themselves.</param>
/// <param name="BelowThree">Records in groups of less than three.</param>
/// <param name="BelowFive">Records in groups of less than five.</param>
/// <param name="Short">Records in groups of less than the smallest that is allowed.</param>
/// <param name="ShortGroups">Those groups.</param>
readonly record struct GroupSizes(
    long Groups, long Records, long Alone, long BelowThree, long BelowFive, long Short, long ShortGroups)
{
    public static GroupSizes Of(GroupTable table, int smallestGroup)
    {
        var sizes = default(GroupSizes);
        for (var slot = 0; slot < table.Slots; slot++)
        {
            if (table.RecordsIn(slot) is var count and > 0)
                sizes = sizes.With(count, smallestGroup);
        }

        return sizes;
    }

    GroupSizes With(int count, int smallestGroup) => new(
        Groups + 1,
        Records + count,
        Alone + (count == 1 ? 1 : 0),
        BelowThree + (count < 3 ? count : 0),
        BelowFive + (count < 5 ? count : 0),
        Short + (count < smallestGroup ? count : 0),
        ShortGroups + (count < smallestGroup ? 1 : 0));
}
