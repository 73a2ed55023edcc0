using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;
using IsaExchange.ServiceTests.Catalogue;
using IsaExchange.ServiceTests.Harness.Production;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>A server that answers and is of no use is told from one that is well, and a slow statement from an
/// outage.</summary>
[Collection(PostgresTests.Name)]
public sealed class CatalogueAnswerTests(PostgresFixture postgres)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServerThatTakesNothing_IsFoundByTheProbeAndIsAnOutage()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        await SetReadOnlyAsync(settings, "on");
        using var catalogue = Open(settings);
        var found = await Assert.ThrowsAsync<CatalogueUnavailableException>(() => catalogue.ProbeAsync(Stop));
        Assert.Contains("standby", found.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CatalogueUnavailableException>(
            () => catalogue.WriteAsync(db => Task.FromResult(db.Submissions.Add(Rows.Ready())), Stop));

        // And a primary again: the connections of before are not kept.
        await SetReadOnlyAsync(settings, "off");
        await catalogue.WriteAsync(db => Task.FromResult(db.Submissions.Add(Rows.Ready())), Stop);
        await catalogue.ProbeAsync(Stop);
    }

    [Fact]
    public async Task Standby_AnswersReadsAndIsAnOutageForWhateverIsDecided()
    {
        await using var primary = await PostgresCluster.StartAsync(durable: false);
        var database = new NpgsqlConnectionStringBuilder((await primary.CreateDatabaseAsync()).Server).Database!;
        await using var standby = await primary.StandbyAsync();
        using var catalogue = Open(standby.Settings(database));
        Assert.Equal(0, await catalogue.ReadAsync(db => db.Submissions.CountAsync(Stop), Stop));
        var ends = await Task.WhenAll(((Func<Task>[])
        [
            () => catalogue.WriteAsync(db => Task.FromResult(db.Submissions.Add(Rows.Ready())), Stop),
            () => catalogue.AppendAsync(
                db => Task.FromResult(db.Actors.Add(new ActorRow { Subject = "one", Pseudonym = "a" })), Stop),
            () => catalogue.SequenceAsync((_, state) => Task.FromResult(++state.Size), Stop),
            () => catalogue.ProbeAsync(Stop),
        ]).Select(act => Record.ExceptionAsync(act).AsTask()));
        Assert.All(ends, end => Assert.IsType<CatalogueUnavailableException>(end));

        // A decision is refused where it begins, in words of their own; everything else is because nothing is taken.
        Assert.Equal(PostgresErrorCodes.FeatureNotSupported, PostgresFaults.Root(ends[0]!)?.SqlState);
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, PostgresFaults.Root(ends[1]!)?.SqlState);
    }

    [Fact]
    public async Task StatementOverItsTime_IsRunOnceAndBreaksNothing()
    {
        var settings = await postgres.Cluster.CreateDatabaseAsync();
        using var catalogue = Open(settings);
        var runs = 0;
        for (var call = 1; call <= 80; call++)
        {
            await Assert.ThrowsAsync<CatalogueTooSlowException>(() => catalogue.ReadAsync(
                async db =>
                {
                    runs++;
                    await db.Database.ExecuteSqlRawAsync("SET LOCAL statement_timeout = 1; SELECT pg_sleep(9)", Stop);
                    return true;
                },
                Stop));
            Assert.Equal(call, runs);
        }

        await catalogue.ProbeAsync(Stop);
    }

    [Fact]
    public async Task ThreeCallsThatFailForReasonsOfTheirOwn_LeaveTheDependencyToTheOthers()
    {
        var terms = Dependencies.Objects with
        {
            RetryFirst = TimeSpan.FromMilliseconds(1), RetryMax = TimeSpan.FromMilliseconds(1),
        };
        var objects = new Dependency(terms, TimeProvider.System, NullLoggerFactory.Instance);
        for (var call = 0; call < 3; call++)
            await Assert.ThrowsAsync<IOException>(
                () => objects.RepeatAsync<bool>(_ => throw new IOException("this one object"), Stop));
        Assert.True(await objects.RepeatAsync(_ => Task.FromResult(true), Stop));

        // An outage is still one.
        for (var call = 0; call < 3; call++)
            await Record.ExceptionAsync(() => objects.RepeatAsync<bool>(_ => throw new IOException("all of it"), Stop));
        var broken = await Record.ExceptionAsync(() => objects.RepeatAsync(_ => Task.FromResult(true), Stop));
        Assert.True(broken is not null && Dependency.IsRejection(broken), $"{broken}");
    }

    static PostgresCatalogue Open(PostgresSettings settings) =>
        new(settings, TimeProvider.System, NullLoggerFactory.Instance);

    async Task SetReadOnlyAsync(PostgresSettings settings, string value)
    {
        var database = new NpgsqlConnectionStringBuilder(settings.Server).Database!;
        await using var superuser = new NpgsqlConnection(postgres.Cluster.Superuser("postgres"));
        await superuser.OpenAsync(Stop);
        await using var set = new NpgsqlCommand(
            $"ALTER DATABASE \"{database}\" SET default_transaction_read_only = {value}", superuser);
        await set.ExecuteNonQueryAsync(Stop);
    }
}
