using IsaExchange.Agreement;
using Xunit;
using static IsaExchange.Tests.Agreement.Northmere;

namespace IsaExchange.Tests.Agreement;

/// <summary>The rules at their edges: the last day and the first, the one area too many, the exception that nearly
/// fits.</summary>
public sealed class RuleEdgeTests
{
    const string Permitted = "yes";
    const string Crime = "police-recorded-crime";
    const string Area = "X22000001";

    static readonly SharingAgreement Sample = Northmere.Agreement;
    static readonly Principal System = Principal.Sender("northmere-police", "records-system");

    static string Decided(AccessRequest request, SharingAgreement? agreement = null) =>
        (agreement ?? Sample).Decide(request) is Refusal refusal ? refusal.Reason : Permitted;

    static AccessRequest Send(string day, string dataset, string period, params string[] areas) =>
        new(System, Verb.CreateSubmission, Noon(day))
        {
            Party = "northmere-police", Dataset = dataset, Period = Period(period), Areas = areas,
        };

    static AccessRequest As(string person, Verb verb, string day = "2026-10-05") =>
        new(Principal.ForPerson(person), verb, Noon(day));

    static ExceptionAct Exception { get; } = new(
        "northmere-police", Crime, Area, Day("2026-04-01"), Day("2027-06-01"), Noon("2027-05-01"));

    static string Late(params ExceptionAct[] exceptions) => Decided(
        Send("2027-06-01", Crime, "2026-04-01/P3M", Area),
        Sample.With(Sample.Acts with { Exceptions = exceptions }));

    [Theory]
    [InlineData("2027-04-02", Permitted)]
    [InlineData("2027-04-03", RefusalReasons.PeriodLocked)]
    public void PeriodLocks_TheDayAfterItsLastOpenOne(string day, string expected) =>
        Assert.Equal(expected, Decided(Send(day, Crime, "2026-04-01/P3M", Area)));

    [Fact]
    public void ExceptionThatFits_OpensItUntilTheEndOfItsLastDay()
    {
        Assert.Equal(RefusalReasons.PeriodLocked, Late());
        Assert.Equal(Permitted, Late(Exception));
        Assert.Equal(RefusalReasons.PeriodLocked, Late(Exception with { Until = Day("2027-05-31") }));
    }

    [Fact]
    public void ExceptionForAnother_OpensNothing()
    {
        Assert.Equal(RefusalReasons.PeriodLocked, Late(Exception with { Party = "northmere-fire" }));
        Assert.Equal(RefusalReasons.PeriodLocked, Late(Exception with { Dataset = "police-street-level" }));
        Assert.Equal(RefusalReasons.PeriodLocked, Late(Exception with { Area = "X22000002" }));
        Assert.Equal(RefusalReasons.PeriodLocked, Late(Exception with { PeriodStart = Day("2026-07-01") }));
        var two = Send("2027-06-01", Crime, "2026-04-01/P3M", Area, "X22000002");
        Assert.Equal(
            RefusalReasons.PeriodLocked,
            Decided(two, Sample.With(Sample.Acts with { Exceptions = [Exception] })));
    }

    [Fact]
    public void ExceptionTakenBack_IsClosedFromThatInstant()
    {
        Assert.Equal(RefusalReasons.PeriodLocked, Late(Exception with { Revoked = Noon("2027-06-01") }));
        Assert.Equal(Permitted, Late(Exception with { Revoked = Noon("2027-06-01").AddTicks(1) }));
    }

    [Theory]
    [InlineData("2026-03-31", RefusalReasons.AgreementNotInForce)]
    [InlineData("2026-04-01", Permitted)]
    [InlineData("2031-03-31", Permitted)]
    [InlineData("2031-04-01", RefusalReasons.AgreementNotInForce)]
    public void Term_HoldsFromItsFirstDayToItsLast(string day, string expected)
    {
        var month = day.StartsWith("2031", StringComparison.Ordinal) ? "2031-03-01/P1M" : "2026-04-01/P1M";
        Assert.Equal(expected, Decided(Send(day, "police-street-level", month, Area)));
    }

    [Theory]
    [InlineData("2026-10-31", Permitted)]
    [InlineData("2026-11-01", RefusalReasons.PartyNotCovered)]
    public void Notice_EndsMembershipAfterItsLastDay(string day, string expected)
    {
        var left = Sample.With(Sample.Acts with
        {
            Withdrawals = [new("northmere-police", Day("2026-10-31"), Noon("2026-07-01"))],
        });
        Assert.Equal(expected, Decided(As("lewis-grant", Verb.ListFeeds, day), left));
    }

    static AccessRequest Records(params string[] areas) => As("fatima-noor", Verb.ReadRecords) with
    {
        Party = "northmere-police", Dataset = Crime, Areas = areas, Purpose = "problem-solving",
    };

