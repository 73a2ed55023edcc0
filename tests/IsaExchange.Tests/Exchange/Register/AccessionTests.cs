using IsaExchange.Agreement;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.Register;

/// <summary>A party joins by the agreement's own rule: its signature, and so many others'.</summary>
public sealed class AccessionTests : IDisposable
{
    const string Joining = "northmere-ambulance";

    static readonly DateTimeOffset Begin = SampleRegister.Begin;

    readonly SampleRegister _register = new();
    readonly RevisionRow _first;

    public AccessionTests()
    {
        _first = _register.Propose(SampleRegister.Yaml, Begin);
        _register.Sign(_first, Begin, 8);
        _register.Reach(_first, AgreementStage.InForce, Begin.AddHours(1));
    }

    public void Dispose() => _register.Dispose();

    static string Acceding(string yaml) => yaml
        .Replace(
            "\npeople:\n",
            $"  - {{ id: {Joining}, title: Ambulance, kind: health, areas: [X10000001], from: 2026-07-01 }}\n\n"
                + "people:\n  - { id: una-pike, name: Una Pike, contact: una.pike@ambulance.northmere.example }\n",
            StringComparison.Ordinal)
        .Replace(
            "  signatories:\n",
            $"  signatories:\n    - {{ party: {Joining}, person: una-pike, office: Chief Executive }}\n",
            StringComparison.Ordinal);

    RevisionRow Accede(string yaml, params string[] signing)
    {
        var row = _register.Propose(yaml, Begin.AddMonths(1));
        row.CarriesFrom = _first.Revision;
        if (signing.Length > 0)
            _register.Sign(row, Begin.AddMonths(1), signing.Length, signing);
        _register.Reach(_first, AgreementStage.Replaced, Begin.AddMonths(2));
        _register.Reach(row, AgreementStage.InForce, Begin.AddMonths(2));
        return row;
    }

    [Fact]
    public void JoinerAndThreeOthers_AreEnoughAndTheOtherSignaturesStand()
    {
        var row = Accede(Acceding(SampleRegister.Yaml), Joining, "northmere-police", "alderbrook-council",
            "dunmere-council");
        var (northmere, faults) = _register.Load();
        Assert.Empty(faults);
        Assert.Equal(row.Revision, northmere.Agreement.Revision);
        Assert.Contains(Joining, northmere.Agreement.SignedParties);
        Assert.Equal(9, northmere.Agreement.SignedParties.Count);
    }

    [Fact]
    public void JoinerWithoutTheApprovals_IsNotIn()
    {
        var row = Accede(Acceding(SampleRegister.Yaml), Joining, "northmere-police", "alderbrook-council");
        Assert.Equal(row.Revision, Assert.Single(_register.Load().Faults).Revision);
    }

    [Fact]
    public void ApprovalsWithoutTheJoiner_AreNotEnough()
    {
        var row = Accede(
            Acceding(SampleRegister.Yaml), "northmere-police", "alderbrook-council", "dunmere-council",
            "eastling-council");
        Assert.Equal(row.Revision, Assert.Single(_register.Load().Faults).Revision);
    }

    [Fact]
    public void RevisionThatChangesMore_CarriesNoSignature()
    {
        var row = Accede(
            Acceding(SampleRegister.Yaml).Replace("quorum: 8", "quorum: 5", StringComparison.Ordinal), Joining,
            "northmere-police", "alderbrook-council", "dunmere-council", "eastling-council");
        var fault = Assert.Single(_register.Load().Faults);
        Assert.Equal(row.Revision, fault.Revision);
        Assert.Contains("carry", fault.Problem, StringComparison.Ordinal);
        Assert.False(Quorum.Carries(
            RevisionText.Parse(_first.Source, null).Agreement!, RevisionText.Parse(row.Source, null).Agreement!));
    }

    [Fact]
    public void RetiredRevision_HasNoSignaturesToCarryOn()
    {
        var row = Accede(Acceding(SampleRegister.Yaml), Joining, "northmere-police", "alderbrook-council",
            "dunmere-council");
        Assert.Empty(_register.Load().Faults);
        _register.Stages.RemoveAll(s => s.Revision == _first.Revision && s.Stage == (int)AgreementStage.Replaced);
        _register.Reach(_first, AgreementStage.Retired, Begin.AddMonths(2));
        var fault = Assert.Single(_register.Load().Faults);
        Assert.Equal(row.Revision, fault.Revision);
        Assert.Contains("carry", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void NoApprovalsDemanded_StillMeansOne()
    {
        var second = SampleRegister.Yaml.Replace("approvals: 3", "approvals: 0", StringComparison.Ordinal);
        var (before, after) = (
            RevisionText.Parse(System.Text.Encoding.UTF8.GetBytes(second), null).Agreement!,
            RevisionText.Parse(System.Text.Encoding.UTF8.GetBytes(Acceding(second)), null).Agreement!);
        Assert.True(Quorum.Carries(before, after));
        var row = Accede(Acceding(SampleRegister.Yaml), Joining, "northmere-police");
        var own = _register.Signatures.FindAll(s => s.Revision == row.Revision);
        Assert.Null(Quorum.MissingToAccede(after, own, before));
        own.RemoveAll(s => s.Party != Joining);
        Assert.Equal("0 of 1 approvals of other parties are there", Quorum.MissingToAccede(after, own, before));
    }
}
