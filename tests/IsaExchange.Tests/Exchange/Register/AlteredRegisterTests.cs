using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.Register;

/// <summary>What is stored is believed only as far as it can be proved.</summary>
public sealed class AlteredRegisterTests : IDisposable
{
    readonly SampleRegister _register = new();
    readonly RevisionRow _revision;

    public AlteredRegisterTests()
    {
        _revision = _register.Propose(SampleRegister.Yaml, SampleRegister.Begin);
        _register.Reach(_revision, AgreementStage.Signing, SampleRegister.Begin);
    }

    public void Dispose() => _register.Dispose();

    void Activate(int signatures)
    {
        _register.Sign(_revision, SampleRegister.Begin.AddHours(1), signatures);
        _register.Reach(_revision, AgreementStage.InForce, SampleRegister.Begin.AddHours(2));
    }

    [Fact]
    public void WholeRegister_Loads()
    {
        Activate(8);
        var (northmere, faults) = _register.Load();
        Assert.Empty(faults);
        Assert.Equal(AgreementStage.InForce, northmere.Agreement.Acts.Stage);
        Assert.Equal(8, northmere.Agreement.SignedParties.Count);
    }

    [Fact]
    public void AnyByteOfTheText_NeverLoads()
    {
        Activate(8);
        for (var i = 0; i < _revision.Source.Length; i++)
        {
            _revision.Source[i] ^= (byte)(1 << (i % 8));
            AssertAltered();
            _revision.Source[i] ^= (byte)(1 << (i % 8));
        }

        Assert.Empty(_register.Load().Faults);
    }

    [Fact]
    public void TextAndItsDigestTogether_NeverLoad()
    {
        Activate(8);
        for (var i = 3; i < _revision.Source.Length; i += 101)
        {
            var source = (byte[])_revision.Source.Clone();
            source[i] ^= 1;
            _register.Revisions[0] = new RevisionRow
            {
                Agreement = _revision.Agreement, Revision = _revision.Revision, Source = source,
                SourceSha256 = RegisterWrite.Digest(source), Proposer = "", Ticks = _revision.Ticks,
            };
            AssertAltered();
        }
    }

    [Fact]
    public void AnyByteOfASignature_NeverLoads()
    {
        Activate(8);
        var row = _register.Signatures[3];
        for (var i = 0; i < row.Signature.Length; i++)
        {
            row.Signature[i] ^= (byte)(1 << (i % 8));
            AssertAltered();
            row.Signature[i] ^= (byte)(1 << (i % 8));
        }

        EveryByte(row.Statement, changed => row.Statement = changed);
        EveryByte(row.Certificate, changed => row.Certificate = changed);
        Assert.Empty(_register.Load().Faults);
    }

    void EveryByte(string whole, Action<string> put)
    {
        var bytes = Encoding.Latin1.GetBytes(whole);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << (i % 7));
            put(Encoding.Latin1.GetString(bytes));
            AssertAltered();
            bytes[i] ^= (byte)(1 << (i % 7));
        }

        put(whole);
    }

    void AssertAltered()
    {
        var (northmere, faults) = _register.Load();
        Assert.Equal(_revision.Revision, Assert.Single(faults).Revision);
        Assert.True(northmere.IsAltered);
        var refused = Assert.Throws<ExchangeException>(() => northmere.Agreement);
        Assert.Equal("AGREEMENT_ALTERED", refused.Reason);
    }

    [Fact]
    public void InForceWithoutItsQuorum_NeverLoads()
    {
        Activate(7);
        AssertAltered();
    }

    [Fact]
    public void SignatureByAKeyThatWasNotEnrolledYet_NeverLoads()
    {
        Activate(8);
        var first = _register.Credentials[0];
        _register.Credentials[0] = SampleRegister.Enrolled(
            first.SpkiSha256, first.Subject, SampleRegister.Begin.AddDays(1));
        AssertAltered();
    }

    [Fact]
    public void KeyRevokedAfterwards_LeavesTheSignatureStanding()
    {
        Activate(8);
        var first = _register.Credentials[0];
        first.State = CredentialState.Revoked;
        first.EndTicks = SampleRegister.Begin.AddDays(1).UtcTicks;
        Assert.Empty(_register.Load().Faults);
        first.EndTicks = SampleRegister.Begin.UtcTicks;
        AssertAltered();
    }

    [Fact]
    public void FaultyDraft_LeavesTheOthersAlone()
    {
        Activate(8);
        var draft = _register.Propose(
            SampleRegister.Yaml.Replace("periods: 36", "periods: 24", StringComparison.Ordinal),
            SampleRegister.Begin.AddDays(1));
        draft.Source[10] ^= 1;
        var (northmere, faults) = _register.Load();
        Assert.Equal(draft.Revision, Assert.Single(faults).Revision);
        Assert.Equal(_revision.Revision, northmere.Agreement.Revision);
        Assert.Throws<ExchangeException>(() => northmere.Find(draft.Revision));
    }
}
