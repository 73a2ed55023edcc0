using System.Text.Json;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Ledger;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What has become of a proposal.</summary>
public enum ProposalState
{
    Open = 1,
    Published = 2,
    Rejected = 3,

    /// <summary>Nobody approved it in time.</summary>
    Lapsed = 4,

    /// <summary>What it rests on has changed: inputs, agreement, or what is published beside it.</summary>
    Outdated = 5,
}

/// <summary>A proposal, and what was said to it.</summary>
/// <param name="Needed">How many must approve it.</param>
public sealed record ProposalView(
    ReleaseProposalRow Row, ProposalState State, int Needed, IReadOnlyList<ProposalActRow> Acts)
{
    /// <summary>Names of people, by subject, as the agreement has them.</summary>
    public required IReadOnlyDictionary<string, string> People { get; init; }
}

/// <summary>Shows those who may approve a release what is proposed, and its files before anybody else has
/// them.</summary>
public sealed class ReadProposals(
    AgreementGate gate, AuditTrail trail, ICatalogue catalogue, Freezes freezes, IObjectStore store, IKeyRing keys,
    TimeProvider clock)
{
    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ProposalView>> ListAsync(
        Caller caller, ReleaseName feed, int skip, int take, CancellationToken ct)
    {
        var name = $"agreements/{feed.Agreement}/feeds/{feed.Feed}/proposals";
        var ask = gate.Request(caller, Verb.ApproveRelease) with { Feed = feed.Feed };
        var permit = await gate.AskAsync(caller, feed.Agreement, ask, AuditActions.ReadProposals, name, ct);
        var rows = await catalogue.ReadAsync(
            db => db.ReleaseProposals.Where(p => p.Agreement == feed.Agreement && p.Feed == feed.Feed)
                .OrderByDescending(p => p.ProposeTicks).ThenBy(p => p.Id).Skip(skip).Take(take).ToListAsync(ct),
            ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadProposals, name, caller, permit) with
            {
                Rows = rows.Count,
                Subjects = [.. rows.SelectMany(SubjectsOf).Distinct()],
            },
            ct);
        var views = new List<ProposalView>();
        foreach (var row in rows)
            views.Add(await ViewAsync(row, ct));
        return views;
    }

    /// <summary>Opens one file of a proposal. The event commits before the first byte can be read.</summary>
    public async Task<OpenedReleaseFile> OpenFileAsync(
        Caller caller, ProposalName name, string file, long offset, CancellationToken ct)
    {
        var objectName = name.ToString();
        var ask = gate.Request(caller, Verb.ApproveRelease) with { Feed = name.Feed };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, AuditActions.ReadReleaseFile, objectName, ct);
        var row = await FindAsync(name, ct);
        var entry = JsonSerializer.Deserialize<List<ReleaseFileEntry>>(row.FilesJson)!.Find(f => f.Name == file)
            ?? throw ExchangeException.NotFound($"{row.Name}: this file");
        if (offset < 0 || offset > entry.Bytes)
            throw new ExchangeException(
                ProblemKind.OutOfRange, "OFFSET_OUT_OF_RANGE", $"The file has {entry.Bytes} bytes.");
        if ((await ViewAsync(row, ct)).State is ProposalState.Rejected or ProposalState.Lapsed)
            throw ExchangeException.Precondition(
                "PROPOSAL_OVER", "It was rejected or has lapsed; what was proposed is not kept.");
        var content = await SealedObjects.OpenAsync(store, new ObjectName(row.ObjectOf(file)), keys, ct);
        try
        {
            await ReadRelease.SkipAsync(content, offset, ct);
            var from = ReadFrom.Proposal([.. InputsOf(row).Select(i => i.Submission)]);
            var read = AuditEvent.Of(
                AuditActions.ReadReleaseFile, $"{row.Name}/files/{file}", caller, permit) with
            {
                ObjectSha256 = entry.Sha256,
                Rows = entry.Rows,
                Bytes = entry.Bytes - offset,
                Subjects = SubjectsOf(row),
            };
            var audited = await freezes.RecordAsync(from, [read], ct);
            return new OpenedReleaseFile(content, audited.Receipt, async token =>
            {
                await gate.RecheckAsync(caller, permit, AuditActions.ReadReleaseFile, objectName, token);
                await freezes.RecheckAsync(from, read, token);
            });
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    internal async Task<ReleaseProposalRow> FindAsync(ProposalName name, CancellationToken ct) =>
        await catalogue.ReadAsync(
            db => db.ReleaseProposals.SingleOrDefaultAsync(
                p => p.Agreement == name.Agreement && p.Feed == name.Feed && p.Id == name.Id, ct),
            ct) ?? throw ExchangeException.NotFound(name.ToString());

    internal async Task<ProposalView> ViewAsync(ReleaseProposalRow row, CancellationToken ct)
    {
        var agreement = gate.Find(row.Agreement, row.Name).Agreement;
        var acts = await catalogue.ReadAsync(db => ActsAsync(db, row, ct), ct);
        var state = await catalogue.ReadAsync(db => StateAsync(db, row, acts, agreement.Revision, ct), ct);
        var subjects = acts.Select(a => a.Actor).Append(row.Proposer).Distinct(StringComparer.Ordinal);
        return new ProposalView(
            row, state, agreement.Feeds.FirstOrDefault(f => f.Id == row.Feed)?.Approvals ?? 0, acts)
        {
            People = subjects.ToDictionary(
                s => s, s => ReadAudit.NameOf(agreement, s) ?? "", StringComparer.Ordinal),
        };
    }

    /// <summary>What was said to it, in order.</summary>
    internal static Task<List<ProposalActRow>> ActsAsync(
        CatalogueContext db, ReleaseProposalRow row, CancellationToken ct) =>
        db.ProposalActs.Where(a => a.Proposal == row.Id).OrderBy(a => a.Ticks).ThenBy(a => a.Event).ToListAsync(ct);

    async Task<ProposalState> StateAsync(
        CatalogueContext db, ReleaseProposalRow row, List<ProposalActRow> acts, string revision, CancellationToken ct)
    {
        if (await IsPublishedAsync(db, row, ct))
            return ProposalState.Published;
        if (acts.Exists(a => a.Kind == ProposalActKind.Reject))
            return ProposalState.Rejected;
        if (row.LapseTicks <= clock.GetUtcNow().UtcTicks)
            return ProposalState.Lapsed;
        return await WhyOutdatedAsync(db, row, revision, ct) is null ? ProposalState.Open : ProposalState.Outdated;
    }

    internal static Task<bool> IsPublishedAsync(CatalogueContext db, ReleaseProposalRow row, CancellationToken ct) =>
        db.Releases.AnyAsync(r => r.Agreement == row.Agreement && r.Feed == row.Feed && r.Build == row.Build, ct);

    /// <summary>
    /// What it rests on and is no longer so; null: all of it stands. Its figures were made safe beside what was
    /// published of the same records when it was made, so that another release of them since then outdates it.
    /// </summary>
    internal static async Task<ExchangeException?> WhyOutdatedAsync(
        CatalogueContext db, ReleaseProposalRow row, string revision, CancellationToken ct)
    {
        const string Remedy = "Propose the release again.";
        if (row.AgreementRevision != revision)
            return new ExchangeException(
                ProblemKind.Aborted, "AGREEMENT_CHANGED",
                $"Another revision of the agreement has come into force. {Remedy}");
        var inputs = InputsOf(row);
        if (!await ReleaseCommit.StandAsync(db, inputs, ct))
            return ReleaseCommit.InputsChanged(Remedy);
        var release = row.AsRelease(row.ProposeTicks, row.ProposeTicks);
        var earlier = JsonSerializer.Deserialize<HashSet<string>>(row.EarlierJson)!;
        var beside = await EarlierReleases.Of(db, release).ToListAsync(ct);
        var isOvertaken = !earlier.SetEquals(beside.Select(r => r.Name)) || await db.Releases.AnyAsync(
            r => r.Agreement == row.Agreement && r.Feed == row.Feed && r.Number >= row.Number, ct);
        return isOvertaken
            ? new ExchangeException(
                ProblemKind.Aborted, "OTHER_RELEASE_PUBLISHED",
                $"Another release of the feed or of the same records was published since. {Remedy}")
            : null;
    }

    internal static List<ReleaseInput> InputsOf(ReleaseProposalRow row) =>
        JsonSerializer.Deserialize<List<ReleaseInput>>(row.InputsJson)!;

    internal static List<EventSubject> SubjectsOf(ReleaseProposalRow row) =>
        [.. InputsOf(row).Select(i => new EventSubject(i.Party, i.Dataset)).Distinct()];
}
