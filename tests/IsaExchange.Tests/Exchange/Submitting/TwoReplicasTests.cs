using System.Security.Cryptography;
using System.Text;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Datasets;
using IsaExchange.Tests.Exchange.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Submitting;

/// <summary>Two replicas with their own memory on one catalogue and one store: neither knows of the other.</summary>
public sealed class TwoReplicasTests : IAsyncLifetime
{
    const string KeyName = "northmere-police.standard";
    const int Chunk = 64 << 10;

    static readonly byte[] Content = Encoding.ASCII.GetBytes(
        TestDatasets.StreetHeader + "\n" + string.Concat(Enumerable.Repeat("1,2018-10,burglary,E01000001\n", 30_000)));

    readonly TemporaryFolder _folder = new();
    readonly SqliteCatalogue _catalogue;
    readonly FolderObjectStore _store;
    readonly UploadSessions _one;
    readonly UploadSessions _other;
    readonly SubmissionRow _row = new()
    {
        Id = "s1", Agreement = "northmere", AgreementRevision = "r", Party = "northmere-police",
        Dataset = "police-street-level", PeriodStart = "2018-10-01", PeriodEnd = "2019-01-01",
        Areas = "E22000001,E22000002", State = SubmissionState.Open, CreatedBy = "sender", CreateTicks = 0,
        ExpireTicks = long.MaxValue,
    };

