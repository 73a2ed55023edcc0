using System.Security.Cryptography;
using IsaExchange.Exchange.Sealing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

public sealed class CachedKeyRingTests : IAsyncLifetime
{
    const string Name = "northmere.northmere-police.until-2027";
    static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    readonly FakeTimeProvider _clock = new();
    readonly byte[] _key = RandomNumberGenerator.GetBytes(16);
    VaultStage _stage = null!;
    CachedKeyRing _ring = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await VaultStage.StartAsync();
        _ring = new CachedKeyRing(_stage.Ring(), Life, countMax: 4, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _ring.Dispose();
        await _stage.DisposeAsync();
    }

    [Fact]
    public async Task OpenedTwice_AsksTheVaultOnce()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        var before = _stage.Vault.Count("unwrapkey");
        for (var i = 0; i < 3; i++)
            Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, made, Ct));
        Assert.Equal(1, _stage.Vault.Count("unwrapkey") - before);
    }

    [Fact]
    public async Task CopyThatTheCallerWipes_IsNotTheOneKept()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        for (var i = 0; i < 3; i++)
        {
            var copy = await VaultStage.UnwrapAsync(_ring, made, Ct);
            Assert.Equal(_key, copy);
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    [Fact]
    public async Task TimeOver_IsWipedEvenWhenNobodyAsks()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        await VaultStage.UnwrapAsync(_ring, made, Ct);
        Assert.Equal(1, _ring.Count);
        _clock.Advance(Life - TimeSpan.FromSeconds(1));
        Assert.Equal(1, _ring.Count);
        _clock.Advance(Life / 4);
        Assert.Equal(0, _ring.Count);
    }

    [Fact]
    public async Task UsedAllTheTime_IsStillAskedForAgainWhenItsTimeIsOver()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        var before = _stage.Vault.Count("unwrapkey");
        for (var seconds = 0; seconds < 119; seconds++)
        {
            await VaultStage.UnwrapAsync(_ring, made, Ct);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _stage.Vault.Count("unwrapkey") - before);
    }

    [Fact]
    public async Task MoreThanItHolds_WipesTheOldest()
    {
        var made = new List<(string KeyId, byte[] Wrapped)>();
        for (var i = 0; i < 6; i++)
        {
            made.Add(await VaultStage.WrapAsync(_ring, Name, _key, Ct));
            await VaultStage.UnwrapAsync(_ring, made[^1], Ct);
        }

        Assert.Equal(4, _ring.Count);
        var before = _stage.Vault.Count("unwrapkey");
        await VaultStage.UnwrapAsync(_ring, made[^1], Ct);
        Assert.Equal(0, _stage.Vault.Count("unwrapkey") - before);
        await VaultStage.UnwrapAsync(_ring, made[0], Ct);
        Assert.Equal(1, _stage.Vault.Count("unwrapkey") - before);
    }

    [Fact]
    public async Task VersionRetiredOrDestroyedHere_IsForgottenAtOnce()
    {
        var old = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        await VaultStage.UnwrapAsync(_ring, old, Ct);
        await _ring.RotateAsync(Name, old.KeyId, Ct);
        Assert.Equal(_key, await VaultStage.UnwrapAsync(_ring, old, Ct));
        await _ring.RetireAsync(old.KeyId, Ct);
        await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.UnwrapAsync(_ring, old, Ct));

        var later = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        await VaultStage.UnwrapAsync(_ring, later, Ct);
        Assert.Equal(1, _ring.Count);
        await _ring.DestroyAsync(Name, Ct);
        Assert.Equal(0, _ring.Count);
        await Assert.ThrowsAsync<KeyUnavailableException>(() => VaultStage.UnwrapAsync(_ring, later, Ct));
    }

    [Fact]
    public async Task AlteredWrappedKey_IsNotTakenForTheOneRemembered()
    {
        var made = await VaultStage.WrapAsync(_ring, Name, _key, Ct);
        await VaultStage.UnwrapAsync(_ring, made, Ct);
        made.Wrapped[0] ^= 1;
        await Assert.ThrowsAsync<CryptographicException>(() => VaultStage.UnwrapAsync(_ring, made, Ct));
    }
}
