using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>Moves a revision from stage to stage: consultation, signing, force, suspension, the archive.</summary>
public sealed class GovernAgreement(
    AgreementGate gate, RevisionAccess revisions, AuditTrail trail, ICatalogue catalogue, TimeProvider clock)
{
    const int ReasonLengthMax = 1000;

    sealed record Move(Verb Verb, string Action, AgreementStage To, params AgreementStage[] From)
    {
        public bool NeedsReason { get; init; }
    }

    static readonly Move Consult = new(
        Verb.ProposeRevision, AuditActions.MoveRevision, AgreementStage.Consultation, AgreementStage.Draft);

    static readonly Move OpenForSigning = new(
        Verb.ProposeRevision, AuditActions.MoveRevision, AgreementStage.Signing,
        AgreementStage.Draft, AgreementStage.Consultation);

    static readonly Move Suspend = new(
        Verb.SuspendAgreement, AuditActions.SuspendAgreement, AgreementStage.Suspended, AgreementStage.InForce)
    { NeedsReason = true };

    static readonly Move Resume = new(
        Verb.ResumeAgreement, AuditActions.ResumeAgreement, AgreementStage.InForce, AgreementStage.Suspended)
    { NeedsReason = true };

    static readonly Move Retire = new(
        Verb.RetireAgreement, AuditActions.RetireAgreement, AgreementStage.Retired,
        AgreementStage.InForce, AgreementStage.Suspended)
    { NeedsReason = true };

    static readonly Move Activate = new(
        Verb.ActivateRevision, AuditActions.ActivateRevision, AgreementStage.InForce, AgreementStage.Signing);

    public Task<RevisionView> OpenConsultationAsync(
        Caller caller, RevisionName name, RequestKey request, CancellationToken ct) =>
        MoveAsync(caller, name, Consult, "", request, ct);

    public Task<RevisionView> OpenSigningAsync(
        Caller caller, RevisionName name, RequestKey request, CancellationToken ct) =>
        MoveAsync(caller, name, OpenForSigning, "", request, ct);

    public Task<RevisionView> SuspendAsync(
        Caller caller, RevisionName name, string reason, RequestKey request, CancellationToken ct) =>
        MoveAsync(caller, name, Suspend, reason, request, ct);

    public Task<RevisionView> ResumeAsync(
        Caller caller, RevisionName name, string reason, RequestKey request, CancellationToken ct) =>
        MoveAsync(caller, name, Resume, reason, request, ct);

    public Task<RevisionView> RetireAsync(
        Caller caller, RevisionName name, string reason, RequestKey request, CancellationToken ct) =>
        MoveAsync(caller, name, Retire, reason, request, ct);

    /// <summary>With its quorum and inside its term; what ruled before is replaced in the same transaction.</summary>
    public async Task<RevisionView> ActivateAsync(
        Caller caller, RevisionName name, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        var asked = await PermitAsync(caller, name, Activate, ct);

        // What another process took in a moment ago counts too.
        await gate.Book.ReloadAsync(ct);
        var view = Fresh(asked);
        var said = RevisionAccess.Event(Activate.Action, caller, view) with
        {
            ObjectSha256 = view.Revision.Row.SourceSha256,
        };
        var answered = await catalogue.ReadAsync(db => request.AnsweredAsync(db, caller, ct), ct) is not null;
        var carriesFrom = answered ? null : CheckReady(view);
        if (validateOnly && !answered)
        {
            CheckStage(Activate, view.Revision.Stage);
            await trail.RecordAsync(said with { Reason = "VALIDATE_ONLY" }, ct);
            return view;
        }

        var (id, revision) = (view.Partnership.Id, view.Revision.Revision);
        await revisions.CommitAsync(
            caller, said, request,
            async (db, now) =>
            {
                CheckStage(Activate, await RevisionAccess.StageAsync(db, id, revision, ct));
                await CheckUnchangedAsync(db, view.Partnership, view.Revision, ct);
                var row = await db.Revisions.SingleAsync(r => r.Agreement == id && r.Revision == revision, ct);
                row.CarriesFrom = carriesFrom;
                await CodeListUses.HoldAsync(
                    db, id, CodeListUses.Geography(view.Agreement, view.Partnership.CodeLists), now, ct);
                await ReplaceAsync(db, caller, id, now, ct);
                RegisterWrite.Stage(db, id, revision, AgreementStage.InForce, caller.Principal.Subject, "", now);
                return said;
            },
            ct);
        return Fresh(view);
    }

    /// <summary>The revision whose signatures it carries on, or null when its own are enough.</summary>
    string? CheckReady(RevisionView view)
    {
        var (agreement, today) = (view.Agreement, LondonTime.Date(clock.GetUtcNow()));
        if (today < agreement.From || today > agreement.To)
            throw ExchangeException.Precondition(
                "OUTSIDE_TERM", $"The revision can be brought into force from {agreement.From:d MMM yyyy} "
                    + $"to {agreement.To:d MMM yyyy}.");
        var before = Replaced(view);
        if (Quorum.Missing(agreement, before?.Agreement) is not { } missing)
            return null;
        if (before is { Stage: AgreementStage.InForce or AgreementStage.Suspended, Agreement: { } carried }
            && before.Row.Ticks < view.Revision.Row.Ticks && Quorum.Carries(carried, agreement))
        {
            if (Quorum.MissingToAccede(agreement, view.Revision.Signatures, carried) is not { } lacking)
                return before.Revision;
            missing = lacking;
        }

        throw ExchangeException.Precondition("QUORUM_NOT_MET", $"It cannot come into force: {missing}.");
    }

    /// <summary>The revision that ruled last: its parties decide what replaces it.</summary>
    static RegisteredRevision? Replaced(RevisionView view)
    {
        var stages = view.Partnership.History.SelectMany(r => r.Stages);
        if (Quorum.Replaced(stages, view.Revision.Revision) is not { } ruled)
            return null;
        return view.Partnership.Registered(ruled) is { Agreement: not null } before
            ? before
            : throw Partnership.Altered(view.Partnership.Id);
    }

    /// <summary>What was weighed before is what the transaction finds: which revision rules, who has signed.</summary>
    /// <exception cref="ExchangeException">ABORTED when somebody acted meanwhile.</exception>
    internal static async Task CheckUnchangedAsync(
        CatalogueContext db, Partnership seen, RegisteredRevision candidate, CancellationToken ct)
    {
        var (id, revision) = (seen.Id, candidate.Revision);
        var last = seen.History.SelectMany(r => r.Stages).Max(s => (long?)s.Sequence);
        var reached = await db.RevisionStages.Where(s => s.Agreement == id).MaxAsync(s => (long?)s.Sequence, ct);
        var signed = await db.Signatures.Where(s => s.Agreement == id && s.Revision == revision)
            .Select(s => s.Party).ToListAsync(ct);
        if (reached != last || candidate.Signatures.Any(s => !signed.Contains(s.Party)))
            throw new ExchangeException(
                ProblemKind.Aborted, "STATE_CHANGED", "A revision has changed meanwhile. Look at the agreement again.");
    }

    static async Task ReplaceAsync(
        CatalogueContext db, Caller caller, string agreement, DateTimeOffset now, CancellationToken ct)
    {
        var known = await db.RevisionStages.Where(s => s.Agreement == agreement).ToListAsync(ct);
        var reached = known.GroupBy(s => s.Revision, StringComparer.Ordinal).Select(g => g.MaxBy(s => s.Sequence)!);
        foreach (var last in reached)
        {
            if ((AgreementStage)last.Stage is AgreementStage.InForce or AgreementStage.Suspended)
                RegisterWrite.Stage(
                    db, agreement, last.Revision, AgreementStage.Replaced, caller.Principal.Subject, "", now);
        }
    }

    async Task<RevisionView> MoveAsync(
        Caller caller, RevisionName name, Move move, string reason, RequestKey request, CancellationToken ct)
    {
        var view = await PermitAsync(caller, name, move, ct);
        if (move.NeedsReason)
            CheckReason(reason);
        var (id, revision) = (view.Partnership.Id, view.Revision.Revision);
        var said = RevisionAccess.Event(move.Action, caller, view) with
        {
            ObjectSha256 = reason.Length == 0 ? "" : Digest(reason),
            Reason = StageWords.Of(move.To),
        };
        await revisions.CommitAsync(
            caller, said, request,
            async (db, now) =>
            {
                CheckStage(move, await RevisionAccess.StageAsync(db, id, revision, ct));
                RegisterWrite.Stage(db, id, revision, move.To, caller.Principal.Subject, reason, now);
                return said;
            },
            ct);
        return Fresh(view);
    }

    Task<RevisionView> PermitAsync(Caller caller, RevisionName name, Move move, CancellationToken ct) =>
        revisions.PermitAsync(caller, name, move.Verb, move.Action, ct);

    RevisionView Fresh(RevisionView view)
    {
        var partnership = gate.Find(view.Partnership.Id, view.Name);
        return new RevisionView(partnership, partnership.Registered(view.Revision.Revision)!, view.Permit);
    }

    static void CheckStage(Move move, AgreementStage stage)
    {
        if (!move.From.Contains(stage))
            throw ExchangeException.Precondition(
                "WRONG_STAGE",
                $"The revision is in stage {StageWords.Of(stage)}. "
                    + $"This is done from {string.Join(" or ", move.From.Select(StageWords.Of))}.");
    }

    internal static void CheckReason(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
            throw ExchangeException.Invalid("REASON_REQUIRED", "Say why: every party can read the reason.");
        if (reason.Length > ReasonLengthMax)
            throw ExchangeException.Invalid("REASON_TOO_LONG", $"A reason has at most {ReasonLengthMax} characters.");
    }

    /// <summary>Free text does not enter the log; its digest does.</summary>
    internal static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
