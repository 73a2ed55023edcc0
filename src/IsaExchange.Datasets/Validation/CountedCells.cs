namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Which cells a file of counts has given already: a count that is sent twice would be added up. One bit a cell, made
/// before the first record, so that no record allocates.
/// </summary>
sealed class CountedCells
{
    // 2 MiB of bits. A dataset of counts has a few thousand cells.
    const long CellsMax = 1L << 24;

    readonly int[] _radix;
    readonly ulong[] _given;

    public CountedCells(ValidationPlan plan)
    {
        _radix = [.. plan.Dimensions.Select(d => d.Codes.Count)];
        var cells = CellsOf(plan) ?? throw new ArgumentException("A plan of too many cells.", nameof(plan));
        _given = new ulong[(cells / 64) + 1];
    }

    /// <summary>Cells by code of the routing field and dimension; null when there are too many to look after.</summary>
    public static long? CellsOf(ValidationPlan plan)
    {
        // One more than the codes: a routing field may be empty.
        var cells = plan.AreaOf.Length + 1L;
        foreach (var dimension in plan.Dimensions)
        {
            cells *= dimension.Codes.Count;
            if (cells > CellsMax)
                return null;
        }

        return cells;
    }

    public bool IsFirst(int routed, ReadOnlySpan<int> dimensions)
    {
        var cell = routed == FieldCheck.Absent ? 0L : routed + 1;
        for (var i = 0; i < _radix.Length; i++)
            cell = (cell * _radix[i]) + dimensions[i];
        ref var word = ref _given[cell / 64];
        var bit = 1UL << (int)(cell % 64);
        var isFirst = (word & bit) == 0;
        word |= bit;
        return isFirst;
    }
}
