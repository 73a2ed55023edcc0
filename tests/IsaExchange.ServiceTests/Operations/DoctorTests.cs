using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using Npgsql;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>What the operator is told before callers notice.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    /// <summary>One of several identities that the machine may have.</summary>
    const string Assigned = "5b2a1f9e-7c2d-4f39-9a6e-0d1c2b3a4f5e";

    TestExchange? _exchange;
    FaultProxy? _proxy;

    TestExchange Exchange => _exchange!;

    public async ValueTask InitializeAsync()
    {
        if (SetUp.IsServers)
        {
            var parts = await ProductionParts.StartedAsync();
            _proxy = await FaultProxy.StartAsync(parts.Authority, parts.Azurite.Account);
        }

        _exchange = await TestExchange.StartAsync(
            NorthmerePolicies.Folder,
            arrange: servers => (servers.Account, servers.ClientId) = (_proxy!.Address, Assigned));
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

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task IdentityOfTheSettings_IsTheOneThatIsShown()
    {
        var identity = (await ProductionParts.StartedAsync()).Identity;
        Assert.True(identity.WasAskedFor("https://storage.azure.com", Assigned));
        Assert.True(identity.WasAskedFor(Exchange.Servers.Vault.Resource, Assigned));
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task AccountWhoseRegionCannotBeTold_IsOpenedByNoVerb()
    {
        var settings = Path.Combine(Exchange.Home, "settings.json");
        var text = await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            settings,
            text.Replace(
                "\"regions\": []", "\"resource_id\": \"/subscriptions/none\", \"regions\": [\"uksouth\"]",
                StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        string[][] verbs =
        [
            ["fsck"], ["keys", "report"], ["backup", "--to", Path.Combine(Exchange.Root, "copy")],
        ];
        foreach (var verb in verbs)
        {
            var ran = await Exchange.RunServiceAsync([.. verb, "--home", Exchange.Home]);
            Assert.True(ran.ExitCode == 2, ran.ToString());
            Assert.Contains("The storage account /subscriptions/none", ran.Messages, StringComparison.Ordinal);
        }

        var doctor = await DoctorAsync();
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("FAULT   The storage account /subscriptions/none", doctor.Output, StringComparison.Ordinal);
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
    public async Task MoreRightsThanNeededAtTheVault_AreNamedAndNothingIsDone()
    {
        var vault = Exchange.Servers.Vault;
        var sound = await DoctorAsync();
        Assert.DoesNotContain("keys of the vault", sound.Output, StringComparison.Ordinal);
        Assert.Contains("ok      the clock of the vault and ours are", sound.Output, StringComparison.Ordinal);
        Assert.Contains(
            "ok      the vault has soft delete and purge protection", sound.Output, StringComparison.Ordinal);

        var names = vault.Names;
        string[] rights = ["backup", "purge", "recover", "decrypt", "sign"];
        vault.Granted.UnionWith(rights);
        vault.RecoveryLevel = "Recoverable+Purgeable";
        var ran = await DoctorAsync();
        Assert.Equal(0, ran.ExitCode);
        Assert.All(rights, right => Assert.Contains(
            $"WARNING more rights than needed: the identity of the service may {right} keys of the vault", ran.Output,
            StringComparison.Ordinal));
        Assert.Contains("WARNING the vault has no purge protection", ran.Output, StringComparison.Ordinal);
        Assert.Equal(names, vault.Names);
        vault.RecoveryLevel = "Purgeable";
        Assert.Contains(
            "WARNING the vault has no soft delete", (await DoctorAsync()).Output, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task MoreRightsThanNeededAtTheAccount_AreNamedAndNothingIsDone()
    {
        // As an account answers whoever may, of what is not there; then as it answers whoever may not.
        string[] excess =
        [
            "may delete containers", "may open containers to everybody", "may sign addresses that open objects",
        ];
        void Answer(int ofRights, int? ofSettings) => _proxy!.Rule = call =>
            (call.Method, call.Query["restype"].ToString(), call.Query["comp"].ToString()) switch
            {
                ("DELETE", "container", _) or ("PUT", "container", "acl") or (_, "service", "userdelegationkey") =>
                    new WireFault.Status(ofRights),
                (_, "service", "properties") when ofSettings is { } code => new WireFault.Status(code),
                _ => null,
            };

        Answer(ofRights: 404, ofSettings: null);
        var ran = await DoctorAsync();
        Assert.All(excess, said => Assert.Contains(
            $"WARNING more rights than needed: the identity of the service {said}", ran.Output,
            StringComparison.Ordinal));
        Assert.Contains("the account keeps nothing of what was deleted", ran.Output, StringComparison.Ordinal);
        var objects = await StoredObjects.Of(Exchange).NamesAsync("");
        Assert.NotEmpty(objects);

        Answer(ofRights: 403, ofSettings: 403);
        ran = await DoctorAsync();
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.All(excess, said => Assert.DoesNotContain(said, ran.Output, StringComparison.Ordinal));
        Assert.Contains(
            "WARNING the account does not tell us how long it keeps", ran.Output, StringComparison.Ordinal);
        Assert.Contains(
            "ok      the account kept no version of the newest blob", ran.Output, StringComparison.Ordinal);
        Assert.Equal(objects, await StoredObjects.Of(Exchange).NamesAsync(""));
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
        if (_proxy is not null)
            await _proxy.DisposeAsync();
    }
}
