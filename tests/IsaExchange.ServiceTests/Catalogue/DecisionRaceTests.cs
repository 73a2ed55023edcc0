using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>Replicas that decide the same at once: one wins, and the others hear what it did.</summary>
[Collection(PostgresTests.Name)]
public sealed class DecisionRaceTests(PostgresFixture postgres, ITestOutputHelper output)
{
    const int Replicas = 2;

    static readonly int Rounds = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 5_000 : 20;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SameRequestAtTwoReplicas_IsDoneOnceAndAnsweredAlike()
    {
        await using var race = await RaceAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var row = await Rows.AddReadyAsync(race.Trails[0], $"party-{round}");
            var answers = await Task.WhenAll(race.Trails.Select(t => Rows.SubmitAsync(t, row.Id, $"{round}")));
            Assert.Single(answers.Distinct());
        }

        Assert.Equal(Rounds, await race.SubmittedAsync());
        output.WriteLine($"{Rounds} races, {Rounds} single winners, the other answered alike");
    }

    [Fact]
    public async Task SameContentUnderTwoIds_IsTakenOnce()
    {
        await using var race = await RaceAsync();
        for (var round = 0; round < Rounds; round++)
        {
            // Neither reads a row that the other writes: only a serialisable transaction keeps one of them out.
            var party = $"party-{round}";
            var rows = new List<SubmissionRow>();
            foreach (var trail in race.Trails)
                rows.Add(await Rows.AddReadyAsync(trail, party));
            var ends = await Task.WhenAll(race.Trails.Select(async (trail, i) =>
            {
                try
                {
                    await Rows.SubmitAsync(trail, rows[i].Id, $"{round}.{i}");
                    return "won";
                }
                catch (ExchangeException e)
                {
                    return e.Reason;
                }
            }));
            Assert.Equal(["ALREADY_SUBMITTED", "won"], ends.Order(StringComparer.Ordinal));
        }

        Assert.Equal(Rounds, await race.SubmittedAsync());
        output.WriteLine($"{Rounds} races, {Rounds} single winners");
    }

    [Fact]
    public async Task PersonSeenForTheFirstTimeByTwoReplicas_HasOnePseudonym()
    {
        await using var race = await RaceAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var said = new AuditEvent(AuditActions.ReadAudit, "something") { ActorSubject = $"person-{round}" };
            await Task.WhenAll(race.Trails.Select(t => t.RecordAsync(said, Stop)));
        }

        var (actors, named) = await race.Catalogues[0].ReadAsync(
            async db => (await db.Actors.Select(a => a.Pseudonym).ToListAsync(Stop),
                await db.Events.Select(e => e.Json!).ToListAsync(Stop)), Stop);
        Assert.Equal(Rounds, actors.Count);
        Assert.Equal(Replicas * Rounds, named.Count);
        Assert.All(actors, actor => Assert.Equal(
            Replicas, named.Count(json => json.Contains(actor, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task ConflictThatNeverEnds_IsAbortedAndNotUnavailable()
    {
        await using var race = await RaceAsync();
        var refused = await Assert.ThrowsAsync<ExchangeException>(() => race.Catalogues[0].WriteAsync(
            db =>
            {
                db.Actors.Add(new ActorRow { Subject = "one", Pseudonym = "a" });
                return db.Database.ExecuteSqlRawAsync(
                    """INSERT INTO "Actors" VALUES ('one', 'b')""", Stop);
            },
            Stop));
        Assert.Equal((ProblemKind.Aborted, "CONFLICT"), (refused.Kind, refused.Reason));
        await race.Catalogues[0].CheckSchemaAsync(Stop);
    }

    [Fact]
    public async Task TextThatTheServerCannotKeep_IsTheCallersToMend()
    {
        await using var race = await RaceAsync();
        var refused = await Assert.ThrowsAsync<ExchangeException>(() => race.Catalogues[0].WriteAsync(
            db =>
            {
                db.Actors.Add(new ActorRow { Subject = "a\0b", Pseudonym = "a" });
                return Task.FromResult(true);
            },
            Stop));
        Assert.Equal((ProblemKind.InvalidArgument, "TEXT_INVALID"), (refused.Kind, refused.Reason));
    }

    [Fact]
    public async Task ExclusiveWork_IsDoneByOneReplicaAtATime()
    {
        await using var race = await RaceAsync();
        var (first, second) = (race.Catalogues[0], race.Catalogues[1]);
        var ran = await first.TryExclusiveAsync(
            "work",
            async ct =>
            {
                Assert.False(await second.TryExclusiveAsync("work", _ => throw new InvalidOperationException(), ct));
                Assert.True(await second.TryExclusiveAsync("other work", _ => Task.CompletedTask, ct));
            },
            Stop);
        Assert.True(ran);
        var again = false;
        for (var tries = 0; !again && tries < 50; tries++, await Task.Delay(20, Stop))
            again = await second.TryExclusiveAsync("work", _ => Task.CompletedTask, Stop);
        Assert.True(again);
    }

    async Task<Race> RaceAsync()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        return new Race([.. Enumerable.Range(0, Replicas).Select(_ => PostgresFixture.Open(settings))]);
    }

    sealed class Race(List<ICatalogue> catalogues) : IAsyncDisposable
    {
        public List<ICatalogue> Catalogues => catalogues;

        public List<AuditTrail> Trails { get; } =
            catalogues.ConvertAll(c => new AuditTrail(c, TimeProvider.System, Rows.Origin));

        public Task<int> SubmittedAsync() => catalogues[0].ReadAsync(
            db => db.Submissions.CountAsync(s => s.State == SubmissionState.Submitted, Stop), Stop);

        public ValueTask DisposeAsync()
        {
            catalogues.ForEach(c => c.Dispose());
            return ValueTask.CompletedTask;
        }
    }
}
