using System.Globalization;
using CsCheck;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using Xunit;

namespace IsaExchange.Tests.Agreement.Obligations;

/// <summary>
/// Eight ways in which reporting rates and completeness ticks of national collections have said what was not so, each
/// as a partnership would meet it. The rate is of two partnerships and one quarter unless a test says otherwise.
/// </summary>
public sealed class ReportingRateTests
{
    const string Quarter = "2026-07-01/P3M";
    static readonly DateOnly After = Northmere.Day("2027-01-15");

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    static Obligation Owed(string area, string period = Quarter) => new(
        "northmere-west-health", "hospital-admissions", area, Northmere.Period(period),
        StatutoryCalendar.DueDate(Northmere.Period(period)), "", "");

    static AcceptedReturn Return(
        string name, string time, string[] areas, string period = Quarter, bool isNil = false) => new(
        name, "northmere-west-health", "hospital-admissions", areas, Northmere.Period(period), At(time), isNil);

    static ReturnRate Rate(DateOnly day, Obligation[] owed, AcceptedReturn[] returns, Withholding[]? withheld = null)
    {
        var acts = new ReturnActs(returns, withheld ?? [], [], null);
        return ReturnRate.Of(
            owed.Select(o => new AssessedObligation(o, ObligationStanding.Assess(o, acts, day))), day);
    }

    static ReturnRate Rate(params AcceptedReturn[] returns) => Rate(After, [Owed("A"), Owed("B")], returns);

    [Fact]
    public void A_EmptyReportFollowedByTheRealOne_CountsFromTheRealOne()
    {
        var rate = Rate(
            Return("a", "2026-12-31T10:00:00Z", ["A"], isNil: true),
            Return("b", "2027-01-10T10:00:00Z", ["A"]) with { Corrects = "a" });

        Assert.Equal((0, 1, 0), (rate.OnTime, rate.Late, rate.Nil));
    }

    [Fact]
    public void B_ContentWithoutAnyTick_IsComplete()
    {
        // There is no act of completing: accepted content for the whole period is all it takes.
        var rate = Rate(Return("a", "2026-12-01T10:00:00Z", ["A", "B"]));

        Assert.Equal((2, 2, 1m), (rate.Expected, rate.Complete, rate.CompleteShare));
    }

    [Fact]
    public void C_ReturnsForAreasNobodyIsOwed_DoNotPassOneHundredPercent()
    {
        var rate = Rate(
            Return("a", "2026-12-01T10:00:00Z", ["A", "B"]), Return("b", "2026-12-01T10:00:00Z", ["C", "D"]),
            Return("c", "2026-12-01T10:00:00Z", ["E"]));

        Assert.Equal((2, 2), (rate.Expected, rate.Complete));
        Assert.Equal(1m, rate.CompleteShare);
    }

    [Fact]
    public void D_LateReport_IsCompleteAndNotOnTime()
    {
        var rate = Rate(Return("a", "2027-01-01T00:00:00Z", ["A", "B"]));

        Assert.Equal((0m, 1m), (rate.OnTimeShare, rate.CompleteShare));
    }

    [Fact]
    public void E_OneReportSentTwice_CountsOnce()
    {
        var rate = Rate(
            Return("a", "2026-12-01T10:00:00Z", ["A"]), Return("b", "2026-12-02T10:00:00Z", ["A"]),
            Return("c", "2026-12-03T10:00:00Z", ["A"]) with { Corrects = "b" });

        Assert.Equal((2, 1, 1, 0.5m), (rate.Expected, rate.Complete, rate.Missing, rate.CompleteShare));
    }

    [Fact]
    public void F_AuthorityThatJoinsOrLeavesMidPeriod_IsExpectedForWholePeriodsOnly()
    {
        var agreement = Northmere.Loaded(Northmere.With(
            "kind: health, areas: [X22000001, X22000002] }",
            "kind: health, areas: [X22000001, X22000002], from: 2026-05-15, to: 2027-03-30 }"));
        var acts = new ReturnActs([], [], [], null);
        var day = Northmere.Day("2028-01-01");
        var rate = ReturnRate.Of(
            agreement.ObligationsBetween(agreement.From, day).Where(o => o.Party == "northmere-west-health")
                .Select(o => new AssessedObligation(o, ObligationStanding.Assess(o, acts, day))),
            day);

        // Two partnerships, July to September and October to December: nothing for the quarters it was in for a part.
        Assert.Equal((4, 4), (rate.Expected, rate.Missing));
    }

