using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// An authority takes a submission back: one transaction after which it counts for nothing, then its content and its
/// cube are destroyed. The row, its receipt and its leaf in the log stay. Releases made from it stay readable, marked.
/// </summary>
public sealed class WithdrawDataset(
    SubmissionAccess access, AuditTrail trail, ICatalogue catalogue, IObjectStore store, TimeProvider clock)
{
    public async Task<SubmissionRow> RunAsync(
        Caller caller, SubmissionName name, string reason, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        var (_, permit) = await access.PermitAsync(
            caller, name, Verb.WithdrawSubmission, AuditActions.WithdrawSubmission, ct);
        SubmissionActs.CheckReason(reason);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var row = await SubmissionQueries.FindAsync(scope.Catalogue, name, ct);
                var repeated = await request.AnsweredAsync(scope.Catalogue, caller, ct) is not null;
                if (!repeated)
                    Check(row);
                var said = AuditEvent.Of(AuditActions.WithdrawSubmission, row.Name, caller, permit) with
                {
                    RequestId = request.Id,
                    Reason = repeated ? "REPEATED" : validateOnly ? "VALIDATE_ONLY" : "",
                    Subjects = [new EventSubject(row.Party, row.Dataset)],
                };
                if (repeated || validateOnly)
                    await scope.RecordAsync(said);
                else
                    await DoAsync(scope, row, reason, caller, request, said);
                return row;
            },
            ct);

        // From here it counts for nothing. After a crash the housekeeping destroys what is left.
        await DestroyAsync(audited.Value, ct);
        return audited.Value;
    }

    static void Check(SubmissionRow row)
    {
        if (row.State == SubmissionState.Withdrawn)
            throw ExchangeException.Precondition("ALREADY_WITHDRAWN", "This submission has been withdrawn already.");
        if (row.State is not (SubmissionState.Ready or SubmissionState.Submitted or SubmissionState.Superseded))
            throw ExchangeException.Precondition(
                "NOT_WITHDRAWABLE", "There is nothing to withdraw: the content is not complete, or is gone.");
    }

    async Task DoAsync(
        AuditScope scope, SubmissionRow row, string reason, Caller caller, RequestKey request, AuditEvent said)
    {
        var now = clock.GetUtcNow();
        await SubmissionActs.AddAsync(scope, row, SubmissionActKind.Withdraw, reason, caller, now, said);
        (row.State, row.WithdrawTicks) = (SubmissionState.Withdrawn, now.UtcTicks);
        row.Version++;
        request.Remember(scope.Catalogue, caller, row.Name, now);
    }

    /// <summary>What calls that crashed after their transaction left undone.</summary>
    public async Task DestroyPendingAsync(CancellationToken ct)
    {
        var rows = await catalogue.ReadAsync(
            db => db.Submissions.Where(s => s.State == SubmissionState.Withdrawn && s.DestroyTicks == null)
                .ToListAsync(ct),
            ct);
        foreach (var row in rows)
            await DestroyAsync(row, ct);
    }

    async Task DestroyAsync(SubmissionRow row, CancellationToken ct)
    {
        if (row.State != SubmissionState.Withdrawn || row.DestroyTicks is not null)
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
            // The withdrawal stands; its content is destroyed when the store is well again.
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
