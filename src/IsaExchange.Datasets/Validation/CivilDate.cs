using System.Runtime.CompilerServices;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Dates as one number, yyyymmdd, with day 0 for a month: they compare as dates do, and nothing is allocated.
/// </summary>
static class CivilDate
{
    public static int Of(DateOnly day) => (day.Year * 10000) + (day.Month * 100) + day.Day;

    /// <summary>Months since year 0.</summary>
    public static int MonthNumber(int date) => (date / 10000 * 12) + (date / 100 % 100) - 1;

    /// <summary>0 for Monday to 6 for Sunday, in the Gregorian calendar.</summary>
    public static int Weekday(int date)
    {
        var (year, month, day) = (date / 10000, date / 100 % 100, date % 100);

        // A year that begins in March has its leap day at its end: what the months before add is then always the same.
        ReadOnlySpan<byte> daysBefore = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        if (month < 3)
            year--;
        return (year + (year / 4) - (year / 100) + (year / 400) + daysBefore[month - 1] + day + 6) % 7;
    }

    /// <summary>yyyy-MM-dd, a day of the calendar, exactly; -1 otherwise.</summary>
    public static int ReadDay(ReadOnlySpan<byte> text)
    {
        if (text.Length != 10 || text[7] != '-')
            return -1;
        var month = ReadMonth(text[..7]);
        var day = Two(text[8], text[9]);
        return month > 0 && day >= 1 && day <= DateTime.DaysInMonth(month / 10000, month / 100 % 100)
            ? month + day
            : -1;
    }

    /// <summary>yyyy-MM exactly, as the number of its day 0; -1 otherwise.</summary>
    public static int ReadMonth(ReadOnlySpan<byte> text)
    {
        if (text.Length != 7 || text[4] != '-')
            return -1;
        var (century, year, month) = (Two(text[0], text[1]), Two(text[2], text[3]), Two(text[5], text[6]));
        return century < 0 || year < 0 || century + year == 0 || month is < 1 or > 12
            ? -1
            : (((century * 100) + year) * 10000) + (month * 100);
    }

    /// <summary>HH:MM of a day, as minutes; -1 otherwise.</summary>
    public static int ReadTime(ReadOnlySpan<byte> text)
    {
        if (text.Length != 5 || text[2] != ':')
            return -1;
        var (hour, minute) = (Two(text[0], text[1]), Two(text[3], text[4]));
        return hour is < 0 or > 23 || minute is < 0 or > 59 ? -1 : (hour * 60) + minute;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Two(byte tens, byte ones)
    {
        var (t, o) = ((uint)(tens - '0'), (uint)(ones - '0'));
        return t > 9 || o > 9 ? -1 : (int)((t * 10) + o);
    }
}
