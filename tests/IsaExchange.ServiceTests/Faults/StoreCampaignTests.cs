using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using IsaExchange.ServiceTests.Operations;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// A whole exchange on a store whose way is bad: answers are lost, connections break, bytes change. Whatever a call is
/// told in the end is true, and every submission comes to its end once.
/// </summary>
public sealed class StoreCampaignTests(ITestOutputHelper output) : IAsyncLifetime
{
    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    readonly int _seed = Strike.Seed();
    TestExchange? _exchange;
    FaultProxy? _proxy;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static int Submissions => IsFull ? 100 : 4;

    public async ValueTask InitializeAsync()
    {
        if (SetUp.IsEmbedded)
            return;
        var parts = await ProductionParts.StartedAsync();
        _proxy = await FaultProxy.StartAsync(parts.Authority, parts.Azurite.Account);
        _exchange = await TestExchange.StartAsync(
            NorthmerePolicies.Folder, arrange: servers => servers.Account = _proxy.Address);
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task BadWayToTheStore_NothingIsLostDoubledOrMadeUp()
    {
        var disk = new DiskExchange(_exchange!);
        var random = new Random(_seed);
        foreach (var way in (string[])["refusals", "lost answers", "resets"])
        {
            var (calls, faults, refused) = (_proxy!.Calls, _proxy.Faults, disk.Refusals.Count);
            _proxy.Rule = request => Fault(way, request, random);
            for (var n = 0; n < Submissions; n++)
                await disk.TellAsync(disk.NewStory(records: 9_000));
            _proxy.Rule = static _ => null;
            output.WriteLine(
                $"seed {_seed}: {way}: {Submissions} submissions, {_proxy.Calls - calls} calls,"
                + $" {_proxy.Faults - faults} spoilt, {disk.Refusals.Count - refused} calls of senders refused");
            Assert.True(_proxy.Faults > faults);

            // Too much of it and the breaker opens: until it closes by itself no call would be made at all.
            await Task.Delay(TimeSpan.FromSeconds(6), Stop);
        }

        Assert.All(disk.Refusals, r => Assert.True(
            r.StatusCode is StatusCode.Unavailable or StatusCode.Aborted, $"seed {_seed}: {r}"));

        await disk.CheckAsync();
    }

    /// <summary>One call in five is spoilt, one in three where an answer is lost after the work was done.</summary>
    static WireFault? Fault(string way, HttpRequest request, Random random)
    {
        lock (random)
        {
            return way switch
            {
                "refusals" when random.Next(5) == 0 => new WireFault.Status(
                    random.Next(3) switch { 0 => 500, 1 => 503, _ => 429 }, RetryAfterSeconds: 0),
                "lost answers" when HttpMethods.IsPut(request.Method) && random.Next(3) == 0 =>
                    new WireFault.AnswerLost(),
                "resets" when random.Next(5) == 0 => HttpMethods.IsGet(request.Method)
                    ? new WireFault.Cut(random.Next(2000)) : new WireFault.Reset(),
                _ => null,
            };
        }
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task FlippedBytesOnTheWay_NoReaderEverGetsThem()
    {
        var told = await OperatedExchange.FillAsync(_exchange!);
        var random = new Random(_seed);
        var (attempts, detected, whole) = (IsFull ? 500 : 20, 0, 0);
        for (var n = 0; n < attempts; n++)
        {
            // One bit of an answer with a body is another, on every answer of this one read.
            var at = random.Next(1500);
            _proxy!.Rule = request => HttpMethods.IsGet(request.Method) && !request.QueryString.HasValue
                ? new WireFault.Flip(at) : null;
            try
            {
                Assert.Equal(told.ReleasedFile, await OperatedExchange.ReadAsync(_exchange!, told.Release));
                whole++;
            }
            catch (RpcException e)
            {
                Assert.True(e.StatusCode is StatusCode.DataLoss or StatusCode.Unavailable, $"seed {_seed}: {e}");
                detected++;
            }
        }

        _proxy!.Rule = static _ => null;
        output.WriteLine($"seed {_seed}: {attempts} reads, {detected} refused, {whole} with what was published");
        Assert.True(detected > 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
    }
}
