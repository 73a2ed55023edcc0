using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>
/// The server, or the way to it, goes away in the middle of a transaction, and at its very end: what was committed is
/// answered as committed, what was not is run again, and nothing is there twice or by half.
/// </summary>
[Collection(PostgresTests.Name)]
public sealed class InterruptedTransactionTests(PostgresFixture postgres, ITestOutputHelper output)
{
    /// <summary>Before each statement, before the rows are sent, and before the commit.</summary>
    const int Points = 6;

    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectionEndedAtEachStatement_IsRunAgainAndDoneOnce()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var catalogue = PostgresFixture.Open(settings);
        using var look = PostgresFixture.Open(settings);
        var trail = new AuditTrail(catalogue, TimeProvider.System, Rows.Origin);
        var rounds = IsFull ? 200 : 1;
        for (var round = 0; round < rounds * Points; round++)
        {
            var row = await Rows.AddReadyAsync(trail, $"party-{round}");
            var (at, runs) = (round % Points, 0);
            await Rows.SubmitAsync(trail, row.Id, $"{round}", (db, step) =>
                InterruptAsync(db, step, at, ref runs, pid => postgres.Cluster.SuperuserAsync(
                    $"SELECT pg_terminate_backend({pid})")));
            await CheckOnceAsync(look, row.Id);
            Assert.Equal(2, runs);
        }

