using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using Xunit;

namespace IsaExchange.Tests.Agreement.Obligations;

public sealed class ObligationStandingTests
{
    static readonly Obligation Owed = new(
        "northmere-police", "police-recorded-crime", "X22000003", Northmere.Period("2026-07-01/P3M"),
        Northmere.Day("2026-12-31"), "cda-1998-s17a paragraph 2", "datasets[police-recorded-crime/northmere-police]");

    static AcceptedReturn Return(string period, string time, bool isNil = false, string name = "a") => new(
        name, Owed.Party, Owed.Dataset, ["X22000001", Owed.Area], Northmere.Period(period),
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), isNil);

    static Standing Assess(string today, params AcceptedReturn[] returns) =>
        Assess(Owed, today, returns);

    static Standing Assess(Obligation owed, string today, params AcceptedReturn[] returns) =>
        ObligationStanding.Assess(owed, new ReturnActs(returns, [], [], null), Northmere.Day(today));

    [Theory]
    [InlineData("2026-08-01", ObligationState.NotYetDue)]
    [InlineData("2026-09-30", ObligationState.NotYetDue)]
    [InlineData("2026-10-01", ObligationState.Due)]
    [InlineData("2026-12-31", ObligationState.Due)]
    [InlineData("2027-01-01", ObligationState.Overdue)]
    public void WithoutReturns_TheDayDecides(string today, ObligationState state) =>
        Assert.Equal(new Standing(state, [], 0, 3), Assess(today), StandingsEqual);

    [Fact]
    public void ReturnForTheQuarter_Fulfils()
    {
        var standing = Assess("2026-11-01", Return("2026-07-01/P3M", "2026-10-20T10:00:00Z"));

        Assert.Equal((ObligationState.Fulfilled, 3, 3), (standing.State, standing.MonthsReceived, standing.MonthsOwed));
        Assert.Equal(["a"], standing.Submissions);
    }

    [Fact]
    public void ThreeMonths_TileTheQuarter()
    {
        var standing = Assess(
            "2026-11-01",
            Return("2026-09-01/P1M", "2026-10-05T10:00:00Z", name: "c"),
            Return("2026-07-01/P1M", "2026-08-05T10:00:00Z", name: "a"),
            Return("2026-08-01/P1M", "2026-09-05T10:00:00Z", name: "b"));

        Assert.Equal(ObligationState.Fulfilled, standing.State);
        Assert.Equal(["a", "b", "c"], standing.Submissions);
    }

    [Fact]
    public void TwoMonths_AreNotAQuarter()
    {
        var returns = new[]
        {
            Return("2026-07-01/P1M", "2026-08-05T10:00:00Z"),
            Return("2026-08-01/P1M", "2026-09-05T10:00:00Z", name: "b"),
        };

        var standing = Assess("2026-11-01", returns);
        Assert.Equal((ObligationState.Due, 2), (standing.State, standing.MonthsReceived));
        Assert.Equal(ObligationState.Overdue, Assess("2027-01-01", returns).State);
    }

    [Fact]
    public void OneMonthTwice_CountsOnce()
    {
        var standing = Assess(
            "2026-11-01",
            Return("2026-07-01/P1M", "2026-08-05T10:00:00Z"),
            Return("2026-07-01/P1M", "2026-08-06T10:00:00Z", name: "b"),
            Return("2026-07-01/P1M", "2026-08-07T10:00:00Z", name: "c"));

        Assert.Equal((ObligationState.Due, 1), (standing.State, standing.MonthsReceived));
    }

    [Theory]
    [InlineData("2026-12-31T23:59:59Z", ObligationState.Fulfilled)]
    [InlineData("2027-01-01T00:00:00Z", ObligationState.FulfilledLate)]
    public void LastNeededReturn_DecidesWhetherItIsOnTime(string last, ObligationState state)
    {
        var standing = Assess(
            "2027-02-01",
            Return("2026-07-01/P1M", "2026-08-05T10:00:00Z"),
            Return("2026-08-01/P1M", "2026-09-05T10:00:00Z", name: "b"),
            Return("2026-09-01/P1M", last, name: "c"));

        Assert.Equal(state, standing.State);
    }

    [Theory]
    [InlineData("2027-06-30T22:59:59Z", ObligationState.Fulfilled)]
    [InlineData("2027-06-30T23:00:00Z", ObligationState.FulfilledLate)]
    public void InSummer_TheDueDayEndsByTheClockOfLondon(string time, ObligationState state)
    {
        var winter = Owed with { Period = Northmere.Period("2027-01-01/P3M"), DueDate = Northmere.Day("2027-06-30") };
        var standing = Assess(winter, "2027-07-10", Return("2027-01-01/P3M", time));

        Assert.Equal(state, standing.State);
    }

    [Fact]
    public void SecondReturnForAMonthAlreadyIn_MakesNothingLate()
    {
        var standing = Assess(
            "2027-02-01",
            Return("2026-07-01/P3M", "2026-10-05T10:00:00Z"),
            Return("2026-08-01/P1M", "2027-01-20T10:00:00Z", name: "b"));

        Assert.Equal(ObligationState.Fulfilled, standing.State);
    }

    [Theory]
    [InlineData("2026-10-05T10:00:00Z", ObligationState.Nil)]
    [InlineData("2027-01-05T10:00:00Z", ObligationState.FulfilledLate)]
    public void ExplicitNil_FulfilsAndIsSaid(string time, ObligationState state) =>
        Assert.Equal(state, Assess("2027-02-01", Return("2026-07-01/P3M", time, isNil: true)).State);

    [Fact]
    public void NilForOneMonth_IsNotANilQuarter()
    {
        var standing = Assess(
            "2026-11-01",
            Return("2026-07-01/P1M", "2026-08-05T10:00:00Z", isNil: true),
            Return("2026-08-01/P1M", "2026-09-05T10:00:00Z", name: "b"),
            Return("2026-09-01/P1M", "2026-10-05T10:00:00Z", name: "c"));

        Assert.Equal(ObligationState.Fulfilled, standing.State);
    }

    [Fact]
    public void ReturnsOfOthers_CountForNothing()
    {
        var mine = Return("2026-07-01/P3M", "2026-10-05T10:00:00Z");
        AcceptedReturn[] others =
        [
            mine with { Party = "northmere-fire" },
            mine with { Dataset = "police-street-level" },
            mine with { Areas = ["X22000001"] },
            mine with { Areas = [] },
            mine with { Period = Northmere.Period("2026-10-01/P3M") },
            mine with { Period = new InformationPeriod(Owed.Period.Start, Owed.Period.Start) },
        ];

        var standing = Assess("2026-11-01", [.. others.Select((r, i) => r with { Name = $"{i}" })]);
        Assert.Equal((ObligationState.Due, 0), (standing.State, standing.MonthsReceived));
        Assert.Empty(standing.Submissions);
    }

    [Fact]
    public void ObligationForNoMonths_IsNeverFulfilled()
    {
        var nothing = Owed with { Period = new InformationPeriod(Owed.Period.Start, Owed.Period.Start) };
        var standing = Assess(nothing, "2027-02-01", Return("2026-07-01/P3M", "2026-10-05T10:00:00Z"));

        Assert.Equal(ObligationState.Overdue, standing.State);
    }

    static bool StandingsEqual(Standing a, Standing b) =>
        (a.State, a.MonthsReceived, a.MonthsOwed) == (b.State, b.MonthsReceived, b.MonthsOwed)
        && a.Submissions.SequenceEqual(b.Submissions);
}
