using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>Agreements as those they name may read them. Whoever reads a draft is remembered.</summary>
public sealed class ReadAgreement(AgreementGate gate, RevisionAccess revisions, AuditTrail trail, TimeProvider clock)
{
    public async Task<RevisionView> RunAsync(Caller caller, RevisionName name, CancellationToken ct)
    {
        var view = await revisions.PermitAsync(caller, name, Verb.ReadAgreement, AuditActions.ReadAgreement, ct);
        await trail.CommitAsync(
            async scope =>
            {
                if (view.Revision.Stage <= AgreementStage.Signing)
                    await RememberAsync(scope.Catalogue, caller, view, ct);
                return await scope.RecordAsync(AuditEvent.Of(
                    AuditActions.ReadAgreement,
                    name.Revision is null ? "agreements/" + name.Agreement : view.Name, caller, view.Permit));
            },
            ct);
        return view;
    }

    async Task RememberAsync(CatalogueContext db, Caller caller, RevisionView view, CancellationToken ct)
    {
        var (id, revision, subject) = (view.Partnership.Id, view.Revision.Revision, caller.Principal.Subject);
        if (await db.Readings.FindAsync([id, revision, subject], ct) is not null)
            return;
        db.Readings.Add(new ReadingRow
        {
            Agreement = id, Revision = revision, Subject = subject, Party = view.Permit.CallerParty,
            Ticks = clock.GetUtcNow().UtcTicks,
        });
    }

    /// <summary>The agreements that name the caller, in force or as a draft; others do not exist for them.</summary>
    public async Task<IReadOnlyList<RevisionView>> ListAsync(Caller caller, CancellationToken ct)
    {
        caller.Verbs?.Note(Verb.ReadAgreement);
        await gate.Book.RefreshAsync(ct);
        var request = gate.Request(caller, Verb.ReadAgreement);
        var views = new List<RevisionView>();
        foreach (var partnership in gate.Book.All.OrderBy(p => p.Id, StringComparer.Ordinal))
        {
            var drafts = partnership.History.Where(r => r.InForceSince is null && r.Agreement is not null);
            var naming = drafts.Reverse().Prepend(partnership.Current).Distinct()
                .Select(r => (Revision: r, Permit: r.Agreement!.Decide(request) as Permit))
                .FirstOrDefault(r => r.Permit is not null);
            if (naming.Permit is { } permit)
                views.Add(new RevisionView(partnership, naming.Revision, permit));
        }

        await trail.RecordAsync(
            new AuditEvent(AuditActions.ReadAgreement, "agreements")
            {
                ActorSubject = caller.Principal.Subject,
                CredentialSha256 = caller.CredentialSha256,
                Rows = views.Count,
            },
            ct);
        return views;
    }

    /// <summary>Every revision, newest first. One that is not what was signed is left out: it cannot be read.</summary>
    public async Task<IReadOnlyList<RevisionView>> RevisionsAsync(Caller caller, string agreement, CancellationToken ct)
    {
        await gate.Book.RefreshAsync(ct);
        var (name, request) = ("agreements/" + agreement, gate.Request(caller, Verb.ReadAgreement));
        var known = gate.Book.Find(agreement);

        // A draft may name somebody who is about to join, and whom no agreement in force knows.
        var permit = known is null || known.IsAltered
            ? await gate.AskAsync(caller, agreement, request, AuditActions.ReadAgreement, name, ct)
            : await gate.AskAsync(
                caller,
                [known.Agreement, .. known.History.Reverse().Select(r => r.Agreement).OfType<SharingAgreement>()],
                request, AuditActions.ReadAgreement, name, ct);
        await trail.RecordAsync(AuditEvent.Of(AuditActions.ReadAgreement, name + "/revisions", caller, permit), ct);
        var partnership = gate.Find(agreement, name);
        return [.. partnership.History.Where(r => r.Agreement is not null).Reverse()
            .Select(r => new RevisionView(partnership, r, permit))];
    }
}
