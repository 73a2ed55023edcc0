using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

public sealed class ObligationTests
{
    static IReadOnlyList<Obligation> Between(SharingAgreement agreement, string first, string last) =>
        agreement.ObligationsBetween(Northmere.Day(first), Northmere.Day(last));

    [Fact]
    public void OneQuarter_IsOwedByEachPartyForEachOfItsAreas()
    {
        var owed = Between(Northmere.Agreement, "2026-07-01", "2026-07-01");

        Assert.Equal(12, owed.Count);
        Assert.Equal(4, owed.Count(o => o.Dataset == "police-recorded-crime"));
        Assert.Equal(4, owed.Count(o => o.Dataset == "police-street-level"));
        Assert.Equal(["X22000001", "X22000002"], AreasOf("northmere-west-health"));
        Assert.Equal(["X22000003", "X22000004"], AreasOf("northmere-east-health"));

        IEnumerable<string> AreasOf(string party) => owed.Where(o => o.Party == party).Select(o => o.Area);
    }

    [Fact]
    public void Obligation_SaysByWhenAndWhy()
    {
        var crime = Between(Northmere.Agreement, "2026-07-01", "2026-09-30")
            .Single(o => o.Dataset == "police-recorded-crime" && o.Area == "X22000003");

        Assert.Equal("northmere-police.police-recorded-crime.x22000003.2026-07-01", crime.Id);
        Assert.Equal(Northmere.Day("2026-12-31"), crime.DueDate);
        Assert.Equal("cda-1998-s17a paragraph 2", crime.LegalBasis);
        Assert.Equal("datasets[police-recorded-crime/northmere-police]", crime.Clause);
    }

    [Fact]
    public void LocalDataset_IsMonthlyAndDueByItsOwnRule()
    {
        var months = Between(Northmere.Agreement, "2026-07-01", "2026-09-30")
            .Where(o => o.Dataset == "police-street-level" && o.Area == "X22000001").ToList();

        Assert.Equal(["2026-07-01-p1m", "2026-08-01-p1m", "2026-09-01-p1m"], months.Select(o => o.Period.Id));
        Assert.Equal(Northmere.Day("2026-07-31").AddDays(60), months[0].DueDate);
        Assert.All(months, o => Assert.Equal("local-agreement", o.LegalBasis));
    }

    [Fact]
    public void WholeTerm_IsTwentyQuartersAndNoneOutside()
    {
        var crime = Between(Northmere.Agreement, "1990-01-01", "2199-12-31")
            .Where(o => o.Dataset == "police-recorded-crime" && o.Area == "X22000001").ToList();

        Assert.Equal(20, crime.Count);
        Assert.Equal(("2026-04-01-p3m", "2031-01-01-p3m"), (crime[0].Period.Id, crime[^1].Period.Id));
        Assert.Equal(crime.Count, crime.DistinctBy(o => o.Id).Count());
        Assert.Equal(crime.OrderBy(o => o.DueDate).Select(o => o.Id), crime.Select(o => o.Id));
    }

    [Fact]
    public void PartyThatJoinsAndLeaves_OwesWholePeriodsOfItsMembership()
    {
        var agreement = Northmere.Loaded(Northmere.With(
            "kind: health, areas: [X22000001, X22000002] }",
            "kind: health, areas: [X22000001, X22000002], from: 2026-05-15, to: 2027-03-30 }"));
        var owed = Between(agreement, "2026-04-01", "2031-03-31").Where(o => o.Party == "northmere-west-health");

        Assert.Equal(["2026-07-01-p3m", "2026-10-01-p3m"], owed.Select(o => o.Period.Id).Distinct());
    }

    [Fact]
    public void ClauseWithDatesOfItsOwn_IsClippedToThem()
    {
        var agreement = Northmere.Loaded(Northmere.With(
            "due_days: 60\n", "due_days: 60\n    from: 2027-01-01\n    to: 2027-02-28\n"));
        var owed = Between(agreement, "2026-04-01", "2031-03-31").Where(o => o.Dataset == "police-street-level");

        Assert.Equal(["2027-01-01-p1m", "2027-02-01-p1m"], owed.Select(o => o.Period.Id).Distinct());
    }

    [Theory]
    [InlineData("2026-07-02", "2026-07-31")]
    [InlineData("2027-01-01", "2026-01-01")]
    [InlineData("2031-04-01", "2040-01-01")]
    [InlineData("2000-01-01", "2026-03-31")]
    public void RangeInWhichNoPeriodBegins_OwesNothing(string first, string last) =>
        Assert.Empty(Between(Northmere.Agreement, first, last));
}
