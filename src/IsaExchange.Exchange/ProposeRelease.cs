using System.Globalization;
using System.Text.Json;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>
/// The first half of a publication that others must approve: the release is made as if it were published now, its files
/// and its statements are sealed, and the stewards are told. Nothing of it is published, or in the ledger.
/// </summary>
public sealed class ProposeRelease(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, IObjectStore store, IKeyRing keys,
    ReadProposals proposals, SecretBox secrets, Limits limits, TimeProvider clock)
{
    // A file of a release has an ending, so that none can have this name.
    internal const string StatementsFile = "statements";

    readonly DraftRelease _drafts = new(gate, catalogue, store, keys, secrets, limits, clock);

    public async Task<ProposalView> RunAsync(
        Caller caller, PublicationOrder order, RequestKey request, CancellationToken ct)
    {
        var name = $"agreements/{order.Feed.Agreement}/feeds/{order.Feed.Feed}";
        var ask = gate.Request(caller, Verb.PublishRelease) with { Feed = order.Feed.Feed, Period = order.Period };
        var permit = await gate.AskAsync(caller, order.Feed.Agreement, ask, AuditActions.ProposeRelease, name, ct);
        order.Check(clock.GetUtcNow());
        var agreement = gate.Find(order.Feed.Agreement, name).Agreement;
        if (agreement.Feeds.Single(f => f.Id == order.Feed.Feed).Approvals == 0)
            throw ExchangeException.Precondition(
                "NO_APPROVALS", "The agreement asks nobody to approve a release of this feed: publish it.");
        if (await catalogue.ReadAsync(db => request.AnsweredAsync(db, caller, ct), ct) is { } made)
        {
            var said = AuditEvent.Of(AuditActions.ProposeRelease, made, caller, permit);
            await trail.RecordAsync(said with { RequestId = request.Id, Reason = "REPEATED" }, ct);
            return await proposals.ViewAsync(await proposals.FindAsync(ProposalName.Parse(made), ct), ct);
        }

        var draft = await _drafts.MakeAsync(order.Feed, permit, order.Period, order.Note, ct);
        await ReleaseCommit.WriteFilesAsync(draft, store, keys, ct);
        await SealedObjects.PutAsync(
            store, new ObjectName(draft.Row.ObjectOf(StatementsFile)), await keys.CurrentAsync(KeyNames.Releases, ct),
            JsonSerializer.SerializeToUtf8Bytes(ReleaseCommit.StatementsOf(draft)), ct);

        // Until here nothing is proposed: after a crash the written files belong to nothing.
        var audited = await trail.CommitAsync(
            scope => CommitAsync(scope, draft, order, caller, permit, request, ct), ct);
        return await proposals.ViewAsync(audited.Value, ct);
    }

    async Task<ReleaseProposalRow> CommitAsync(
        AuditScope scope, ReleaseDraft draft, PublicationOrder order, Caller caller, Permit permit, RequestKey request,
        CancellationToken ct)
    {
        var (row, inputs, now) = (draft.Row, ReleaseCommit.InputsOf(draft), clock.GetUtcNow());
        if (await request.AnsweredAsync(scope.Catalogue, caller, ct) is not null)
            throw new ExchangeException(
                ProblemKind.Aborted, "CONFLICT", "The same request is under way. Ask again for its answer.");
        if (!await ReleaseCommit.StandAsync(scope.Catalogue, inputs, ct))
            throw ReleaseCommit.InputsChanged("Propose it again.");
        var id = row.Build;
        var name = $"agreements/{row.Agreement}/feeds/{row.Feed}/proposals/{id}";
        var logged = await scope.RecordAsync(AuditEvent.Of(AuditActions.ProposeRelease, name, caller, permit) with
        {
            RequestId = request.Id,
            ObjectSha256 = draft.Files[^1].Sha256,
            Rows = ReleaseCommit.CellsOf(draft),
            Bytes = draft.Files.Sum(f => (long)f.Content.Length),
            Subjects = [.. inputs.Select(i => new EventSubject(i.Party, i.Dataset)).Distinct()],
        });
        var proposal = new ReleaseProposalRow
        {
            Id = id,
            Agreement = row.Agreement,
            Feed = row.Feed,
            Number = row.Number,
            Build = row.Build,
            AgreementRevision = row.AgreementRevision,
            Dataset = row.Dataset,
            PeriodStart = row.PeriodStart,
            PeriodEnd = row.PeriodEnd,
            ProposeTicks = row.PublishTicks,
            LapseTicks = (now + limits.ProposalLife).UtcTicks,
            EmbargoUntil = order.EmbargoUntil is { } until ? CreateSubmission.Iso(until) : null,
            Note = row.Note,
            FilesJson = row.FilesJson,
            CoverageJson = row.CoverageJson,
            InputsJson = JsonSerializer.Serialize(inputs),
            EarlierJson = JsonSerializer.Serialize(draft.Earlier),
            SecretsSha256 = row.SecretsSha256,
            Complete = row.Complete,
            ManifestSha256 = draft.Files[^1].Sha256,
            Proposer = caller.Principal.Subject,
            Party = permit.CallerParty,
            Event = logged.Id,
        };
        scope.Catalogue.ReleaseProposals.Add(proposal);
        request.Remember(scope.Catalogue, caller, proposal.Name, now);
        await TellAsync(scope, proposal, caller, now);
        return proposal;
    }

    /// <summary>The stewards besides whoever proposed it, in the transaction of the proposal.</summary>
    async Task TellAsync(AuditScope scope, ReleaseProposalRow row, Caller caller, DateTimeOffset now)
    {
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var items = NoticePeople.Stewards(agreement, LondonTime.Date(now))
            .Where(s => s.Person != caller.Principal.Person).DistinctBy(s => s.Person)
            .Select(told => new NoticeItem(
                told.Person, told.Party, NoticeKind.Approval, $"approval {row.Event}",
                $"release {row.Number.ToString(CultureInfo.InvariantCulture)} of {row.Feed} is proposed",
                $"isax release approve {row.Name}"));
        await NoticeOutbox.WriteAsync(scope, agreement, [.. items], row.Event, now);
    }
}