    [Fact]
    public void Records_AreForAreasThatAreAllShared()
    {
        Assert.Equal(Permitted, Decided(Records(Area)));
        Assert.Equal(RefusalReasons.AreaNotCovered, Decided(Records(Area, "X22000003")));
        Assert.Equal(RefusalReasons.AreaNotCovered, Decided(Records("X22000003")));
        Assert.Equal(RefusalReasons.AreaNotCovered, Decided(Records(Area, "X07000001")));
    }

    [Fact]
    public void Records_NeedAPartyADatasetAndAClause()
    {
        Assert.Equal(RefusalReasons.PartyNotCovered, Decided(Records(Area) with { Party = null }));
        Assert.Equal(RefusalReasons.DatasetNotCovered, Decided(Records(Area) with { Dataset = null }));
        Assert.Equal(RefusalReasons.DatasetNotCovered, Decided(Records(Area) with { Party = "northmere-fire" }));
        Assert.Equal(
            RefusalReasons.RecordsClosed, Decided(Records(Area) with { Dataset = "police-street-level" }));
    }

    [Theory]
    [InlineData("readers: [northmere-west-health]", Permitted)]
    [InlineData("readers: [northmere-fire]", RefusalReasons.RecordsClosed)]
    public void Records_AreForTheReadersNamed(string readers, string expected)
    {
        var agreement = Loaded(With("readers: relevant-authorities", readers));
        Assert.Equal(expected, Decided(Records(Area), agreement));
    }

    [Theory]
    [InlineData("admissions-by-csp", "2026-07-01/P3M", Permitted)]
    [InlineData("admissions-by-csp", "2026-08-01/P1M", Permitted)]
    [InlineData("street-level-by-csp", "2026-08-01/P1M", Permitted)]
    [InlineData("street-level-by-csp", "2026-07-01/P3M", RefusalReasons.PeriodNotAligned)]
    public void Feed_HasThePeriodsOfItsDataset(string feed, string period, string expected) =>
        Assert.Equal(expected, Decided(
            As("tom-ellery", Verb.PublishRelease) with { Feed = feed, Period = Period(period) }));

    [Fact]
    public void Feed_IsForItsOwnAreas()
    {
        var asked = As("tom-ellery", Verb.PublishRelease) with { Feed = "admissions-by-csp" };
        Assert.Equal(Permitted, Decided(asked with { Areas = [Area] }));
        Assert.Equal(RefusalReasons.AreaNotCovered, Decided(asked with { Areas = [Area, "X07000001"] }));
    }

    [Fact]
    public void Permit_NamesEveryClauseThatAllows()
    {
        Assert.Equal(
            ["senders[northmere-police/records-system]", $"datasets[{Crime}/northmere-police]"],
            Assert.IsType<Permit>(Sample.Decide(Send("2026-10-05", Crime, "2026-07-01/P3M", Area))).Clauses);
        Assert.Contains($"records[{Crime}]", Assert.IsType<Permit>(Sample.Decide(Records(Area))).Clauses);
    }

    [Fact]
    public void DesignationToCome_SaysWhenItBegins()
    {
        var designated = Sample.With(Sample.Acts with
        {
            People = [new("nell-person", "Nell Person", "nell@police.example")],
            Designations =
            [
                new("d1", "northmere-police", "nell-person", ["X10000001"], Day("2026-12-01"), Day("2027-12-01"), true,
                    Noon("2026-10-01")),
            ],
        });
        var refusal = Refused(designated.Decide(As("nell-person", Verb.ReadNotices)));
        Assert.Contains("begins on 1 Dec 2026", refusal.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("northmere-police", "lewis-grant", "Iris Calder")]
    [InlineData("northmere-county-council", "priya-raman", "Edwin Marsh")]
    public void Unsigned_IsTakenToThePartysOwnSignatory(string party, string person, string signatory)
    {
        var unsigned = Sample.With(Sample.Acts with
        {
            Signatures = [.. Sample.Acts.Signatures.Where(s => s.Party != party)],
        });
        var refusal = Refused(unsigned.Decide(As(person, Verb.ListFeeds)));
        Assert.Equal(RefusalReasons.PartyNotSigned, refusal.Reason);
        Assert.StartsWith(signatory, refusal.Contact, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordsRefused_NamesTheOfficerOfTheirOwner()
    {
        var refusal = Refused(Sample.Decide(Records(Area) with { Purpose = "strategic-assessment" }));
        Assert.Equal(RefusalReasons.PurposeNotPermitted, refusal.Reason);
        Assert.StartsWith("Amara Okafor", refusal.Contact, StringComparison.Ordinal);
    }
}
