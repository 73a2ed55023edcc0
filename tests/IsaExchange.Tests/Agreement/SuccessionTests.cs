using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>
/// Parties and areas that change: a trust, then a group, then a board; two districts that become one; a party that
/// joins and one that leaves. The duty passes on without a gap and is never owed twice.
/// </summary>
public sealed class SuccessionTests
{
    const string Yaml = """
        agreement: long
        title: An agreement of many years
        owner: police
        from: 2010-04-01
        to: 2030-03-31
        review: { due: 2029-04-01, grace_days: 90 }
        legal_bases: [cda-1998-s17a, local-agreement]
        geography: { codelist: invented, edition: "2010" }
        areas:
          - { code: X07000001, title: Oldford, kind: district, to: 2018-03-31 }
          - { code: X07000002, title: Elderford, kind: district, to: 2018-03-31 }
          - { code: X07000003, title: Newford, kind: district, from: 2018-04-01, succeeds: [X07000001, X07000002] }
          - { code: X07000004, title: Eastford, kind: district }
          - { code: X07000005, title: Farford, kind: district }
          # A combined area of what was three districts and is now two.
          - { code: X22000001, title: Safer Ford, kind: csp, of: [X07000001, X07000002, X07000003, X07000004] }
        parties:
          - { id: police, title: Police, kind: police, areas: [X22000001] }
          - { id: trust, title: Primary Care Trust, kind: health, areas: [X22000001], to: 2013-03-31 }
          - { id: group, title: Clinical Commissioning Group, kind: health, areas: [X22000001], from: 2013-04-01,
              to: 2022-06-30, succeeds: [trust] }
          - { id: board, title: Integrated Care Board, kind: health, areas: [X07000003], parts_of: [X07000004],
              from: 2022-07-01, succeeds: [group] }
          - { id: far-board, title: Far Board, kind: health, areas: [X07000005], parts_of: [X07000004],
              from: 2022-07-01 }
          - { id: fire, title: Fire Authority, kind: fire, areas: [X22000001], from: 2026-05-10 }
        people:
          - { id: pat, name: Pat, contact: pat@police.example }
          - { id: tess, name: Tess, contact: tess@trust.example }
          - { id: gina, name: Gina, contact: gina@group.example }
          - { id: bob, name: Bob, contact: bob@board.example }
          - { id: fran, name: Fran, contact: fran@far.example }
          - { id: faye, name: Faye, contact: faye@fire.example }
        officers:
          - { party: police, person: pat, areas: all, from: 2010-04-01, to: 2030-03-31 }
          - { party: trust, person: tess, areas: all, from: 2010-04-01, to: 2030-03-31 }
          - { party: group, person: gina, areas: all, from: 2010-04-01, to: 2030-03-31 }
          - { party: board, person: bob, areas: [X22000001], from: 2010-04-01, to: 2030-03-31 }
          - { party: far-board, person: fran, areas: all, from: 2010-04-01, to: 2030-03-31 }
          - { party: fire, person: faye, areas: all, from: 2010-04-01, to: 2030-03-31 }
        purposes:
          - { id: plan, title: The plan }
        datasets:
          - { dataset: crime, party: police, areas: [X07000001, X07000002, X07000003, X07000004], cadence: quarterly,
              calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 2 }
          - { dataset: street, party: police, areas: [X22000001], cadence: monthly, due_days: 30,
              basis: local-agreement }
          - { dataset: admissions, party: trust, areas: [X22000001], cadence: quarterly,
              calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 9 }
          - { dataset: admissions, party: group, areas: [X22000001], cadence: quarterly,
              calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 9 }
          - { dataset: admissions, party: board, areas: [X07000003, X07000004], cadence: quarterly,
              calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 9 }
          - { dataset: admissions, party: far-board, areas: [X07000004, X07000005], cadence: quarterly,
              calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 9 }
          - { dataset: fires, party: fire, areas: [X22000001], cadence: quarterly,
              calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 3 }
        feeds:
          - { id: crime, title: Crime, dataset: crime, areas: [X07000003, X07000004],
              tables: [{ name: by-area, dimensions: [area] }], regime: open, purposes: [plan],
              readers: [board, fire], marking: OFFICIAL }
        records:
          - { dataset: crime, readers: relevant-authorities, columns: [area], purposes: [plan] }
        retention:
          - { dataset: crime, periods: 80 }
          - { dataset: street, periods: 80 }
          - { dataset: admissions, periods: 80 }
          - { dataset: fires, periods: 80 }
        signing:
          quorum: 1
          signatories:
            - { party: police, person: pat, office: Chief Constable }
            - { party: trust, person: tess, office: Chief Executive }
            - { party: group, person: gina, office: Accountable Officer }
            - { party: board, person: bob, office: Chief Executive }
            - { party: far-board, person: fran, office: Chief Executive }
            - { party: fire, person: faye, office: Chief Fire Officer }
        """;

