using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

public sealed class InformationPeriodTests
{
    [Theory]
    [InlineData("2026-07-01/P3M", "2026-07-01-p3m", "1 Jul 2026 to 30 Sep 2026", 3)]
    [InlineData("2028-02-01/P1M", "2028-02-01-p1m", "1 Feb 2028 to 29 Feb 2028", 1)]
    [InlineData("2026-11-01/P3M", "2026-11-01-p3m", "1 Nov 2026 to 31 Jan 2027", 3)]
    public void WrittenPeriod_IsReadAndPrintedAsDates(string iso, string id, string dates, int months)
    {
        var period = Northmere.Period(iso);

        Assert.Equal((iso, id, dates), (period.Iso, period.Id, period.ToString()));
        Assert.Equal(months, period.Months().Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-Q3")]
    [InlineData("2026-07-01")]
    [InlineData("2026-07-01/P2M")]
    [InlineData("2026-07-01/P3Y")]
    [InlineData("2026-07-01/p3m")]
    [InlineData("2026-07-02/P3M")]
    [InlineData("2026-02-30/P1M")]
    [InlineData("2026-13-01/P1M")]
    [InlineData("9999-12-01/P3M")]
    [InlineData("0000-01-01/P3M")]
    [InlineData(" 2026-07-01/P3M")]
    [InlineData("2026-07-01/P3M ")]
    public void AnythingElse_IsNoPeriod(string? text) => Assert.False(InformationPeriod.TryParse(text, out _));

    [Fact]
    public void Months_TileThePeriodWithoutGap()
    {
        var quarter = Northmere.Period("2028-01-01/P3M");
        var months = quarter.Months().ToList();

        Assert.Equal(quarter.Start, months[0].Start);
        Assert.Equal(quarter.EndExclusive, months[^1].EndExclusive);
        Assert.All(months.Zip(months.Skip(1)), pair => Assert.Equal(pair.First.EndExclusive, pair.Second.Start));
        Assert.All(months, m => Assert.True(m.IsMonth && quarter.Covers(m) && !m.Covers(quarter)));
    }

    [Fact]
    public void Contains_IsHalfOpen()
    {
        var period = Northmere.Period("2026-07-01/P3M");

        Assert.True(period.Contains(Northmere.Day("2026-07-01")));
        Assert.True(period.Contains(Northmere.Day("2026-09-30")));
        Assert.False(period.Contains(Northmere.Day("2026-06-30")));
        Assert.False(period.Contains(Northmere.Day("2026-10-01")));
    }

    [Fact]
    public void EmptyPeriod_IsCoveredByNothing()
    {
        var empty = new InformationPeriod(Northmere.Day("2026-07-01"), Northmere.Day("2026-07-01"));

        Assert.False(Northmere.Period("2026-07-01/P3M").Covers(empty));
        Assert.False(empty.Covers(empty));
    }

    [Fact]
    public void MonthsOfAPeriodThatIsNotWholeMonths_AreABug()
    {
        var odd = new InformationPeriod(Northmere.Day("2026-07-02"), Northmere.Day("2026-09-01"));

        Assert.Throws<InvalidOperationException>(() => odd.Months().ToList());
        Assert.Throws<ArgumentException>(() => InformationPeriod.Quarter(Northmere.Day("2026-07-02")));
    }
}
