using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>Tells a submission's own authority, or the steward, who has taken it.</summary>
public sealed class ReadRecall(
    AgreementGate gate, SubmissionAccess access, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    /// <summary>Oldest first, all of them.</summary>
    public async Task<IReadOnlyList<Pull>> RunAsync(Caller caller, SubmissionName name, CancellationToken ct)
    {
        var (row, permit) = await access.PermitAsync(caller, name, Verb.ReadRecall, AuditActions.ReadRecall, ct);
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var today = LondonTime.Date(clock.GetUtcNow());
        var pulls = await catalogue.ReadAsync(db => RecallList.OfAsync(db, agreement, row, today, ct), ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadRecall, row.Name + "/recall", caller, permit) with
            {
                Rows = pulls.Count,
                Subjects = [new EventSubject(row.Party, row.Dataset)],
            },
            ct);
        return pulls;
    }
}