    static readonly SharingAgreement Long = Northmere.Loaded(Yaml);

    static readonly IReadOnlyList<Obligation> All = Long.ObligationsBetween(new(2010, 1, 1), new(2030, 12, 31));

    static AccessRequest Send(string person, string party, string dataset, string area, string period, string day) =>
        new(Principal.ForPerson(person), Verb.CreateSubmission, Northmere.Noon(day))
        {
            Party = party, Dataset = dataset, Areas = [area], Period = Northmere.Period(period),
        };

    static AccessRequest Send(string person, string party, string period, string day) =>
        Send(person, party, "admissions", "X22000001", period, day);

    [Theory]
    [InlineData("tess", "trust", "2013-01-01/P3M", "2013-03-31", true)]
    [InlineData("tess", "trust", "2013-01-01/P3M", "2013-04-01", false)]
    [InlineData("gina", "trust", "2013-01-01/P3M", "2013-03-31", false)]
    [InlineData("gina", "trust", "2013-01-01/P3M", "2013-04-01", true)]
    [InlineData("gina", "group", "2013-04-01/P3M", "2013-04-01", true)]
    [InlineData("gina", "group", "2022-04-01/P3M", "2022-07-01", false)]
    [InlineData("bob", "group", "2022-04-01/P3M", "2022-07-01", true)]
    [InlineData("bob", "trust", "2013-01-01/P3M", "2022-07-01", true)]
    [InlineData("bob", "trust", "2013-04-01/P3M", "2022-07-01", false)]
    [InlineData("bob", "group", "2022-07-01/P3M", "2022-07-01", false)]
    [InlineData("fran", "group", "2022-04-01/P3M", "2022-07-01", false)]
    public void WhoSucceeds_SendsWhatTheOneBeforeOwes(
        string person, string party, string period, string day, bool permitted) =>
        Assert.Equal(permitted, Long.Decide(Send(person, party, period, day)) is Permit);

    [Fact]
    public void PeopleOfTheOneBefore_ActNoLongerAndAreToldWhoDoes()
    {
        var refusal = Northmere.Refused(Long.Decide(Send("tess", "trust", "2013-01-01/P3M", "2013-04-01")));

        Assert.Equal(("PARTY_NOT_COVERED", "parties[trust]"), (refusal.Reason, refusal.Clause));
        Assert.Equal("Clinical Commissioning Group has taken the place of Primary Care Trust.", refusal.Explanation);
        Assert.Equal("Gina, gina@group.example", refusal.Contact);
        var read = new AccessRequest(Principal.ForPerson("tess"), Verb.ReadAgreement, Northmere.Noon("2013-04-01"));
        Assert.IsType<Refusal>(Long.Decide(read));
    }