    public TwoReplicasTests()
    {
        _catalogue = new SqliteCatalogue(_folder["catalogue.db"]);
        _store = new FolderObjectStore(_folder["objects"]);
        var keys = new KeyFileRing(_folder["keys"], TimeProvider.System);
        var secrets = new SecretBox(new byte[32]);
        var limits = new Limits { DurableBlockBytes = 2 * Chunk };
        _one = new UploadSessions(_store, keys, _catalogue, secrets, limits, TimeProvider.System);
        _other = new UploadSessions(
            new FolderObjectStore(_folder["objects"]), keys, _catalogue, secrets, limits, TimeProvider.System);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _catalogue.CreateAsync(Ct);
        await _catalogue.WriteAsync(
            db =>
            {
                db.Submissions.Add(_row);
                return Task.FromResult(true);
            },
            Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _catalogue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task UploadTakenOver_TheEarlierWriterAbortsAndNothingAcknowledgedIsLost()
    {
        var lease = await AcquireAsync(_one);
        var acknowledged = await WriteAsync(lease, 0, 5 * Chunk);
        Assert.True(acknowledged > 0);
        await using (var taken = await AcquireAsync(_other))
            Assert.True(taken.Session.Persisted >= acknowledged);
        await AbortsAsync(() => WriteAsync(lease, (int)lease.Session.Received, 5 * Chunk));
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task AskedOnAnotherReplica_TellsWhatIsDurableAndTakesNothingOver()
    {
        Assert.Null(await _other.DurableAsync(await RowAsync(), Ct));
        await using (var lease = await AcquireAsync(_one))
        {
            var acknowledged = await WriteAsync(lease, 0, 5 * Chunk);
            var row = await RowAsync();
            Assert.True(_one.HasLast(row));
            Assert.False(_other.HasLast(row));
            Assert.Equal(acknowledged, await _other.DurableAsync(row, Ct));
            Assert.Equal(row.LastAttempt, (await RowAsync()).LastAttempt);
            acknowledged = await WriteAsync(lease, (int)lease.Session.Received, 4 * Chunk);
            Assert.Equal(acknowledged, await _other.DurableAsync(await RowAsync(), Ct));
        }

        // And the same number is what whoever takes it over goes on from.
        var durable = await _one.DurableAsync(await RowAsync(), Ct);
        await using var taken = await AcquireAsync(_other);
        Assert.Equal(durable, taken.Session.Persisted);
        Assert.False(_one.HasLast(await RowAsync()));
        await FinishAsync(taken);
    }

    [Fact]
    public async Task AskedByWhoWasOvertaken_TakesNothingBack()
    {
        await using (var lease = await AcquireAsync(_one))
            await WriteAsync(lease, 0, 3 * Chunk);
        var before = await RowAsync();
        Assert.True(_one.HasLast(before));
        await using var taken = await AcquireAsync(_other);
        var acknowledged = await WriteAsync(taken, (int)taken.Session.Received, 3 * Chunk);
        var row = await RowAsync();

        // Asked with what was seen before the other came: nothing is here any more, and nothing is fenced.
        Assert.Null(await AcquireLastAsync(_one, before));
        Assert.Null(await AcquireLastAsync(_one, row));
        Assert.False(_one.IsLive(row.Id));
        Assert.Equal((row.Attempt, row.LastAttempt), ((await RowAsync()).Attempt, (await RowAsync()).LastAttempt));
        Assert.True(await WriteAsync(taken, (int)taken.Session.Received, 3 * Chunk) > acknowledged);
        await FinishAsync(taken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BrokenSessionThatIsAskedAbout_IsRestoredOnlyWhileItIsTheLast(bool isOvertaken)
    {
        long acknowledged;
        await using (var lease = await AcquireAsync(_one))
        {
            acknowledged = await WriteAsync(lease, 0, 3 * Chunk);
            lease.Session.Break();
        }

        var before = await RowAsync();
        await using var taken = isOvertaken ? await AcquireAsync(_other) : null;
        var last = (await RowAsync()).LastAttempt;
        await using var held = await AcquireLastAsync(_one, before);
        Assert.Equal(isOvertaken, held is null);
        Assert.Equal(isOvertaken ? last : last + 1, (await RowAsync()).LastAttempt);
        var goesOn = Assert.IsType<UploadLease>(held ?? taken);
        Assert.True(goesOn.Session.Persisted >= acknowledged);
        await FinishAsync(goesOn);
    }

    [Fact]
    public async Task AskedWhereNothingIsInMemory_NothingIsRestored()
    {
        Assert.Null(await AcquireLastAsync(_one, await RowAsync()));
        Assert.Equal(0, (await RowAsync()).LastAttempt);
        Assert.False(_one.IsInUse(_row.Id));
        await using (var lease = await AcquireAsync(_one))
            await WriteAsync(lease, 0, 3 * Chunk);

        // Whoever asks lets go again: two more may ask, and then one may write.
        await using (var asked = await AcquireLastAsync(_one, await RowAsync()))
            Assert.Equal(1, asked?.Session.Attempt);
        await (await AcquireAsync(_one)).DisposeAsync();
    }

    [Fact]
    public async Task MessageRepeatedOnAnotherReplica_IsToldWhereItGoesOn()
    {
        long persisted;
        await using (var lease = await AcquireAsync(_one))
            persisted = await WriteAsync(lease, 0, 3 * Chunk);

        // The answer was lost, and the repetition comes here: refused with the place where it goes on, not taken twice.
        await using var taken = await AcquireAsync(_other);
        var refused = await Assert.ThrowsAsync<ExchangeException>(() => WriteAsync(taken, 0, 3 * Chunk));
        Assert.Equal("WRONG_OFFSET", refused.Reason);
        Assert.Equal($"{taken.Session.Persisted}", refused.Details["persisted_size"]);
        Assert.True(taken.Session.Persisted >= persisted);
        await FinishAsync(taken);
    }

    [Fact]
    public async Task SessionThatWasOvertaken_LeavesMemoryAndGoesOnFromTheOthers()
    {
        await using (var lease = await AcquireAsync(_one))
            await WriteAsync(lease, 0, 3 * Chunk);
        long acknowledged;
        await using (var lease = await AcquireAsync(_other))
            acknowledged = await WriteAsync(lease, (int)lease.Session.Received, 6 * Chunk);
        await using (var lease = await AcquireAsync(_one))
        {
            Assert.True(lease.Session.Persisted >= acknowledged);
            Assert.Equal((await RowAsync()).LastAttempt, lease.Session.Attempt);
            await FinishAsync(lease);
        }
    }

    [Fact]
    public async Task ForsakenByWhoWasOvertaken_IsRefusedAndDestroysNothing()
    {
        var lease = await AcquireAsync(_one);
        await WriteAsync(lease, 0, 3 * Chunk);
        await using var taken = await AcquireAsync(_other);
        var acknowledged = taken.Session.Persisted;
        await AbortsAsync(() => _one.ForsakeAsync(_row, lease.Session, Ct));
        Assert.NotEmpty(await _store.ListStagedAsync(Ct).ToListAsync(Ct));
        Assert.Equal(acknowledged, taken.Session.Persisted);
        await FinishAsync(taken);
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task Forsaken_NothingIsPromisedAndWhoeverComesStartsFromZero()
    {
        await using (var lease = await AcquireAsync(_one))
        {
            await WriteAsync(lease, 0, 3 * Chunk);
            var last = await _one.ForsakeAsync(_row, lease.Session, Ct);
            Assert.Equal((0, last), ((await RowAsync()).Attempt, (await RowAsync()).LastAttempt));
        }

        Assert.Empty(await _store.ListStagedAsync(Ct).ToListAsync(Ct));
        await using var fresh = await AcquireAsync(_other);
        Assert.Equal(0, fresh.Session.Persisted);
    }

    [Fact]
    public async Task HousekeepingOfOneReplica_LeavesWhatTheOtherStages()
    {
        await using (var lease = await AcquireAsync(_one))
            await WriteAsync(lease, 0, 3 * Chunk);

        // The other has staged its attempt and is not ahead yet: both are needed.
        await using var taken = await AcquireAsync(_other);
        Assert.NotEqual((await RowAsync()).Attempt, (await RowAsync()).LastAttempt);
        await HousekeepAsync(_one);
        Assert.Equal(2, await _store.ListStagedAsync(Ct).CountAsync(Ct));
        await FinishAsync(taken);
        await HousekeepAsync(_one);
        Assert.Single(await _store.ListStagedAsync(Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task CubeOfAVerdictInTheMaking_StaysAndThatOfAnOvertakenAttemptGoes()
    {
        await (await AcquireAsync(_one)).DisposeAsync();
        await _store.PutAsync(_row.CubeOf(1), new byte[] { 1 }, new byte[] { 1 }, Ct);
        await HousekeepAsync(_other);
        Assert.Single(await _store.ListAsync("cubes/", Ct).ToListAsync(Ct));
        await using var taken = await AcquireAsync(_other);
        await HousekeepAsync(_one);
        Assert.Empty(await _store.ListAsync("cubes/", Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task HandedToAndFroAtRandom_TheContentIsWholeAndNoNumberWasABrokenPromise()
    {
        var chosen = Environment.GetEnvironmentVariable("ISAX_SEED");
        var seed = int.TryParse(chosen, out var given) ? given : new Random().Next();
        var (random, acknowledged, held) = (new Random(seed), 0L, new List<UploadLease>());
        for (var turn = 0; turn < 20; turn++)
        {
            // Who held it before is not told: a replica that lost its client still has it in its hands.
            var replica = turn % 2 == 0 ? _one : _other;
            await ReleaseAsync(held, replica);
            var lease = await AcquireAsync(replica);
            held.Add(lease);
            Assert.True(lease.Session.Persisted >= acknowledged, $"ISAX_SEED={seed}, turn {turn}");
            var from = (int)lease.Session.Received;
            var length = Math.Min(random.Next(1, 2 * Chunk), Content.Length - 1 - from);
            acknowledged = await WriteAsync(lease, from, length);
            if (random.Next(2) == 0)
                await ReleaseAsync(held, replica);
        }

        await ReleaseAsync(held, _one);
        await ReleaseAsync(held, _other);
        await using var last = await AcquireAsync(_one);
        Assert.True(last.Session.Persisted >= acknowledged, $"ISAX_SEED={seed}");
        await FinishAsync(last);
    }

    Task<UploadLease> AcquireAsync(UploadSessions replica) =>
        replica.AcquireAsync(_row, TestDatasets.Street, KeyName, Ct);

    static Task<UploadLease?> AcquireLastAsync(UploadSessions replica, SubmissionRow seen) =>
        replica.AcquireLastAsync(seen, TestDatasets.Street, KeyName, Ct);

    /// <summary>Bytes that the exchange says are durable.</summary>
    static async Task<long> WriteAsync(UploadLease lease, int from, int length)
    {
        for (var sent = 0; sent < length;)
        {
            var message = Content.AsMemory(from + sent, Math.Min(Chunk, length - sent));
            await lease.Session.WriteAsync(from + sent, message, Crc32C.Compute(message.Span), 1 << 30, Ct);
            sent += message.Length;
        }

        await lease.PersistAsync(Ct);
        return lease.Session.Persisted;
    }

    static async Task FinishAsync(UploadLease lease)
    {
        var from = (int)lease.Session.Received;
        await WriteAsync(lease, from, Content.Length - from);
        var result = await lease.Session.FinishAsync(Ct);
        Assert.Equal(SHA256.HashData(Content), result.Sha256);
        Assert.Equal(Content.Length, result.Bytes);
    }

    static async Task ReleaseAsync(List<UploadLease> held, UploadSessions replica)
    {
        foreach (var lease in held.Where(l => l.IsOf(replica)).ToList())
        {
            held.Remove(lease);
            try
            {
                await lease.DisposeAsync();
            }
            catch (ExchangeException e) when (e.Kind == ProblemKind.Aborted)
            {
                // Overtaken: what it had not acknowledged is nobody's.
            }
        }
    }

    static async Task AbortsAsync(Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<ExchangeException>(act);
        Assert.Equal(ProblemKind.Aborted, refusal.Kind);
    }

    Task<SubmissionRow> RowAsync() => _catalogue.ReadAsync(db => db.Submissions.SingleAsync(Ct), Ct);

    Task HousekeepAsync(UploadSessions replica)
    {
        var trail = new AuditTrail(_catalogue, TimeProvider.System, "test.example/log");
        var content = new DestroyContent(trail, _catalogue, _store, TimeProvider.System);
        return new Housekeeping(trail, _catalogue, _store, replica, content, TimeProvider.System).RunAsync(Ct);
    }
}
