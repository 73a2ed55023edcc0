using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.ServiceTests.Faults;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>Keys that change, fail and are mixed up while objects are read and written; with counters.</summary>
public sealed class KeyCampaignTests(ITestOutputHelper output)
{
    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RotatedUnderLoad_NoReadAndNoUploadFails()
    {
        var (rotations, reads, uploads) = IsFull ? (50, 100_000, 2_000) : (4, 80, 20);
        await using var stage = await SealedStage.StartAsync();
        using var load = new Load(stage, Strike.Seed());
        await load.BeginAsync(IsFull ? 200 : 16, Ct);
        var clock = Stopwatch.StartNew();
        var rotating = load.RotateAsync(rotations, Ct);
        var writing = load.WriteAsync(uploads, rotating, Ct);
        var reading = Enumerable.Range(0, 4).Select(n => load.ReadAsync(n, reads / 4, rotating, Ct));
        await Task.WhenAll([rotating, writing, .. reading]);
        output.WriteLine(
            $"seed {load.Seed}: {load.Reads} reads and {load.Uploads} uploads across {load.Rotations} rotations in"
            + $" {clock.Elapsed.TotalSeconds:0} s, {load.Failures.Count} failures; {load.Disabled} versions disabled");
        Assert.Empty(load.Failures);
        Assert.True(load.Reads >= reads && load.Uploads >= uploads && load.Rotations == rotations);
        Assert.True(load.Disabled > 0);
    }

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

    /// <summary>Readers, a writer with an older notion of the present version, and one that rotates.</summary>
    sealed class Load(SealedStage stage, int seed) : IDisposable
    {
        readonly ConcurrentDictionary<int, KeptObject> _kept = [];
        readonly FakeTimeProvider _elsewhere = new();
        readonly SemaphoreSlim _writing = new(1, 1);
        int _reads;

        public void Dispose() => _writing.Dispose();

        public int Seed => seed;

        public int Reads => _reads;

        public int Uploads { get; private set; }

        public int Rotations { get; private set; }

        public int Disabled { get; private set; }

        public ConcurrentBag<string> Failures { get; } = [];

        public async Task BeginAsync(int objects, CancellationToken ct)
        {
            var ring = stage.Ring();
            for (var i = 0; i < objects; i++)
                _kept[i] = await stage.PutAsync(ring, ct);
        }

        public async Task RotateAsync(int rotations, CancellationToken ct)
        {
            await Task.Yield();
            var ring = stage.Ring();
            var versions = new List<string> { (await ring.CurrentAsync(SealedStage.KeyName, ct)).KeyId };
            for (var i = 0; i < rotations; i++)
            {
                versions.Add((await ring.RotateAsync(SealedStage.KeyName, versions[^1], ct)).KeyId);
                var left = await stage.RewrapAsync(ring, versions[^1], ct);

                // Between two uploads the other replica's minute passes: from here on it knows the new version. Only
                // then may the last but one go, and only when no header names it.
                await _writing.WaitAsync(ct);
                _elsewhere.Advance(TimeSpan.FromMinutes(1));
                _writing.Release();
                if (left == 0 && i > 0 && await stage.RewrapAsync(ring, versions[^1], ct) == 0)
                {
                    await ring.RetireAsync(versions[^3], ct);
                    Disabled++;
                }

                Rotations++;
            }
        }

        public async Task WriteAsync(int uploads, Task rotating, CancellationToken ct)
        {
            var ring = stage.Ring(_elsewhere);
            while (Uploads < uploads || !rotating.IsCompleted)
            {
                await _writing.WaitAsync(ct);
                try
                {
                    var made = await stage.PutAsync(ring, ct);
                    _kept[_kept.Count] = made;
                    Uploads++;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Failures.Add($"upload {Uploads}: {e.Message}");
                    return;
                }
                finally
                {
                    _writing.Release();
                }

                // What is over its share goes on slowly, so that every rotation meets some.
                await Task.Delay(Uploads < uploads ? 1 : 200, ct);
            }
        }

        public async Task ReadAsync(int reader, int reads, Task rotating, CancellationToken ct)
        {
            await Task.Yield();
            var random = new Random(seed + reader);
            var ring = stage.Ring();
            for (var i = 0; i < reads || !rotating.IsCompleted; i++)
            {
                try
                {
                    if (!await stage.ReadAsync(ring, _kept[random.Next(_kept.Count)], ct))
                        Failures.Add($"read {i} of {reader}: other bytes");
                    Interlocked.Increment(ref _reads);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Failures.Add($"read {i} of {reader}: {e.Message}");
                }

                if (i >= reads)
                    await Task.Delay(20, ct);
            }
        }
    }
}
