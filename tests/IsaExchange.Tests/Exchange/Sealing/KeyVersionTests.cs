using System.Security.Cryptography;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Tests.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Sealing;

/// <summary>Versions of a key in files: successors, retirement, destruction.</summary>
public sealed class KeyVersionTests : IDisposable
{
    const string Name = "northmere.northmere-police.until-2026";

    readonly TemporaryFolder folder = new();
    readonly KeyFileRing ring;

    public KeyVersionTests() => ring = new KeyFileRing(folder["keys"]);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Rotated_SealsWithTheNewVersionAndOpensTheOld()
    {
        var old = await ring.CurrentAsync(Name, Ct);
        var wrapped = old.WrapKey("AES-KWP", new byte[16], Ct);
        var made = await ring.RotateAsync(Name, old.KeyId, Ct);
        Assert.Equal((Name + ".v2", true), (made.KeyId, made.IsEnabled));
        Assert.Equal(Name + ".v2", (await ring.CurrentAsync(Name, Ct)).KeyId);
        Assert.Equal(new byte[16], ring.Resolve(old.KeyId, Ct).UnwrapKey("AES-KWP", wrapped, Ct));
        Assert.Throws<CryptographicException>(
            () => ring.Resolve(made.KeyId, Ct).UnwrapKey("AES-KWP", wrapped, Ct));
    }

    [Fact]
    public async Task RotatedByManyAtOnce_MakesOneVersion()
    {
        var old = await ring.CurrentAsync(Name, Ct);
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => new KeyFileRing(folder["keys"]).RotateAsync(Name, old.KeyId, Ct)));
        Assert.Single(made.Select(v => v.KeyId).Distinct());
        Assert.Equal(2, (await ring.VersionsAsync(Name, Ct)).Count);
    }

    [Fact]
    public async Task TenVersions_AreInTheOrderTheyWereMade()
    {
        var last = (await ring.CurrentAsync(Name, Ct)).KeyId;
        for (var i = 0; i < 10; i++)
            last = (await ring.RotateAsync(Name, last, Ct)).KeyId;
        Assert.Equal(
            Enumerable.Range(1, 11).Select(n => $"{Name}.v{n}"),
            (await ring.VersionsAsync(Name, Ct)).Select(v => v.KeyId));
        Assert.Empty(await ring.VersionsAsync("northmere.northmere-police.until-202", Ct));
    }

    [Fact]
    public async Task Retired_OpensNothingAndCanBeBroughtBack()
    {
        var old = await ring.CurrentAsync(Name, Ct);
        await ring.RotateAsync(Name, old.KeyId, Ct);
        await ring.RetireAsync(old.KeyId, Ct);
        await ring.RetireAsync(old.KeyId, Ct);
        Assert.Throws<KeyUnavailableException>(() => ring.Resolve(old.KeyId, Ct));
        Assert.Throws<KeyUnavailableException>(() => old.WrapKey("AES-KWP", new byte[16], Ct));
        Assert.Equal([false, true], (await ring.VersionsAsync(Name, Ct)).Select(v => v.IsEnabled));

        File.Move(folder["keys", old.KeyId + ".retired"], folder["keys", old.KeyId + ".key"]);
        _ = ring.Resolve(old.KeyId, Ct);
    }

    [Fact]
    public async Task Destroyed_LeavesNoKeyAndMakesNone()
    {
        var old = await ring.CurrentAsync(Name, Ct);
        await ring.RotateAsync(Name, old.KeyId, Ct);
        await ring.RetireAsync(old.KeyId, Ct);
        var destroyed = await ring.DestroyAsync(Name, Ct);
        Assert.Equal([Name + ".v1", Name + ".v2"], destroyed.KeyIds);
        Assert.Equal([folder["keys", Name + ".destroyed"]], Directory.GetFiles(folder["keys"]));
        Assert.Empty((await ring.DestroyAsync(Name, Ct)).KeyIds);
        Assert.Empty(await ring.VersionsAsync(Name, Ct));
        Assert.Throws<KeyUnavailableException>(() => ring.Resolve(old.KeyId, Ct));
        await Assert.ThrowsAsync<KeyUnavailableException>(() => ring.CurrentAsync(Name, Ct));
        await Assert.ThrowsAsync<KeyUnavailableException>(() => ring.RotateAsync(Name, old.KeyId, Ct));
    }

    [Fact]
    public async Task CrashAfterTheOrder_OpensNothingAndIsFinishedByTheNextCall()
    {
        var key = await ring.CurrentAsync(Name, Ct);
        DurableFiles.CreateNew(folder["keys", Name + ".destroyed"], "ordered"u8);
        Assert.Throws<KeyUnavailableException>(() => ring.Resolve(key.KeyId, Ct));
        Assert.Equal([key.KeyId], (await ring.DestroyAsync(Name, Ct)).KeyIds);
        Assert.False(File.Exists(folder["keys", key.KeyId + ".key"]));
    }

    [Fact]
    public async Task KeyThatWasNeverMade_CannotBeRotatedOrRetired()
    {
        await Assert.ThrowsAsync<KeyUnavailableException>(() => ring.RotateAsync(Name, Name + ".v1", Ct));
        await Assert.ThrowsAsync<KeyUnavailableException>(() => ring.RetireAsync(Name + ".v1", Ct));
    }
}
