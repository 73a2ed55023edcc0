using System.Runtime.CompilerServices;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Turns the value of a field into the position in a dimension: it is the position of the code already, or a table
/// leads from one to the other, or the months are counted.
/// </summary>
sealed class CompiledDimension
{
    const int NoMonths = -1;

    readonly int _field;
    readonly int _absent;
    readonly int _firstMonth;
    readonly int[]? _positions;

    CompiledDimension(int field, int absent, int[]? positions, int firstMonth) =>
        (_field, _absent, _positions, _firstMonth) = (field, absent, positions, firstMonth);

    public static CompiledDimension Codes(int field, int absent) => new(field, absent, null, NoMonths);

    public static CompiledDimension Blocks(int field, int[] positions) => new(field, -1, positions, NoMonths);

    public static CompiledDimension Months(int field, int firstMonth) => new(field, -1, null, firstMonth);

    /// <param name="values">Values of the record as its checks read them; dates lie in the period.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PositionOf(ReadOnlySpan<int> values)
    {
        var value = values[_field];
        if (value == FieldCheck.Absent)
            return _absent;
        if (_positions is not null)
            return _positions[value];
        return _firstMonth == NoMonths ? value : CivilDate.MonthNumber(value) - _firstMonth;
    }
}
