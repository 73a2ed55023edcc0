using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Auditing;

/// <summary>
/// Gives committed events their place in the tree and signs the new head. Indexes, tree hashes and checkpoint commit
/// in one transaction: a checkpoint never speaks of anything not yet durable, and a crash before the commit leaves
/// the events waiting, to be integrated in the same order. Every replica runs one; the catalogue lets one of them work.
/// </summary>
public sealed class LogIntegrator(
    ICatalogue catalogue, AuditTrail trail, NoteSigner signer, TimeProvider clock, Limits limits)
{
    /// <summary>Integrates what waits; returns how many events that was.</summary>
    public async Task<int> IntegrateAsync(CancellationToken ct)
    {
        try
        {
            return await IntegrateWaitingAsync(ct);
        }
        finally
        {
            // Also when integration fails: then most of all, calls must stop once events wait too long.
            trail.Stalled = await OldestWaitingAsync(ct) > limits.IntegrationLagMax;
        }
    }

    async Task<int> IntegrateWaitingAsync(CancellationToken ct)
    {
        var waiting = await catalogue.ReadAsync(db => db.Events.AnyAsync(e => e.Index == null, ct), ct);
        var count = waiting ? await catalogue.SequenceAsync((db, tree) => IntegrateBatchAsync(db, tree, ct), ct) : 0;
        if (count > 0)
            Telemetry.Integrated(count);
        return count;
    }

    async Task<int> IntegrateBatchAsync(CatalogueContext db, TreeStateRow state, CancellationToken ct)
    {
        // What an event says is none of the tree's business, and the sequencer may not even see it.
        var events = await db.Events.Where(e => e.Index == null).OrderBy(e => e.Sequence)
            .Take(limits.CheckpointEvents).Select(e => new { e.Sequence, e.Leaf }).ToListAsync(ct);
        if (events.Count == 0)
            return 0;
        if ((await db.Checkpoints.MaxAsync(c => (long?)c.Size, ct) ?? 0) != state.Size)
            throw new InvalidOperationException("The last checkpoint is not of the size that the log has.");
        var tree = await TreeAppender.ResumeAsync(state.Size, new TreeHashes(db), ct);
        var hashes = new List<KeyValuePair<HashPosition, LogHash>>();
        foreach (var entry in events)
        {
            Place(db, entry.Sequence, tree.Size);
            tree.Append(MerkleTree.LeafHash(entry.Leaf), hashes);
        }

        db.TreeHashes.AddRange(hashes.Select(h => new TreeHashRow
        {
            Level = h.Key.Level,
            Index = h.Key.Index,
            Hash = h.Value.ToArray(),
        }));
        var head = new Checkpoint(trail.Origin, tree.Size, tree.Root(), []);
        db.Checkpoints.Add(new CheckpointRow
        {
            Size = tree.Size,
            Note = SignedNote.Sign(head.ToText(), signer),
            Ticks = clock.GetUtcNow().UtcTicks,
        });
        state.Size = tree.Size;
        return events.Count;
    }

    /// <summary>Changes the index of that row and nothing else of it.</summary>
    static void Place(CatalogueContext db, long sequence, long index)
    {
        var row = new EventRow
        {
            Sequence = sequence, Id = "", Json = null, Salt = null, Leaf = [], Agreement = "", Party = "", Ticks = 0,
        };
        db.Events.Attach(row);
        row.Index = index;
    }

    async Task<TimeSpan> OldestWaitingAsync(CancellationToken ct)
    {
        var oldest = await catalogue.ReadAsync(
            db => db.Events.Where(e => e.Index == null).MinAsync(e => (long?)e.Ticks, ct), ct);
        return oldest is null ? TimeSpan.Zero : TimeSpan.FromTicks(clock.GetUtcNow().UtcTicks - oldest.Value);
    }
}

/// <summary>Reads stored subtree roots from the catalogue.</summary>
sealed class TreeHashes(CatalogueContext db) : ITreeHashReader
{
    public async ValueTask<IReadOnlyList<LogHash>> ReadAsync(
        IReadOnlyList<HashPosition> positions, CancellationToken ct)
    {
        var hashes = new List<LogHash>(positions.Count);
        foreach (var position in positions)
        {
            var hash = await db.TreeHashes.Where(h => h.Level == position.Level && h.Index == position.Index)
                .Select(h => h.Hash).SingleOrDefaultAsync(ct)
                ?? throw new InvalidOperationException(
                    $"The log has lost the tree hash at level {position.Level}, index {position.Index}.");
            hashes.Add(LogHash.FromBytes(hash));
        }

        return hashes;
    }
}
