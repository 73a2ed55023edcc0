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
        if (Book.Find(agreement) is not { } partnership)
        {
            await trail.RecordAsync(
                Refused(caller, request, action, "agreements/unknown", "", "", "UNKNOWN_AGREEMENT"), ct);
            throw ExchangeException.NotFound(objectName);
        }

        var decision = partnership.Agreement.Decide(request);
        if (decision is Permit permit)
            return permit;
        var refusal = (Refusal)decision;
        var refused = Refused(
            caller, request, action, SafeName(objectName, refusal), agreement, refusal.Revision, refusal.Reason)
            with { Clauses = [refusal.Clause], Purpose = KnownPurpose(partnership, request) };
        await trail.RecordAsync(refused, ct);
        Telemetry.Refused(refusal.Reason);
        throw refusal.ResourceKnownToCaller
            ? new RefusedException(refusal, agreement, refusal.Revision)
            : ExchangeException.NotFound(objectName);
    }

    static AuditEvent Refused(
        Caller caller, AccessRequest request, string action, string objectName, string agreement, string revision,
        string reason) =>
        new(action, objectName)
        {
            ActorSubject = caller.Principal.Subject,
            CredentialSha256 = caller.SpkiSha256,
            Party = caller.Principal.Party ?? "",
            Agreement = agreement,
            Revision = revision,
            Allowed = false,
            Reason = reason,
            Subjects = request.Party is { } party && agreement.Length > 0 && reason is not "PARTY_NOT_COVERED"
                ? [new EventSubject(party, request.Dataset ?? "")]
                : [],
        };

    // The log cannot forget: words that only the caller knows do not enter it.
    static string SafeName(string objectName, Refusal refusal) =>
        refusal.ResourceKnownToCaller ? SubmissionName.Quoted(objectName) : "unknown";

    static string KnownPurpose(Partnership partnership, AccessRequest request) =>
        request.Purpose is { } purpose && partnership.Agreement.Purposes.Any(p => p.Id == purpose) ? purpose : "";
}