    [Theory]
    [InlineData("trust", "2013-03-31", "tess")]
    [InlineData("trust", "2013-04-01", "gina")]
    [InlineData("trust", "2022-07-01", "bob")]
    [InlineData("group", "2022-06-30", "gina")]
    public void OfficersOfAPartyWhosePlaceIsTaken_AreThoseOfItsSuccessor(string party, string day, string officer) =>
        Assert.Equal([officer], Long.OfficersOn(party, Northmere.Day(day)).Select(o => o.Person));

    [Fact]
    public void Admissions_AreOwedOnceForEveryQuarter()
    {
        var before = All.Where(o => o is { Dataset: "admissions", Area: "X22000001" })
            .OrderBy(o => o.Period.Start).ToList();

        Assert.Equal(12 + 37, before.Count);
        Assert.Equal(
            Enumerable.Repeat("trust", 12).Concat(Enumerable.Repeat("group", 37)), before.Select(o => o.Party));
        Assert.Equal(
            Enumerable.Range(0, 49).Select(n => new DateOnly(2010, 4, 1).AddMonths(3 * n)),
            before.Select(o => o.Period.Start));
    }

    [Fact]
    public void AreaSharedByTwoBodies_IsOwedByEach()
    {
        var shared = All.Where(o => o is { Dataset: "admissions", Area: "X07000004" }).ToList();

        Assert.Equal(["board", "far-board"], shared.Select(o => o.Party).Distinct().Order());
        Assert.Equal(2 * 31, shared.Count);
        Assert.All(shared, o => Assert.True(o.Period.Start >= new DateOnly(2022, 7, 1)));
    }

    [Fact]
    public void MergedDistricts_AreOwedUntilTheDayAndTheNewOneFromIt()
    {
        var crime = All.Where(o => o.Dataset == "crime").ToLookup(o => o.Area);

        Assert.Equal(new DateOnly(2018, 1, 1), crime["X07000001"].Max(o => o.Period.Start));
        Assert.Equal(new DateOnly(2018, 1, 1), crime["X07000002"].Max(o => o.Period.Start));
        Assert.Equal(new DateOnly(2018, 4, 1), crime["X07000003"].Min(o => o.Period.Start));
        Assert.Equal(80, crime["X07000001"].Count() + crime["X07000003"].Count());
        Assert.Equal(80, crime["X07000004"].Count());
    }

    [Theory]
    [InlineData("X07000001", "2018-01-01/P3M", true)]
    [InlineData("X07000001", "2018-04-01/P3M", false)]
    [InlineData("X07000001", "2018-04-01/P1M", false)]
    [InlineData("X07000003", "2018-01-01/P3M", false)]
    [InlineData("X07000003", "2018-04-01/P3M", true)]
    public void SubmissionForADistrict_IsTakenWhileItExists(string area, string period, bool permitted)
    {
        var decision = Long.Decide(Send("pat", "police", "crime", area, period, "2018-08-01"));

        Assert.Equal(permitted, decision is Permit);
        Assert.Equal(!permitted, decision is Refusal { Reason: "AREA_NOT_COVERED", Clause: "areas" });
    }

    [Theory]
    [InlineData("trust", "X22000001", "2013-01-01/P3M", true)]
    [InlineData("trust", "X22000001", "2013-04-01/P3M", false)]
    [InlineData("group", "X22000001", "2013-01-01/P3M", false)]
    [InlineData("police", "X07000001", "2018-04-01/P3M", false)]
    [InlineData("police", "X07000003", "2018-01-01/P3M", false)]
    [InlineData("police", "X07000003", "2018-04-01/P3M", true)]
    public void WhoIsGone_IsNotMissing(string party, string area, string period, bool there) =>
        Assert.Equal(there, Long.IsThere(party, area, Northmere.Period(period)));