    [Fact]
    public void G_NilIsSaid_MissingIsNot()
    {
        var rate = Rate(Return("a", "2026-12-01T10:00:00Z", ["A"], isNil: true));

        Assert.Equal((1, 1, 1), (rate.Nil, rate.OnTime, rate.Missing));
        var answered = Rate(
            After, [Owed("A"), Owed("B")], [Return("a", "2026-12-01T10:00:00Z", ["A"], isNil: true)],
            [new Withholding("northmere-west-health", "hospital-admissions", ["B"], Northmere.Period(Quarter),
                WithheldReasons.NotHeld, At("2026-12-01T10:00:00Z"))]);
        Assert.Equal((1, 1, 0), (answered.Complete, answered.Withheld, answered.Missing));
        Assert.Equal(0.5m, answered.CompleteShare);
    }

    [Theory]
    [InlineData("2026-07-01/P1M")]
    [InlineData("2026-07-01/P1M", "2026-09-01/P1M")]
    public void H_PartOfAPeriod_IsNotComplete(params string[] months)
    {
        var rate = Rate([.. months.Select(m => Return(m, "2026-12-01T10:00:00Z", ["A", "B"], m))]);

        Assert.Equal((2, 0, 2), (rate.Expected, rate.Complete, rate.Missing));
    }

    [Fact]
    public void NothingExpected_HasNoRate()
    {
        var rate = Rate(Northmere.Day("2026-12-31"), [Owed("A")], [Return("a", "2026-12-01T10:00:00Z", ["A"])]);

        Assert.Equal(new ReturnRate(0, 0, 0, 0, 0, 0), rate);
        Assert.Null(rate.OnTimeShare);
        Assert.Null(rate.CompleteShare);
    }

    [Fact]
    public void SameObligationTwice_IsExpectedOnce() =>
        Assert.Equal(1, Rate(After, [Owed("A"), Owed("A")], []).Expected);
}

/// <summary>Whatever comes in, the parts add up to what the agreement expected, which does not move.</summary>
public sealed class ReportingRateProperties
{
    static readonly string[] Areas = ["A", "B", "C", "Z"];
    static readonly string[] Periods =
    [
        "2026-07-01/P3M", "2026-07-01/P1M", "2026-08-01/P1M", "2026-09-01/P1M", "2026-10-01/P3M",
    ];

    static readonly Gen<AcceptedReturn> Returns =
        from area in Gen.Int[0, 3].Select(i => Areas[i])
        from period in Gen.Int[0, 4].Select(i => Periods[i])
        from day in Gen.Int[0, 260]
        from withdrawn in Gen.Int[0, 400]
        from isNil in Gen.Bool
        from corrects in Gen.Int[0, 12]
        select new AcceptedReturn(
            "", "p", "d", [area], Northmere.Period(period), Northmere.Noon("2026-07-10").AddDays(day), isNil)
        {
            Corrects = corrects > 8 ? null : $"{corrects}",
            WithdrawTime = withdrawn > 260 ? null : Northmere.Noon("2026-07-10").AddDays(withdrawn),
        };

    [Fact]
    public void Rate_NeverPassesOneAndItsPartsAddUp() => Returns.Array[0, 12].Select(Gen.Int[0, 300]).Sample(
        (returns, days) =>
        {
            var named = returns.Select((r, i) => r with { Name = $"{i}" }).ToArray();
            var day = Northmere.Day("2026-07-10").AddDays(days);
            var acts = new ReturnActs(named, [], [], 20);
            var quarters = Periods.Where(p => p.EndsWith("3M", StringComparison.Ordinal)).ToList();
            var owed = new[] { "A", "B", "C" }.SelectMany(area => quarters.Select(
                p => new Obligation("p", "d", area, Northmere.Period(p),
                    StatutoryCalendar.DueDate(Northmere.Period(p)), "", ""))).ToList();
            var rate = ReturnRate.Of(
                owed.Select(o => new AssessedObligation(o, ObligationStanding.Assess(o, acts, day))), day);

            Assert.Equal(owed.Count(o => o.DueDate < day), rate.Expected);
            Assert.Equal(rate.Expected, rate.OnTime + rate.Late + rate.Withheld + rate.Missing);
            Assert.True(rate.Nil <= rate.Complete);
            Assert.True(rate.CompleteShare is null or >= 0 and <= 1);
            Assert.True(rate.OnTimeShare is null || rate.OnTimeShare <= rate.CompleteShare);
            // What happens later does not change what was said of an earlier day.
            var known = named.Where(r => r.SubmitTime < LondonTime.EndOf(day)).ToArray();
            var early = new ReturnActs(known, [], [], 20);
            Assert.All(owed, o => Assert.Equal(
                ObligationStanding.Assess(o, acts, day).State, ObligationStanding.Assess(o, early, day).State));
        });
}
