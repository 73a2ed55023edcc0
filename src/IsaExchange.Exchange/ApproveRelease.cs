using System.Globalization;
using System.Text.Json;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Exchange;

/// <summary>
/// The second half of a publication that others must approve. With the last approval that the agreement asks for, the
/// release, its statements and the events of approval and publication appear in one transaction. Nobody approves what
/// they proposed, and two who approve are of two parties. What has changed since it was proposed is not published.
/// </summary>
public sealed class ApproveRelease(
    AgreementGate gate, AuditTrail trail, ReadProposals proposals, IObjectStore store, IKeyRing keys, NoteSigner signer,
    TimeProvider clock)
{
    /// <param name="manifestSha256">Of the manifest that the caller has looked at: these bytes are approved.</param>
    public async Task<ProposalView> ApproveAsync(
        Caller caller, ProposalName name, string manifestSha256, RequestKey request, CancellationToken ct)
    {
        var permit = await PermitAsync(caller, name, AuditActions.ApproveRelease, ct);
        if (manifestSha256.Length == 0)
            throw ExchangeException.Invalid(
                "MANIFEST_REQUIRED", "Say the SHA-256 of the manifest that you have looked at: it is approved.");
        var row = await proposals.FindAsync(name, ct);
        if (row.ManifestSha256 != manifestSha256)
            throw ExchangeException.Invalid(
                "OTHER_MANIFEST", "That is not the SHA-256 of the manifest of this proposal.");

        // Of what is over nothing is kept; the transaction says so.
        var isOver = (await proposals.ViewAsync(row, ct)).State is not (ProposalState.Open or ProposalState.Outdated);
        var statements = isOver ? [] : await StatementsAsync(row, ct);
        var said = Said(AuditActions.ApproveRelease, row, caller, permit, request) with
        {
            ObjectSha256 = manifestSha256,
        };
        var isPublished = await CommitAsync(
            row, said, caller, request,
            (scope, acts) => ApproveAsync(scope, row, acts, statements, said, caller, permit, ct), ct);
        if (isPublished)
            Telemetry.Published(row.Feed);
        return await proposals.ViewAsync(row, ct);
    }

    public async Task<ProposalView> RejectAsync(
        Caller caller, ProposalName name, string reason, RequestKey request, CancellationToken ct)
    {
        var permit = await PermitAsync(caller, name, AuditActions.RejectRelease, ct);
        SubmissionActs.CheckReason(reason);
        var row = await proposals.FindAsync(name, ct);
        var said = Said(AuditActions.RejectRelease, row, caller, permit, request) with
        {
            ObjectSha256 = SubmissionActs.Digest(reason),
        };
        await CommitAsync(
            row, said, caller, request,
            async (scope, _) =>
            {
                await AddAsync(scope, row, ProposalActKind.Reject, reason, said, caller);
                return false;
            },
            ct);
        return await proposals.ViewAsync(row, ct);
    }

    Task<Permit> PermitAsync(Caller caller, ProposalName name, string action, CancellationToken ct) => gate.AskAsync(
        caller, name.Agreement, gate.Request(caller, Verb.ApproveRelease) with { Feed = name.Feed }, action,
        name.ToString(), ct);

    static AuditEvent Said(
        string action, ReleaseProposalRow row, Caller caller, Permit permit, RequestKey request) =>
        AuditEvent.Of(action, row.Name, caller, permit) with
        {
            RequestId = request.Id,
            Subjects = ReadProposals.SubjectsOf(row),
        };

    /// <summary>One act on a proposal that is open; what is refused is in the log too.</summary>
    async Task<bool> CommitAsync(
        ReleaseProposalRow row, AuditEvent said, Caller caller, RequestKey request,
        Func<AuditScope, List<ProposalActRow>, Task<bool>> act, CancellationToken ct)
    {
        try
        {
            var audited = await trail.CommitAsync(
                async scope =>
                {
                    if (await request.AnsweredAsync(scope.Catalogue, caller, ct) is not null)
                    {
                        await scope.RecordAsync(said with { Reason = "REPEATED" });
                        return false;
                    }

                    var acts = await ReadProposals.ActsAsync(scope.Catalogue, row, ct);
                    await CheckOpenAsync(scope.Catalogue, row, acts, ct);
                    var isPublished = await act(scope, acts);
                    request.Remember(scope.Catalogue, caller, row.Name, clock.GetUtcNow());
                    return isPublished;
                },
                ct);
            return audited.Value;
        }
        catch (ExchangeException e) when (e.Kind is ProblemKind.FailedPrecondition or ProblemKind.Aborted)
        {
            await trail.RecordAsync(said with { Allowed = false, Reason = e.Reason }, ct);
            Telemetry.Refused(e.Reason);
            throw;
        }
    }

    async Task CheckOpenAsync(
        CatalogueContext db, ReleaseProposalRow row, List<ProposalActRow> acts, CancellationToken ct)
    {
        if (await ReadProposals.IsPublishedAsync(db, row, ct))
            throw ExchangeException.Precondition("ALREADY_PUBLISHED", "What was proposed has been published.");
        if (acts.Exists(a => a.Kind == ProposalActKind.Reject))
            throw ExchangeException.Precondition("PROPOSAL_REJECTED", "The proposal has been rejected.");
        if (row.LapseTicks <= clock.GetUtcNow().UtcTicks)
            throw ExchangeException.Precondition(
                "PROPOSAL_LAPSED", "Nobody approved the proposal in time. Propose the release again.");
    }

    async Task<bool> ApproveAsync(
        AuditScope scope, ReleaseProposalRow row, List<ProposalActRow> acts, IReadOnlyList<StatementRow> statements,
        AuditEvent said, Caller caller, Permit permit, CancellationToken ct)
    {
        CheckIndependent(row, acts, caller, permit);
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        if (await ReadProposals.WhyOutdatedAsync(scope.Catalogue, row, agreement.Revision, ct) is { } outdated)
            throw outdated;
        var approval = await AddAsync(scope, row, ProposalActKind.Approve, "", said, caller);
        var feed = agreement.Feeds.Single(f => f.Id == row.Feed);
        List<string> approvals = [.. acts.Select(a => a.Event), approval.Id];
        if (approvals.Count < feed.Approvals)
            return false;
        await PublishAsync(scope, row, feed, approvals, statements, said);
        return true;
    }

    static void CheckIndependent(ReleaseProposalRow row, List<ProposalActRow> acts, Caller caller, Permit permit)
    {
        if (row.Proposer == caller.Principal.Subject)
            throw ExchangeException.Precondition(
                "OWN_PROPOSAL", "Somebody else than whoever proposed the release approves it.");
        if (acts.Exists(a => a.Actor == caller.Principal.Subject))
            throw ExchangeException.Precondition("ALREADY_APPROVED", "You have approved this proposal.");
        if (acts.Exists(a => a.Party == permit.CallerParty))
            throw ExchangeException.Precondition(
                "SAME_PARTY", "Somebody of your authority has approved it: the other approval is of another one.");
    }

    async Task<LoggedEvent> AddAsync(
        AuditScope scope, ReleaseProposalRow row, ProposalActKind kind, string reason, AuditEvent said, Caller caller)
    {
        var logged = await scope.RecordAsync(said);
        scope.Catalogue.ProposalActs.Add(new ProposalActRow
        {
            Event = logged.Id,
            Proposal = row.Id,
            Kind = kind,
            Actor = caller.Principal.Subject,
            Party = said.Party,
            Reason = reason,
            Ticks = clock.GetUtcNow().UtcTicks,
        });
        return logged;
    }

    async Task PublishAsync(
        AuditScope scope, ReleaseProposalRow row, FeedClause feed, List<string> approvals,
        IReadOnlyList<StatementRow> statements, AuditEvent said)
    {
        var now = clock.GetUtcNow();
        DateOnly? until = row.EmbargoUntil is { } day ? DateOnly.Parse(day, CultureInfo.InvariantCulture) : null;
        var release = row.AsRelease(now.UtcTicks, Embargo.ReadableFrom(feed, now, until).UtcTicks);
        var logged = await scope.RecordAsync(said with
        {
            Action = AuditActions.PublishRelease,
            Resource = release.Name,
            Rows = ReleaseCommit.CellsOf(ReadRelease.View(release).Files),
            Bytes = ReadRelease.View(release).Files.Sum(f => f.Bytes),
        });
        release.Event = logged.Id;
        release.ManifestNote = SignedNote.Sign(
            ReleaseCommit.NoteText(release, row.ManifestSha256, row.Event, approvals), signer);
        ReleaseCommit.Add(scope.Catalogue, release, ReadProposals.InputsOf(row), statements);
    }

    async Task<IReadOnlyList<StatementRow>> StatementsAsync(ReleaseProposalRow row, CancellationToken ct)
    {
        await using var content = await SealedObjects.OpenAsync(
            store, new ObjectName(row.ObjectOf(ProposeRelease.StatementsFile)), keys, ct);
        return await JsonSerializer.DeserializeAsync<List<StatementRow>>(content, cancellationToken: ct)
            ?? throw new InvalidDataException("A proposal without its statements.");
    }
}
