using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Retention that acts by itself: when the clause of the revision that a submission was sent under says that its time
/// is over, it is erased. Row, receipt and leaves stay, and so do the releases made from it. What is frozen waits until it
/// is unfrozen: somebody is looking into it.
/// </summary>
public sealed class EraseExpired(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, DestroyContent content, TimeProvider clock)
{
    /// <returns>How many were erased.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        await gate.Book.RefreshAsync(ct);
        var today = LondonTime.Date(clock.GetUtcNow());
        var last = CreateSubmission.Iso(today);
        var kept = await catalogue.ReadAsync(
            db => db.Submissions.Where(
                s => (s.State == SubmissionState.Submitted || s.State == SubmissionState.Superseded)
                    && s.NilReason == null && s.FreezeTicks == null && string.Compare(s.PeriodEnd, last) <= 0)
                .ToListAsync(ct),
            ct);
        var erased = 0;
        foreach (var row in kept.Where(row => IsOver(row, today)))
        {
            if (await EraseAsync(row, ct))
                erased++;
        }

        return erased;
    }

    /// <summary>Of an agreement that does not hold nothing is known, neither how long something may be kept.</summary>
    bool IsOver(SubmissionRow row, DateOnly today)
    {
        try
        {
            return KeyNames.LastDay(gate, row) < today;
        }
        catch (ExchangeException)
        {
            return false;
        }
    }

    async Task<bool> EraseAsync(SubmissionRow seen, CancellationToken ct)
    {
        SubmissionRow row;
        try
        {
            row = (await trail.CommitAsync(scope => RecordAsync(scope, seen, ct), ct)).Value;
        }
        catch (ExchangeException e) when (e.Kind == ProblemKind.Aborted)
        {
            // Frozen or withdrawn since we looked: the next run sees how it stands.
            return false;
        }

        // From here it is erased. After a crash the next run destroys what is left.
        await content.DestroyAsync(row, ct);
        return true;
    }

    async Task<SubmissionRow> RecordAsync(AuditScope scope, SubmissionRow seen, CancellationToken ct)
    {
        var row = await scope.Catalogue.Submissions.SingleAsync(s => s.Id == seen.Id, ct);
        if (row.Version != seen.Version)
            throw new ExchangeException(ProblemKind.Aborted, "STATE_CHANGED", "The submission has changed meanwhile.");
        row.State = SubmissionState.Erased;
        row.Version++;
        var revision = gate.Find(row.Agreement, row.AgreementRevision, row.Name);
        await scope.RecordAsync(new AuditEvent(AuditActions.EraseSubmission, row.Name)
        {
            Agreement = row.Agreement,
            Revision = row.AgreementRevision,
            Clauses = [revision.Retention.FirstOrDefault(r => r.Dataset == row.Dataset)?.Clause ?? "term"],
            ObjectSha256 = row.ContentSha256 ?? "",
            Rows = row.Records,
            Bytes = row.ContentBytes,
            Subjects = [new EventSubject(row.Party, row.Dataset)],
        });
        return row;
    }
}
