using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>SI 2007/1831, regulations 1 and 3: quarters from 1 July 2007, due by the end of the next one.</summary>
public sealed class StatutoryCalendarTests
{
    [Theory]
    [InlineData("2007-07-01/P3M", "2007-12-31")]
    [InlineData("2026-07-01/P3M", "2026-12-31")]
    [InlineData("2026-10-01/P3M", "2027-03-31")]
    [InlineData("2027-01-01/P3M", "2027-06-30")]
    [InlineData("2027-04-01/P3M", "2027-09-30")]
    public void DueDate_IsTheLastDayOfTheNextPeriod(string period, string due) =>
        Assert.Equal(Northmere.Day(due), StatutoryCalendar.DueDate(Northmere.Period(period)));

    [Fact]
    public void TwentyYearsOfPeriods_FollowOneAnotherAndAreDueThreeMonthsOn()
    {
        var start = StatutoryCalendar.Beginning;
        for (var n = 0; n < 4 * 25; n++)
        {
            var period = InformationPeriod.Quarter(start);
            Assert.True(StatutoryCalendar.IsInformationPeriod(period), period.Iso);
            // The end of the period after the one that follows 1 July 2007 by n quarters, counted in months only.
            var months = (2007 * 12) + 6 + (3 * n) + 6;
            var due = new DateOnly(months / 12, (months % 12) + 1, 1).AddDays(-1);
            Assert.Equal(due, StatutoryCalendar.DueDate(period));
            for (var day = period.Start; day < period.EndExclusive; day = day.AddDays(1))
                Assert.Equal(period, InformationPeriod.QuarterContaining(day));
            start = period.EndExclusive;
        }

        Assert.Equal(Northmere.Day("2032-07-01"), start);
    }

    [Theory]
    [InlineData("2007-04-01/P3M")]
    [InlineData("2026-08-01/P3M")]
    [InlineData("2026-07-01/P1M")]
    public void OtherPeriods_AreNotOfTheCalendar(string iso)
    {
        Assert.False(StatutoryCalendar.IsInformationPeriod(Northmere.Period(iso)));
        Assert.Throws<ArgumentException>(() => StatutoryCalendar.DueDate(Northmere.Period(iso)));
    }

    [Fact]
    public void LeapDay_IsInItsQuarterAndMovesNoDueDate()
    {
        var quarter = InformationPeriod.QuarterContaining(new DateOnly(2028, 2, 29));

        Assert.Equal("1 Jan 2028 to 31 Mar 2028", quarter.ToString());
        Assert.Equal(new DateOnly(2028, 6, 30), StatutoryCalendar.DueDate(quarter));
    }
}
