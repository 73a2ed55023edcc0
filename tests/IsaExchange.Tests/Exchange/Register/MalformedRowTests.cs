using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.Register;

/// <summary>A row that nobody could have written stops what it belongs to and nothing else.</summary>
public sealed class MalformedRowTests : IDisposable
{
    static readonly DateTimeOffset Begin = SampleRegister.Begin;

    readonly SampleRegister _register = new();
    readonly RevisionRow _first;

    public MalformedRowTests()
    {
        _first = _register.Propose(SampleRegister.Yaml, Begin);
        _register.Sign(_first, Begin, 8);
        _register.Reach(_first, AgreementStage.InForce, Begin.AddHours(1));
    }

    public void Dispose() => _register.Dispose();

    void AssertAltered()
    {
        var (northmere, faults) = _register.Load();
        Assert.Equal("a stored act cannot be read", Assert.Single(faults).Problem);
        Assert.True(northmere.IsAltered);
    }

    [Theory]
    [InlineData("2026-13-01", "2026-12-31")]
    [InlineData("2026-04-01", "")]
    [InlineData("01/04/2026", "2026-12-31")]
    public void DesignationWithoutADay_StopsItsAgreement(string from, string to)
    {
        _register.Designations.Add(new DesignationRow
        {
            Agreement = "northmere", Id = "x-1", Party = "northmere-police", Person = "amara-okafor",
            Areas = "X22000001", From = from, To = to, Deputy = true, Actor = "", Ticks = Begin.UtcTicks,
        });
        AssertAltered();
    }

    [Fact]
    public void NoticeWithoutADay_StopsItsAgreement()
    {
        _register.Withdrawals.Add(new PartyWithdrawalRow
        {
            Agreement = "northmere", Party = "northmere-fire", LastDay = "soon", Reason = "", Actor = "",
            Ticks = Begin.UtcTicks,
        });
        AssertAltered();
    }

    [Theory]
    [InlineData("2026-04-01", "x")]
    [InlineData("", "2026-12-31")]
    public void ExceptionWithoutADay_StopsItsAgreement(string start, string until)
    {
        Except("northmere", start, until);
        AssertAltered();
    }

    [Fact]
    public void RowOfAnotherAgreement_StopsNothingHere()
    {
        Except("another", "", "");
        var (northmere, faults) = _register.Load();
        Assert.Empty(faults);
        Assert.Equal(_first.Revision, northmere.Agreement.Revision);
    }

    void Except(string agreement, string start, string until) => _register.Exceptions.Add(new ExceptionRow
    {
        Id = "e-1", Agreement = agreement, Party = "northmere-police", Dataset = "police-street-level",
        Areas = "X22000001", PeriodStart = start, PeriodEnd = "2026-05-01", Until = until, Reason = "",
        GrantedBy = "", GrantTicks = Begin.UtcTicks, Event = "",
    });

    [Theory]
    [InlineData(long.MaxValue, (int)AgreementStage.InForce)]
    [InlineData(-1L, (int)AgreementStage.InForce)]
    [InlineData(0L, 99)]
    public void StageOrTimeThatIsNone_StopsItsRevision(long ticks, int stage)
    {
        _register.Stages.Add(new RevisionStageRow
        {
            Sequence = 2, Agreement = "northmere", Revision = _first.Revision, Stage = stage, Actor = "", Reason = "",
            Ticks = ticks,
        });
        AssertAltered();
    }

    [Fact]
    public void EarlierRevisionThatWasAltered_StopsItsOwnPeriodsAlone()
    {
        Replace(Replace(_first, 24, 4), 30, 8);
        var (from, to) = (new DateOnly(2026, 4, 2), new DateOnly(2027, 6, 1));
        var whole = _register.Load().Northmere.ObligationsBetween(from, to);
        var signature = _register.Signatures.Find(s => s.Revision == _first.Revision)!;
        signature.Signature[5] ^= 1;
        var (northmere, faults) = _register.Load();
        Assert.Equal(_first.Revision, Assert.Single(faults).Revision);
        var later = whole.Where(o => o.Period.Start > new DateOnly(2026, 8, 1)).Select(o => o.Id).ToList();
        Assert.InRange(later.Count, 1, whole.Count - 1);
        Assert.Equal(later, northmere.ObligationsBetween(from, to).Select(o => o.Id));
        Assert.Throws<ExchangeException>(() => northmere.RevisionFor(InformationPeriod.Month(2026, 6)));
    }

    RevisionRow Replace(RevisionRow before, int periods, int months)
    {
        var time = Begin.AddMonths(months);
        var row = _register.Propose(
            SampleRegister.Yaml.Replace("periods: 36", $"periods: {periods}", StringComparison.Ordinal), time);
        _register.Sign(row, time, 8);
        _register.Reach(before, AgreementStage.Replaced, time.AddHours(1));
        _register.Reach(row, AgreementStage.InForce, time.AddHours(1));
        return row;
    }
}
