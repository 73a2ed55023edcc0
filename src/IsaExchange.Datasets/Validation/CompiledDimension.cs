using System.Runtime.CompilerServices;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Turns the value of a field into the position in a dimension: it is the position of the code already, or a table
/// leads from one to the other, or the months are counted, or the weekday is.
/// </summary>
sealed class CompiledDimension
{
    const int NoMonths = -1;
    const int MinutesOfADay = 24 * 60;

    readonly int _field;
    readonly int _absent;
    readonly int _firstMonth;
    readonly int[]? _positions;
    readonly bool _isWeekday;
    readonly int _unless = -1;
    readonly bool[] _unlessAmong = [];

    CompiledDimension(int field, int absent, int[]? positions, int firstMonth) =>
        (_field, _absent, _positions, _firstMonth) = (field, absent, positions, firstMonth);

    CompiledDimension(int field, int absent, int unless, bool[] unlessAmong)
        : this(field, absent, null, NoMonths) =>
        (_isWeekday, _unless, _unlessAmong) = (true, unless, unlessAmong);

    public static CompiledDimension Codes(int field, int absent) => new(field, absent, null, NoMonths);

    public static CompiledDimension Blocks(int field, int[] positions) => new(field, -1, positions, NoMonths);

    public static CompiledDimension Months(int field, int firstMonth) => new(field, -1, null, firstMonth);

    /// <param name="field">A time.</param>
    /// <param name="absent">Position of what is not known.</param>
    /// <param name="bandOf">Position of the band of an hour.</param>
    public static CompiledDimension Hours(int field, int absent, Func<int, int> bandOf) => new(
        field, absent, [.. Enumerable.Range(0, MinutesOfADay).Select(minute => bandOf(minute / 60))], NoMonths);

    /// <param name="field">A date.</param>
    /// <param name="absent">Position of what is not known.</param>
    /// <param name="unless">A field whose code can say that the day is not known; -1 for none.</param>
    /// <param name="unlessAmong">For each of its codes whether it says so.</param>
    public static CompiledDimension Weekday(int field, int absent, int unless, bool[] unlessAmong) =>
        new(field, absent, unless, unlessAmong);

    /// <param name="values">Values of the record as its checks read them; dates lie in the period.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PositionOf(ReadOnlySpan<int> values)
    {
        var value = values[_field];
        if (value == FieldCheck.Absent)
            return _absent;
        if (_positions is not null)
            return _positions[value];
        if (_isWeekday)
            return WeekdayOf(value, values);
        return _firstMonth == NoMonths ? value : CivilDate.MonthNumber(value) - _firstMonth;
    }

    int WeekdayOf(int date, ReadOnlySpan<int> values) =>
        _unless >= 0 && _unlessAmong[values[_unless]] ? _absent : CivilDate.Weekday(date);
}
