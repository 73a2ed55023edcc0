using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>A request, and what the agreement says to it today.</summary>
/// <param name="IsOverdue">Open after its day.</param>
/// <param name="IsAnsweredLate">Answered after its day.</param>
/// <param name="Contact">Liaison officer of the party asked; null in a vacancy.</param>
public sealed record RequestView(RequestRow Row, bool IsOverdue, bool IsAnsweredLate, string? Contact, string FoiNote);

/// <summary>The register of requests, for those who ask and those who are asked, and whole for the steward.</summary>
public sealed class ReadRequests(AgreementGate gate, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    const string Every = "-";

    DateOnly Today => LondonTime.Date(clock.GetUtcNow());

    public async Task<RequestView> GetAsync(Caller caller, RequestName name, CancellationToken ct)
    {
        var found = await catalogue.ReadAsync(db => db.Requests.SingleOrDefaultAsync(r => r.Id == name.Id, ct), ct);
        var row = found?.Name == name.ToString() ? found : null;

        // Asked for the party that asks where that lets the caller in; absent and forbidden are asked for alike.
        var party = row is not null && MayRead(caller, row.Agreement, row.Asker) ? row.Asker : name.Party;
        await PermitAsync(caller, name.Agreement, party, name.ToString(), ct);
        return View(row ?? throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString())));
    }

    /// <summary>
    /// Those that the party asked or was asked; with the party "-" of every party that the caller may read for. The
    /// overdue first, then the open by their day, then the answered, newest first.
    /// </summary>
    public async Task<IReadOnlyList<RequestView>> ListAsync(
        Caller caller, PartyName parent, bool openOnly, CancellationToken ct)
    {
        var objectName = $"agreements/{parent.Agreement}/parties/{parent.Party}/requests";
        await PermitAsync(caller, parent.Agreement, parent.Party == Every ? null : parent.Party, objectName, ct);
        var parties = gate.Find(parent.Agreement, objectName).Agreement.Parties.Select(p => p.Id)
            .Where(p => parent.Party == Every ? MayRead(caller, parent.Agreement, p) : p == parent.Party).ToList();
        var rows = await catalogue.ReadAsync(
            db => db.Requests.Where(r => r.Agreement == parent.Agreement)
                .Where(r => parties.Contains(r.Party) || parties.Contains(r.Asker))
                .Where(r => !openOnly || r.State == RequestState.Open).ToListAsync(ct),
            ct);
        return [.. rows.Select(View)
            .OrderByDescending(v => v.IsOverdue)
            .ThenByDescending(v => v.Row.State == RequestState.Open)
            .ThenBy(v => v.Row.State == RequestState.Open ? v.Row.AnswerBy ?? "9999" : "")
            .ThenByDescending(v => v.Row.ReceiveTicks).ThenBy(v => v.Row.Id, StringComparer.Ordinal)];
    }

    /// <summary>The request without a further event: for answers of calls that have logged theirs.</summary>
    public RequestView View(RequestRow row)
    {
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var answered = row.AnswerTicks is { } ticks
            ? CreateSubmission.Iso(LondonTime.Date(new DateTimeOffset(ticks, TimeSpan.Zero)))
            : null;
        return new RequestView(
            row,
            IsOverdue: row.State == RequestState.Open && IsAfter(CreateSubmission.Iso(Today), row.AnswerBy),
            IsAnsweredLate: answered is not null && IsAfter(answered, row.AnswerBy),
            Freezes.ContactOf(agreement, row.Party, Today),
            agreement.Feeds.FirstOrDefault(f => f.Id == row.Feed)?.FreedomOfInformation ?? "");
    }

    static bool IsAfter(string day, string? by) => by is not null && string.CompareOrdinal(day, by) > 0;

    /// <summary>Consents that hold on the day.</summary>
    internal static Task<List<RequestRow>> ConsentsAsync(
        CatalogueContext db, string agreement, DateOnly day, CancellationToken ct)
    {
        var today = CreateSubmission.Iso(day);
        return db.Requests.Where(r => r.Agreement == agreement && r.State == RequestState.Consented)
            .Where(r => string.Compare(r.Until, today) >= 0).OrderBy(r => r.Until).ThenBy(r => r.Id).ToListAsync(ct);
    }

    bool MayRead(Caller caller, string agreement, string party) =>
        gate.Decide(agreement, gate.Request(caller, Verb.ReadRequests) with { Party = party }) is Permit;

    async Task PermitAsync(Caller caller, string agreement, string? party, string objectName, CancellationToken ct)
    {
        var ask = gate.Request(caller, Verb.ReadRequests) with { Party = party };
        var permit = await gate.AskAsync(caller, agreement, ask, AuditActions.ReadRequests, objectName, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadRequests, objectName, caller, permit) with
            {
                Subjects = [new EventSubject(party ?? permit.CallerParty, "")],
            },
            ct);
    }
}
