using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using Xunit;

namespace IsaExchange.Tests.Agreement.Obligations;

/// <summary>
/// Eighty information periods, 2015 to 2034, against a table that another calendar (Python's) made: last day, due day,
/// the first instant that is too late by the clock of London, and how many days the period has.
/// </summary>
public sealed class TwentyYearsTests
{
    public static readonly TheoryData<string, string, string, string, int> Quarters = new()
    {
        { "2015-01-01", "2015-03-31", "2015-06-30", "2015-06-30T23:00:00Z", 90 },
        { "2015-04-01", "2015-06-30", "2015-09-30", "2015-09-30T23:00:00Z", 91 },
        { "2015-07-01", "2015-09-30", "2015-12-31", "2016-01-01T00:00:00Z", 92 },
        { "2015-10-01", "2015-12-31", "2016-03-31", "2016-03-31T23:00:00Z", 92 },
        { "2016-01-01", "2016-03-31", "2016-06-30", "2016-06-30T23:00:00Z", 91 },
        { "2016-04-01", "2016-06-30", "2016-09-30", "2016-09-30T23:00:00Z", 91 },
        { "2016-07-01", "2016-09-30", "2016-12-31", "2017-01-01T00:00:00Z", 92 },
        { "2016-10-01", "2016-12-31", "2017-03-31", "2017-03-31T23:00:00Z", 92 },
        { "2017-01-01", "2017-03-31", "2017-06-30", "2017-06-30T23:00:00Z", 90 },
        { "2017-04-01", "2017-06-30", "2017-09-30", "2017-09-30T23:00:00Z", 91 },
        { "2017-07-01", "2017-09-30", "2017-12-31", "2018-01-01T00:00:00Z", 92 },
        { "2017-10-01", "2017-12-31", "2018-03-31", "2018-03-31T23:00:00Z", 92 },
        { "2018-01-01", "2018-03-31", "2018-06-30", "2018-06-30T23:00:00Z", 90 },
        { "2018-04-01", "2018-06-30", "2018-09-30", "2018-09-30T23:00:00Z", 91 },
        { "2018-07-01", "2018-09-30", "2018-12-31", "2019-01-01T00:00:00Z", 92 },
        { "2018-10-01", "2018-12-31", "2019-03-31", "2019-03-31T23:00:00Z", 92 },
        { "2019-01-01", "2019-03-31", "2019-06-30", "2019-06-30T23:00:00Z", 90 },
        { "2019-04-01", "2019-06-30", "2019-09-30", "2019-09-30T23:00:00Z", 91 },
        { "2019-07-01", "2019-09-30", "2019-12-31", "2020-01-01T00:00:00Z", 92 },
        { "2019-10-01", "2019-12-31", "2020-03-31", "2020-03-31T23:00:00Z", 92 },
        { "2020-01-01", "2020-03-31", "2020-06-30", "2020-06-30T23:00:00Z", 91 },
        { "2020-04-01", "2020-06-30", "2020-09-30", "2020-09-30T23:00:00Z", 91 },
        { "2020-07-01", "2020-09-30", "2020-12-31", "2021-01-01T00:00:00Z", 92 },
        { "2020-10-01", "2020-12-31", "2021-03-31", "2021-03-31T23:00:00Z", 92 },
        { "2021-01-01", "2021-03-31", "2021-06-30", "2021-06-30T23:00:00Z", 90 },
        { "2021-04-01", "2021-06-30", "2021-09-30", "2021-09-30T23:00:00Z", 91 },
        { "2021-07-01", "2021-09-30", "2021-12-31", "2022-01-01T00:00:00Z", 92 },
        { "2021-10-01", "2021-12-31", "2022-03-31", "2022-03-31T23:00:00Z", 92 },
        { "2022-01-01", "2022-03-31", "2022-06-30", "2022-06-30T23:00:00Z", 90 },
        { "2022-04-01", "2022-06-30", "2022-09-30", "2022-09-30T23:00:00Z", 91 },
        { "2022-07-01", "2022-09-30", "2022-12-31", "2023-01-01T00:00:00Z", 92 },
        { "2022-10-01", "2022-12-31", "2023-03-31", "2023-03-31T23:00:00Z", 92 },
        { "2023-01-01", "2023-03-31", "2023-06-30", "2023-06-30T23:00:00Z", 90 },
        { "2023-04-01", "2023-06-30", "2023-09-30", "2023-09-30T23:00:00Z", 91 },
        { "2023-07-01", "2023-09-30", "2023-12-31", "2024-01-01T00:00:00Z", 92 },
        { "2023-10-01", "2023-12-31", "2024-03-31", "2024-03-31T23:00:00Z", 92 },
        { "2024-01-01", "2024-03-31", "2024-06-30", "2024-06-30T23:00:00Z", 91 },
        { "2024-04-01", "2024-06-30", "2024-09-30", "2024-09-30T23:00:00Z", 91 },
        { "2024-07-01", "2024-09-30", "2024-12-31", "2025-01-01T00:00:00Z", 92 },
        { "2024-10-01", "2024-12-31", "2025-03-31", "2025-03-31T23:00:00Z", 92 },
        { "2025-01-01", "2025-03-31", "2025-06-30", "2025-06-30T23:00:00Z", 90 },
        { "2025-04-01", "2025-06-30", "2025-09-30", "2025-09-30T23:00:00Z", 91 },
        { "2025-07-01", "2025-09-30", "2025-12-31", "2026-01-01T00:00:00Z", 92 },
        { "2025-10-01", "2025-12-31", "2026-03-31", "2026-03-31T23:00:00Z", 92 },
        { "2026-01-01", "2026-03-31", "2026-06-30", "2026-06-30T23:00:00Z", 90 },
        { "2026-04-01", "2026-06-30", "2026-09-30", "2026-09-30T23:00:00Z", 91 },
        { "2026-07-01", "2026-09-30", "2026-12-31", "2027-01-01T00:00:00Z", 92 },
        { "2026-10-01", "2026-12-31", "2027-03-31", "2027-03-31T23:00:00Z", 92 },
        { "2027-01-01", "2027-03-31", "2027-06-30", "2027-06-30T23:00:00Z", 90 },
        { "2027-04-01", "2027-06-30", "2027-09-30", "2027-09-30T23:00:00Z", 91 },
        { "2027-07-01", "2027-09-30", "2027-12-31", "2028-01-01T00:00:00Z", 92 },
        { "2027-10-01", "2027-12-31", "2028-03-31", "2028-03-31T23:00:00Z", 92 },
        { "2028-01-01", "2028-03-31", "2028-06-30", "2028-06-30T23:00:00Z", 91 },
        { "2028-04-01", "2028-06-30", "2028-09-30", "2028-09-30T23:00:00Z", 91 },
        { "2028-07-01", "2028-09-30", "2028-12-31", "2029-01-01T00:00:00Z", 92 },
        { "2028-10-01", "2028-12-31", "2029-03-31", "2029-03-31T23:00:00Z", 92 },
        { "2029-01-01", "2029-03-31", "2029-06-30", "2029-06-30T23:00:00Z", 90 },
        { "2029-04-01", "2029-06-30", "2029-09-30", "2029-09-30T23:00:00Z", 91 },
        { "2029-07-01", "2029-09-30", "2029-12-31", "2030-01-01T00:00:00Z", 92 },
        { "2029-10-01", "2029-12-31", "2030-03-31", "2030-03-31T23:00:00Z", 92 },
        { "2030-01-01", "2030-03-31", "2030-06-30", "2030-06-30T23:00:00Z", 90 },
        { "2030-04-01", "2030-06-30", "2030-09-30", "2030-09-30T23:00:00Z", 91 },
        { "2030-07-01", "2030-09-30", "2030-12-31", "2031-01-01T00:00:00Z", 92 },
        { "2030-10-01", "2030-12-31", "2031-03-31", "2031-03-31T23:00:00Z", 92 },
        { "2031-01-01", "2031-03-31", "2031-06-30", "2031-06-30T23:00:00Z", 90 },
        { "2031-04-01", "2031-06-30", "2031-09-30", "2031-09-30T23:00:00Z", 91 },
        { "2031-07-01", "2031-09-30", "2031-12-31", "2032-01-01T00:00:00Z", 92 },
        { "2031-10-01", "2031-12-31", "2032-03-31", "2032-03-31T23:00:00Z", 92 },
        { "2032-01-01", "2032-03-31", "2032-06-30", "2032-06-30T23:00:00Z", 91 },
        { "2032-04-01", "2032-06-30", "2032-09-30", "2032-09-30T23:00:00Z", 91 },
        { "2032-07-01", "2032-09-30", "2032-12-31", "2033-01-01T00:00:00Z", 92 },
        { "2032-10-01", "2032-12-31", "2033-03-31", "2033-03-31T23:00:00Z", 92 },
        { "2033-01-01", "2033-03-31", "2033-06-30", "2033-06-30T23:00:00Z", 90 },
        { "2033-04-01", "2033-06-30", "2033-09-30", "2033-09-30T23:00:00Z", 91 },
        { "2033-07-01", "2033-09-30", "2033-12-31", "2034-01-01T00:00:00Z", 92 },
        { "2033-10-01", "2033-12-31", "2034-03-31", "2034-03-31T23:00:00Z", 92 },
        { "2034-01-01", "2034-03-31", "2034-06-30", "2034-06-30T23:00:00Z", 90 },
        { "2034-04-01", "2034-06-30", "2034-09-30", "2034-09-30T23:00:00Z", 91 },
        { "2034-07-01", "2034-09-30", "2034-12-31", "2035-01-01T00:00:00Z", 92 },
        { "2034-10-01", "2034-12-31", "2035-03-31", "2035-03-31T23:00:00Z", 92 },
    };

