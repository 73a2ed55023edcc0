using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Register;

/// <summary>A revision comes into force in the state in which it was weighed, or not at all.</summary>
public sealed class ActivationRaceTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly SampleRegister _register = new();
    readonly SqliteCatalogue _catalogue;
    readonly RevisionRow _first;
    readonly RevisionRow _next;

    public ActivationRaceTests()
    {
        _catalogue = new SqliteCatalogue(Path.Combine(_folder.Path, "catalogue.db"));
        _first = _register.Propose(SampleRegister.Yaml, SampleRegister.Begin);
        _register.Sign(_first, SampleRegister.Begin, 8);
        _register.Reach(_first, AgreementStage.InForce, SampleRegister.Begin.AddHours(1));
        _next = _register.Propose(
            SampleRegister.Yaml.Replace("periods: 36", "periods: 24", StringComparison.Ordinal),
            SampleRegister.Begin.AddDays(1));
        _register.Sign(_next, SampleRegister.Begin.AddDays(1), 8);
        _register.Reach(_next, AgreementStage.Signing, SampleRegister.Begin.AddDays(1));
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Weighs the next revision, lets somebody act, and asks as the activation does.</summary>
    async Task CheckAsync(Func<CatalogueContext, Task> meanwhile)
    {
        var seen = _register.Load().Northmere;
        await _catalogue.CreateAsync(Stop);
        await _register.SaveAsync(_catalogue, Stop);
        await _catalogue.WriteAsync(
            async db =>
            {
                await meanwhile(db);
                return true;
            },
            Stop);
        await _catalogue.WriteAsync(
            async db =>
            {
                await GovernAgreement.CheckUnchangedAsync(db, seen, seen.Registered(_next.Revision)!, Stop);
                return true;
            },
            Stop);
    }

    Task ReachAsync(RevisionRow row, AgreementStage stage) => CheckAsync(db =>
    {
        RegisterWrite.Stage(db, row.Agreement, row.Revision, stage, "", "", SampleRegister.Begin.AddDays(2));
        return Task.CompletedTask;
    });

    [Fact]
    public Task NothingMeanwhile_GoesOn() => CheckAsync(_ => Task.CompletedTask);

    [Theory]
    [InlineData(AgreementStage.Retired)]
    [InlineData(AgreementStage.Suspended)]
    [InlineData(AgreementStage.Replaced)]
    public async Task RulingRevisionMovedMeanwhile_IsAborted(AgreementStage stage)
    {
        var refused = await Assert.ThrowsAsync<ExchangeException>(() => ReachAsync(_first, stage));
        Assert.Equal((ProblemKind.Aborted, "STATE_CHANGED"), (refused.Kind, refused.Reason));
    }

    [Fact]
    public async Task SignatureGoneMeanwhile_IsAborted()
    {
        var refused = await Assert.ThrowsAsync<ExchangeException>(() => CheckAsync(async db =>
            db.Signatures.Remove(await db.Signatures.FirstAsync(s => s.Revision == _next.Revision, Stop))));
        Assert.Equal("STATE_CHANGED", refused.Reason);
    }

    public void Dispose()
    {
        _catalogue.Dispose();
        _register.Dispose();
        _folder.Dispose();
    }
}
