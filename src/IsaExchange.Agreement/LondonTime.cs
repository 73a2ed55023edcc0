namespace IsaExchange.Agreement;

/// <summary>
/// Civil days of the law are days in London. Needs the system's time zone data: without it the first use fails with
/// <see cref="TimeZoneNotFoundException"/>, because deadlines an hour off would be worse.
/// </summary>
public static class LondonTime
{
    static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    public static DateOnly Date(DateTimeOffset t) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(t, London).DateTime);

    /// <summary>The hour by the clock of London, 0 to 23.</summary>
    public static int Hour(DateTimeOffset t) => TimeZoneInfo.ConvertTime(t, London).Hour;

    /// <summary>The first instant that is no longer in the day: what is earlier is in time for it.</summary>
    public static DateTimeOffset EndOf(DateOnly day)
    {
        // The clocks change at one o'clock, so a midnight in London exists once on every day.
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, London.GetUtcOffset(midnight));
    }
}