        output.WriteLine($"{rounds * Points} statements, each run again once, 0 by half");
    }

    [Fact]
    public async Task ServerKilledAtEachStatement_LeavesAllOrNothing()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var catalogue = PostgresFixture.Open(settings);
        using var look = PostgresFixture.Open(settings);
        var trail = new AuditTrail(catalogue, TimeProvider.System, Rows.Origin);
        var (kills, given) = (IsFull ? 20 * Points : 3, 0);
        var first = IsFull ? 0 : Random.Shared.Next(Points);
        for (var round = first; round < first + kills; round++)
        {
            var row = await PatientAsync(() => Rows.AddReadyAsync(trail, $"party-{round}"));
            var (at, runs, restarted) = (round % Points, 0, Task.CompletedTask);
            try
            {
                await Rows.SubmitAsync(trail, row.Id, $"{round}", (db, step) =>
                    InterruptAsync(db, step, at, ref runs, async _ =>
                    {
                        await postgres.Cluster.KillAsync();
                        restarted = postgres.Cluster.RestartAsync();
                    }));
            }
            catch (ExchangeException e) when (e.Reason == "AUDIT_UNAVAILABLE")
            {
                // The server took longer to come back than a call waits: said so, and the sender asks again.
                given++;
                await restarted;
                await PatientAsync(() => Rows.SubmitAsync(trail, row.Id, $"{round}"));
            }

            await restarted;
            await PatientAsync(() => CheckOnceAsync(look, row.Id));
        }

        output.WriteLine($"{kills} kills, {given} answered UNAVAILABLE, 0 by half");
    }

    [Fact]
    public async Task CommitWhoseAnswerIsLost_IsLookedAtAndDoneOnce()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        await using var cutter = new CommitCutter(postgres.Cluster.Port);
        var database = new NpgsqlConnectionStringBuilder(settings.Server).Database!;
        using var catalogue = PostgresFixture.Open(postgres.Cluster.Settings(database, cutter.Port));
        using var look = PostgresFixture.Open(settings);
        var trail = new AuditTrail(catalogue, TimeProvider.System, Rows.Origin);
        var rounds = IsFull ? 3_000 : 12;
        for (var round = 0; round < rounds; round++)
        {
            var row = await Rows.AddReadyAsync(trail, $"party-{round}");
            cutter.Arm((Cut)(round % 3));
            var runs = 0;
            var submitted = await Rows.SubmitAsync(trail, row.Id, $"{round}", (_, step) =>
            {
                runs += step == 0 ? 1 : 0;
                return Task.CompletedTask;
            });
            Assert.Equal(submitted, await CheckOnceAsync(look, row.Id));
            Assert.Equal(round + 1, cutter.Cuts);

            // What was heard of it decides whether it is run again: never both, never neither.
            var (heard, unheard) = ((Cut)(round % 3) == Cut.AfterTheAnswer, (Cut)(round % 3) == Cut.BeforeIt);
            Assert.InRange(runs, unheard ? 2 : 1, heard ? 1 : 2);
        }

        output.WriteLine($"{rounds} commits without an answer, 0 doubled, 0 lost");
    }

    [Fact]
    public async Task TransactionThatSleptForTooLong_IsRunAgainAndDoneOnce()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var catalogue = PostgresFixture.Open(settings);
        var trail = new AuditTrail(catalogue, TimeProvider.System, Rows.Origin);
        var row = await Rows.AddReadyAsync(trail);
        var runs = 0;
        var submitted = await Rows.SubmitAsync(trail, row.Id, "slept", async (db, step) =>
        {
            runs += step == 0 ? 1 : 0;
            if (step != 2 || runs > 1)
                return;

            // A process that was stopped for longer than the bound finds its session ended; here the bound is short.
            await db.Database.ExecuteSqlRawAsync("SET LOCAL idle_in_transaction_session_timeout = 50", Stop);
            await Task.Delay(500, Stop);
        });
        Assert.Equal(submitted, await CheckOnceAsync(catalogue, row.Id));
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task ServerThatIsAway_IsUnavailableAndThenThereAgain()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var catalogue = PostgresFixture.Open(settings);
        var trail = new AuditTrail(catalogue, TimeProvider.System, Rows.Origin);
        await Rows.AddReadyAsync(trail);
        await postgres.Cluster.KillAsync();
        try
        {
            await Assert.ThrowsAsync<CatalogueUnavailableException>(
                () => catalogue.ReadAsync(db => db.Events.CountAsync(Stop), Stop));
            var refused = await Assert.ThrowsAsync<ExchangeException>(() => Rows.AddReadyAsync(trail));
            Assert.Equal("AUDIT_UNAVAILABLE", refused.Reason);
        }
        finally
        {
            await postgres.Cluster.RestartAsync();
        }

        Assert.Equal(1, await PatientAsync(() => catalogue.ReadAsync(db => db.Events.CountAsync(Stop), Stop)));
        await PatientAsync(() => Rows.AddReadyAsync(trail));
    }

    /// <summary>As senders do: the breaker lets nothing through for some seconds after it has opened.</summary>
    static async Task<T> PatientAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (
                tries < 60 && e is CatalogueUnavailableException or ExchangeException { Reason: "AUDIT_UNAVAILABLE" })
            {
                await Task.Delay(250, Stop);
            }
        }
    }

    static Task InterruptAsync(CatalogueContext db, int step, int at, ref int runs, Func<int, Task> interrupt)
    {
        runs += step == 0 ? 1 : 0;
        if (runs > 1)
            return Task.CompletedTask;
        var pid = ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID;
        if (step == 0 && at == 4)
            db.SavingChanges += (_, _) => interrupt(pid).GetAwaiter().GetResult();
        if (step == 0 && at == 5)
            db.SavedChanges += (_, _) => interrupt(pid).GetAwaiter().GetResult();
        return step == at ? interrupt(pid) : Task.CompletedTask;
    }

    /// <summary>One state, one event, one answer, and that they speak of each other; the event's id.</summary>
    static async Task<string> CheckOnceAsync(ICatalogue catalogue, string id)
    {
        var (row, events, answers) = await catalogue.ReadAsync(
            async db =>
            {
                var found = await db.Submissions.SingleAsync(s => s.Id == id, Stop);
                return (found,
                    await db.Events.Where(e => e.Json!.Contains("submit.submit") && e.Json.Contains(id)
                        && !e.Json.Contains("REPEATED")).Select(e => e.Id).ToListAsync(Stop),
                    await db.AnsweredRequests.CountAsync(r => r.Resource == found.Name, Stop));
            },
            Stop);
        Assert.Equal(SubmissionState.Submitted, row.State);
        Assert.Equal(2, row.Version);
        Assert.Equal([row.SubmitEvent!], events);
        Assert.Equal(1, answers);
        return row.SubmitEvent!;
    }
}
