using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// A holder exchanges their own key: the call is made with the old one, the request is signed by the new one, so both
/// are proved. The old one lets in a little longer, because a lost answer must not lock anybody out.
/// </summary>
public sealed class RenewCredential(
    AgreementGate gate, AuditTrail trail, CredentialRegistry registry, Limits limits, TimeProvider clock)
{
    public async Task<CredentialRow> RunAsync(
        Caller caller, PartyName parent, ReadOnlyMemory<byte> signingRequest, RequestKey request, CancellationToken ct)
    {
        var name = $"agreements/{parent.Agreement}/parties/{parent.Party}";
        var ask = gate.Request(caller, Verb.RenewCredential) with { Party = parent.Party };
        var permit = await gate.AskAsync(caller, parent.Agreement, ask, AuditActions.RenewCredential, name, ct);
        await CheckPartyAsync(gate.Find(parent.Agreement, name).Agreement, caller, parent, permit, ct);
        if (caller.IsByToken)
            throw ExchangeException.Precondition(
                "RENEWAL_NEEDS_THE_OLD_KEY",
                "A credential is renewed by a call that is made with it. Make the call with the certificate.");
        var wanted = SigningRequest.Parse(signingRequest.Span, caller.Principal);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                var said = AuditEvent.Of(AuditActions.RenewCredential, name, caller, permit) with
                {
                    RequestId = request.Id, Subjects = [new EventSubject(parent.Party, "")],
                };
                if (await request.AnsweredAsync(db, caller, ct) is { } made)
                {
                    await scope.RecordAsync(said with { Resource = made, Reason = "REPEATED" });
                    return await db.Credentials.SingleAsync(c => c.Id == CredentialName.Parse(made).Id, ct);
                }

                var old = await OldAsync(db, caller, ct);
                var row = await registry.AddAsync(
                    db, parent, permit.Revision, caller.Principal, wanted, caller.Principal.Subject, ct);
                old.State = CredentialState.Replaced;
                old.EndTicks = (clock.GetUtcNow() + limits.CredentialOverlap).UtcTicks;
                old.ReplacedBy = row.SpkiSha256;
                request.Remember(db, caller, row.Name, clock.GetUtcNow());
                await scope.RecordAsync(said with { Resource = row.Name, ObjectSha256 = row.SpkiSha256 });
                return row;
            },
            ct);
        return audited.Value;
    }

    /// <summary>The verb is everybody's; the party must be one that the caller is designated for.</summary>
    async Task CheckPartyAsync(
        SharingAgreement agreement, Caller caller, PartyName parent, Permit permit, CancellationToken ct)
    {
        if (CredentialRegistry.Designates(agreement, parent.Party, caller.Principal))
            return;
        var name = $"agreements/{parent.Agreement}/parties/{parent.Party}";
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.RenewCredential, name, caller, permit) with
            {
                Allowed = false,
                Reason = RefusalReasons.PartyNotCovered,
                Clauses = ["parties"],
                Subjects = [new EventSubject(parent.Party, "")],
            },
            ct);
        Telemetry.Refused(RefusalReasons.PartyNotCovered);
        throw ExchangeException.NotFound(name);
    }

    static async Task<CredentialRow> OldAsync(CatalogueContext db, Caller caller, CancellationToken ct)
    {
        var old = await db.Credentials.SingleAsync(c => c.SpkiSha256 == caller.CredentialSha256, ct);

        // Else whoever copied an old key could make themselves a new one for as long as the overlap lasts.
        return old.State == CredentialState.Active
            ? old
            : throw ExchangeException.Precondition(
                "ALREADY_RENEWED", "This credential was renewed already. Go on with the one that replaced it.");
    }
}