    [Theory]
    [InlineData("bob", "2010-04-01/P3M", true)]
    [InlineData("faye", "2010-04-01/P3M", false)]
    [InlineData("faye", "2026-04-01/P3M", false)]
    [InlineData("faye", "2026-07-01/P3M", true)]
    public void BackData_IsForWhoSucceedsAndNotForWhoJoins(string person, string period, bool permitted)
    {
        var read = new AccessRequest(Principal.ForPerson(person), Verb.ReadRelease, Northmere.Noon("2026-12-01"))
        {
            Feed = "crime", Purpose = "plan", Period = Northmere.Period(period),
        };
        var records = read with
        {
            Feed = null, Verb = Verb.ReadRecords, Party = "police", Dataset = "crime", Areas = ["X07000004"],
        };

        Assert.Equal(permitted, Long.Decide(read) is Permit);
        Assert.Equal(!permitted, Long.Decide(read) is Refusal { Reason: "PERIOD_BEFORE_ACCESSION" });
        Assert.Equal(permitted, Long.Decide(records) is Permit);
        var open = Northmere.Loaded(Yaml + "\naccession: { approvals: 1, back_data: true }\n");
        Assert.IsType<Permit>(open.Decide(read));
        Assert.IsType<Permit>(open.Decide(records));
    }

    [Fact]
    public void WhoJoins_OwesFromItsFirstWholePeriod()
    {
        var fires = All.Where(o => o.Party == "fire").ToList();

        Assert.Equal(new DateOnly(2026, 7, 1), fires.Min(o => o.Period.Start));
        var early = Long.Decide(Send("faye", "fire", "fires", "X22000001", "2026-04-01/P3M", "2026-08-01"));
        Assert.Equal("PERIOD_BEFORE_ACCESSION", Northmere.Refused(early).Reason);
        var split = Long.Decide(Send("faye", "fire", "fires", "X22000001", "2026-06-01/P1M", "2026-08-01"));
        Assert.Equal("PERIOD_NOT_OWED", Northmere.Refused(split).Reason);
    }

    [Fact]
    public void WhoLeaves_OwesWhatTheLawDemandsAndNothingElse()
    {
        var left = Long.With(Long.Acts with
        {
            Withdrawals = [new("police", new(2026, 8, 31), Northmere.Noon("2026-05-01"))],
        });
        var owed = left.ObligationsBetween(new(2026, 1, 1), new(2030, 12, 31)).Where(o => o.Party == "police").ToList();

        Assert.Equal(new DateOnly(2030, 1, 1), owed.Where(o => o.Dataset == "crime").Max(o => o.Period.Start));
        Assert.Equal(new DateOnly(2026, 8, 1), owed.Where(o => o.Dataset == "street").Max(o => o.Period.Start));
        Assert.IsType<Permit>(left.Decide(Send("pat", "police", "crime", "X07000004", "2026-07-01/P3M", "2026-10-05")));
        var street = Send("pat", "police", "street", "X22000001", "2026-08-01/P1M", "2026-10-05");
        Assert.IsType<Refusal>(left.Decide(street));
    }

    [Fact]
    public void CombinedArea_IsTheUnionOfItsDistricts()
    {
        Assert.True(Long.LiesIn("X07000003", ["X22000001"]));
        Assert.True(Long.LiesIn("X22000001", ["X07000001", "X07000002", "X07000003", "X07000004"]));
        Assert.False(Long.LiesIn("X22000001", ["X07000003", "X07000004"]));
        Assert.False(Long.LiesIn("X07000005", ["X22000001"]));
    }

    [Fact]
    public void PartOfAnArea_IsEnoughToReadItsRecords()
    {
        AccessRequest Read(string person, string area) =>
            new(Principal.ForPerson(person), Verb.ReadRecords, Northmere.Noon("2026-12-01"))
            {
                Party = "police", Dataset = "crime", Areas = [area], Purpose = "plan",
            };

        Assert.IsType<Permit>(Long.Decide(Read("fran", "X07000004")));
        Assert.Equal("AREA_NOT_COVERED", Northmere.Refused(Long.Decide(Read("fran", "X07000003"))).Reason);
    }
}
