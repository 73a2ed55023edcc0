using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What was said of a draft, and by whom it has been read.</summary>
public sealed record Discussion(
    RevisionView View, IReadOnlyList<CommentRow> Comments, IReadOnlyList<ReadingRow> Readings);

/// <summary>Consultation: whom a draft concerns can say something to it, and sees who has read it.</summary>
public sealed class CommentRevision(RevisionAccess revisions, AuditTrail trail, ICatalogue catalogue)
{
    const int TextLengthMax = 4000;

    public async Task<(RevisionView View, CommentRow Comment)> RunAsync(
        Caller caller, RevisionName name, string text, RequestKey request, CancellationToken ct)
    {
        var view = await revisions.PermitAsync(caller, name, Verb.CommentRevision, AuditActions.CommentRevision, ct);
        if (string.IsNullOrWhiteSpace(text) || text.Length > TextLengthMax)
            throw ExchangeException.Invalid("COMMENT_LENGTH", $"A comment has 1 to {TextLengthMax} characters.");
        var (id, revision) = (view.Partnership.Id, view.Revision.Revision);
        var said = RevisionAccess.Event(AuditActions.CommentRevision, caller, view) with
        {
            ObjectSha256 = GovernAgreement.Digest(text),
        };
        CommentRow? made = null;
        var isNew = await revisions.CommitAsync(
            caller, said, request,
            async (db, now) =>
            {
                var stage = await RevisionAccess.StageAsync(db, id, revision, ct);
                if (stage != AgreementStage.Consultation)
                    throw ExchangeException.Precondition(
                        "WRONG_STAGE", $"The revision is in stage {StageWords.Of(stage)}, not open for comments.");
                made = new CommentRow
                {
                    Agreement = id, Revision = revision, Party = view.Permit.CallerParty,
                    Person = caller.Principal.Person ?? "", Text = text, Ticks = now.UtcTicks,
                };
                db.Comments.Add(made);
                return said;
            },
            ct);
        if (!isNew || made is null)
            made = await catalogue.ReadAsync(
                db => db.Comments.OrderBy(c => c.Sequence).LastAsync(
                    c => c.Agreement == id && c.Revision == revision && c.Text == text, ct),
                ct);
        return (view, made);
    }

    public async Task<Discussion> ListAsync(
        Caller caller, RevisionName name, int skip, int take, CancellationToken ct)
    {
        var view = await revisions.PermitAsync(caller, name, Verb.ReadAgreement, AuditActions.ReadAgreement, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadAgreement, view.Name + "/comments", caller, view.Permit), ct);
        var (id, revision) = (view.Partnership.Id, view.Revision.Revision);
        return await catalogue.ReadAsync(
            async db => new Discussion(
                view,
                await db.Comments.Where(c => c.Agreement == id && c.Revision == revision)
                    .OrderBy(c => c.Sequence).Skip(skip).Take(take).ToListAsync(ct),
                await db.Readings.Where(r => r.Agreement == id && r.Revision == revision)
                    .OrderBy(r => r.Ticks).ToListAsync(ct)),
            ct);
    }
}
