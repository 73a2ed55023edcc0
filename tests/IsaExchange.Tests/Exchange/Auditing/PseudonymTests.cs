using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Auditing;

/// <summary>A person has one pseudonym, and the row beside the log that says whose it is.</summary>
public sealed class PseudonymTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-pseudonym-");
    readonly SqliteCatalogue _catalogue;
    readonly AuditTrail _trail;

    public PseudonymTests()
    {
        _catalogue = new SqliteCatalogue(Path.Combine(_folder.FullName, "catalogue.db"));
        _trail = new AuditTrail(_catalogue, TimeProvider.System, "test.example/pseudonyms");
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static AuditEvent Said => new(AuditActions.ReadAudit, "something") { ActorSubject = "somebody" };

    [Fact]
    public async Task FirstTransactionRolledBack_LeavesNoPseudonymThatIsNobodys()
    {
        await _catalogue.CreateAsync(Stop);
        await Assert.ThrowsAsync<NotSupportedException>(() => _trail.CommitAsync<bool>(
            async scope =>
            {
                // The second finds the row that the first has added, and that is about to go.
                await scope.RecordAsync(Said);
                await scope.RecordAsync(Said);
                throw new NotSupportedException();
            },
            Stop));
        await _trail.RecordAsync(Said, Stop);
        await _trail.RecordAsync(Said, Stop);
        var (actor, events) = await _catalogue.ReadAsync(
            async db => (await db.Actors.SingleAsync(Stop), await db.Events.Select(e => e.Json!).ToListAsync(Stop)),
            Stop);
        Assert.Equal(2, events.Count);
        Assert.All(events, json => Assert.Contains($"\"actor\":\"{actor.Pseudonym}\"", json, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _catalogue.Dispose();
        _folder.Delete(recursive: true);
    }
}