    [Theory]
    [MemberData(nameof(Quarters))]
    public void Quarter_IsDueByTheEndOfTheNextOne(string start, string last, string due, string tooLate, int days)
    {
        var period = InformationPeriod.QuarterContaining(Northmere.Day(last));

        Assert.Equal((Northmere.Day(start), Northmere.Day(last)), (period.Start, period.LastDay));
        Assert.Equal(days, period.EndExclusive.DayNumber - period.Start.DayNumber);
        Assert.True(StatutoryCalendar.IsInformationPeriod(period));
        Assert.Equal(Northmere.Day(due), StatutoryCalendar.DueDate(period));
        Assert.Equal(Instant(tooLate), LondonTime.EndOf(Northmere.Day(due)));
    }

    [Theory]
    [MemberData(nameof(Quarters))]
    public void LastInstant_IsInTimeAndTheNextIsLate(string start, string last, string due, string tooLate, int days)
    {
        var owed = Owed(start, due);
        var (before, at) = (Instant(tooLate).AddTicks(-1), Instant(tooLate));

        Assert.Equal(ObligationState.Fulfilled, After(owed, Return(owed, owed.Period, before)));
        Assert.Equal(ObligationState.FulfilledLate, After(owed, Return(owed, owed.Period, at)));
        Assert.Equal(days, Northmere.Day(last).DayNumber - owed.Period.Start.DayNumber + 1);
    }

