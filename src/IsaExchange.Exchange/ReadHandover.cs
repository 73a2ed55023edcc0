using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What somebody new takes over; the numbers are those of the wire.</summary>
public enum HandoverKind
{
    Overdue = 1,
    ReadyNotSubmitted = 2,
    QueryNotExplained = 3,
    OpenDraft = 4,
    Due = 5,
    RequestPending = 6,
}

/// <param name="Period">Null for a request that names none.</param>
public sealed record HandoverItem(
    HandoverKind Kind, string Resource, string Dataset, InformationPeriod? Period, DateOnly? DueDate, string What);

/// <summary>
/// The hand-over list of a party: what its next liaison officer finds on the desk, the most urgent first. Nothing of it
/// is lost when a person leaves.
/// </summary>
public sealed class ReadHandover(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, ReadCompliance compliance, TimeProvider clock)
{
    public async Task<IReadOnlyList<HandoverItem>> RunAsync(Caller caller, PartyName party, CancellationToken ct)
    {
        var name = $"agreements/{party.Agreement}/parties/{party.Party}";
        var ask = gate.Request(caller, Verb.ReadHandover) with { Party = party.Party };
        var permit = await gate.AskAsync(caller, party.Agreement, ask, AuditActions.ReadHandover, name, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadHandover, name + "/handover", caller, permit) with
            {
                Subjects = [new EventSubject(party.Party, "")],
            },
            ct);
        var owed = await compliance.StandingsAsync(caller, party.Agreement, party.Party, openOnly: true, null, ct);
        var items = owed.Where(v => v.Standing.State != ObligationState.NotYetDue).Select(Item)
            .Concat(await SubmissionsAsync(party, ct))
            .Concat(await RequestsAsync(party, ct));
        return [.. items.OrderBy(i => i.Kind).ThenBy(i => i.DueDate).ThenBy(i => i.Resource, StringComparer.Ordinal)];
    }

    static HandoverItem Item(ObligationView view)
    {
        var (owed, standing) = (view.Obligation, view.Standing);
        var isLate = standing.State is ObligationState.Overdue or ObligationState.Locked;
        var what = standing switch
        {
            { State: ObligationState.Locked } => "the period is locked: ask the steward for an exception",
            { State: ObligationState.Overdue } => "send it, or say that there is nothing",
            { State: ObligationState.Excepted, Exception: { } granted } =>
                $"send it by {CreateSubmission.Iso(granted.Until)}: there is more time",
            _ => "send it by the due date",
        };
        return new HandoverItem(
            isLate ? HandoverKind.Overdue : HandoverKind.Due, "obligations/" + owed.Id, owed.Dataset, owed.Period,
            owed.DueDate, what);
    }

    /// <summary>What others have asked this party and nobody has answered.</summary>
    async Task<IEnumerable<HandoverItem>> RequestsAsync(PartyName party, CancellationToken ct)
    {
        var rows = await catalogue.ReadAsync(
            db => db.Requests.Where(r => r.Agreement == party.Agreement && r.Party == party.Party
                && r.State == RequestState.Open).ToListAsync(ct),
            ct);
        return rows.Select(row => new HandoverItem(
            HandoverKind.RequestPending, row.Name, row.Dataset ?? "",
            row is { PeriodStart: { } start, PeriodEnd: { } end }
                ? new InformationPeriod(CreateSubmission.Day(start), CreateSubmission.Day(end))
                : null,
            row.AnswerBy is { } day ? CreateSubmission.Day(day) : null, $"answer {row.Asker}"));
    }

    Task<List<HandoverItem>> SubmissionsAsync(PartyName party, CancellationToken ct) => catalogue.ReadAsync(
        async db =>
        {
            var today = LondonTime.Date(clock.GetUtcNow());
            var rows = await db.Submissions.Where(s => s.Agreement == party.Agreement && s.Party == party.Party
                && (s.State == SubmissionState.Open || s.State == SubmissionState.Validating
                    || s.State == SubmissionState.Ready || s.State == SubmissionState.Submitted)).ToListAsync(ct);
            var items = new List<HandoverItem>();
            foreach (var row in rows)
            {
                var open = row.State is SubmissionState.Ready or SubmissionState.Submitted
                    ? (await SubmissionQueries.OpenGroupsAsync(db, row, today, ct)).Count
                    : 0;
                if (Item(row, open) is { } item)
                    items.Add(item);
            }

            return items;
        },
        ct);

    static HandoverItem? Item(SubmissionRow row, int openQueries)
    {
        var period = SubmissionAccess.PeriodOf(row);
        HandoverItem Of(HandoverKind kind, string what) => new(kind, row.Name, row.Dataset, period, null, what);
        return row.State switch
        {
            SubmissionState.Open or SubmissionState.Validating =>
                Of(HandoverKind.OpenDraft, "go on sending, or let it expire"),
            _ when openQueries > 0 => Of(HandoverKind.QueryNotExplained, $"explain {openQueries} groups of queries"),
            SubmissionState.Ready => Of(HandoverKind.ReadyNotSubmitted, "submit it: it does not count yet"),
            _ => null,
        };
    }
}
