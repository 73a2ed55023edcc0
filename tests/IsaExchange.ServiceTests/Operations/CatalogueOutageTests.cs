using System.Diagnostics;
using System.Security.Cryptography;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using IsaExchange.V1;
using Xunit;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>
/// The server of the catalogue is killed under a whole exchange, in the middle of an upload: nothing is answered that
/// would need it, everybody is told so, and when it is back everything acknowledged is there.
/// </summary>
public sealed class CatalogueOutageTests(ITestOutputHelper output) : IAsyncLifetime
{
    const int MessageBytes = 256 << 10;

    static readonly int Outages = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 12 : 1;

    PostgresCluster? _cluster;
    TestExchange? _exchange;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    TestExchange Exchange => _exchange!;

    WireSender Sender =>
        new(new SubmissionService.SubmissionServiceClient(Exchange.As(Northmere.PoliceSender)), Northmere.Street);

    public async ValueTask InitializeAsync()
    {
        if (SetUp.IsEmbedded)
            return;
        _cluster = await PostgresCluster.StartAsync();
        var settings = await _cluster.CreateDatabaseAsync();
        _exchange = await TestExchange.StartAsync(
            NorthmerePolicies.Folder, arrange: servers => servers.Postgres = settings);
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task CatalogueKilledUnderAnUpload_SaysSoAndLosesNothing()
    {
        var health = new HealthView(Exchange);
        for (var outage = 0; outage < Outages; outage++)
        {
            var submitted = await Sender.SubmitAsync(Sender.Request(SlotOf(2 * outage)), SlotOf(2 * outage).Table());
            var slot = SlotOf((2 * outage) + 1);
            var content = slot.Table(12_000);
            var created = await Sender.CreateAsync(slot);
            var acknowledged = await WriteAsync(created.Name, content, 0, content.Length / 2, finish: false);

            await _cluster!.KillAsync();
            await IsRefusedAsync(() => Sender.CreateAsync(slot));
            await IsRefusedAsync(() => Sender.GetAsync(created.Name));
            await IsRefusedAsync(() => WriteAsync(created.Name, content, acknowledged, content.Length, finish: true));
            await IsRefusedAsync(() => OperatedExchange.ReadAsync(Exchange, Northmere.StreetFeed + "/releases/1"));
            await health.BecomesAsync("isaexchange.catalogue", ServingStatus.NotServing);
            Assert.Equal(ServingStatus.Serving, await health.OfAsync("isaexchange.objects"));
            Assert.Equal(ServingStatus.Serving, await health.OfAsync("isaexchange.keys"));
            Assert.Contains("catalogue does not answer", Exchange.Log, StringComparison.Ordinal);

            var back = Stopwatch.StartNew();
            await _cluster.RestartAsync();
            await health.BecomesAsync("isaexchange.catalogue", ServingStatus.Serving);
            var status = await Sender.StatusAsync(created.Name);
            output.WriteLine($"served again {back.Elapsed.TotalSeconds:0.0} s after the server was started");
            Assert.InRange(status.PersistedSize, acknowledged, content.Length);
            await WriteAsync(created.Name, content, status.PersistedSize, content.Length, finish: true);
            var receipt = (await Sender.SubmitAsync(created.Name)).Receipt;
            Assert.NotEmpty(receipt.SignedNote);
            Assert.Equal(
                submitted.Receipt.SignedNote, (await Sender.GetAsync(submitted.Name)).Receipt.SignedNote);
        }

        var ran = await Exchange.RunServiceAsync("fsck", "--home", Exchange.Home);
        Assert.True(ran.ExitCode == 0 && ran.LastLine == "SOUND", ran.ToString());
    }

    /// <summary>UNAVAILABLE, with how long to wait before it is asked again.</summary>
    static async Task IsRefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(refused.StatusCode == StatusCode.Unavailable, refused.ToString());
        Assert.Contains(refused.GetRpcStatus()!.Details, d => d.Is(Google.Rpc.RetryInfo.Descriptor));
    }

    async Task<long> WriteAsync(string name, byte[] content, long from, long upTo, bool finish)
    {
        var messages = new List<WriteContentRequest>();
        for (var at = from; at < upTo; at += MessageBytes)
            messages.Add(WireSender.Message(name, content, (int)at, (int)Math.Min(MessageBytes, upTo - at)));
        if (finish)
            messages.Add(Uploads.End(name, content.Length, SHA256.HashData(content)));
        return (await Sender.WriteAsync(messages)).PersistedSize;
    }

    static Slot SlotOf(int index) => new(
        Northmere.Months(NorthmerePolicies.FirstMonth.AddMonths(index), 1), Northmere.Areas[index % 4]);

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
