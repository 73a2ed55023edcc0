using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>A submission as its own party may see it.</summary>
/// <param name="SubmitLeafHash">RFC 6962 leaf hash of the receipt's event; empty before it is submitted.</param>
public sealed record SubmissionView(
    SubmissionRow Row, ReportRow? Report, long UnexplainedQueries, InclusionEvidenceText? Evidence,
    byte[] SubmitLeafHash)
{
    /// <summary>What was done with it after it was sent, oldest first.</summary>
    public IReadOnlyList<SubmissionActRow> Acts { get; init; } = [];
}

/// <summary>Where the receipt's event stands in the log, as text that verifies offline.</summary>
public sealed record InclusionEvidenceText(long Index, string Proof);

/// <summary>A group of faults, and what was said to it: first what stands, then what was said before.</summary>
public sealed record ExplainedGroup(ViolationGroup Group, IReadOnlyList<ExplanationRow> Said)
{
    /// <summary>Of a query that came of comparing periods; null where nothing can be opened.</summary>
    public ComparedCounts? Compared { get; init; }
}

/// <summary>The report of a submission as its own party may see it.</summary>
public sealed record ViolationsView(IReadOnlyList<Violation> Violations, IReadOnlyList<ExplainedGroup> Groups)
{
    public KeptComparison? Comparison { get; init; }

    /// <summary>Null where its dataset tells no places, or its counts cannot be opened.</summary>
    public LocationQuality? Locations { get; init; }

    /// <summary>Null where its dataset declares no quasi-identifiers, they could not be counted, or its counts cannot
    /// be opened.</summary>
    public RecordRisk? Risk { get; init; }
}

