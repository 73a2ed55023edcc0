using Google.Type;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.V1;

namespace IsaExchange.Cli.Wire;

/// <summary>Information periods and days as the wire carries them.</summary>
static class WirePeriods
{
    public static DateOnly Day(Date date) => new(date.Year, date.Month, date.Day);

    public static InformationPeriod Read(Period period) =>
        new(Day(period.StartDate), Day(period.EndDateExclusive));

    /// <summary>A range of days for eyes, START/PnM for programs.</summary>
    public static TwoForms Cell(Period period) => new(Read(period).ToString(), Read(period).Iso);

    public static Period Write(InformationPeriod period) =>
        new() { StartDate = Write(period.Start), EndDateExclusive = Write(period.EndExclusive) };

    public static Date Write(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };
}
