using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using Xunit;

namespace IsaExchange.Tests.Agreement.Obligations;

/// <summary>Corrections, withdrawals, answers and exceptions, each from its own moment on and never before.</summary>
public sealed class PastDaysTests
{
    static readonly Obligation Owed = new(
        "northmere-police", "police-recorded-crime", "X22000001", Northmere.Period("2026-07-01/P3M"),
        Northmere.Day("2026-12-31"), "cda-1998-s17a paragraph 2", "datasets[police-recorded-crime/northmere-police]");

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    static AcceptedReturn Return(string name, string time, string period = "2026-07-01/P3M") => new(
        name, Owed.Party, Owed.Dataset, [Owed.Area], Northmere.Period(period), At(time), false);

    static Withholding Withheld(string time, string period = "2026-07-01/P3M") => new(
        Owed.Party, Owed.Dataset, [Owed.Area], Northmere.Period(period), WithheldReasons.PersonalData, At(time));

    static ExceptionAct Exception(string time, string until, string? revoked = null) => new(
        Owed.Party, Owed.Dataset, Owed.Area, Owed.Period.Start, Northmere.Day(until), At(time))
    {
        Revoked = revoked is null ? null : At(revoked),
    };

    static Standing Assess(
        string day, AcceptedReturn[]? returns = null, Withholding[]? withheld = null, ExceptionAct[]? exceptions = null,
        int? lockDaysAfter = null) =>
        ObligationStanding.Assess(
            Owed, new ReturnActs(returns ?? [], withheld ?? [], exceptions ?? [], lockDaysAfter), Northmere.Day(day));

    [Theory]
    [InlineData("2026-10-19", ObligationState.Due)]
    [InlineData("2026-10-20", ObligationState.Fulfilled)]
    [InlineData("2026-11-09", ObligationState.Fulfilled)]
    [InlineData("2026-11-10", ObligationState.Due)]
    [InlineData("2027-01-01", ObligationState.Overdue)]
    public void WithdrawnReturn_CountsUntilItsWithdrawalAndNoLonger(string day, ObligationState state)
    {
        var withdrawn = Return("a", "2026-10-20T10:00:00Z") with { WithdrawTime = At("2026-11-10T10:00:00Z") };

        Assert.Equal(state, Assess(day, [withdrawn]).State);
    }

    [Fact]
    public void ReturnAfterAWithdrawal_CountsFromItsOwnDay()
    {
        var withdrawn = Return("a", "2026-10-20T10:00:00Z") with { WithdrawTime = At("2026-11-10T10:00:00Z") };
        var again = Return("b", "2027-01-05T10:00:00Z");

        Assert.Equal(ObligationState.FulfilledLate, Assess("2027-02-01", [withdrawn, again]).State);
    }

    [Fact]
    public void CorrectionAfterTheDueDay_TurnsNothingLateAndNamesWhatStands()
    {
        AcceptedReturn[] returns =
        [
            Return("a", "2026-10-20T10:00:00Z"), Return("b", "2027-01-05T10:00:00Z") with { Corrects = "a" },
        ];

        Assert.Equal(["a"], Assess("2026-12-31", returns).Submissions);
        var after = Assess("2027-02-01", returns);
        Assert.Equal((ObligationState.Fulfilled, At("2026-10-20T10:00:00Z")), (after.State, after.CompleteTime));
        Assert.Equal(["b"], after.Submissions);
    }

    [Fact]
    public void WithdrawnCorrection_DoesNotBringBackWhatItCorrected()
    {
        AcceptedReturn[] returns =
        [
            Return("a", "2026-10-20T10:00:00Z"),
            Return("b", "2026-11-05T10:00:00Z") with { Corrects = "a", WithdrawTime = At("2026-11-20T10:00:00Z") },
        ];

        Assert.Equal(ObligationState.Fulfilled, Assess("2026-11-19", returns).State);
        Assert.Equal(ObligationState.Due, Assess("2026-11-20", returns).State);
    }

    [Fact]
    public void ReturnsThatCorrectOneAnother_CountForNothing()
    {
        AcceptedReturn[] returns =
        [
            Return("a", "2026-10-20T10:00:00Z") with { Corrects = "b" },
            Return("b", "2026-10-21T10:00:00Z") with { Corrects = "a" },
        ];

        Assert.Equal(ObligationState.Due, Assess("2026-11-01", returns).State);
    }

    [Theory]
    [InlineData("2026-10-31", ObligationState.Due)]
    [InlineData("2026-11-01", ObligationState.Withheld)]
    [InlineData("2027-06-01", ObligationState.Withheld)]
    public void WithheldReturn_IsAnAnswerFromThenOnAndNeverOnTime(string day, ObligationState state)
    {
        var standing = Assess(day, withheld: [Withheld("2026-11-01T09:00:00Z")]);

        Assert.Equal(state, standing.State);
        Assert.False(standing.IsOnTime || standing.IsComplete);
        Assert.Equal(state == ObligationState.Withheld, standing.Withholding is not null);
        Assert.Equal(0, standing.MonthsReceived);
    }

