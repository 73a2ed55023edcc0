using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>
/// An authority takes a submission back: one transaction after which it counts for nothing, then its content and its
/// cube are destroyed. The row, its receipt and its leaf in the log stay. Releases made from it stay readable, marked.
/// </summary>
public sealed class WithdrawDataset(
    SubmissionAccess access, AuditTrail trail, DestroyContent content, TimeProvider clock)
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
        await content.DestroyAsync(audited.Value, ct);
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
}
