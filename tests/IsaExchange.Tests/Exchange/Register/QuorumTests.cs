using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.Register;

/// <summary>What replaces a revision needs the signatures that the replaced one demands of its own parties.</summary>
public sealed class QuorumTests : IDisposable
{
    static readonly DateTimeOffset Begin = SampleRegister.Begin;

    readonly SampleRegister _register = new();
    readonly RevisionRow _first;

    public QuorumTests()
    {
        _first = _register.Propose(SampleRegister.Yaml, Begin);
        _register.Sign(_first, Begin, 8);
        _register.Reach(_first, AgreementStage.InForce, Begin.AddHours(1));
    }

    public void Dispose() => _register.Dispose();

    static string Small(int quorum) =>
        SampleRegister.Yaml.Replace("quorum: 8", $"quorum: {quorum}", StringComparison.Ordinal);

    RevisionRow Replace(
        string yaml, int signatures, AgreementStage stageBefore = AgreementStage.Replaced, int months = 1)
    {
        var (time, before) = (Begin.AddMonths(months), _register.Revisions[^1]);
        var row = _register.Propose(yaml, time);
        _register.Sign(row, time, signatures);
        _register.Reach(before, stageBefore, time.AddHours(1));
        _register.Reach(row, AgreementStage.InForce, time.AddHours(1));
        return row;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(7, 7)]
    public void SmallerQuorum_DoesNotReplaceALargerOne(int quorum, int signatures)
    {
        var row = Replace(Small(quorum), signatures);
        var (northmere, faults) = _register.Load();
        var fault = Assert.Single(faults);
        Assert.Equal(row.Revision, fault.Revision);
        Assert.Contains($"{signatures} of 8", fault.Problem, StringComparison.Ordinal);
        Assert.True(northmere.IsAltered);
    }

    [Fact]
    public void SmallerQuorumSignedAsTheLargerOneDemands_RulesAndIsTheRuleOfTheNext()
    {
        Replace(Small(1), 8);
        var third = Replace(Small(1).Replace("periods: 36", "periods: 24", StringComparison.Ordinal), 1, months: 2);
        var (northmere, faults) = _register.Load();
        Assert.Empty(faults);
        Assert.Equal(third.Revision, northmere.Agreement.Revision);
    }

    [Fact]
    public void LargerQuorum_IsNeededToo()
    {
        var row = Replace(Small(9), 8);
        Assert.Equal(row.Revision, Assert.Single(_register.Load().Faults).Revision);
    }

    [Fact]
    public void RetiredRevision_KeepsItsQuorum()
    {
        var row = Replace(Small(1), 7, AgreementStage.Retired);
        Assert.Equal(row.Revision, Assert.Single(_register.Load().Faults).Revision);
    }

    [Fact]
    public void PartiesThatAreNew_DoNotCountForTheQuorumThatRules()
    {
        const string Party = "  - { id: newcomer, title: Newcomer, kind: health, areas: [X10000001] }\n";
        const string Signatory = "    - { party: newcomer, person: karen-whitlock, office: Head }\n";
        var row = _register.Propose(
            Small(8).Replace("parties:\n", "parties:\n" + Party, StringComparison.Ordinal)
                .Replace("  signatories:\n", "  signatories:\n" + Signatory, StringComparison.Ordinal)
                .Replace("periods: 36", "periods: 24", StringComparison.Ordinal),
            Begin.AddMonths(1));
        _register.Sign(row, Begin.AddMonths(1), 8);
        _register.Reach(_first, AgreementStage.Replaced, Begin.AddMonths(2));
        _register.Reach(row, AgreementStage.InForce, Begin.AddMonths(2));
        var fault = Assert.Single(_register.Load().Faults);
        Assert.Equal(row.Revision, fault.Revision);
        Assert.Contains("7 of 8", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ReplacedTextThatWasAltered_ProvesNoQuorum()
    {
        var row = Replace(Small(1), 8);
        Assert.Empty(_register.Load().Faults);
        _first.Source[10] ^= 1;
        Assert.Equal(
            [_first.Revision, row.Revision], _register.Load().Faults.Select(f => f.Revision));
    }

    [Fact]
    public void ReplacedRevisionThatIsGone_ProvesNoQuorum()
    {
        var row = Replace(Small(1), 8);
        _register.Revisions.Remove(_first);
        Assert.Equal(row.Revision, Assert.Single(_register.Load().Faults).Revision);
    }
}
