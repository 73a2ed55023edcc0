using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Storage;

/// <summary>Many transactions on one file at once: each is alone on its connection, whole, or not there.</summary>
public sealed class SqliteCatalogueTests : IAsyncLifetime
{
    const int AtOnce = 32;
    const int Rounds = 40;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-catalogue-");
    readonly SqliteCatalogue _catalogue;

    public SqliteCatalogueTests() => _catalogue = new SqliteCatalogue(Path.Combine(_folder.FullName, "catalogue.db"));

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _catalogue.CreateAsync(Stop);

    [Fact]
    public async Task WritesThatFailAmongOthers_LeaveNothingAndTakeNothingAlong()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, AtOnce * Rounds), AllAtOnce, async (n, ct) =>
        {
            var write = _catalogue.WriteAsync(
                async db =>
                {
                    db.Actors.Add(Actor(n));
                    await db.SaveChangesAsync(ct);
                    await Task.Yield();
                    return n % 3 == 0 ? throw new NotSupportedException() : n;
                },
                ct);
            if (n % 3 == 0)
                await Assert.ThrowsAsync<NotSupportedException>(() => write);
            else
                Assert.Equal(n, await write);
        });
        var kept = await _catalogue.ReadAsync(db => db.Actors.Select(a => a.Subject).ToListAsync(Stop), Stop);
        var expected = Enumerable.Range(0, AtOnce * Rounds).Where(n => n % 3 != 0).Select(n => Actor(n).Subject);
        Assert.Equal(expected.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ReadBesideWrites_SeesOneMomentAndNothingUncommitted()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, AtOnce * Rounds), AllAtOnce, async (n, ct) =>
        {
            if (n % 4 == 0)
            {
                await _catalogue.WriteAsync(
                    async db =>
                    {
                        // Pairs: whoever sees an odd number sees a transaction by half.
                        db.Actors.Add(Actor(n));
                        await db.SaveChangesAsync(ct);
                        await Task.Yield();
                        db.Actors.Add(Actor(-n - 1));
                        return n;
                    },
                    ct);
                return;
            }

            var (first, second) = await _catalogue.ReadAsync(
                async db =>
                {
                    var before = await db.Actors.CountAsync(ct);
                    await Task.Delay(1, ct);
                    return (before, await db.Actors.CountAsync(ct));
                },
                ct);
            Assert.Equal(0, first % 2);
            Assert.Equal(first, second);
        });
    }

    [Fact]
    public async Task FileThatIsGone_IsNotMadeAnew()
    {
        _catalogue.Dispose();
        File.Delete(Path.Combine(_folder.FullName, "catalogue.db"));
        using var later = new SqliteCatalogue(Path.Combine(_folder.FullName, "catalogue.db"));
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(
            () => later.ReadAsync(db => db.Actors.CountAsync(Stop), Stop));
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "catalogue.db")));
    }

    static ParallelOptions AllAtOnce => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = Stop };

    static ActorRow Actor(int n) => new() { Subject = $"somebody {n}", Pseudonym = $"actor-{n}" };

    public ValueTask DisposeAsync()
    {
        _catalogue.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
