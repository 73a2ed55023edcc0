using System.Text;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.ServiceTests.Faults;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>Keys that fail, are deleted and are mixed up; with counters.</summary>
public sealed class KeyCampaignTests(ITestOutputHelper output)
{
    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task VersionDisabled_ExactlyWhatWasNotWrappedAnewFailsAndIsListed()
    {
        var objects = IsFull ? 3_000 : 30;
        var seed = Strike.Seed();
        var random = new Random(seed);
        await using var stage = await SealedStage.StartAsync();
        var ring = stage.Ring();
        var kept = new List<KeptObject>();
        for (var i = 0; i < objects; i++)
            kept.Add(await stage.PutAsync(ring, Ct));
        var old = (await ring.CurrentAsync(SealedStage.KeyName, Ct)).KeyId;
        await ring.RotateAsync(SealedStage.KeyName, old, Ct);
        var rewrap = new HeaderRewrap(stage.Store, ring);
        foreach (var one in kept.Where(_ => random.Next(2) == 0))
            await rewrap.RewrapAsync(one.Name, id => id == old ? SealedStage.KeyName : null, Ct);
        stage.Vaults.Vault.SetEnabled(old, enabled: false);

        // Another replica, which remembers nothing.
        var (failed, listed) = await CompareAsync(stage, kept);
        output.WriteLine($"seed {seed}: {failed.Count} of {objects} failed, {listed.Count} listed");
        Assert.NotEmpty(failed);
        Assert.NotEqual(objects, failed.Count);
        Assert.Equal(failed, listed);

        stage.Vaults.Vault.SetEnabled(old, enabled: true);
        Assert.Empty((await CompareAsync(stage, kept)).Failed);
    }

    [Fact]
    public async Task KeyDeletedBehindOurBack_EverythingUnderItFailsAndIsListed()
    {
        await using var stage = await SealedStage.StartAsync();
        var ring = stage.Ring();
        var kept = new List<KeptObject>();
        for (var i = 0; i < 10; i++)
            kept.Add(await stage.PutAsync(ring, Ct));
        stage.Vaults.Vault.Delete(stage.Vaults.Vault.Names.Single());
        var (failed, listed) = await CompareAsync(stage, kept);
        Assert.Equal(10, failed.Count);
        Assert.Equal(failed, listed);
    }

    [Fact]
    public async Task WrappedKeyOfAnotherObjectPastedIn_IsRefused()
    {
        var pairs = IsFull ? 2_000 : 20;
        await using var stage = await SealedStage.StartAsync();
        var ring = stage.Ring();
        var refused = 0;
        var before = await HeaderAsync(stage, await stage.PutAsync(ring, Ct));
        for (var i = 0; i < pairs; i++)
        {
            var kept = await stage.PutAsync(ring, Ct);
            var header = await HeaderAsync(stage, kept);
            var (from, mine) = (Parts(before), Parts(header));

            // The wrapped key of the one before, with the MAC of either: both are of the same key version.
            foreach (var pasted in (string[])[mine.Bind + from.Key + mine.Mac, mine.Bind + from.Key + from.Mac])
            {
                var broken = await Assert.ThrowsAsync<SealBrokenException>(
                    () => SealedHeader.OpenAsync(Encoding.ASCII.GetBytes(pasted), kept.Name.Value, ring, Ct));
                Assert.Equal(SealBreak.HeaderAltered, broken.Reason);
                refused++;
            }

            before = header;
        }

        output.WriteLine($"{refused} pasted, {refused} refused");
        Assert.Equal(2 * pairs, refused);
    }

    [Fact]
    public async Task AfterErasure_NoOldCopyOpensUntilAndAfterThePurge()
    {
        await using var stage = await SealedStage.StartAsync();
        var ring = stage.Ring();
        var kept = new List<KeptObject>();
        for (var i = 0; i < 5; i++)
            kept.Add(await stage.PutAsync(ring, Ct));
        var copies = new List<(ObjectName Name, byte[] Header)>();
        foreach (var one in kept)
            copies.Add((one.Name, await HeaderAsync(stage, one)));
        var old = (await ring.CurrentAsync(SealedStage.KeyName, Ct)).KeyId;
        var made = await ring.RotateAsync(SealedStage.KeyName, old, Ct);
        await stage.RewrapAsync(ring, made.KeyId, Ct);
        foreach (var one in kept)
            copies.Add((one.Name, await HeaderAsync(stage, one)));

        // In memory a moment ago: that must not open it either.
        foreach (var (name, header) in copies)
            (await SealedHeader.OpenAsync(header, name.Value, ring, Ct)).Dispose();
        var destroyed = await ring.DestroyAsync(SealedStage.KeyName, Ct);
        Assert.True(destroyed.Effective > TimeProvider.System.GetUtcNow().AddDays(89));
        await NothingOpensAsync(ring, copies);
        stage.Vaults.Vault.Purge("northmere--northmere-police--until-2027");
        await NothingOpensAsync(ring, copies);
        await NothingOpensAsync(stage.Ring(), copies);
    }

    static async Task NothingOpensAsync(IKeyRing ring, List<(ObjectName Name, byte[] Header)> copies)
    {
        foreach (var (name, header) in copies)
            await Assert.ThrowsAsync<KeyUnavailableException>(
                () => SealedHeader.OpenAsync(header, name.Value, ring, Ct));
    }

    static async Task<(List<string> Failed, List<string> Listed)> CompareAsync(
        SealedStage stage, List<KeptObject> kept)
    {
        var ring = stage.Ring();
        var failed = new List<string>();
        foreach (var one in kept)
        {
            try
            {
                Assert.True(await stage.ReadAsync(ring, one, Ct));
            }
            catch (KeyUnavailableException)
            {
                failed.Add(one.Name.Value);
            }
        }

        var report = await new KeyReport(stage.Store, ring).RunAsync([stage.Holder], Ct);
        var listed = report.Where(u => !u.Opens).SelectMany(u => u.Objects).Select(o => o.Value);
        return ([.. failed.Order(StringComparer.Ordinal)], [.. listed.Order(StringComparer.Ordinal)]);
    }

    static async Task<byte[]> HeaderAsync(SealedStage stage, KeptObject kept)
    {
        await using var stored = await stage.Store.OpenAsync(kept.Name, Ct);
        return stored.Header;
    }

    static (string Bind, string Key, string Mac) Parts(byte[] header)
    {
        var text = Encoding.ASCII.GetString(header);
        var (key, mac) = (
            text.IndexOf("-> isaexchange.example/kek", StringComparison.Ordinal),
            text.LastIndexOf("\n---", StringComparison.Ordinal) + 1);
        return (text[..key], text[key..mac], text[mac..]);
    }
}
