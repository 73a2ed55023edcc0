using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Tells people what is due before they are late, and others when they are: by itself every day, and when a steward
/// asks. It only writes to the outbox; the delivery hands over.
/// </summary>
public sealed class SendReminders(AgreementGate gate, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    /// <summary>Hours of the day in London in which messages are written: people are at their desks.</summary>
    const int FirstHour = 7;
    const int LastHour = 19;

    /// <summary>Writes what the day brings; returns how many notices that made. Repeating it makes no more.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        if (LondonTime.Hour(clock.GetUtcNow()) is < FirstHour or > LastHour)
            return 0;
        var written = 0;
        await gate.Book.RefreshAsync(ct);
        foreach (var partnership in gate.Book.All)
        {
            if (partnership.Agreement.Acts.Stage == AgreementStage.InForce)
                written += await RunAsync(partnership, ct);
        }

        return written;
    }

    async Task<int> RunAsync(Partnership partnership, CancellationToken ct)
    {
        var agreement = partnership.Agreement;
        var day = LondonTime.Date(clock.GetUtcNow());
        var slot = CreateSubmission.Iso(day);
        var fresh = await catalogue.ReadAsync(
            async db => await NoticeOutbox.NewAsync(
                db, agreement.Id, [.. (await PlannerAsync(db, partnership, day, ct)).Plan()], slot, ct),
            ct);
        if (fresh.Count == 0)
            return 0;

        try
        {
            var written = await trail.CommitAsync(
                async scope =>
                {
                    // Another replica may have planned the same day, and then there is less to write, or nothing.
                    var still = await NoticeOutbox.NewAsync(scope.Catalogue, agreement.Id, fresh, slot, ct);
                    return still.Count > 0
                        ? await NoticeOutbox.WriteAsync(scope, agreement, still, slot, clock.GetUtcNow())
                        : throw new NothingNewException();
                },
                ct);
            return written.Value.Count;
        }
        catch (NothingNewException)
        {
            return 0;
        }
    }

    sealed class NothingNewException : Exception;

    /// <summary>A steward's reminder, now: everything of the party that can be done, at most once a day.</summary>
    public async Task<IReadOnlyList<NoticeRow>> AskAsync(
        Caller caller, string agreement, string party, RequestKey request, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var ask = gate.Request(caller, Verb.SendReminder) with { Party = party };
        var permit = await gate.AskAsync(caller, agreement, ask, AuditActions.SendReminder, name, ct);
        var partnership = gate.Find(agreement, name);
        var found = partnership.Agreement;
        var day = LondonTime.Date(clock.GetUtcNow());
        // Of the party: whoever answers for two is reminded for each.
        var slot = $"{CreateSubmission.Iso(day)}/asked/{party}";
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                var reminded = AuditEvent.Of(AuditActions.SendReminder, $"{name}/parties/{party}", caller, permit) with
                {
                    RequestId = request.Id,
                    Subjects = [new EventSubject(party, "")],
                };
                var planner = await PlannerAsync(db, partnership, day, ct);
                List<NoticeItem> asked = [.. planner.Asked(party)];
                var repeated = await request.AnsweredAsync(db, caller, ct) is not null;
                var fresh = repeated ? [] : await NoticeOutbox.NewAsync(db, agreement, asked, slot, ct);
                if (repeated || (fresh.Count == 0 && asked.Count > 0))
                {
                    await scope.RecordAsync(reminded with { Reason = repeated ? "REPEATED" : "REMINDED_TODAY" });
                    return await db.Notices.Where(n => n.Agreement == agreement && n.Slot == slot)
                        .OrderBy(n => n.Recipient).ToListAsync(ct);
                }

                await scope.RecordAsync(reminded with { Rows = fresh.Count });
                request.Remember(db, caller, $"{name}/parties/{party}", clock.GetUtcNow());
                return await NoticeOutbox.WriteAsync(scope, found, fresh, slot, clock.GetUtcNow());
            },
            ct);
        return audited.Value;
    }

    static async Task<NoticePlanner> PlannerAsync(
        CatalogueContext db, Partnership partnership, DateOnly day, CancellationToken ct)
    {
        var agreement = partnership.Agreement;
        var acts = await ReturnActsReader.ReadAsync(db, agreement, ct);
        List<AssessedObligation> open = [.. partnership.ObligationsBetween(DateOnly.MinValue, day)
            .Select(o => new AssessedObligation(o, ObligationStanding.Assess(o, acts, day)))
            .Where(a => a.Standing.IsOpen)];
        return new NoticePlanner(
            agreement, open, await ReadCompliance.DraftsAsync(db, agreement.Id, ct),
            await UnexplainedAsync(db, agreement.Id, day, ct), day);
    }

    /// <summary>Only an unattended sender can have submitted with open queries.</summary>
    static async Task<List<UnexplainedSubmission>> UnexplainedAsync(
        CatalogueContext db, string agreement, DateOnly day, CancellationToken ct)
    {
        var withQueries = await db.Submissions
            .Where(s => s.Agreement == agreement && s.State == SubmissionState.Submitted)
            .Where(s => db.Reports.Any(r => r.Submission == s.Id && r.Queries > 0)).ToListAsync(ct);
        var unexplained = new List<UnexplainedSubmission>();
        foreach (var row in withQueries)
        {
            var open = await SubmissionQueries.OpenGroupsAsync(db, row, day, ct);
            if (open.Count > 0)
                unexplained.Add(new UnexplainedSubmission(row, open.Count)
                {
                    Rules = [.. open.Select(group => group.Split('.')[0]).Distinct().Order(StringComparer.Ordinal)],
                });
        }

        return unexplained;
    }
}
