using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>
/// A party gives notice. After its last day it takes part no more; what is due stays due, and what section 17A demands
/// is owed as long as the authority exists.
/// </summary>
public sealed class WithdrawParty(AgreementGate gate, RevisionAccess revisions, TimeProvider clock)
{
    /// <param name="lastDay">Null: the earliest that the agreement allows.</param>
    public async Task<DateOnly> RunAsync(
        Caller caller, PartyName name, DateOnly? lastDay, string reason, RequestKey request, CancellationToken ct)
    {
        var objectName = $"agreements/{name.Agreement}/parties/{name.Party}";
        var ask = gate.Request(caller, Verb.WithdrawParty) with { Party = name.Party };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, AuditActions.WithdrawParty, objectName, ct);
        GovernAgreement.CheckReason(reason);
        var partnership = gate.Find(name.Agreement, objectName);
        var agreement = partnership.Agreement;
        var notice = agreement.Withdrawal ?? throw ExchangeException.Precondition(
            "WITHDRAWAL_NOT_PROVIDED", "No clause of the agreement lets anybody leave before its term ends.");
        var earliest = LondonTime.Date(clock.GetUtcNow()).AddDays(notice.NoticeDays);
        var last = lastDay ?? earliest;
        if (last < earliest)
            throw ExchangeException.Precondition(
                "NOTICE_TOO_SHORT", $"Notice is {notice.NoticeDays} days: no earlier than {earliest:d MMM yyyy}.");
        var said = AuditEvent.Of(AuditActions.WithdrawParty, objectName, caller, permit) with
        {
            ObjectSha256 = GovernAgreement.Digest(reason),
            Subjects = RevisionAccess.AllParties(partnership, agreement),
        };
        await revisions.CommitAsync(
            caller, said, request,
            async (db, now) =>
            {
                if (await db.PartyWithdrawals.FindAsync([name.Agreement, name.Party], ct) is not null)
                    throw ExchangeException.Precondition("ALREADY_WITHDRAWN", "The party has given notice already.");
                db.PartyWithdrawals.Add(new PartyWithdrawalRow
                {
                    Agreement = name.Agreement, Party = name.Party, LastDay = CreateSubmission.Iso(last),
                    Reason = reason, Actor = caller.Principal.Subject, Ticks = now.UtcTicks,
                });
                return said;
            },
            ct);
        return gate.Find(name.Agreement, objectName).Agreement.Parties
            .First(p => p.Id == name.Party).WithdrawnAfter ?? last;
    }
}
