using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.Register;

/// <summary>Which revision rules, which one governs a period, and who answers for it.</summary>
public sealed class PartnershipTests : IDisposable
{
    static readonly DateTimeOffset Begin = SampleRegister.Begin;

    readonly SampleRegister _register = new();
    readonly RevisionRow _first;

    public PartnershipTests()
    {
        _first = _register.Propose(SampleRegister.Yaml, Begin);
        InForce(_first, Begin, 8);
    }

    public void Dispose() => _register.Dispose();

    void InForce(RevisionRow row, DateTimeOffset time, int signatures)
    {
        _register.Sign(row, time, signatures);
        _register.Reach(row, AgreementStage.InForce, time.AddHours(1));
    }

    RevisionRow Replace(string yaml, DateTimeOffset time, int signatures = 8)
    {
        var row = _register.Propose(yaml, time);
        _register.Reach(_first, AgreementStage.Replaced, time);
        InForce(row, time, signatures);
        return row;
    }

    Partnership Northmere()
    {
        var (northmere, faults) = _register.Load();
        Assert.Empty(faults);
        return northmere;
    }

    static string Without(string line) =>
        string.Join('\n', SampleRegister.Yaml.Split('\n').Where(l => !l.Contains(line, StringComparison.Ordinal)));

    [Fact]
    public void NewRevision_RulesAndTheOldOneGovernsWhatBeganUnderIt()
    {
        var later = Replace(
            SampleRegister.Yaml.Replace("periods: 36", "periods: 24", StringComparison.Ordinal), Begin.AddMonths(4));
        var northmere = Northmere();
        Assert.Equal(later.Revision, northmere.Agreement.Revision);
        Assert.Equal(AgreementStage.InForce, northmere.Agreement.Acts.Stage);
        Assert.Equal(AgreementStage.Replaced, northmere.Find(_first.Revision)!.Acts.Stage);
        Assert.Equal(_first.Revision, northmere.RevisionFor(InformationPeriod.Month(2026, 7)).Revision);
        Assert.Equal(_first.Revision, northmere.RevisionFor(InformationPeriod.Month(2026, 8)).Revision);
        Assert.Equal(later.Revision, northmere.RevisionFor(InformationPeriod.Month(2026, 9)).Revision);
    }

    [Fact]
    public void OldPeriod_IsJudgedByTheOldClausesAndTheStageOfToday()
    {
        var later = Replace(
            SampleRegister.Yaml.Replace("periods: 36", "periods: 24", StringComparison.Ordinal), Begin.AddMonths(4));
        var request = new AccessRequest(
            Principal.Sender("northmere-police", "records-system"), Verb.CreateSubmission, Begin.AddMonths(5))
        {
            Party = "northmere-police", Dataset = "police-street-level", Areas = ["X22000001"],
            Period = InformationPeriod.Month(2026, 6),
        };
        var permit = Assert.IsType<Permit>(Northmere().RevisionFor(request.Period!.Value).Decide(request));
        Assert.Equal(_first.Revision, permit.Revision);
        _register.Reach(later, AgreementStage.Suspended, Begin.AddMonths(4).AddDays(1));
        var refusal = Assert.IsType<Refusal>(Northmere().RevisionFor(request.Period!.Value).Decide(request));
        Assert.Equal("AGREEMENT_SUSPENDED", refusal.Reason);
    }

    [Fact]
    public void OldPeriod_IsForThePeopleOfToday()
    {
        const string Officer = "person: amara-okafor";
        Replace(Without(Officer), Begin.AddMonths(4));
        var request = new AccessRequest(Principal.ForPerson("amara-okafor"), Verb.ReadSubmission, Begin.AddMonths(5))
        {
            Party = "northmere-police", Period = InformationPeriod.Month(2026, 6),
        };
        Assert.IsType<Refusal>(Northmere().RevisionFor(request.Period!.Value).Decide(request));
    }

    [Fact]
    public void Obligations_AreThoseOfTheRevisionInForceWhenThePeriodBegan()
    {
        var later = Replace(
            SampleRegister.Yaml.Replace("due_days: 60", "due_days: 50", StringComparison.Ordinal)
                .Replace("periods: 36", "periods: 24", StringComparison.Ordinal),
            Begin.AddMonths(4));
        var northmere = Northmere();
        var owed = northmere.ObligationsBetween(new DateOnly(2026, 4, 1), new DateOnly(2026, 12, 1));
        var ids = owed.Select(o => o.Id).ToList();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        foreach (var obligation in owed)
        {
            var expected = obligation.Period.Start > new DateOnly(2026, 8, 1) ? later.Revision : _first.Revision;
            Assert.Equal(expected, northmere.RevisionFor(obligation.Period).Revision);
        }
    }

    [Fact]
    public void Draft_ObligesNobody()
    {
        using var register = new SampleRegister();
        var draft = register.Propose(SampleRegister.Yaml, Begin);
        register.Reach(draft, AgreementStage.Signing, Begin);
        var northmere = register.Load().Northmere;
        Assert.Empty(northmere.ObligationsBetween(DateOnly.MinValue, new DateOnly(2026, 12, 1)));
        Assert.Equal(draft.Revision, northmere.Agreement.Revision);
    }

    [Fact]
    public void EndOfADesignation_HoldsForTextsWrittenBeforeItAlone()
    {
        const string Clause = "officers[northmere-police/amara-okafor]";
        _register.Ends.Add(new DesignationEndRow
        {
            Sequence = 1, Agreement = "northmere", Clause = Clause, Reason = "", Actor = "",
            Ticks = Begin.AddMonths(1).UtcTicks,
        });
        Assert.NotNull(Northmere().Agreement.Officers.Single(o => o.Clause == Clause).Ended);
        Replace(
            SampleRegister.Yaml.Replace("periods: 36", "periods: 24", StringComparison.Ordinal), Begin.AddMonths(4));
        Assert.Null(Northmere().Agreement.Officers.Single(o => o.Clause == Clause).Ended);
    }

    [Fact]
    public void EndedOfficer_LeavesAVacancyInWhichTheDeputyActs()
    {
        var day = new DateOnly(2026, 6, 1);
        Assert.Empty(Vacancies.Of(Northmere().Agreement, day));
        _register.Ends.Add(new DesignationEndRow
        {
            Sequence = 1, Agreement = "northmere", Clause = "officers[northmere-police/amara-okafor]", Reason = "",
            Actor = "", Ticks = Begin.AddMonths(1).UtcTicks,
        });
        var vacancy = Assert.Single(Vacancies.Of(Northmere().Agreement, day));
        Assert.Equal(("northmere-police", true), (vacancy.Party, vacancy.DeputyActs));
    }

    [Fact]
    public void DesignationOfAPartyThatARevisionDoesNotKnow_IsLeftOut()
    {
        _register.Designations.Add(new DesignationRow
        {
            Agreement = "northmere", Id = "x-1", Party = "nobody-here", Person = "amara-okafor", Areas = "X22000001",
            From = "2026-04-01", To = "2026-12-31", Deputy = true, Actor = "", Ticks = Begin.UtcTicks,
        });
        Assert.DoesNotContain(Northmere().Agreement.Officers, o => o.Party == "nobody-here");
    }
}
