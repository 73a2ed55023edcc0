using System.Diagnostics;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using IsaExchange.V1;
using Xunit;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>A dependency that is down takes away what needs it and nothing else, says so, and comes back by
/// itself.</summary>
public sealed class OutageTests(ProxiedExchange exchange, ITestOutputHelper output) : IClassFixture<ProxiedExchange>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    TestExchange Exchange => exchange.Exchange;

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task StorageDown_UploadsAreRefusedReadsOfStatesGoOnAndHealthSaysWhich()
    {
        var slot = NextSlot();
        var sender = Sender;
        var created = await sender.CreateAsync(slot);
        exchange.Way.Rule = static _ => new WireFault.Status(503);
        var refused = await Assert.ThrowsAsync<RpcException>(
            () => sender.WriteAsync(WireSender.Messages(created.Name, slot.Table(30))));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal("STORAGE_UNAVAILABLE", Problem.Of(refused).Reason);
        Assert.Contains(refused.GetRpcStatus()!.Details, d => d.Is(Google.Rpc.RetryInfo.Descriptor));
        Assert.Equal(created.Name, (await sender.GetAsync(created.Name)).Name);
        await exchange.Health.BecomesAsync("isaexchange.objects", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.Serving, await exchange.Health.OfAsync(""));
        Assert.Equal(ServingStatus.Serving, await exchange.Health.OfAsync("isaexchange.keys"));
        Assert.Contains("objects does not answer", Exchange.Log, StringComparison.Ordinal);

        exchange.Way.Rule = static _ => null;
        await exchange.Health.BecomesAsync("isaexchange.objects", ServingStatus.Serving);
        var sent = (await sender.WriteAsync(WireSender.Messages(created.Name, slot.Table(30)))).Submission;
        Assert.Equal(Submission.Types.State.Ready, sent.State);
    }

    [Theory(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    [InlineData(VaultOutage.Unavailable)]
    public async Task KeysDown_NothingIsStoredAndNothingIsLost(VaultOutage outage)
    {
        var slot = NextSlot();
        var sender = Sender;
        var created = await sender.CreateAsync(slot);
        Exchange.Servers.Vault.Outage = outage;
        var refused = await Assert.ThrowsAsync<RpcException>(
            () => sender.WriteAsync(WireSender.Messages(created.Name, slot.Table(30))));
        Assert.Equal("KEY_UNAVAILABLE", Problem.Of(refused).Reason);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal(0, (await sender.StatusAsync(created.Name)).PersistedSize);
        Assert.DoesNotContain(
            await StoredObjects.Of(Exchange).NamesAsync(""),
            n => n.Contains(created.Name[^32..], StringComparison.Ordinal));
        await exchange.Health.BecomesAsync("isaexchange.keys", ServingStatus.NotServing);

        Exchange.Servers.Vault.Outage = VaultOutage.None;
        var clock = Stopwatch.StartNew();
        await exchange.Health.BecomesAsync("isaexchange.keys", ServingStatus.Serving);
        output.WriteLine($"keys served again {clock.Elapsed.TotalSeconds:0.0} s after the vault did");
        var sent = (await sender.WriteAsync(WireSender.Messages(created.Name, slot.Table(30)))).Submission;
        Assert.Equal(Submission.Types.State.Ready, sent.State);
    }

    WireSender Sender =>
        new(new SubmissionService.SubmissionServiceClient(Exchange.As(Northmere.PoliceSender)), Northmere.Street);

    Slot NextSlot()
    {
        var index = exchange.NextSlot();
        return new Slot(Northmere.Months(NorthmerePolicies.FirstMonth.AddMonths(index), 1), Northmere.Areas[0]);
    }
}
