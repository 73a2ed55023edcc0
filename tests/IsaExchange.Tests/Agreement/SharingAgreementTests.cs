using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>What the cases of the sample cannot say: succession, vacancy, leaving, contacts.</summary>
public sealed class SharingAgreementTests
{
    static readonly Principal Records = Principal.Sender("northmere-police", "records-system");
    static readonly Principal Amara = Principal.ForPerson("amara-okafor");
    static readonly Principal Ben = Principal.ForPerson("ben-hartley");

    static AccessRequest Submit(Principal caller, string day) => new(caller, Verb.Submit, Northmere.Noon(day))
    {
        Party = "northmere-police", Dataset = "police-recorded-crime",
    };

    static AccessRequest Read(string person, string feed = "recorded-crime-by-csp") =>
        new(Principal.ForPerson(person), Verb.ReadRelease, Northmere.Noon("2026-10-05"))
        {
            Feed = feed, Purpose = "strategic-assessment",
        };

    [Fact]
    public void Permit_CarriesWhatTheLogNeeds()
    {
        var permit = Assert.IsType<Permit>(Northmere.Agreement.Decide(Read("priya-raman")));

        Assert.Equal(("northmere", Northmere.Agreement.Revision), (permit.AgreementId, permit.Revision));
        Assert.Equal("northmere-county-council", permit.CallerParty);
        Assert.Equal((Role.Analyst, Verb.ReadRelease), (permit.Role, permit.Verb));
        Assert.Equal(
            ["roles.analysts[northmere-county-council/priya-raman]", "feeds[recorded-crime-by-csp]",
                "purposes[strategic-assessment]"],
            permit.Clauses);
        Assert.Equal(Role.Deputy, Assert.IsType<Permit>(Northmere.Agreement.Decide(Submit(Ben, "2026-10-05"))).Role);
    }

    [Theory]
    [InlineData("2026-12-31", "amara-okafor")]
    [InlineData("2027-01-01", "lewis-grant")]
    public void Succession_PassesTheDutyAtMidnightInLondon(string day, string officer)
    {
        var agreement = Northmere.Loaded(Northmere.With(
            "person: amara-okafor, areas: all, from: 2026-04-01, to: 2031-03-31 }",
            "person: amara-okafor, areas: all, from: 2026-04-01, to: 2026-12-31 }\n"
            + "  - { party: northmere-police, person: lewis-grant, areas: all, from: 2027-01-01, to: 2031-03-31 }"));

        foreach (var person in new[] { "amara-okafor", "lewis-grant" })
        {
            var decision = agreement.Decide(Submit(Principal.ForPerson(person), day));
            Assert.Equal(person == officer, decision is Permit);
            Assert.Equal(person != officer, decision is Refusal { Reason: "NOT_DESIGNATED_OFFICER" });
        }
    }

    [Fact]
    public void Vacancy_StopsOfficersButNotTheDuty()
    {
        const string Term = "areas: all, from: 2026-04-01, to: 2031-03-31";
        const string Cut = "areas: all, from: 2026-04-01, to: 2026-12-31";
        var agreement = Northmere.Loaded(Northmere.Yaml
            .Replace($"person: amara-okafor, {Term}", $"person: amara-okafor, {Cut}")
            .Replace($"person: ben-hartley, {Term}", $"person: ben-hartley, {Cut}"));

        Assert.Empty(agreement.OfficersOn("northmere-police", Northmere.Day("2027-01-01")));
        Assert.IsType<Permit>(agreement.Decide(Submit(Records, "2027-01-05")));
        var refusal = Assert.IsType<Refusal>(agreement.Decide(Submit(Amara, "2027-01-05")));
        Assert.Equal("Tom Ellery, tom.ellery@council.northmere.example", refusal.Contact);
        Assert.Contains("31 Dec 2026", refusal.Explanation);
    }

    [Fact]
    public void OfficerForSomeAreas_AnswersForNoOther()
    {
        var agreement = Northmere.Loaded(Northmere.With(
            "person: amara-okafor, areas: all", "person: amara-okafor, areas: [X22000001, X07000003]"));
        AccessRequest For(string area) => new(Amara, Verb.CreateSubmission, Northmere.Noon("2026-10-05"))
        {
            Party = "northmere-police", Dataset = "police-recorded-crime", Areas = [area],
            Period = Northmere.Period("2026-07-01/P3M"),
        };

        Assert.IsType<Permit>(agreement.Decide(For("X22000001")));
        // X07000003 is only half of the combined area X22000003.
        var refusal = Assert.IsType<Refusal>(agreement.Decide(For("X22000003")));
        Assert.Equal(("AREA_NOT_COVERED", "officers[northmere-police/amara-okafor]"), (refusal.Reason, refusal.Clause));
    }

    [Fact]
    public void OnePersonForSeveralParties_IsJudgedByEachDesignation()
    {
        var agreement = Northmere.Loaded(Northmere.With("person: helen-abara, areas", "person: marcus-field, areas"));
        var marcus = Principal.ForPerson("marcus-field");
        var request = new AccessRequest(marcus, Verb.ReadAudit, Northmere.Noon("2026-10-05"));

        foreach (var party in new[] { "coldharbour-council", "dunmere-council" })
        {
            var permit = Assert.IsType<Permit>(agreement.Decide(request with { Party = party }));
            Assert.Equal(party, permit.CallerParty);
        }
    }

