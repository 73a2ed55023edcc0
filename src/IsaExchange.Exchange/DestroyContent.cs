using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Destroys content and cube of what was withdrawn or erased, after the transaction that says so: headers first, and
/// when they are gone that is an event too.
/// </summary>
public sealed class DestroyContent(
    AuditTrail trail, ICatalogue catalogue, IObjectStore store, TimeProvider clock)
{
    /// <summary>What calls that crashed after their transaction left undone.</summary>
    public async Task PendingAsync(CancellationToken ct)
    {
        var rows = await catalogue.ReadAsync(
            db => db.Submissions.Where(
                s => (s.State == SubmissionState.Withdrawn || s.State == SubmissionState.Erased)
                    && s.DestroyTicks == null).ToListAsync(ct),
            ct);
        foreach (var row in rows)
            await DestroyAsync(row, ct);
    }

    /// <summary>Destroys the content of one that was withdrawn or erased. When the store cannot now, the next
    /// housekeeping does.</summary>
    internal async Task DestroyAsync(SubmissionRow row, CancellationToken ct)
    {
        if (row.State is not (SubmissionState.Withdrawn or SubmissionState.Erased) || row.DestroyTicks is not null)
            return;
        try
        {
            // Staging first: a promotion that runs meanwhile finds either nothing to promote, or its object deleted.
            await store.DiscardStagedAsync(row.ContentOf(row.Attempt), ct);
            await store.DeleteAsync(row.ContentOf(row.Attempt), ct);
            if (row.CubeObject is { } cube)
                await store.DeleteAsync(new ObjectName(cube), ct);
        }
        catch (StorageFaultException)
        {
            // It counts for nothing already; its content is destroyed when the store is well again.
            return;
        }

        var audited = await trail.CommitAsync(scope => DestroyedAsync(scope, row, ct), ct);
        row.DestroyTicks = audited.Value;
    }

    async Task<long> DestroyedAsync(AuditScope scope, SubmissionRow seen, CancellationToken ct)
    {
        var row = await scope.Catalogue.Submissions.SingleAsync(s => s.Id == seen.Id, ct);
        var isFirst = row.DestroyTicks is null;
        var ticks = row.DestroyTicks ??= clock.GetUtcNow().UtcTicks;
        row.Version++;
        await scope.RecordAsync(new AuditEvent(AuditActions.DestroyContent, row.Name)
        {
            Agreement = row.Agreement,
            Revision = row.AgreementRevision,
            Reason = isFirst ? "" : "REPEATED",
            ObjectSha256 = row.ContentSha256 ?? "",
            Rows = row.Records,
            Bytes = row.ContentBytes,
            Subjects = [new EventSubject(row.Party, row.Dataset)],
        });
        return ticks;
    }
}
