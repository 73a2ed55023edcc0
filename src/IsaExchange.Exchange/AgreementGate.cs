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
        Deciding(Find(agreement, "agreements/" + agreement), request).Decide(request);

    public Partnership Find(string agreement, string objectName) =>
        Book.Find(agreement) ?? throw ExchangeException.NotFound(objectName);

    /// <summary>The clauses of one revision, for what was submitted under it.</summary>
    public SharingAgreement Find(string agreement, string revision, string objectName) =>
        Book.Find(agreement, revision) ?? throw ExchangeException.NotFound(objectName);

    /// <summary>
    /// Duties of a period are judged by the revision that was in force when it began; all else by the one that rules.
    /// </summary>
    static SharingAgreement Deciding(Partnership partnership, AccessRequest request) =>
        request.Period is { } period && GovernedByPeriod.Contains(request.Verb)
            ? partnership.RevisionFor(period)
            : partnership.Agreement;

    static readonly HashSet<Verb> GovernedByPeriod =
    [
        Verb.CreateSubmission, Verb.WriteContent, Verb.ReadSubmission, Verb.Submit, Verb.Explain, Verb.ExportRecords,
        Verb.WithholdReturn, Verb.WithdrawSubmission, Verb.FreezeSubmission, Verb.UnfreezeSubmission,
    ];

    /// <summary>Permit, or the end of the call with its refusal durable in the log.</summary>
    /// <exception cref="RefusedException">The agreement says no, and the caller may know why.</exception>
    /// <exception cref="ExchangeException">NOT_FOUND where the caller may not know that the resource
    /// exists.</exception>
    public async Task<Permit> AskAsync(
        Caller caller, string agreement, AccessRequest request, string action, string objectName, CancellationToken ct)
    {
        caller.Verbs?.Note(request.Verb);
        var asked = clock.GetTimestamp();
        await Book.RefreshAsync(ct);
        if (Book.Find(agreement) is not { } partnership)
        {
            await trail.RecordAsync(Refused(caller, action, "agreements/unknown", "UNKNOWN_AGREEMENT"), ct);
            throw await HiddenAsync(objectName, asked, ct);
        }

        if (partnership.IsAltered)
        {
            await trail.RecordAsync(
                Refused(caller, action, "agreements/" + agreement, "AGREEMENT_ALTERED") with { Agreement = agreement },
                ct);
            throw Partnership.Altered(agreement);
        }

        return await AskAsync(caller, [Deciding(partnership, request)], request, action, objectName, ct);
    }

    /// <summary>
    /// Permit of the first of these revisions that gives one: a draft is asked itself, because it may name people whom
    /// no agreement in force knows yet.
    /// </summary>
    internal async Task<Permit> AskAsync(
        Caller caller, IReadOnlyList<SharingAgreement> revisions, AccessRequest request, string action,
        string objectName, CancellationToken ct)
    {
        caller.Verbs?.Note(request.Verb);
        var asked = clock.GetTimestamp();
        Refusal? refusal = null;
        foreach (var revision in revisions)
        {
            var decision = revision.Decide(request);
            if (decision is Permit permit)
            {
                PartyRows.Permit(revision.Id, request.Party);
                return permit;
            }

            if (refusal is not { ResourceKnownToCaller: true })
                refusal = (Refusal)decision;
        }

        var refusing = revisions.First(r => r.Revision == refusal!.Revision);
        var concerned = Concerned(refusing, request);
        var refused = Refused(caller, action, SafeName(objectName, refusal!, concerned), refusal!.Reason) with
        {
            Agreement = refusing.Id,
            Revision = refusal.Revision,
            Clauses = [refusal.Clause],
            Purpose = KnownPurpose(refusing, request),
            Subjects = concerned,
            Party = PartyOf(refusing, caller.Principal),
        };
        await trail.RecordAsync(refused, ct);
        Telemetry.Refused(refusal.Reason);
        throw refusal.ResourceKnownToCaller
            ? new RefusedException(refusal, refusing.Id, refusal.Revision)
            : await HiddenAsync(objectName, asked, ct);
    }

    /// <summary>
    /// What may not be known is answered at the end of a beat, so that the time it took tells nothing of what was
    /// found.
    /// </summary>
    internal async Task<ExchangeException> HiddenAsync(string objectName, long asked, CancellationToken ct)
    {
        // The clock is read once: a second look may be behind the beat, and there is no waiting for less than nothing.
        var took = clock.GetElapsedTime(asked);
        var beats = Math.Floor(took / Limits.HiddenAnswerBeat) + 1;
        await Task.Delay((beats * Limits.HiddenAnswerBeat) - took, clock, ct);
        return ExchangeException.NotFound(SubmissionName.Quoted(objectName));
    }

    /// <summary>
    /// Asks again what a call that is still open was permitted, with the time of now: an agreement, a designation or a
    /// party's membership may have ended since. A refusal is recorded like any other.
    /// </summary>
    public Task<Permit> RecheckAsync(
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
    static IReadOnlyList<EventSubject> Concerned(SharingAgreement agreement, AccessRequest request)
    {
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
        ?? agreement.Signing.Signatories.FirstOrDefault(s => s.Person == principal.Person)?.Party
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

    static string KnownPurpose(SharingAgreement agreement, AccessRequest request) =>
        request.Purpose is { } purpose && agreement.Purposes.Any(p => p.Id == purpose) ? purpose : "";
}
