using System.Diagnostics;
using System.Security.Cryptography;
using Azure.Core;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Service.Adapters.Vault;
using IsaExchange.ServiceTests.Harness.Production;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>What the vault refuses, throttles, loses or does not answer.</summary>
public sealed class VaultFaultTests : IAsyncLifetime
{
    const string Name = "northmere.northmere-police.until-2027";
    const string InVault = "northmere--northmere-police--until-2027";

    readonly byte[] _key = RandomNumberGenerator.GetBytes(16);
    VaultStage _stage = null!;
    VaultKeyRing _ring = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await VaultStage.StartAsync();
        _ring = _stage.Ring();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Challenge_IsAnsweredWithATokenOfItsTenantAndNoBodyGoesBefore()
    {
        var asked = new List<(string Scope, string? Tenant)>();
        var credential = DelegatedTokenCredential.Create((context, ct) =>
        {
            asked.Add((context.Scopes.Single(), context.TenantId));
            return IdentityEndpoint.Credential.GetToken(context, ct);
        });
        var first = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        var ring = _stage.Ring(credential: credential);
        var before = _stage.Vault.Count("challenge");

        // The very first call of this ring has a body that a stranger must not get.
        Assert.Equal(_key, await VaultStage.UnwrapAsync(ring, first, Ct));
        for (var i = 0; i < 5; i++)
            await VaultStage.UnwrapAsync(ring, first, Ct);

        Assert.Equal([("https://localhost/.default", VaultStandIn.Tenant)], asked);
        Assert.Equal(1, _stage.Vault.Count("challenge") - before);
        Assert.Equal(0, _stage.Vault.AnonymousBytes);
    }

    [Fact]
    public async Task ParallelFirstCalls_AllGetThrough()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        var ring = _stage.Ring();
        var opened = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => VaultStage.UnwrapAsync(ring, made, Ct)));
        Assert.All(opened, key => Assert.Equal(_key, key));
        Assert.Equal(0, _stage.Vault.AnonymousBytes);
    }

    [Theory]
    [InlineData("https://graph.microsoft.com")]
    [InlineData("https://ocalhost")]
    [InlineData("http://localhost")]
    [InlineData("nonsense")]
    public async Task ChallengeForATokenOfSomebodyElse_GetsNone(string resource)
    {
        _stage.Vault.Resource = resource;
        var asked = 0;
        var ring = _stage.Ring(credential: DelegatedTokenCredential.Create((context, ct) =>
        {
            asked++;
            return IdentityEndpoint.Credential.GetToken(context, ct);
        }));
        await Assert.ThrowsAsync<KeyUnavailableException>(() => ring.CurrentAsync(Name, Ct));
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task TokenThatIsNotTaken_IsSaidAndNotTriedForEver()
    {
        var ring = _stage.Ring(credential: DelegatedTokenCredential.Create(
            (_, _) => new AccessToken("a.e30.b", TimeProvider.System.GetUtcNow().AddHours(1))));
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => ring.CurrentAsync(Name, Ct));
        Assert.Contains("does not take the token", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, _stage.Vault.Count("challenge"));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("create")]
    [InlineData("wrapKey")]
    [InlineData("unwrapKey")]
    public async Task RightMissing_IsNamedAndNothingIsSealed(string right)
    {
        _stage.Vault.Denied.Add(right);
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(
            () => VaultStage.WrapAsync(_ring, Name, _key, Ct));
        Assert.Contains($"keys/{right} ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("rotate")]
    [InlineData("update")]
    [InlineData("delete")]
    public async Task RightOfKeyLifeMissing_IsNamed(string right)
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.Denied.Add(right);
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => right switch
        {
            "list" => _ring.VersionsAsync(Name, Ct),
            "rotate" => _ring.RotateAsync(Name, made.KeyId, Ct),
            "update" => _ring.RetireAsync(made.KeyId, Ct),
            _ => _ring.DestroyAsync(Name, Ct),
        });
        Assert.Contains($"keys/{right} ", refusal.Message, StringComparison.Ordinal);
        Assert.Single(_stage.Vault.Kids(InVault));
    }

    [Fact]
    public async Task Throttled_WaitsAsLongAsItIsToldAndGoesOn()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.Throttle(2);
        var watch = Stopwatch.StartNew();
        Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, made, Ct));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(8));
        Assert.Equal(2, _stage.Vault.Count("throttled"));
    }

    [Fact]
    public async Task ThrottledForTooLong_IsUnavailableAndSaysWhy()
    {
        _stage.Vault.RetryAfterSeconds = 0;
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.Throttle(1000);
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.UnwrapAsync(_ring, made, Ct));
        Assert.Contains("too often", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1 + VaultStage.Quick.Retries, _stage.Vault.Count("throttled"));
    }

    [Fact]
    public async Task DeletedKey_IsSaidToBeGone()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.Delete(InVault);
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.UnwrapAsync(_ring, made, Ct));
        Assert.Contains("has no key", refusal.Message, StringComparison.Ordinal);
        _stage.Vault.Recover(InVault);
        Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, made, Ct));
    }

    [Fact]
    public async Task AnswerOfCreateLost_FindsTheKeyItMade()
    {
        _stage.Vault.LoseAnswerOf = "create";
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        Assert.Equal([made.KeyId], _stage.Vault.Kids(InVault));
    }

    [Fact]
    public async Task AnswerOfRotateLost_FindsTheVersionItMade()
    {
        var old = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.LoseAnswerOf = "rotate";
        var made = await _ring.RotateAsync(Name, old.KeyId, Ct);
        Assert.Equal([old.KeyId, made.KeyId], _stage.Vault.Kids(InVault));
    }

    [Fact]
    public async Task AnswerOfDeleteLost_FindsTheDateOfThePurge()
    {
        await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.LoseAnswerOf = "delete";
        var destroyed = await _ring.DestroyAsync(Name, Ct);
        Assert.True(destroyed.Effective > TimeProvider.System.GetUtcNow().AddDays(89));
        Assert.Equal(1, _stage.Vault.Count("delete"));
    }

    [Fact]
    public async Task AnswerOfUnwrapLost_IsAskedForAgain()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.LoseAnswerOf = "unwrapkey";
        Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, made, Ct));
    }

    [Theory]
    [InlineData(VaultOutage.Unavailable)]
    [InlineData(VaultOutage.Hanging)]
    public async Task NoAnswer_IsUnavailableAndOverWhenTheVaultIsBack(VaultOutage outage)
    {
        var quick = VaultStage.Quick with { Attempt = TimeSpan.FromMilliseconds(200), Retries = 1 };
        var ring = _stage.Ring(terms: quick);
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.Outage = outage;
        await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.UnwrapAsync(ring, made, Ct));
        _stage.Vault.Outage = VaultOutage.None;
        Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, made, Ct));
    }

    [Fact]
    public async Task ConnectionRefused_IsUnavailableAndOverWhenTheVaultIsBack()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        await _stage.Vault.KillAsync();
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.UnwrapAsync(_ring, made, Ct));
        Assert.Contains("cannot be reached", refusal.Message, StringComparison.Ordinal);
        await _stage.Vault.RestartAsync();
        Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, made, Ct));
    }

    [Fact]
    public async Task Refusal_NeverShowsKeyOrToken()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.Denied.Add("unwrapKey");
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.UnwrapAsync(_ring, made, Ct));
        Assert.DoesNotContain("Bearer", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            System.Buffers.Text.Base64Url.EncodeToString(made.Wrapped)[..20], refusal.ToString(),
            StringComparison.Ordinal);
    }
}