    [Theory]
    [InlineData("police-recorded-crime", true)]
    [InlineData("police-street-level", false)]
    public void PartyThatHasLeft_StillOwesWhatTheLawDemands(string dataset, bool permitted)
    {
        var agreement = Northmere.Loaded(Northmere.With(
            "kind: police, areas: [X10000001] }", "kind: police, areas: [X10000001], to: 2026-12-31 }"));
        var decision = agreement.Decide(Submit(Records, "2027-02-01") with { Dataset = dataset });

        Assert.Equal(permitted, decision is Permit);
        Assert.Equal(
            !permitted, decision is Refusal { Reason: "PARTY_NOT_COVERED", Clause: "parties[northmere-police]" });
        Assert.IsType<Refusal>(agreement.Decide(new(Amara, Verb.CommentRevision, Northmere.Noon("2027-02-01"))));
        Assert.IsType<Permit>(agreement.Decide(new(Amara, Verb.ReadAgreement, Northmere.Noon("2027-02-01"))));
    }

    [Fact]
    public void RoleOutsideItsTerm_IsRefused()
    {
        var agreement = Northmere.Loaded(Northmere.With(
            "person: priya-raman }", "person: priya-raman, from: 2027-01-01 }"));

        Assert.Equal("ROLE_NOT_IN_TERM", Assert.IsType<Refusal>(agreement.Decide(Read("priya-raman"))).Reason);
    }

    [Theory]
    [InlineData("priya-raman", "Ruth Pemberton, ruth.pemberton@council.northmere.example")]
    [InlineData("lewis-grant", "Amara Okafor, amara.okafor@police.northmere.example")]
    [InlineData("amara-okafor", "Ben Hartley, ben.hartley@police.northmere.example")]
    [InlineData("gareth-lowe", "Fatima Noor, fatima.noor@west-health.northmere.example")]
    public void Contact_IsAnOfficerInOfficeAndNeverTheCaller(string person, string contact)
    {
        var decision = Northmere.Agreement.Decide(Read(person, "admissions-by-csp") with { Purpose = null });

        Assert.Equal(contact, Assert.IsType<Refusal>(decision).Contact);
    }

    [Fact]
    public void Contact_IsWhoeverCanHelp()
    {
        var a = Northmere.Agreement;
        var unsigned = a.With(a.Acts with
        {
            Signatures = [.. a.Acts.Signatures.Where(s => s.Party != "northmere-police")],
        });
        var suspended = a.With(a.Acts with { Stages = [new(AgreementStage.Suspended, DateTimeOffset.UnixEpoch)] });
        var locked = Submit(Amara, "2027-10-05") with
        {
            Areas = ["X22000001"], Period = Northmere.Period("2026-07-01/P3M"),
        };
        var gareth = Principal.ForPerson("gareth-lowe");
        var records = new AccessRequest(gareth, Verb.ReadRecords, Northmere.Noon("2026-10-05"))
        {
            Party = "northmere-police", Dataset = "police-recorded-crime", Areas = ["X22000001"],
        };

        Assert.Equal(
            ("PARTY_NOT_SIGNED", "Iris Calder, iris.calder@police.northmere.example"),
            Told(unsigned.Decide(Submit(Amara, "2026-10-05"))));
        Assert.Equal(
            ("PERIOD_LOCKED", "Tom Ellery, tom.ellery@council.northmere.example"), Told(a.Decide(locked)));
        Assert.Equal(
            ("AGREEMENT_SUSPENDED", "Tom Ellery, tom.ellery@council.northmere.example"),
            Told(suspended.Decide(Submit(Amara, "2026-10-05"))));
        Assert.Equal(
            ("PURPOSE_REQUIRED", "Amara Okafor, amara.okafor@police.northmere.example"), Told(a.Decide(records)));

        static (string, string?) Told(Decision decision) =>
            (Northmere.Refused(decision).Reason, Northmere.Refused(decision).Contact);
    }

    [Fact]
    public void UnattendedSender_IsOneForItsDatasetsOnly()
    {
        var day = Northmere.Day("2026-10-05");
        var a = Northmere.Agreement;

        Assert.True(a.IsUnattendedSender(Records, "police-recorded-crime", day));
        Assert.False(a.IsUnattendedSender(Records, "hospital-admissions", day));
        var attended = Principal.Sender("northmere-east-health", "data-warehouse");
        Assert.False(a.IsUnattendedSender(attended, "hospital-admissions", day));
        Assert.False(a.IsUnattendedSender(Amara, "police-recorded-crime", day));
    }

    [Fact]
    public void EmptyPurpose_IsNone()
    {
        var refusal = Assert.IsType<Refusal>(Northmere.Agreement.Decide(Read("priya-raman") with { Purpose = "" }));

        Assert.Equal("PURPOSE_REQUIRED", refusal.Reason);
    }

    [Fact]
    public void FeedOfAnotherDataset_IsRefused()
    {
        var decision = Northmere.Agreement.Decide(Read("priya-raman") with { Dataset = "hospital-admissions" });

        Assert.Equal("DATASET_NOT_COVERED", Assert.IsType<Refusal>(decision).Reason);
    }
}
