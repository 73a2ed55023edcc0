using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>Rows and transactions of the shape that the journeys have.</summary>
static class Rows
{
    public const string Origin = "test.example/catalogue";
    const string Caller = "urn:isaexchange:party:police:sender:feed";

    public static SubmissionRow Ready(string party = "police", string? id = null) => new()
    {
        Id = id ?? Guid.CreateVersion7().ToString("N"),
        Agreement = "northmere",
        AgreementRevision = "",
        Party = party,
        Dataset = "incidents",
        PeriodStart = "2026-01-01",
        PeriodEnd = "2026-04-01",
        Areas = "E06000001",
        State = SubmissionState.Ready,
        CreatedBy = Caller,
        CreateTicks = 1,
        ExpireTicks = long.MaxValue,
        Version = 1,
    };

    public static async Task<SubmissionRow> AddReadyAsync(AuditTrail trail, string party = "police")
    {
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var row = Ready(party);
                scope.Catalogue.Submissions.Add(row);
                await scope.RecordAsync(new AuditEvent(AuditActions.CreateSubmission, row.Name));
                return row;
            },
            CancellationToken.None);
        return audited.Value;
    }

    /// <summary>
    /// Submits as the journey does: a repeat of the request is answered with what the first one did; what stands in the
    /// way is looked for; state, event and answer commit together.
    /// </summary>
    /// <param name="between">Called before each of the steps of the transaction, by their number.</param>
    /// <returns>Id of the event of the one time that it was submitted.</returns>
    public static async Task<string> SubmitAsync(
        AuditTrail trail, string id, string request, Func<CatalogueContext, int, Task>? between = null)
    {
        var at = between ?? ((_, _) => Task.CompletedTask);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                await at(db, 0);
                var answered = await db.AnsweredRequests.FindAsync(Caller, request);
                await at(db, 1);
                var row = await db.Submissions.SingleAsync(s => s.Id == id);
                if (answered is not null)
                {
                    await scope.RecordAsync(new AuditEvent(AuditActions.Submit, row.Name) { Reason = "REPEATED" });
                    return row.SubmitEvent!;
                }

                await at(db, 2);
                var standing = await db.Submissions.AnyAsync(
                    s => s.Id != id && s.Party == row.Party && s.Dataset == row.Dataset
                        && s.State == SubmissionState.Submitted && s.PeriodStart == row.PeriodStart);
                if (row.State != SubmissionState.Ready || standing)
                    throw ExchangeException.Precondition("ALREADY_SUBMITTED", "It stands already.");
                var logged = await scope.RecordAsync(new AuditEvent(AuditActions.Submit, row.Name));
                (row.State, row.SubmitEvent) = (SubmissionState.Submitted, logged.Id);
                row.Version++;
                db.AnsweredRequests.Add(new AnsweredRequestRow
                {
                    Caller = Caller, RequestId = request, BodySha256 = "", Resource = row.Name, Ticks = 1,
                });
                await at(db, 3);
                return logged.Id;
            },
            CancellationToken.None);
        return audited.Value;
    }
}
