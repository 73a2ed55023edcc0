using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using Xunit;

namespace IsaExchange.Tests.Agreement.Obligations;

public sealed class PeriodLockTests
{
    static readonly DatasetOwedClause Crime =
        Northmere.Agreement.DatasetsOwed.Single(d => d.Dataset == "police-recorded-crime");

    static readonly ExceptionAct Open = new(
        Crime.Party, Crime.Dataset, "X22000001", Northmere.Day("2026-07-01"), Northmere.Day("2027-02-28"),
        At("2027-02-01T09:00:00Z"));

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    static bool IsLocked(string time, string period, int? days, params ExceptionAct[] exceptions) =>
        PeriodLock.IsLocked(Crime, "X22000001", Northmere.Period(period), days, exceptions, At(time));

    [Theory]
    [InlineData("2027-01-30T23:59:59Z", false)]
    [InlineData("2027-01-31T00:00:00Z", true)]
    public void Lock_FallsAtMidnightAfterTheLastOpenDay(string time, bool locked)
    {
        Assert.Equal(locked, IsLocked(time, "2026-07-01/P3M", 30));
        // A month locks with the quarter it is owed for.
        Assert.Equal(locked, IsLocked(time, "2026-07-01/P1M", 30));
        Assert.False(IsLocked(time, "2026-10-01/P3M", 30));
    }

    [Fact]
    public void WithoutTheClause_NothingLocks() =>
        Assert.False(IsLocked("2040-01-01T00:00:00Z", "2026-07-01/P3M", null));

    [Theory]
    [InlineData("2027-02-01T08:59:59Z", true)]
    [InlineData("2027-02-01T09:00:00Z", false)]
    [InlineData("2027-02-28T23:59:59Z", false)]
    [InlineData("2027-03-01T00:00:00Z", true)]
    public void Exception_OpensItFromItsGrantToTheEndOfItsDay(string time, bool locked)
    {
        Assert.Equal(locked, IsLocked(time, "2026-07-01/P3M", 30, Open));
        Assert.Equal(locked, IsLocked(time, "2026-09-01/P1M", 30, Open));
    }

    [Fact]
    public void RevokedOrForeignException_OpensNothing()
    {
        ExceptionAct[] none =
        [
            Open with { Revoked = At("2027-02-10T00:00:00Z") }, Open with { Area = "X22000002" },
            Open with { Party = "northmere-fire" }, Open with { Dataset = "police-street-level" },
            Open with { PeriodStart = Northmere.Day("2026-10-01") },
        ];

        Assert.True(IsLocked("2027-02-10T00:00:00Z", "2026-07-01/P3M", 30, none));
        Assert.False(IsLocked("2027-02-09T23:59:59Z", "2026-07-01/P3M", 30, none));
    }
}