    [Theory]
    [MemberData(nameof(Quarters))]
    public void ThreeMonths_RollUpAndTwoDoNot(string start, string last, string due, string tooLate, int days)
    {
        var owed = Owed(start, due);
        var months = owed.Period.Months().ToList();
        AcceptedReturn[] returns =
        [
            .. months.Select((m, i) => Return(owed, m, Instant(tooLate).AddDays(-30 + i)) with { Name = $"{i}" }),
        ];

        Assert.Equal(3, months.Count);
        Assert.Equal((Northmere.Day(start), Northmere.Day(last)), (months[0].Start, months[2].LastDay));
        Assert.Equal(days, months.Sum(m => m.EndExclusive.DayNumber - m.Start.DayNumber));
        Assert.Equal(ObligationState.Fulfilled, After(owed, returns));
        foreach (var absent in returns)
            Assert.Equal(ObligationState.Overdue, After(owed, [.. returns.Except([absent])]));
        Assert.Equal(
            ObligationState.FulfilledLate,
            After(owed, [.. returns[..2], returns[2] with { SubmitTime = Instant(tooLate) }]));
    }

    [Fact]
    public void Table_HasEveryQuarterOfTwentyYearsOnce()
    {
        var rows = Quarters.Select(row => Northmere.Day(row.Data.Item1)).ToList();

        Assert.Equal(80, rows.Distinct().Count());
        Assert.Equal(rows[1..], rows[..^1].Select(day => day.AddMonths(3)));
    }

    static DateTimeOffset Instant(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    static Obligation Owed(string start, string due) => new(
        "northmere-police", "police-recorded-crime", "X22000001",
        InformationPeriod.Quarter(Northmere.Day(start)), Northmere.Day(due), "", "");

    static AcceptedReturn Return(Obligation o, InformationPeriod period, DateTimeOffset time) =>
        new("a", o.Party, o.Dataset, [o.Area], period, time, false);

    static ObligationState After(Obligation owed, params AcceptedReturn[] returns) => ObligationStanding.Assess(
        owed, new ReturnActs(returns, [], [], null), owed.DueDate.AddDays(40)).State;
}
