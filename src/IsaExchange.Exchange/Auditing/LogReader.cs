using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Auditing;

/// <summary>One leaf as it may be shown: the event is null where the reader may not see it, or where it was
/// erased.</summary>
public sealed record ShownEntry(long Index, byte[] Leaf, string? EventJson, byte[]? Salt);

/// <summary>Where an event stands in the tree, against a size the reader named.</summary>
public sealed record InclusionEvidence(long Index, LogHash Leaf, IReadOnlyList<LogHash> Proof);

/// <summary>Reads the log: heads, proofs, entries.</summary>
public sealed class LogReader(ICatalogue catalogue)
{
    /// <summary>The first checkpoint of at least <paramref name="size"/>; the newest for 0; null when there is none
    /// yet.</summary>
    public Task<string?> CheckpointAsync(long size, CancellationToken ct) => catalogue.ReadAsync(
        db => size <= 0
            ? db.Checkpoints.OrderByDescending(c => c.Size).Select(c => c.Note).FirstOrDefaultAsync(ct)
            : db.Checkpoints.Where(c => c.Size >= size).OrderBy(c => c.Size).Select(c => c.Note)
                .FirstOrDefaultAsync(ct),
        ct);

    /// <summary>Null when the event is unknown or not yet below <paramref name="treeSize"/>.</summary>
    public Task<InclusionEvidence?> InclusionAsync(string eventId, long treeSize, CancellationToken ct) =>
        catalogue.ReadAsync<InclusionEvidence?>(
            async db =>
            {
                var row = await db.Events.SingleOrDefaultAsync(e => e.Id == eventId, ct);
                if (row?.Index is not { } index || index >= treeSize || !await IntegratedAsync(db, treeSize, ct))
                    return null;
                var proof = await TreeProofs.InclusionAsync(new TreeHashes(db), index, treeSize, ct);
                return new InclusionEvidence(index, MerkleTree.LeafHash(row.Leaf), proof);
            },
            ct);

    /// <summary>Null when the log is not that long.</summary>
    public Task<IReadOnlyList<LogHash>?> ConsistencyAsync(long oldSize, long newSize, CancellationToken ct) =>
        catalogue.ReadAsync<IReadOnlyList<LogHash>?>(
            async db => oldSize < 1 || oldSize > newSize || !await IntegratedAsync(db, newSize, ct)
                ? null
                : await TreeProofs.ConsistencyAsync(new TreeHashes(db), oldSize, newSize, ct),
            ct);

    /// <summary>Entries from <paramref name="from"/> on, below <paramref name="size"/>, those of others
    /// masked.</summary>
    public Task<IReadOnlyList<ShownEntry>> EntriesAsync(
        string agreement, string party, long from, long size, int count, CancellationToken ct) =>
        catalogue.ReadAsync<IReadOnlyList<ShownEntry>>(
            async db =>
            {
                var rows = await db.Events.Where(e => e.Index >= from && e.Index < size)
                    .OrderBy(e => e.Index).Take(count).ToListAsync(ct);
                var ids = rows.ConvertAll(e => e.Id);
                var theirs = await db.EventSubjects
                    .Where(s => ids.Contains(s.Event) && s.Agreement == agreement && s.Party == party)
                    .Select(s => s.Event).Distinct().ToListAsync(ct);
                var seen = theirs.ToHashSet(StringComparer.Ordinal);
                return rows.ConvertAll(e =>
                {
                    var shown = seen.Contains(e.Id) || (e.Agreement == agreement && e.Party == party);
                    return new ShownEntry(e.Index!.Value, e.Leaf, shown ? e.Json : null, shown ? e.Salt : null);
                });
            },
            ct);

    static Task<bool> IntegratedAsync(CatalogueContext db, long size, CancellationToken ct) =>
        db.Events.AnyAsync(e => e.Index == size - 1, ct);
}
