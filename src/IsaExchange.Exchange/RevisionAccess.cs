using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>A revision that somebody was permitted something on.</summary>
public sealed record RevisionView(Partnership Partnership, RegisteredRevision Revision, Permit Permit)
{
    /// <summary>With its acts.</summary>
    public SharingAgreement Agreement => Revision.Agreement ?? throw Partnership.Altered(Partnership.Id);

    public string Name => $"agreements/{Partnership.Id}@{Revision.Revision}";
}

/// <summary>
/// Asks about one revision. Who may sign or discuss a draft is the draft's to say, because it may name people whom no
/// agreement in force knows; who moves it on is said by the agreement that rules, once there is one.
/// </summary>
public sealed class RevisionAccess(AgreementGate gate, AuditTrail trail, TimeProvider clock)
{
    /// <exception cref="RefusedException">The agreement says no.</exception>
    /// <exception cref="ExchangeException">NOT_FOUND.</exception>
    public async Task<RevisionView> PermitAsync(
        Caller caller, RevisionName name, Verb verb, string action, CancellationToken ct, string? party = null)
    {
        await gate.Book.RefreshAsync(ct);
        var request = gate.Request(caller, verb) with { Party = party };
        var partnership = gate.Book.Find(name.Agreement);
        if (partnership is null || partnership.IsAltered || Registered(partnership, name) is not { } revision)
        {
            await gate.AskAsync(caller, name.Agreement, request, action, "agreements/" + name.Agreement, ct);
            throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString()));
        }

        var asked = revision.Agreement ?? throw Partnership.Altered(name.Agreement);
        var permit = await gate.AskAsync(
            caller, Deciders(verb, partnership, asked), request, action,
            $"agreements/{name.Agreement}@{revision.Revision}", ct);
        return new RevisionView(partnership, revision, permit);
    }

    static IReadOnlyList<SharingAgreement> Deciders(Verb verb, Partnership partnership, SharingAgreement asked)
    {
        var rules = partnership.Current.InForceSince is null ? asked : partnership.Agreement;
        return verb switch
        {
            Verb.SignRevision => [asked],
            Verb.ReadAgreement or Verb.CommentRevision => asked.Revision == rules.Revision ? [rules] : [asked, rules],
            _ => [rules],
        };
    }

    /// <summary>The revision of that name; the one that rules when none is named. Eight digits are enough.</summary>
    static RegisteredRevision? Registered(Partnership partnership, RevisionName name)
    {
        if (name.Revision is not { } digits)
            return partnership.Current;
        var found = partnership.History.Where(r => r.Revision.StartsWith(digits, StringComparison.Ordinal)).ToList();
        return found is [var only] ? only : null;
    }

    /// <summary>
    /// One act in one transaction with its event; a repeat of the request does nothing. Afterwards this process goes by
    /// it, others within <see cref="Limits.RegisterLagMax"/>.
    /// </summary>
    /// <returns>False for a repeat.</returns>
    internal async Task<bool> CommitAsync(
        Caller caller, AuditEvent said, RequestKey request,
        Func<CatalogueContext, DateTimeOffset, Task<AuditEvent>> act, CancellationToken ct)
    {
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                if (await request.AnsweredAsync(db, caller, ct) is not null)
                {
                    await scope.RecordAsync(said with { RequestId = request.Id, Reason = "REPEATED" });
                    return false;
                }

                var now = clock.GetUtcNow();
                var done = await act(db, now);
                await RegisterWrite.ActedAsync(db);
                request.Remember(db, caller, said.Resource, now);
                await scope.RecordAsync(done with { RequestId = request.Id });
                return true;
            },
            ct);

        // The act stands; a caller that leaves now must not keep this process from knowing it.
        await gate.Book.ReloadAsync(CancellationToken.None);
        return audited.Value;
    }

    /// <summary>The event of an act on a revision: every party sees it.</summary>
    internal static AuditEvent Event(string action, Caller caller, RevisionView view) =>
        AuditEvent.Of(action, view.Name, caller, view.Permit) with
        {
            Agreement = view.Partnership.Id,
            Revision = view.Revision.Revision,
            Subjects = AllParties(view.Partnership, view.Agreement),
        };

    internal static IReadOnlyList<EventSubject> AllParties(Partnership partnership, SharingAgreement revision) =>
    [
        .. revision.Parties.Concat(partnership.Agreement.Parties).Select(p => p.Id)
            .Distinct(StringComparer.Ordinal).Select(p => new EventSubject(p, "")),
    ];

    internal static async Task<AgreementStage> StageAsync(
        CatalogueContext db, string agreement, string revision, CancellationToken ct) =>
        (AgreementStage)await db.RevisionStages.Where(s => s.Agreement == agreement && s.Revision == revision)
            .OrderByDescending(s => s.Sequence).Select(s => s.Stage).FirstOrDefaultAsync(ct);
}
