using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Checking;

/// <summary>Everything that was acknowledged is there, whole, and what its receipt says.</summary>
sealed class SubmissionCheck(ICatalogue catalogue, IObjectStore store, ObjectCheck objects, NoteVerifier log)
{
    const int Page = 200;

    public async Task RunAsync(FsckReport report, CancellationToken ct)
    {
        var after = "";
        while (true)
        {
            var from = after;
            var rows = await catalogue.ReadAsync(
                db => db.Submissions.Where(s => string.Compare(s.Id, from) > 0).OrderBy(s => s.Id).Take(Page)
                    .ToListAsync(ct),
                ct);
            if (rows.Count == 0)
                return;
            foreach (var row in rows)
                await CheckAsync(row, report, ct);
            after = rows[^1].Id;
        }
    }

    async Task CheckAsync(SubmissionRow row, FsckReport report, CancellationToken ct)
    {
        if (row.ReceiptNote is { } note)
            await CheckReceiptAsync(row, note, report, ct);
        else if (row.SubmitTicks is not null)
            report.Add(row.Name, "it was submitted and has no receipt");
        if (row.IsNil || row.State is not (
            SubmissionState.Ready or SubmissionState.Submitted or SubmissionState.Superseded))
            return;
        if (row.State == SubmissionState.Ready)
            await CheckStagedAsync(row, report, ct);
        else
            Compare(row, await objects.OpenAsync(new ObjectName(row.ContentObject), report, ct), report);
        if (row.CubeObject is { } cube)
            await objects.OpenAsync(new ObjectName(cube), report, ct);
        else
            report.Add(row.Name, "it has no cube");
    }

    async Task CheckStagedAsync(SubmissionRow row, FsckReport report, CancellationToken ct)
    {
        var name = row.ContentOf(row.Attempt);
        await using var staged = await store.ReadStagedAsync(name, ct);

        // A submit that ended between its object and its transaction leaves it promoted: the next one goes on there.
        Compare(
            row,
            staged is null
                ? await objects.OpenAsync(name, report, ct)
                : await objects.OpenStagedAsync(staged, name.Staged, row.Name, report, ct),
            report);
    }

    static void Compare(SubmissionRow row, OpenedObject? opened, FsckReport report)
    {
        if (opened is null)
            return;
        if (opened.Sha256 != row.ContentSha256 || opened.Bytes != row.ContentBytes)
            report.Add(row.Name, "its content is not what its receipt says");
        if (opened.SealedBytes != row.SealedBytes)
            report.Add(row.Name, "its sealed content is not as long as when it was validated");
        if (row.HeaderSha256 is { } header && opened.HeaderSha256 != header)
            report.Add(row.Name, "the header of its content is not the one in its row");
    }

    async Task CheckReceiptAsync(SubmissionRow row, string note, FsckReport report, CancellationToken ct)
    {
        report.Receipts++;
        try
        {
            var text = SignedNote.Open(note, [log]).Text;
            if (!text.Contains($"submission {row.Name}\n", StringComparison.Ordinal)
                || (!row.IsNil && !text.Contains($"content sha256 {row.ContentSha256}\n", StringComparison.Ordinal)))
                report.Add(row.Name, "its receipt is for something else");
        }
        catch (NoteRefusedException)
        {
            report.Add(row.Name, "its receipt is not signed by this exchange");
        }

        var logged = await catalogue.ReadAsync(
            db => db.Events.Where(e => e.Id == row.SubmitEvent).Select(e => e.Leaf).SingleOrDefaultAsync(ct), ct);
        if (logged is null)
            report.Add(row.Name, "the event of its receipt is not in the log");
        else if (!note.Contains(
            $"event {row.SubmitEvent} leaf {MerkleTree.LeafHash(logged).ToBase64()}\n", StringComparison.Ordinal))
            report.Add(row.Name, "its receipt names another leaf than the log has");
    }
}
