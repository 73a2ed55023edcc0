using System.Runtime.CompilerServices;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Turns the value of a field into the position in a dimension: through a table, or by counting months.
/// </summary>
sealed class CompiledDimension(int field, int[]? positions, int firstMonth, int absent)
{
    /// <param name="values">Values of the record as its checks read them; dates lie in the period.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PositionOf(ReadOnlySpan<int> values)
    {
        var value = values[field];
        if (value == FieldCheck.Absent)
            return absent;
        if (positions is not null)
            return positions[value];
        return CivilDate.MonthNumber(value) - firstMonth;
    }
}
