using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Ends a key of one's own party: from the commit on no call is let in with it, and open streams end within moments.
/// </summary>
public sealed class RevokeCredential(
    AgreementGate gate, AuditTrail trail, PersonHomes homes, TimeProvider clock)
{
    const int ReasonLengthMax = 1000;

    public async Task<CredentialRow> RunAsync(
        Caller caller, CredentialName name, string reason, RequestKey request, CancellationToken ct)
    {
        var ask = gate.Request(caller, Verb.RevokeCredential) with { Party = name.Parent.Party };
        var permit = await gate.AskAsync(
            caller, name.Parent.Agreement, ask, AuditActions.RevokeCredential, name.ToString(), ct);
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonLengthMax)
            throw ExchangeException.Invalid(
                "REASON_REQUIRED", $"Say why it is revoked, in at most {ReasonLengthMax} characters.");
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                var row = await db.Credentials.SingleOrDefaultAsync(
                    c => c.Id == name.Id && c.Agreement == name.Parent.Agreement && c.Party == name.Parent.Party, ct)
                    ?? throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString()));
                homes.CheckEnd(caller, name.Parent, row.Subject);
                var repeated = await request.AnsweredAsync(db, caller, ct) is not null
                    || row.State == CredentialState.Revoked;
                if (!repeated)
                {
                    row.State = CredentialState.Revoked;
                    row.EndTicks = clock.GetUtcNow().UtcTicks;
                    row.EndReason = reason;
                    row.EndReasonSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reason)));
                    request.Remember(db, caller, row.Name, clock.GetUtcNow());
                }

                await scope.RecordAsync(AuditEvent.Of(AuditActions.RevokeCredential, row.Name, caller, permit) with
                {
                    RequestId = request.Id,
                    Reason = repeated ? "REPEATED" : "",
                    ObjectSha256 = row.EndReasonSha256 ?? "",
                    Subjects = [new EventSubject(name.Parent.Party, "")],
                });
                return row;
            },
            ct);
        return audited.Value;
    }
}
