namespace IsaExchange.Datasets.Validation;

/// <summary>
/// What only all records together tell: whether the times are times, the days days, and how exactly places are given.
/// A few additions a record.
/// </summary>
sealed class RecordHabits(ValidationPlan plan)
{
    // The largest day of a month has two digits in a date as a number.
    const int DaysDigits = 100;

    readonly int _midnightField = plan.MidnightField;
    readonly int _firstField = plan.FirstOfMonthField;
    readonly int[] _exact = plan.ExactFields;
    readonly int[] _outward = plan.OutwardFields;
    readonly bool _locates = plan.ExactFields.Length + plan.OutwardFields.Length > 0;
    long _times;
    long _midnights;
    long _days;
    long _firsts;
    long _exactly;
    long _byOutward;
    long _nowhere;

    /// <summary>Null where the dataset tells of no places.</summary>
    public LocationQuality? Locations => _locates ? new(_exactly, _byOutward, _nowhere) : null;

    public void Add(ReadOnlySpan<int> values)
    {
        if (_midnightField >= 0 && values[_midnightField] is var time and >= 0)
        {
            _times++;
            _midnights += time == 0 ? 1 : 0;
        }

        if (_firstField >= 0 && values[_firstField] is var day and >= 0)
        {
            _days++;
            _firsts += day % DaysDigits == 1 ? 1 : 0;
        }

        if (!_locates)
            return;
        if (AnyGiven(_exact, values))
            _exactly++;
        else if (AnyGiven(_outward, values))
            _byOutward++;
        else
            _nowhere++;
    }

    public void Report(ReportBuilder report, Func<int, int> columnOf)
    {
        if (plan.Spec.Plausibility is not { } spec)
            return;
        if (spec.Midnight is { } midnight && IsHabit(_midnights, _times, midnight.Percent, spec.Minimum))
            report.Add(Rules.AllAtMidnight, 0, -1, columnOf(_midnightField) + 1, _midnightField);
        if (spec.FirstOfMonth is { } first && IsHabit(_firsts, _days, first.Percent, spec.Minimum))
            report.Add(Rules.AllOnTheFirst, 0, -1, columnOf(_firstField) + 1, _firstField);
    }

    static bool IsHabit(long same, long all, int percent, int minimum) =>
        all >= minimum && same * 100 >= all * percent;

    static bool AnyGiven(int[] fields, ReadOnlySpan<int> values)
    {
        foreach (var field in fields)
        {
            if (values[field] != FieldCheck.Absent)
                return true;
        }

        return false;
    }
}
