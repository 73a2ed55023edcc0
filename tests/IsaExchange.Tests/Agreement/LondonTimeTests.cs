using System.Globalization;
using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

public sealed class LondonTimeTests
{
    [Theory]
    [InlineData("2026-12-31T23:59:59Z", "2026-12-31")]
    [InlineData("2027-01-01T00:00:00Z", "2027-01-01")]
    [InlineData("2026-06-30T22:59:59Z", "2026-06-30")]
    [InlineData("2026-06-30T23:00:00Z", "2026-07-01")]
    [InlineData("2026-07-01T04:00:00+05:00", "2026-07-01")]
    [InlineData("2026-03-29T00:59:59Z", "2026-03-29")]
    [InlineData("2026-10-24T23:30:00Z", "2026-10-25")]
    [InlineData("2026-10-25T23:30:00Z", "2026-10-25")]
    public void Date_IsTheCivilDayInLondon(string instant, string day) =>
        Assert.Equal(Northmere.Day(day), LondonTime.Date(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2026-06-30", "2026-06-30T23:00:00Z")]
    [InlineData("2026-12-31", "2027-01-01T00:00:00Z")]
    [InlineData("2026-03-28", "2026-03-29T00:00:00Z")]
    [InlineData("2026-03-29", "2026-03-29T23:00:00Z")]
    [InlineData("2026-10-25", "2026-10-26T00:00:00Z")]
    public void EndOf_IsTheFirstInstantAfterTheDay(string day, string instant) =>
        Assert.Equal(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), LondonTime.EndOf(Northmere.Day(day)));

    [Fact]
    public void EveryDayOfTwentyYears_EndsWhereTheNextBegins()
    {
        for (var day = new DateOnly(2007, 7, 1); day.Year < 2032; day = day.AddDays(1))
        {
            var end = LondonTime.EndOf(day);
            Assert.Equal(day, LondonTime.Date(end.AddTicks(-1)));
            Assert.Equal(day.AddDays(1), LondonTime.Date(end));
        }
    }
}
