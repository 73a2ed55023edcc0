using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What was sent to whom, and the proof of it: an officer sees the own authority's, a steward all.</summary>
public sealed class ReadNotices(AgreementGate gate, AuditTrail trail, ICatalogue catalogue)
{
    /// <param name="party">Empty = the own authority's; for a steward, every party's.</param>
    public async Task<IReadOnlyList<NoticeRow>> ListAsync(
        Caller caller, string agreement, string party, int skip, int take, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var ask = gate.Request(caller, Verb.ReadNotices) with { Party = party.Length == 0 ? null : party };
        var permit = await gate.AskAsync(caller, agreement, ask, AuditActions.ReadNotices, name, ct);
        var whose = party.Length > 0 ? party : permit.Role == Role.Steward ? "" : permit.CallerParty;
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadNotices, name + "/notices", caller, permit) with
            {
                Subjects = whose.Length > 0 ? [new EventSubject(whose, "")] : [],
            },
            ct);
        return await catalogue.ReadAsync(
            async db => await db.Notices.Where(n => n.Agreement == agreement)
                .Where(n => whose == "" || ("," + n.Parties + ",").Contains("," + whose + ","))
                .OrderByDescending(n => n.CreateTicks).ThenByDescending(n => n.Id).Skip(skip).Take(take)
                .ToListAsync(ct),
            ct);
    }
}
