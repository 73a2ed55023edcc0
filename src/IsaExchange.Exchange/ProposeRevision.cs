using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;

namespace IsaExchange.Exchange;

/// <summary>What came of a proposal: a revision, or every fault of its text.</summary>
public sealed record Proposal(RevisionView? View, IReadOnlyList<AgreementFault> Faults);

/// <summary>Takes the text of a new revision: checked as a whole, kept byte by byte, as a draft.</summary>
public sealed class ProposeRevision(AgreementGate gate, RevisionAccess revisions, AuditTrail trail)
{
    public async Task<Proposal> RunAsync(
        Caller caller, string agreement, byte[] source, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        var name = "agreements/" + agreement;
        var read = RevisionText.Parse(source, gate.Book.Policies.Vocabulary);
        var permit = await PermitAsync(caller, agreement, ct);
        var faults = read.Agreement is { } whole ? Misfits(whole, agreement) : read.Faults;
        var said = AuditEvent.Of(AuditActions.ProposeRevision, name, caller, permit) with
        {
            ObjectSha256 = RegisterWrite.Digest(source),
            RequestId = request.Id,
        };
        if (read.Agreement is not { } text || faults.Count > 0 || validateOnly)
        {
            await trail.RecordAsync(said with { Reason = faults.Count > 0 ? "FAULTS" : "VALIDATE_ONLY" }, ct);
            return new Proposal(null, faults);
        }

        await AddAsync(caller, text, source, said, request, ct);
        var partnership = gate.Find(agreement, name);
        return new Proposal(new RevisionView(partnership, partnership.Registered(text.Revision)!, permit), []);
    }

    async Task AddAsync(
        Caller caller, SharingAgreement text, byte[] source, AuditEvent said, RequestKey request, CancellationToken ct)
    {
        var known = gate.Book.Find(text.Id);
        said = said with
        {
            Resource = $"agreements/{text.Id}@{text.Revision}",
            Agreement = text.Id,
            Revision = text.Revision,
            Subjects = [.. text.Parties.Concat(known?.Agreement.Parties ?? []).Select(p => p.Id)
                .Distinct(StringComparer.Ordinal).Select(p => new EventSubject(p, ""))],
        };
        await revisions.CommitAsync(
            caller, said, request,
            async (db, now) =>
            {
                if (await db.Revisions.FindAsync([text.Id, text.Revision], ct) is { } there)
                {
                    return there.Source.AsSpan().SequenceEqual(source)
                        ? said with { Reason = "REPEATED" }
                        : throw ExchangeException.Precondition(
                            "REVISION_EXISTS", "The register holds a revision of this very meaning in other words. "
                                + "Comments and layout make no new revision.");
                }

                RegisterWrite.Revision(db, text, source, caller.Principal.Subject, now);
                RegisterWrite.Stage(
                    db, text.Id, text.Revision, AgreementStage.Draft, caller.Principal.Subject, "", now);
                return said;
            },
            ct);
    }

    /// <summary>
    /// The agreement that rules says who proposes. Of one that is new here the operator's own text says so, never the
    /// text proposed: it could name anybody.
    /// </summary>
    async Task<Permit> PermitAsync(Caller caller, string agreement, CancellationToken ct)
    {
        await gate.Book.RefreshAsync(ct);
        var request = gate.Request(caller, Verb.ProposeRevision);
        var first = gate.Book.Find(agreement) is null ? gate.Book.Policies.Find(agreement)?.Agreement : null;
        return first is not null
            ? await gate.AskAsync(caller, [first], request, AuditActions.ProposeRevision, "agreements/" + agreement, ct)
            : await gate.AskAsync(
                caller, agreement, request, AuditActions.ProposeRevision, "agreements/" + agreement, ct);
    }

    /// <summary>What is right in itself and does not fit this exchange.</summary>
    List<AgreementFault> Misfits(SharingAgreement text, string agreement)
    {
        var faults = new List<AgreementFault>();
        if (text.Id != agreement)
            faults.Add(new AgreementFault(
                "agreement.yaml", 1, "agreement", "it is another agreement's text", "propose it under its own id"));
        if (gate.Book.Policies.Find(agreement)?.CodeLists is { } lists)
            faults.AddRange(GeographyCheck.Faults(text, lists).Select(
                stray => new AgreementFault(
                    "agreement.yaml", 1, "geography", stray, "ask the operator for the edition")));
        if (gate.Book.Find(agreement) is { IsAltered: false } known)
            faults.AddRange(Returning(text, known.Agreement).Select(o => new AgreementFault(
                "agreement.yaml", 1, o.Clause, "this designation was ended",
                "leave it out, or let it begin after its end")));
        return faults;
    }

    /// <summary>Officers whom their authority has ended, and whom the text would bring back unnoticed.</summary>
    static IEnumerable<OfficerClause> Returning(SharingAgreement text, SharingAgreement ruling) =>
        text.Officers.Where(o => ruling.Acts.Ends.Any(
            e => e.Clause == o.Clause && o.From <= LondonTime.Date(e.Time)));
}
