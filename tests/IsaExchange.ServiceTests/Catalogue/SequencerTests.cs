using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>
/// Two replicas that both believe that they lead: one was paused, or its lock was lost without its knowing. The log
/// never forks: every head is the root of the same events, and each event has one place.
/// </summary>
[Collection(PostgresTests.Name)]
public sealed class SequencerTests(PostgresFixture postgres, ITestOutputHelper output)
{
    static readonly int Pauses = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 1_000 : 12;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LeaderPausedWhileAnotherTakesOver_ChangesNothing()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var signer = NoteSigner.Generate(Rows.Origin);
        using var first = new Replica(PostgresFixture.Open(settings), signer);
        using var second = new Replica(PostgresFixture.Open(settings), signer);
        var (stale, random) = (0, new Random(1));
        for (var round = 0; round < Pauses; round++)
        {
            var (leader, other) = round % 2 == 0 ? (first, second) : (second, first);
            await leader.RecordAsync(random.Next(1, 4));
            await LeadAsync(leader, other);
            await other.RecordAsync(random.Next(1, 4));
            leader.Paused = async () =>
            {
                leader.Paused = null;
                await LoseLockAsync();
                Assert.True(await other.IntegrateAsync() > 0);
                await other.RecordAsync(1);
                if (round % 3 == 0)
                    await other.IntegrateAsync();
            };
            stale += await leader.IntegrateAsync() == 0 ? 1 : 0;
            Assert.Null(leader.Paused);
        }

