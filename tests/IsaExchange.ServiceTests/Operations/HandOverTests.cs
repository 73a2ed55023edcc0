using System.Security.Cryptography;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.ServiceTests.Faults;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>
/// Uploads that go on at another replica, again and again, while the one before believes that it still has them. What
/// was acknowledged is there, what was overtaken adds nothing, and what is READY is what was sent.
/// </summary>
[Collection(StoppedExchangeTests.Name)]
public sealed class HandOverTests(StoppedExchange stopped, ITestOutputHelper output)
{
    const int Lanes = 4;

    static readonly int HandOvers = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 5_000 : 30;

    readonly int _seed = Strike.Seed();
    readonly CampaignTime _time = CampaignTime.Begin();
    int _handed;
    int _overtaken;
    int _differing;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task UploadsHandedFromReplicaToReplica_AreWholeAndNothingAcknowledgedIsLost()
    {
        await using var one = new JourneyReplica(stopped.Exchange);
        await using var other = new JourneyReplica(stopped.Exchange);
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => RunAsync(lane, [one, other])));
        output.WriteLine(
            $"seed {_seed}: {_handed} hand-overs, {_overtaken} overtaken writers refused, {_differing} with differing"
            + " bytes refused, 0 corrupt");
        Assert.True(_overtaken > 0 && _differing > 0);
        await stopped.SoundAsync();
    }

    async Task RunAsync(int lane, JourneyReplica[] replicas)
    {
        await Task.Yield();
        var random = new Random(_seed + lane);
        for (var round = 0; Volatile.Read(ref _handed) < HandOvers && !_time.IsOver; round++)
        {
            var slot = StoppedExchange.SlotOf(100 + (((round * Lanes) + lane) % 100));
            // Each lane begins with one that sends other bytes than it says, so that no run is without.
            var upload = new HandedUpload(replicas, random, slot, differs: round == 0 || random.Next(5) == 0);
            try
            {
                await upload.RunAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"ISAX_SEED={_seed}, lane {lane}, round {round}: {e.Message}", e);
            }

            Interlocked.Add(ref _handed, upload.Handed);
            Interlocked.Add(ref _overtaken, upload.Overtaken);
            Interlocked.Add(ref _differing, upload.Differing);
        }
    }

    /// <summary>One submission from its creation to its verdict.</summary>
    sealed class HandedUpload(JourneyReplica[] replicas, Random random, Slot slot, bool differs)
    {
        readonly byte[] _content = slot.Table(random.Next(2_500, 9_000));

        // At most one hangs at each replica: the replica itself keeps a second writer out.
        readonly (ContentWriter Writer, long Sent)?[] _hanging = new (ContentWriter, long)?[replicas.Length];

        public int Handed { get; private set; }

        public int Overtaken { get; private set; }

        public int Differing { get; private set; }

        public async Task RunAsync()
        {
            var at = random.Next(replicas.Length);
            var row = await replicas[at].CreateAsync(slot);
            var acknowledged = 0L;
            for (var hops = random.Next(1, 5); hops > 0; hops--)
            {
                acknowledged = await WriteSomeAsync(at, row, acknowledged);
                at = 1 - at;
                await LetGoAsync(at);
                var progress = await replicas[at].StatusAsync(row);
                Assert.False(progress.Complete);
                Assert.InRange(progress.Persisted, acknowledged, _content.Length);
                Handed++;
            }

            row = await FinishAsync(at, row);
            foreach (var replica in Enumerable.Range(0, replicas.Length))
                await LetGoAsync(replica);
            Assert.Equal(SubmissionState.Ready, row.State);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(_content));
            Assert.Equal(sha256, row.ContentSha256);
            Assert.True((await replicas[1 - at].StatusAsync(row)).Complete);
            Assert.Equal(sha256, await replicas[1 - at].StagedSha256Async(row));
        }

        /// <summary>Some bytes, and what of them is acknowledged; then it ends in order, or hangs with the upload in
        /// its hands.</summary>
        async Task<long> WriteSomeAsync(int at, SubmissionRow row, long acknowledged)
        {
            var writer = Assert.IsType<ContentWriter>(await replicas[at].OpenAsync(row));
            Assert.InRange(writer.Persisted, acknowledged, _content.Length);
            var upTo = random.NextInt64(writer.Persisted, _content.Length);
            await JourneyReplica.WriteAsync(writer, _content, writer.Persisted, upTo);
            await writer.PersistAsync(Stop);
            var persisted = writer.Persisted;
            Assert.InRange(persisted, acknowledged, upTo);
            if (random.Next(2) == 0)
                _hanging[at] = (writer, upTo);
            else
                await writer.DisposeAsync();
            return persisted;
        }

        /// <summary>The last one; if it is to, it sends other bytes than it says, and begins again.</summary>
        async Task<SubmissionRow> FinishAsync(int at, SubmissionRow row)
        {
            var sha256 = SHA256.HashData(_content);
            if (differs)
            {
                await using var differing = Assert.IsType<ContentWriter>(await replicas[at].OpenAsync(row));
                byte[] other = [.. _content];
                other[random.Next((int)differing.Persisted, other.Length)] ^= 1;
                var from = differing.Persisted;
                await JourneyReplica.WriteAsync(differing, other, from, other.Length);
                var refused = await Assert.ThrowsAsync<ExchangeException>(() => differing.FinishAsync(sha256, Stop));
                Assert.Equal((ProblemKind.DataLoss, "CHECKSUM_MISMATCH"), (refused.Kind, refused.Reason));
                Differing++;
            }

            await LetGoAsync(at);
            return await replicas[at].UploadAsync(row, _content);
        }

        /// <summary>What hangs at this replica wakes up and goes on as if nothing had happened: all of it is
        /// refused.</summary>
        async Task LetGoAsync(int at)
        {
            if (_hanging[at] is not var (writer, sent))
                return;
            _hanging[at] = null;
            try
            {
                var refused = await Assert.ThrowsAsync<ExchangeException>(async () =>
                {
                    await JourneyReplica.WriteAsync(writer, _content, sent, _content.Length);
                    await writer.FinishAsync(SHA256.HashData(_content), Stop);
                });
                Assert.Equal(ProblemKind.Aborted, refused.Kind);
                Overtaken++;
            }
            finally
            {
                await writer.DisposeAsync();
            }
        }
    }
}
