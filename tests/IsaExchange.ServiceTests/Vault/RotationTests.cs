using System.Diagnostics;
using IsaExchange.Exchange.Storage;
using IsaExchange.ServiceTests.Faults;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>
/// The journey that rotates keys, again and again, while other replicas read, upload and delete: on blobs, with keys in
/// the vault and rows in PostgreSQL. No call fails, every old version is disabled in the end, and every row names the
/// header that stands.
/// </summary>
public sealed class RotationTests(ITestOutputHelper output)
{
    const int Readers = 4;
    const int ObjectsMax = 24;

    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RotatedUnderLoad_NoReadAndNoUploadFails()
    {
        var (rotations, reads) = IsFull ? (50, 100_000) : (3, 60);
        var seed = Strike.Seed();
        await using var stage = await RotationStage.StartAsync();
        for (var i = 0; i < (IsFull ? ObjectsMax : 12); i++)
            await stage.UploadAsync(Ct);
        var (clock, campaign) = (Stopwatch.StartNew(), new Campaign(stage, seed));
        var rotating = campaign.RotateAsync(rotations);
        await Task.WhenAll(
        [
            rotating, campaign.WriteAsync(rotating),
            .. Enumerable.Range(0, Readers).Select(n => campaign.ReadAsync(n, reads / Readers, rotating)),
        ]);
        await stage.CheckRowsAsync(Ct);
        output.WriteLine(
            $"seed {seed}: {campaign.Reads} reads, {campaign.Uploads} uploads and {campaign.Deletions} deletions across"
            + $" {campaign.Rotations} rotations in {clock.Elapsed.TotalSeconds:0} s,"
            + $" {campaign.Failures.Count} failures; {campaign.Moved} headers wrapped anew,"
            + $" {campaign.Disabled} versions disabled");
        Assert.Empty(campaign.Failures);
        Assert.True(campaign.Reads > 0 && campaign.Uploads > 0 && campaign.Moved > 0 && campaign.Rotations > 0);
        Assert.Equal(campaign.Rotations, campaign.Disabled);
    }

    sealed class Campaign(RotationStage stage, int seed)
    {
        readonly CampaignTime _time = CampaignTime.Begin();
        int _reads;

        public int Reads => _reads;

        public int Uploads { get; private set; }

        public int Deletions { get; private set; }

        public int Rotations { get; private set; }

        public long Moved { get; private set; }

        public int Disabled { get; private set; }

        public System.Collections.Concurrent.ConcurrentBag<string> Failures { get; } = [];

        public async Task RotateAsync(int rotations)
        {
            await Task.Yield();
            for (; Rotations < rotations && !_time.IsOver; Rotations++)
            {
                Assert.Single(await stage.Rotate.RotateAsync(stage.Holder, Ct));
                await PassAsync();
                await stage.HourAsync(Ct);

                // By now nobody seals with the old version any more: what it still sealed is brought on, and it goes.
                var before = Disabled;
                for (var passes = 0; passes < 5 && Disabled == before; passes++)
                    await PassAsync();
            }
        }

        async Task PassAsync()
        {
            var pass = await stage.Rotate.ContinueAsync(stage.Holder, Ct);
            foreach (var failed in pass.Failed)
                Failures.Add($"not wrapped anew: {failed}");
            Moved += pass.Moved;
            Disabled += pass.Disabled.Count;
        }

        public async Task WriteAsync(Task rotating)
        {
            await Task.Yield();
            while (!rotating.IsCompleted)
            {
                try
                {
                    if (stage.Kept.Count >= ObjectsMax && await stage.DeleteOldestAsync(Ct))
                        Deletions++;
                    await stage.UploadAsync(Ct);
                    Uploads++;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Failures.Add($"upload {Uploads}: {e.Message}");
                }

                await Task.Delay(IsFull ? 500 : 20, Ct);
            }
        }

        public async Task ReadAsync(int reader, int reads, Task rotating)
        {
            await Task.Yield();
            var random = new Random(seed + reader);
            using var ring = stage.Ring();
            for (var i = 0; (i < reads && !_time.IsOver) || !rotating.IsCompleted; i++)
            {
                var kept = stage.Any(random);
                try
                {
                    if (!await stage.ReadAsync(ring, kept, Ct))
                        Failures.Add($"read {i} of {reader}: other bytes");
                    Interlocked.Increment(ref _reads);
                }
                catch (ObjectNotFoundException) when (!stage.Kept.ContainsKey(kept.Name))
                {
                    // Deleted on purpose meanwhile.
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Failures.Add($"read {i} of {reader}: {e.Message}");
                }

                // Who is over its share goes on slowly, so that every rotation meets some.
                if (i >= reads)
                    await Task.Delay(50, Ct);
            }
        }
    }
}