/// <summary>Reads a party's own submissions.</summary>
public sealed class ReadSubmission(
    AgreementGate gate, SubmissionAccess access, AuditTrail trail, ICatalogue catalogue, ReceiptProofs proofs,
    ComparePeriods periods, TimeProvider clock)
{
    public async Task<SubmissionView> GetAsync(Caller caller, SubmissionName name, CancellationToken ct)
    {
        await LogReadAsync(caller, name, ct);
        return await ViewAsync(name, ct);
    }

    /// <summary>The view without a further event: for answers of calls that have logged theirs.</summary>
    public async Task<SubmissionView> ViewAsync(SubmissionName name, CancellationToken ct)
    {
        var (row, report, open, leaf, acts) = await catalogue.ReadAsync(
            async db =>
            {
                var found = await SubmissionQueries.FindAsync(db, name, ct);
                return (found,
                    await db.Reports.SingleOrDefaultAsync(r => r.Submission == found.Id, ct),
                    await SubmissionQueries.OpenGroupsAsync(db, found, LondonTime.Date(clock.GetUtcNow()), ct),
                    await db.Events.Where(e => e.Id == found.SubmitEvent).Select(e => e.Leaf).SingleOrDefaultAsync(ct),
                    await db.SubmissionActs.Where(a => a.Submission == found.Id).OrderBy(a => a.Ticks)
                        .ToListAsync(ct));
            },
            ct);
        var leafHash = leaf is null ? [] : MerkleTree.LeafHash(leaf).ToArray();
        var evidence = row.SubmitEvent is { } submitted ? await proofs.FindAsync(submitted, ct) : null;
        return new SubmissionView(row, report, open.Count, evidence, leafHash) { Acts = acts };
    }

    /// <summary>Newest first; the dataset "-" means every dataset of the party.</summary>
    public async Task<(IReadOnlyList<SubmissionView> Page, bool HasMore)> ListAsync(
        Caller caller, SubmissionName parent, int skip, int take, CancellationToken ct)
    {
        await LogListAsync(caller, parent, ct);
        var any = parent.Dataset == "-";
        var rows = await catalogue.ReadAsync(
            db => db.Submissions.Where(
                s => s.Agreement == parent.Agreement && s.Party == parent.Party && (any || s.Dataset == parent.Dataset))
                .OrderByDescending(s => s.CreateTicks).ThenBy(s => s.Id).Skip(skip).Take(take + 1).ToListAsync(ct),
            ct);

        // More is what was found, not what may be seen: a page of others' areas must not end the list.
        var views = new List<SubmissionView>();
        foreach (var row in rows.Take(take).Where(row => access.MaySee(caller, row)))
            views.Add(await ViewAsync(SubmissionName.Parse(row.Name), ct));
        return (views, rows.Count > take);
    }

    /// <summary>The kept violations, all groups, and what a comparison and the sealed cube tell of them.</summary>
    public async Task<ViolationsView> ViolationsAsync(
        Caller caller, SubmissionName name, bool withCounts, CancellationToken ct)
    {
        await LogReadAsync(caller, name, ct);
        var today = LondonTime.Date(clock.GetUtcNow());
        var (row, report, groups) = await catalogue.ReadAsync(
            async db =>
            {
                var found = await SubmissionQueries.FindAsync(db, name, ct);
                var kept = await db.Reports.SingleOrDefaultAsync(r => r.Submission == found.Id, ct);
                var read = kept is null ? null : ReportJson.FromRow(kept);
                return (found, read, await GroupsAsync(db, found, read, today, ct));
            },
            ct);
        if (report is null)
            return new ViolationsView([], groups);
        var view = new ViolationsView(report.Violations, groups) { Comparison = report.Comparison };
        return withCounts ? await WithCountsAsync(row, report, view, ct) : view;
    }

    static async Task<IReadOnlyList<ExplainedGroup>> GroupsAsync(
        CatalogueContext db, SubmissionRow row, KeptReport? report, DateOnly today, CancellationToken ct)
    {
        var own = await Explanations.OwnAsync(db, row, ct);
        var carried = (await Explanations.CarriedAsync(db, row, today, ct))
            .ToDictionary(c => c.Given.Group, StringComparer.Ordinal);
        return [.. (report?.Groups ?? []).Select(Explained)];

        ExplainedGroup Explained(ViolationGroup group)
        {
            if (own.Contains(group.Id) || !carried.TryGetValue(group.Id, out var said))
                return new ExplainedGroup(group, [.. own[group.Id]]);
            return said.IsOutgrown
                ? new ExplainedGroup(group with { Description = group.Description + said.Words }, [])
                : new ExplainedGroup(group, [Explanations.Carried(said.Given, row.Id, 0)]);
        }
    }

    async Task<ViolationsView> WithCountsAsync(
        SubmissionRow row, KeptReport report, ViolationsView view, CancellationToken ct)
    {
        var (counts, figures) = await periods.CountsOfAsync(row, report, gate.Book.Datasets.Find(row.Dataset), ct);
        return view with
        {
            Groups = [.. view.Groups.Select(g => g with { Compared = counts.GetValueOrDefault(g.Group.Id) })],
            Locations = figures?.Locations,

            // What was refused has no cube, and was told of by its faults.
            Risk = figures?.Risk ?? report.Risk,
        };
    }

    async Task LogReadAsync(Caller caller, SubmissionName name, CancellationToken ct)
    {
        var (row, permit) = await access.PermitAsync(
            caller, name, Verb.ReadSubmission, AuditActions.ReadSubmission, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadSubmission, row.Name, caller, permit) with
            {
                Subjects = [new EventSubject(row.Party, row.Dataset)],
            },
            ct);
    }

    async Task LogListAsync(Caller caller, SubmissionName parent, CancellationToken ct)
    {
        var dataset = parent.Dataset == "-" ? null : parent.Dataset;
        var ask = gate.Request(caller, Verb.ReadSubmission) with { Party = parent.Party, Dataset = dataset };
        var permit = await gate.AskAsync(
            caller, parent.Agreement, ask, AuditActions.ReadSubmission, parent.DatasetName, ct);
        await trail.RecordAsync(
            AuditEvent.Of(AuditActions.ReadSubmission, parent.DatasetName + "/submissions", caller, permit) with
            {
                Subjects = [new EventSubject(parent.Party, dataset ?? "")],
            },
            ct);
    }
}
