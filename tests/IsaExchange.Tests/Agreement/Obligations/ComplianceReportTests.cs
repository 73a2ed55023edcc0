using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using Xunit;

namespace IsaExchange.Tests.Agreement.Obligations;

/// <summary>The partnership's checklist on one day, from the sample agreement.</summary>
public sealed class ComplianceReportTests
{
    static readonly ReturnActs Nothing = new([], [], [], null);

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    static ComplianceReport Report(string day, SharingAgreement? agreement = null, ReturnActs? acts = null) =>
        ComplianceReport.Of(agreement ?? Northmere.Agreement, acts ?? Nothing, Northmere.Day(day));

    static string Said(ComplianceReport report) => string.Join('\n', ComplianceSentences.Of(report));

    static AcceptedReturn Crime(string period, string time, params string[] areas) => new(
        period, "northmere-police", "police-recorded-crime", areas, Northmere.Period(period), At(time), false);

    static readonly string[] AllAreas = ["X22000001", "X22000002", "X22000003", "X22000004"];

    [Fact]
    public void AuthorityWithoutAnOfficer_IsNamed()
    {
        const string line = "  - { party: northmere-fire, person: jo-trevithick, areas: all, "
            + "from: 2026-04-01, to: 2031-03-31 }\n";
        var report = Report("2026-11-23", Northmere.Loaded(Northmere.With(line, "")));

        Assert.Contains(
            "10 of 11 authorities have a liaison officer; missing: Northmere Fire and Rescue Authority.", Said(report),
            StringComparison.Ordinal);
        Assert.True(report.Authorities.Single(a => a.Party == "northmere-fire").IsVacant);
        Assert.False(report.IsClean);
    }

    [Fact]
    public void OfficerWhoEnds_IsMissingFromThatDayOnAndNotBefore()
    {
        var agreement = Northmere.Agreement.With(Northmere.Agreement.Acts with
        {
            Ends = [new DesignationEnd("officers[northmere-police/amara-okafor]", At("2026-11-10T09:00:00Z"))],
        });

        Assert.Equal(["Amara Okafor"], Police("2026-11-09").Officers);
        Assert.Empty(Police("2026-11-10").Officers);
        Assert.False(Police("2026-11-10").IsVacant);
        Assert.Contains("Northmere Police (a deputy acts)", Said(Report("2026-11-10", agreement)),
            StringComparison.Ordinal);

        AuthorityCheck Police(string day) =>
            Report(day, agreement).Authorities.Single(a => a.Party == "northmere-police");
    }

    [Fact]
    public void AreaThatNobodyAnswersFor_IsSaid()
    {
        var report = Report("2026-11-23", Northmere.Loaded(Northmere.Yaml
            .Replace(
                "amara-okafor, areas: all", "amara-okafor, areas: [X22000001, X22000002]", StringComparison.Ordinal)
            .Replace("ben-hartley, areas: all", "ben-hartley, areas: [X22000003]", StringComparison.Ordinal)));

        Assert.Contains("Nobody answers for Northmere Police in X22000004.", Said(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_CountFromTheirOwnDay()
    {
        var all = Northmere.Agreement.Acts;
        var agreement = Northmere.Agreement.With(all with
        {
            Signatures = [.. all.Signatures.Where(s => s.Party != "northmere-probation")
                .Select(s => s.Party == "northmere-fire" ? s with { Time = At("2026-10-01T09:00:00Z") } : s)],
        });

        Assert.Contains(
            "9 of 11 authorities have signed this revision; missing: Northmere Fire and Rescue Authority, "
            + "Northmere Probation Service.",
            Said(Report("2026-09-30", agreement)), StringComparison.Ordinal);
        Assert.Contains("10 of 11 authorities have signed", Said(Report("2026-10-01", agreement)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Returns_AreCountedOfWhatFellDueAndMissingOnesAreListedByAreaAndPeriod()
    {
        var acts = new ReturnActs(
            [
                Crime("2026-04-01/P3M", "2026-09-30T22:59:59Z", AllAreas),
                Crime("2026-07-01/P3M", "2026-12-31T12:00:00Z", AllAreas[..3]),
            ],
            [], [], null);
        var report = Report("2027-01-10", acts: acts);

        var crime = report.Datasets.Single(d => d.Dataset == "police-recorded-crime").Rate;
        Assert.Equal((8, 7, 1), (crime.Expected, crime.OnTime, crime.Missing));
        var missing = report.Missing.Single(g => g.Dataset == "police-recorded-crime");
        Assert.Equal(["X22000004"], missing.Areas);
        Assert.Equal("northmere-police.police-recorded-crime.2026-07-01-p3m", missing.Id);
        // The day before the due date had passed, nobody owed it yet.
        Assert.Equal(4, Report("2026-12-31", acts: acts).Datasets
            .Single(d => d.Dataset == "police-recorded-crime").Rate.Expected);
    }

    [Fact]
    public void DatasetClosedToTheRelevantAuthorities_IsReceivedAndNotShared()
    {
        var report = Report("2026-11-23");

        Assert.True(report.Datasets.Single(d => d.Dataset == "police-recorded-crime").IsShared);
        Assert.All(report.Datasets.Where(d => d.Dataset == "hospital-admissions"), d => Assert.False(d.IsShared));
        Assert.Contains("received only: hospital-admissions", Said(report), StringComparison.Ordinal);
    }

    [Fact]
    public void WithheldAndExcepted_AreSaidAndAreNotContent()
    {
        var acts = new ReturnActs(
            [],
            [new Withholding("northmere-west-health", "hospital-admissions", ["X22000001", "X22000002"],
                Northmere.Period("2026-04-01/P3M"), WithheldReasons.PersonalData, At("2026-09-01T09:00:00Z"))],
            [.. new[] { "X22000003", "X22000004" }.Select(area => new ExceptionAct(
                "northmere-east-health", "hospital-admissions", area, Northmere.Day("2026-04-01"),
                Northmere.Day("2026-12-15"), At("2026-09-20T09:00:00Z")))],
            null);
        var report = Report("2026-11-23", acts: acts);

        Assert.Contains("2 returns withheld with a reason, by Northmere West Health Board.", Said(report),
            StringComparison.Ordinal);
        Assert.Contains(
            "Northmere East Health Board has more time for hospital-admissions, 1 Apr 2026 to 30 Jun 2026, until "
            + "15 Dec 2026.",
            Said(report), StringComparison.Ordinal);
        var overdue = Said(report).Split('\n').Single(s => s.Contains("overdue", StringComparison.Ordinal));
        Assert.DoesNotContain("East", overdue, StringComparison.Ordinal);
        var west = report.Authorities.Single(a => a.Party == "northmere-west-health").Rate;
        Assert.Equal((2, 0, 2, 0), (west.Expected, west.Complete, west.Withheld, west.Missing));
    }

    [Fact]
    public void BeforeAnythingWasDue_ThereIsNoRate()
    {
        var report = Report("2026-05-01");

        Assert.Equal(0, report.Rate.Expected);
        Assert.Contains("No return fell due", Said(report), StringComparison.Ordinal);
        Assert.DoesNotContain("%", Said(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.999", "99 %")]
    [InlineData("1", "100 %")]
    [InlineData("0.001", "under 1 %")]
    [InlineData("0", "0 %")]
    public void Percent_IsNeverRoundedUpToAll(string share, string said) =>
        Assert.Equal(said, ComplianceSentences.Percent(decimal.Parse(share, CultureInfo.InvariantCulture)));

    [Fact]
    public void NoRate_IsNoPercentage() => Assert.Equal("no rate", ComplianceSentences.Percent(null));
}
