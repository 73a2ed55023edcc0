using System.Globalization;
using System.Text;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Checking;

/// <summary>
/// Makes the log again from the event rows: every leaf from its event, every tree hash and every head from the leaves,
/// and compares each with what is stored and signed. A log that only compares its own roots would call an edited event
/// consistent.
/// </summary>
sealed class LogCheck(ICatalogue catalogue, NoteVerifier log, string origin)
{
    const int Page = 1024;

    public async Task RunAsync(FsckReport report, IProgress<long>? progress, CancellationToken ct)
    {
        var tree = new TreeAppender();
        var heads = new Queue<CheckpointRow>();
        while (true)
        {
            var from = tree.Size;
            var events = await catalogue.ReadAsync(
                db => db.Events.Where(e => e.Index >= from && e.Index < from + Page).OrderBy(e => e.Index)
                    .ToListAsync(ct),
                ct);
            await FillAsync(heads, from, ct);
            if (events.Count == 0)
                break;
            var made = new List<KeyValuePair<HashPosition, LogHash>>();
            foreach (var entry in events)
            {
                if (!Append(entry, tree, made, report))
                    return;
                CheckHead(heads, tree, report);
            }

            await CheckHashesAsync(made, report, ct);
            report.Events = tree.Size;
            progress?.Report(tree.Size);
        }

        await CheckEndAsync(tree.Size, report, ct);
    }

    /// <summary>The signed heads of the next page.</summary>
    async Task FillAsync(Queue<CheckpointRow> heads, long from, CancellationToken ct)
    {
        var rows = await catalogue.ReadAsync(
            db => db.Checkpoints.Where(c => c.Size > from && c.Size <= from + Page).OrderBy(c => c.Size)
                .ToListAsync(ct),
            ct);
        foreach (var row in rows)
            heads.Enqueue(row);
    }

    /// <summary>False when an index is missing: what follows has no place in the tree.</summary>
    static bool Append(
        EventRow entry, TreeAppender tree, List<KeyValuePair<HashPosition, LogHash>> made, FsckReport report)
    {
        if (entry.Index != tree.Size)
        {
            report.Add(Leaf(tree.Size), "the event is gone; nothing after it can be verified");
            return false;
        }

        // Erased: the leaf stands for itself, and the tree says whether it is the one of then.
        if (entry is { Json: { } json, Salt: { } salt })
        {
            var commitment = AuditLeaf.Commit(salt, Encoding.UTF8.GetBytes(json));
            if (!entry.Leaf.AsSpan().SequenceEqual(AuditLeaf.Encode(entry.Id, commitment)))
                report.Add(Leaf(tree.Size), $"event {entry.Id} is not what its leaf commits to");
        }

        tree.Append(MerkleTree.LeafHash(entry.Leaf), made);
        return true;
    }

    void CheckHead(Queue<CheckpointRow> heads, TreeAppender tree, FsckReport report)
    {
        if (!heads.TryPeek(out var row) || row.Size != tree.Size)
            return;
        heads.Dequeue();
        report.Checkpoints++;
        var what = string.Create(CultureInfo.InvariantCulture, $"checkpoint {row.Size}");
        try
        {
            var head = Checkpoint.Parse(SignedNote.Open(row.Note, [log]).Text);
            if (head.Origin != origin || head.Size != tree.Size)
                report.Add(what, "it is the head of another log or size");
            else if (head.Root != tree.Root())
                report.Add(what, "its root is not that of the events: one of them at or below it was changed");
        }
        catch (Exception e) when (e is NoteRefusedException or LogFormatException)
        {
            report.Add(what, "it is not signed by this log");
        }
    }

    async Task CheckHashesAsync(
        List<KeyValuePair<HashPosition, LogHash>> made, FsckReport report, CancellationToken ct)
    {
        foreach (var level in made.GroupBy(h => h.Key.Level))
        {
            var (first, last) = (level.Min(h => h.Key.Index), level.Max(h => h.Key.Index));
            var stored = await catalogue.ReadAsync(
                db => db.TreeHashes.Where(h => h.Level == level.Key && h.Index >= first && h.Index <= last)
                    .ToDictionaryAsync(h => h.Index, h => h.Hash, ct),
                ct);
            foreach (var (position, hash) in level)
            {
                if (!stored.TryGetValue(position.Index, out var found) || !found.AsSpan().SequenceEqual(hash.ToArray()))
                    report.Add(
                        string.Create(
                            CultureInfo.InvariantCulture, $"tree hash at level {position.Level}, {position.Index}"),
                        "it is missing or not that of the events below it");
            }
        }
    }

    /// <summary>Events were signed for that are not there any more: the catalogue is older than its own log.</summary>
    async Task CheckEndAsync(long size, FsckReport report, CancellationToken ct)
    {
        // One moment: beside a running exchange the log goes on growing.
        var (signed, kept, there) = await catalogue.ReadAsync(
            async db => (
                await db.Checkpoints.MaxAsync(c => (long?)c.Size, ct) ?? 0,
                await db.TreeStates.MaxAsync(t => (long?)t.Size, ct) ?? 0,
                await db.Events.MaxAsync(e => e.Index, ct) + 1 ?? 0),
            ct);
        if (kept != there)
            report.Add(Leaf(size), string.Create(
                CultureInfo.InvariantCulture, $"the log's state says {kept} events, and there are {there}"));
        if (signed > there)
            report.Add(Leaf(size), string.Create(
                CultureInfo.InvariantCulture, $"a head of size {signed} is signed, the events end here"));
    }

    static string Leaf(long index) => string.Create(CultureInfo.InvariantCulture, $"leaf {index}");
}