    [Fact]
    public void ContentForWhatWasWithheld_Fulfils()
    {
        var standing = Assess(
            "2026-12-01", [Return("a", "2026-11-20T10:00:00Z")], [Withheld("2026-11-01T09:00:00Z")]);

        Assert.Equal(ObligationState.Fulfilled, standing.State);
        Assert.Null(standing.Withholding);
    }

    [Fact]
    public void OneMonthWithheld_AnswersOnlyThatMonth()
    {
        AcceptedReturn[] two =
        [
            Return("a", "2026-08-05T10:00:00Z", "2026-07-01/P1M"),
            Return("b", "2026-09-05T10:00:00Z", "2026-08-01/P1M"),
        ];
        var september = Withheld("2026-10-05T10:00:00Z", "2026-09-01/P1M");

        Assert.Equal(ObligationState.Withheld, Assess("2027-01-01", two, [september]).State);
        Assert.Equal(ObligationState.Overdue, Assess("2027-01-01", two[..1], [september]).State);
    }

    [Theory]
    [InlineData("2026-12-31", ObligationState.Due)]
    [InlineData("2027-01-01", ObligationState.Excepted)]
    [InlineData("2027-01-31", ObligationState.Excepted)]
    [InlineData("2027-02-01", ObligationState.Overdue)]
    public void Exception_MovesTheDayItCountsAsLateAndNotTheDueDay(string day, ObligationState state)
    {
        var standing = Assess(day, exceptions: [Exception("2026-12-20T09:00:00Z", "2027-01-31")]);

        Assert.Equal(state, standing.State);
        Assert.Equal(Northmere.Day("2026-12-31"), Owed.DueDate);
        Assert.NotNull(standing.Exception);
    }

    [Theory]
    [InlineData("2027-01-31T23:59:59Z", ObligationState.Fulfilled)]
    [InlineData("2027-02-01T00:00:00Z", ObligationState.FulfilledLate)]
    public void ReturnWhileAnExceptionIsOpen_IsOnTime(string time, ObligationState state) => Assert.Equal(
        state,
        Assess("2027-03-01", [Return("a", time)], exceptions: [Exception("2026-12-20T09:00:00Z", "2027-01-31")]).State);

    [Fact]
    public void ExceptionGrantedAfterALateReturn_ExcusesNothing()
    {
        var standing = Assess(
            "2027-03-01", [Return("a", "2027-01-05T10:00:00Z")],
            exceptions: [Exception("2027-01-06T09:00:00Z", "2027-01-31")]);

        Assert.Equal(ObligationState.FulfilledLate, standing.State);
    }

    [Theory]
    [InlineData("2027-01-10", ObligationState.Excepted)]
    [InlineData("2027-01-11", ObligationState.Overdue)]
    public void RevokedException_HeldUntilItWasRevoked(string day, ObligationState state)
    {
        ExceptionAct[] revoked = [Exception("2026-12-20T09:00:00Z", "2027-01-31", "2027-01-11T12:00:00Z")];

        Assert.Equal(state, Assess(day, exceptions: revoked).State);
        Assert.Equal(
            ObligationState.Fulfilled,
            Assess("2027-03-01", [Return("a", "2027-01-11T11:59:59Z")], exceptions: revoked).State);
        Assert.Equal(
            ObligationState.FulfilledLate,
            Assess("2027-03-01", [Return("a", "2027-01-11T12:00:00Z")], exceptions: revoked).State);
    }

    [Fact]
    public void ExceptionOfAnotherAreaOrPeriod_MovesNothing()
    {
        var mine = Exception("2026-12-20T09:00:00Z", "2027-01-31");
        ExceptionAct[] others =
        [
            mine with { Area = "X22000002" }, mine with { PeriodStart = Northmere.Day("2026-10-01") },
            mine with { Dataset = "police-street-level" }, mine with { Party = "northmere-fire" },
            mine with { Time = At("2027-01-02T00:00:00Z") },
        ];

        Assert.Equal(ObligationState.Overdue, Assess("2027-01-01", exceptions: others).State);
    }

    [Theory]
    [InlineData("2027-07-03", ObligationState.Overdue)]
    [InlineData("2027-07-04", ObligationState.Locked)]
    public void OverdueForLong_Locks(string day, ObligationState state)
    {
        Assert.Equal(state, Assess(day, lockDaysAfter: 184).State);
        Assert.Equal(ObligationState.Overdue, Assess(day).State);
        ExceptionAct[] granted = [Exception("2027-07-04T08:00:00Z", "2027-07-31")];
        Assert.Equal(
            ObligationState.Excepted, Assess("2027-07-04", exceptions: granted, lockDaysAfter: 184).State);
    }

    [Fact]
    public void WhatIsIn_IsNeverLocked() => Assert.Equal(
        ObligationState.Fulfilled,
        Assess("2028-01-01", [Return("a", "2026-10-20T10:00:00Z")], lockDaysAfter: 0).State);
}
