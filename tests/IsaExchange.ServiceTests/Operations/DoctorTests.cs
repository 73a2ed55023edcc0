using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using Npgsql;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>What the operator is told before callers notice.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    TestExchange? _exchange;

    TestExchange Exchange => _exchange!;

    public async ValueTask InitializeAsync()
    {
        _exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        await OperatedExchange.FillAsync(_exchange);
    }

    [Fact]
    public async Task SoundExchange_HasNoFaults()
    {
        var ran = await DoctorAsync();
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.StartsWith("0 faults", ran.LastLine, StringComparison.Ordinal);
        string[] expected =
        [
            "catalogue answers", "objects answers", "keys answers", "place in the log", "key versions are named",
        ];
        Assert.All(
            expected,
            said => Assert.Contains(said, ran.Output, StringComparison.Ordinal));
    }

    [Fact(SkipUnless = nameof(SetUp.IsEmbedded), SkipType = typeof(SetUp), Skip = SetUp.EmbeddedOnly)]
    public async Task KeyThatOthersCanRead_IsAFault()
    {
        var key = Directory.EnumerateFiles(Path.Combine(Exchange.Home, "keys", "kek")).First();
        await Programs.RunAsync("chmod", "604", key);
        var ran = await DoctorAsync();
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains($"FAULT   others can read {key}", ran.Output, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task MoreRightsThanNeeded_AreNamed()
    {
        await using var superuser = new NpgsqlConnection(Exchange.Servers.SuperuserConnection);
        await superuser.OpenAsync(TestContext.Current.CancellationToken);
        await using var grant = new NpgsqlCommand(
            $"GRANT DELETE ON \"Events\" TO {Exchange.Servers.Postgres.ApplicationRole}", superuser);
        await grant.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var ran = await DoctorAsync();
        Assert.Contains(
            $"WARNING more rights than needed: {Exchange.Servers.Postgres.ApplicationRole} may DELETE in Events",
            ran.Output, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task VaultThatIsDown_IsAFaultAndTheRestIsLookedAt()
    {
        Exchange.Servers.Vault.Outage = VaultOutage.Unavailable;
        var ran = await DoctorAsync();
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("FAULT   keys does not answer", ran.Output, StringComparison.Ordinal);
        Assert.Contains("ok      objects answers", ran.Output, StringComparison.Ordinal);
    }

    Task<Ran> DoctorAsync() => Exchange.RunServiceAsync("doctor", "--home", Exchange.Home);

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
    }
}
