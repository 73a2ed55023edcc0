using System.Security.Cryptography;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Service.Adapters.Vault;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

public sealed class VaultKeyRingTests : IAsyncLifetime
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
    public async Task FirstUse_MakesAKeyThatOnlyWraps()
    {
        var wrapped = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        Assert.Equal(_stage.Vault.Kids(InVault), [wrapped.KeyId]);
        Assert.Equal(384, wrapped.Wrapped.Length);
        Assert.Equal(_key, await VaultStage.UnwrapAsync(_stage.Ring(), wrapped, Ct));
    }

    [Fact]
    public async Task ConcurrentFirstUses_MakeOneKey()
    {
        var keks = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _ring.CurrentAsync(Name, Ct)));
        Assert.Single(keks.Select(k => k.KeyId).Distinct());
        Assert.Equal(1, _stage.Vault.Count("create"));
    }

    [Fact]
    public async Task FirstUsesByTwoReplicas_AllOpenWhatTheySealed()
    {
        var rings = Enumerable.Range(0, 4).Select(_ => _stage.Ring()).ToList();
        var wrapped = await Task.WhenAll(rings.Select(r => VaultStage.WrapAsync(r, Name, _key, Ct)));
        foreach (var one in wrapped)
            Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, one, Ct));
    }

    [Fact]
    public async Task Rotated_SealsWithTheNewVersionAndOpensTheOld()
    {
        var old = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        var made = await _ring.RotateAsync(Name, old.KeyId, Ct);
        var later = await VaultStage.WrapAsync(_ring, Name, _key, Ct);

        Assert.NotEqual(old.KeyId, made.KeyId);
        Assert.Equal(made.KeyId, later.KeyId);
        Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, old, Ct));
        Assert.Equal([old.KeyId, made.KeyId], (await _ring.VersionsAsync(Name, Ct)).Select(v => v.KeyId));
    }

    [Fact]
    public async Task RotatedTwiceFromOneVersion_MakesOneVersion()
    {
        var old = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        var first = await _ring.RotateAsync(Name, old.KeyId, Ct);
        var second = await _stage.Ring().RotateAsync(Name, old.KeyId, Ct);
        Assert.Equal(first.KeyId, second.KeyId);
        Assert.Equal(2, _stage.Vault.Kids(InVault).Count);
    }

    [Fact]
    public async Task ManyVersions_AreListedOverAllPages()
    {
        var last = (await VaultStage.WrapAsync(_ring, Name, _key, Ct)).KeyId;
        for (var i = 0; i < 4; i++)
            last = (await _ring.RotateAsync(Name, last, Ct)).KeyId;
        var versions = await _ring.VersionsAsync(Name, Ct);
        Assert.Equal(_stage.Vault.Kids(InVault).Order(), versions.Select(v => v.KeyId).Order());
        Assert.Equal(last, versions[^1].KeyId);
    }

    [Fact]
    public async Task RotatedByAnotherReplica_CountsHereAfterAMinute()
    {
        var clock = new FakeTimeProvider();
        var here = _stage.Ring(clock);
        var old = await VaultStage.WrapAsync(here, Name, _key, Ct);
        var made = await _ring.RotateAsync(Name, old.KeyId, Ct);
        Assert.Equal(old.KeyId, (await here.CurrentAsync(Name, Ct)).KeyId);
        clock.Advance(VaultKeyRing.CurrentLife);
        Assert.Equal(made.KeyId, (await here.CurrentAsync(Name, Ct)).KeyId);
    }

    [Fact]
    public async Task Retired_NoLongerOpensAndStaysListed()
    {
        var old = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        await _ring.RotateAsync(Name, old.KeyId, Ct);
        await _ring.RetireAsync(old.KeyId, Ct);
        await _ring.RetireAsync(old.KeyId, Ct);

        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(
            () => VaultStage.UnwrapAsync(_ring, old, Ct));
        Assert.Contains("disabled", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([false, true], (await _ring.VersionsAsync(Name, Ct)).Select(v => v.IsEnabled));
    }

    [Fact]
    public async Task PresentVersionDisabledBehindOurBack_SealsNothing()
    {
        // The vault itself would wrap: it refuses to unwrap only, and what it wrapped would be lost.
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.SetEnabled(made.KeyId, enabled: false);

        await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.WrapAsync(_ring, Name, _key, Ct));
        var later = await Assert.ThrowsAsync<KeyUnavailableException>(() => _ring.CurrentAsync(Name, Ct));
        Assert.Contains("disabled", later.Message, StringComparison.Ordinal);

        _stage.Vault.SetEnabled(made.KeyId, enabled: true);
        Assert.Equal(made.KeyId, (await VaultStage.WrapAsync(_ring, Name, _key, Ct)).KeyId);
    }

    [Fact]
    public async Task Destroyed_OpensAndSealsNothingAndSaysWhenItIsFinal()
    {
        _stage.Vault.Recoverable = TimeSpan.FromDays(30);
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        var next = await _ring.RotateAsync(Name, made.KeyId, Ct);
        var destroyed = await _ring.DestroyAsync(Name, Ct);
        var again = await _ring.DestroyAsync(Name, Ct);

        Assert.Equal([made.KeyId, next.KeyId], destroyed.KeyIds);
        var wait = destroyed.Effective!.Value - TimeProvider.System.GetUtcNow();
        Assert.InRange(wait, TimeSpan.FromDays(29.9), TimeSpan.FromDays(30));
        Assert.Equal(destroyed.Effective, again.Effective);
        await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.UnwrapAsync(_ring, made, Ct));
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => _ring.CurrentAsync(Name, Ct));
        Assert.Contains("deleted", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await _ring.VersionsAsync(Name, Ct));
    }

    [Fact]
    public async Task DeletionNotDone_NamesNoDayUntilItIs()
    {
        await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        _stage.Vault.Deleting = TimeSpan.FromHours(1);
        _stage.Vault.Delete(InVault);
        Assert.Null((await _ring.DestroyAsync(Name, Ct)).Effective);
        _stage.Vault.Deleting = TimeSpan.Zero;
        var destroyed = await _ring.DestroyAsync(Name, Ct);
        Assert.True(destroyed.Effective > TimeProvider.System.GetUtcNow().AddDays(89));
        Assert.Equal(0, _stage.Vault.Count("delete"));
    }

    [Fact]
    public async Task NeverMade_IsDestroyedByNothing()
    {
        Assert.Empty(await _ring.VersionsAsync(Name, Ct));
        var destroyed = await _ring.DestroyAsync(Name, Ct);
        Assert.Empty(destroyed.KeyIds);
        Assert.Null(destroyed.Effective);
        await Assert.ThrowsAsync<KeyUnavailableException>(() => _ring.RotateAsync(Name, "none", Ct));
    }

    [Theory]
    [InlineData("https://elsewhere.example/keys/a/0123456789abcdef0123456789abcdef")]
    [InlineData("http://localhost/keys/a/0123456789abcdef0123456789abcdef")]
    [InlineData("HERE/keys/a/0123456789abcdef0123456789abcde")]
    [InlineData("HERE/keys/a/0123456789abcdef0123456789abcdef/")]
    [InlineData("HERE/keys/a/../b/0123456789abcdef0123456789abcdef")]
    [InlineData("HERE/keys/a%2fb/0123456789abcdef0123456789abcdef")]
    [InlineData("HERE/secrets/a/0123456789abcdef0123456789abcdef")]
    [InlineData("HERE/keys/a/0123456789abcdef0123456789abcdef?x=1")]
    [InlineData("HERE@evil.example/keys/a/0123456789abcdef0123456789abcdef")]
    [InlineData("northmere-police.standard.v1")]
    [InlineData("")]
    public void IdOfAnotherVaultOrMalformed_IsRefusedBeforeAnyCall(string keyId)
    {
        var here = _stage.Vault.Address.GetLeftPart(UriPartial.Authority);
        var id = keyId.Replace("HERE", here, StringComparison.Ordinal);
        Assert.Throws<KeyUnavailableException>(() => _ring.Resolve(id, Ct));
        Assert.Equal(0, _stage.Vault.Count("challenge"));
    }

    [Fact]
    public async Task WhatAnotherKeyWrapped_IsNoOutage()
    {
        var mine = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        var other = await VaultStage.WrapAsync(_ring, "northmere.northmere-fire.until-2027", _key, Ct);
        await Assert.ThrowsAsync<CryptographicException>(
            () => VaultStage.UnwrapAsync(_ring, (other.KeyId, mine.Wrapped), Ct));
        mine.Wrapped[7] ^= 1;
        await Assert.ThrowsAsync<CryptographicException>(() => VaultStage.UnwrapAsync(_ring, mine, Ct));
        await Assert.ThrowsAsync<CryptographicException>(
            () => VaultStage.UnwrapAsync(_ring, (mine.KeyId, [1, 2, 3]), Ct));
    }

    [Fact]
    public async Task Probe_AsksWithoutMakingAnything()
    {
        await _ring.ProbeAsync(Ct);
        Assert.Empty(_stage.Vault.Names);
        _stage.Vault.Denied.Add("get");
        await Assert.ThrowsAsync<KeyUnavailableException>(() => _ring.ProbeAsync(Ct));
    }

    [Theory]
    [InlineData("exchange.releases", "exchange--releases")]
    [InlineData(Name, InVault)]
    public void Name_IsReadableInTheVault(string name, string inVault) =>
        Assert.Equal(inVault, VaultKeyId.NameOf(name));

    [Theory]
    [InlineData("a--b")]
    [InlineData("a.-b")]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("a.")]
    [InlineData("A.b")]
    [InlineData("")]
    public void NameThatCouldMeetAnother_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => VaultKeyId.NameOf(name));

    [Fact]
    public void LongName_FitsAndMeetsNoOther()
    {
        var one = $"{new string('a', 63)}.{new string('b', 63)}.until-2027";
        var other = $"{new string('a', 63)}.{new string('b', 63)}.until-2028";
        var names = new[] { VaultKeyId.NameOf(one), VaultKeyId.NameOf(other) };
        Assert.All(names, name => Assert.InRange(name.Length, 1, 127));
        Assert.NotEqual(names[0], names[1]);
    }
}