        Assert.Equal(Pauses, stale);
        await DrainAsync(first, second);
        var heads = await CheckAsync(first.Catalogue, signer.Verifier);
        output.WriteLine($"{Pauses} pauses, {stale} stale steps refused, {heads} heads of one log, 0 forks");
    }

    [Fact]
    public async Task TwoReplicasThatTryAllTheTime_MakeOneLog()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var signer = NoteSigner.Generate(Rows.Origin);
        using var first = new Replica(PostgresFixture.Open(settings), signer);
        using var second = new Replica(PostgresFixture.Open(settings), signer);
        var recording = Task.WhenAll(Record(first), Record(second));
        var integrated = await Task.WhenAll(Integrate(first), Integrate(second));
        await recording;
        await DrainAsync(first, second);
        var heads = await CheckAsync(first.Catalogue, signer.Verifier);
        output.WriteLine($"{integrated.Sum()} events by {integrated[0]} and {integrated[1]}, {heads} heads, 0 forks");

        async Task Record(Replica replica)
        {
            for (var i = 0; i < 2 * Pauses; i++)
                await replica.RecordAsync(1);
        }

        async Task<int> Integrate(Replica replica)
        {
            var count = 0;
            while (!recording.IsCompleted)
                count += await replica.IntegrateAsync();
            return count;
        }
    }

    [Fact]
    public async Task EmbeddedReplicaThatWasOvertaken_ChangesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("isax-sequencer-").FullName;
        var file = Path.Combine(folder, "catalogue.db");
        using (var made = new SqliteCatalogue(file))
            await made.CreateAsync(Stop);
        using var signer = NoteSigner.Generate(Rows.Origin);
        using var first = new Replica(new SqliteCatalogue(file), signer);
        using var second = new Replica(new SqliteCatalogue(file), signer);
        await first.RecordAsync(3);
        Assert.Equal(3, await first.IntegrateAsync());
        await first.RecordAsync(2);
        Assert.Equal(2, await second.IntegrateAsync());
        await first.RecordAsync(1);
        Assert.Equal(0, await first.IntegrateAsync());
        Assert.Equal(1, await second.IntegrateAsync());
        Assert.Equal(3, await CheckAsync(first.Catalogue, signer.Verifier));
    }

    [Fact]
    public async Task ReplicaThatDoesNotLead_StillSeesThatTheLogStalls()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var signer = NoteSigner.Generate(Rows.Origin);
        using var leader = new Replica(PostgresFixture.Open(settings), signer);
        using var other = new Replica(PostgresFixture.Open(settings), signer, TimeSpan.FromMilliseconds(200));
        await leader.RecordAsync(1);
        Assert.Equal(1, await leader.IntegrateAsync());
        await leader.RecordAsync(1);
        await Task.Delay(300, Stop);
        Assert.Equal(0, await other.IntegrateAsync());
        await Assert.ThrowsAsync<ExchangeException>(() => other.RecordAsync(1));
        Assert.Equal(1, await leader.IntegrateAsync());
        await other.IntegrateAsync();
        await other.RecordAsync(1);
    }

    /// <summary>Until the one leads; a lock that was given up is free a moment later.</summary>
    static async Task LeadAsync(Replica leader, Replica other)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            await other.StepDownAsync();
            if (await leader.IntegrateAsync() > 0)
                return;
            await Task.Delay(20, Stop);
        }

        Assert.Fail("Nobody leads.");
    }

    static async Task DrainAsync(params Replica[] replicas)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            foreach (var replica in replicas)
                await replica.IntegrateAsync();
            if (!await replicas[0].Catalogue.ReadAsync(db => db.Events.AnyAsync(e => e.Index == null, Stop), Stop))
                return;
            await Task.Delay(20, Stop);
        }

        Assert.Fail("Events still wait.");
    }

    Task LoseLockAsync() => postgres.Cluster.SuperuserAsync(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'isaexchange lead'");

    /// <summary>Every head ever signed is the root of the first events, in their places; how many there are.</summary>
    static async Task<int> CheckAsync(ICatalogue catalogue, NoteVerifier key)
    {
        var (leaves, notes, size) = await catalogue.ReadAsync(
            async db => (
                await db.Events.OrderBy(e => e.Index).Select(e => new { e.Index, e.Leaf }).ToListAsync(Stop),
                await db.Checkpoints.OrderBy(c => c.Size).ToListAsync(Stop),
                (await db.TreeStates.SingleAsync(Stop)).Size),
            Stop);
        Assert.Equal(Enumerable.Range(0, leaves.Count).Select(i => (long?)i), leaves.Select(l => l.Index));
        Assert.Equal(leaves.Count, size);
        var (tree, hashes) = (new TreeAppender(), new List<KeyValuePair<HashPosition, LogHash>>());
        var heads = new Dictionary<long, LogHash>();
        foreach (var leaf in leaves)
        {
            tree.Append(MerkleTree.LeafHash(leaf.Leaf), hashes);
            heads.Add(tree.Size, tree.Root());
        }

        foreach (var note in notes)
        {
            var head = Checkpoint.Parse(SignedNote.Open(note.Note, [key]).Text);
            Assert.Equal(note.Size, head.Size);
            Assert.Equal(heads[head.Size], head.Root);
        }

        return notes.Count;
    }

    /// <summary>What one process has of the log, and a place at which it can be held up.</summary>
    sealed class Replica : ICatalogue
    {
        readonly LogIntegrator _integrator;
        readonly AuditTrail _trail;

        public Replica(ICatalogue catalogue, NoteSigner signer, TimeSpan? lagMax = null)
        {
            Catalogue = catalogue;
            _trail = new AuditTrail(catalogue, TimeProvider.System, Rows.Origin);
            var limits = new Limits();
            _integrator = new LogIntegrator(
                this, _trail, signer, TimeProvider.System,
                limits with { IntegrationLagMax = lagMax ?? limits.IntegrationLagMax });
        }

        public ICatalogue Catalogue { get; }

        /// <summary>Called when a step has been computed and nothing of it is written yet.</summary>
        public Func<Task>? Paused { get; set; }

        public async Task RecordAsync(int events)
        {
            for (var i = 0; i < events; i++)
                await _trail.RecordAsync(new AuditEvent(AuditActions.ReadAudit, "something"), Stop);
        }

        public Task<int> IntegrateAsync() => _integrator.IntegrateAsync(Stop);

        /// <summary>Gives the lead away: a fault of its own makes a replica let go.</summary>
        public async Task StepDownAsync()
        {
            try
            {
                await Catalogue.SequenceAsync<bool>((_, _) => throw new NotSupportedException(), Stop);
            }
            catch (NotSupportedException)
            {
                // As was meant.
            }
        }

        public Task<T?> SequenceAsync<T>(
            Func<CatalogueContext, TreeStateRow, Task<T>> step, CancellationToken ct) => Catalogue.SequenceAsync(
            async (db, state) =>
            {
                var result = await step(db, state);
                if (Paused is { } paused)
                    await paused();
                return result;
            },
            ct);

        public Task<T> ReadAsync<T>(Func<CatalogueContext, Task<T>> read, CancellationToken ct) =>
            Catalogue.ReadAsync(read, ct);

        public Task<T> WriteAsync<T>(Func<CatalogueContext, Task<T>> write, CancellationToken ct) =>
            Catalogue.WriteAsync(write, ct);

        public Task<T> AppendAsync<T>(Func<CatalogueContext, Task<T>> append, CancellationToken ct) =>
            Catalogue.AppendAsync(append, ct);

        public Task CheckSchemaAsync(CancellationToken ct) => Catalogue.CheckSchemaAsync(ct);

        public Task<bool> TryExclusiveAsync(
            string what, Func<CancellationToken, Task> act, CancellationToken ct) =>
            Catalogue.TryExclusiveAsync(what, act, ct);

        public void Dispose() => Catalogue.Dispose();
    }
}
