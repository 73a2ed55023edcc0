using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;

namespace IsaExchange.Exchange;

/// <summary>
/// The one door every verb goes through: asks the agreement, writes a refusal to the log before it is answered, and
/// gives the permit without which no journey goes on.
/// </summary>
public sealed class AgreementGate(PartnershipBook book, AuditTrail trail, TimeProvider clock)
{
    public PartnershipBook Book { get; } = book;

    /// <summary>A request of this caller, now.</summary>
    public AccessRequest Request(Caller caller, Verb verb) => new(caller.Principal, verb, clock.GetUtcNow());

    /// <summary>The decision alone: nothing is written, nothing happens.</summary>
    public Decision Decide(string agreement, AccessRequest request) =>
        Find(agreement, "agreements/" + agreement).Agreement.Decide(request);

    public Partnership Find(string agreement, string objectName) =>
        Book.Find(agreement) ?? throw ExchangeException.NotFound(objectName);

    /// <summary>Permit, or the end of the call with its refusal durable in the log.</summary>
    /// <exception cref="RefusedException">The agreement says no, and the caller may know why.</exception>
    /// <exception cref="ExchangeException">NOT_FOUND where the caller may not know that the resource
    /// exists.</exception>
    public async Task<Permit> AskAsync(
        Caller caller, string agreement, AccessRequest request, string action, string objectName, CancellationToken ct)
    {
        caller.Verbs?.Note(request.Verb);
        var asked = clock.GetTimestamp();
        if (Book.Find(agreement) is not { } partnership)
        {
            await trail.RecordAsync(Refused(caller, action, "agreements/unknown", "UNKNOWN_AGREEMENT"), ct);
            throw await HiddenAsync(objectName, asked, ct);
        }

        var decision = partnership.Agreement.Decide(request);
        if (decision is Permit permit)
            return permit;
        var refusal = (Refusal)decision;
        var concerned = Concerned(partnership, request);
        var refused = Refused(caller, action, SafeName(objectName, refusal, concerned), refusal.Reason) with
        {
            Agreement = agreement,
            Revision = refusal.Revision,
            Clauses = [refusal.Clause],
            Purpose = KnownPurpose(partnership, request),
            Subjects = concerned,
            Party = PartyOf(partnership.Agreement, caller.Principal),
        };
        await trail.RecordAsync(refused, ct);
        Telemetry.Refused(refusal.Reason);
        throw refusal.ResourceKnownToCaller
            ? new RefusedException(refusal, agreement, refusal.Revision)
            : await HiddenAsync(objectName, asked, ct);
    }

    /// <summary>
    /// What may not be known is answered at the end of a beat, so that the time it took tells nothing of what was
    /// found.
    /// </summary>
    async Task<ExchangeException> HiddenAsync(string objectName, long asked, CancellationToken ct)
    {
        var beats = Math.Floor(clock.GetElapsedTime(asked) / Limits.HiddenAnswerBeat) + 1;
        await Task.Delay((beats * Limits.HiddenAnswerBeat) - clock.GetElapsedTime(asked), clock, ct);
        return ExchangeException.NotFound(SubmissionName.Quoted(objectName));
    }

    /// <summary>A revision that the exchange holds, in force or not; null for any other.</summary>
    internal SharingAgreement? Revision(string agreement, string revision) =>
        Book.Find(agreement)?.Agreement is { } inForce && inForce.Revision == revision ? inForce : null;

    /// <summary>
    /// Asks again what a call that is still open was permitted, with the time of now: an agreement, a designation or a
    /// party's membership may have ended since. A refusal is recorded like any other.
    /// </summary>
    public Task RecheckAsync(
        Caller caller, Permit permit, string action, string objectName, CancellationToken ct) =>
        AskAsync(
            caller, permit.AgreementId, permit.Request with { Time = clock.GetUtcNow() }, action, objectName, ct);

    static AuditEvent Refused(Caller caller, string action, string objectName, string reason) =>
        new(action, objectName)
        {
            ActorSubject = caller.Principal.Subject,
            CredentialSha256 = caller.CredentialSha256,
            Allowed = false,
            Reason = reason,
        };

    /// <summary>
    /// The parties whose matter was asked for (of a feed: those that owe its dataset): they see the attempt, and most
    /// of all a stranger's.
    /// </summary>
    static IReadOnlyList<EventSubject> Concerned(Partnership partnership, AccessRequest request)
    {
        var agreement = partnership.Agreement;
        if (agreement.Feeds.FirstOrDefault(f => f.Id == request.Feed) is { } feed)
            return [.. agreement.DatasetsOwed.Where(d => d.Dataset == feed.Dataset)
                .Select(d => new EventSubject(d.Party, d.Dataset)).Distinct()];
        if (request.Party is not { } party || agreement.Parties.All(p => p.Id != party))
            return [];
        var owed = agreement.DatasetsOwed.Any(d => d.Party == party && d.Dataset == request.Dataset);
        return [new EventSubject(party, owed ? request.Dataset! : "")];
    }

    /// <summary>The party that the agreement knows the caller by; empty for somebody it does not name.</summary>
    static string PartyOf(SharingAgreement agreement, Principal principal) =>
        principal.Party
        ?? agreement.Officers.FirstOrDefault(o => o.Person == principal.Person)?.Party
        ?? agreement.Roles.FirstOrDefault(r => r.Person == principal.Person)?.Party
        ?? "";

    // The log cannot forget: words that only the caller knows do not enter it.
    static string SafeName(string objectName, Refusal refusal, IReadOnlyList<EventSubject> concerned)
    {
        if (refusal.ResourceKnownToCaller)
            return SubmissionName.Quoted(objectName);
        return concerned is [var (party, dataset)] && party.Length > 0
            ? $"agreements/{refusal.AgreementId}/parties/{party}" + (dataset.Length > 0 ? "/datasets/" + dataset : "")
            : "unknown";
    }

    static string KnownPurpose(Partnership partnership, AccessRequest request) =>
        request.Purpose is { } purpose && partnership.Agreement.Purposes.Any(p => p.Id == purpose) ? purpose : "";
}
