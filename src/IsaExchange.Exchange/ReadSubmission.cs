using System.Security.Cryptography;
using System.Text;
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

/// <summary>A group of faults with the officer's explanation, if any.</summary>
public sealed record ExplainedGroup(string Id, ViolationGroup Group, string Explanation);

/// <summary>Reads a party's own submissions, and takes explanations of their queries.</summary>
public sealed class ReadSubmission(
    AgreementGate gate, SubmissionAccess access, AuditTrail trail, ICatalogue catalogue, ReceiptProofs proofs,
    TimeProvider clock)
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
                    await SubmissionQueries.OpenGroupsAsync(db, found.Id, ct),
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

    /// <summary>The kept violations and all groups of a submission.</summary>
    public async Task<(IReadOnlyList<Violation> Violations, IReadOnlyList<ExplainedGroup> Groups)> ViolationsAsync(
        Caller caller, SubmissionName name, CancellationToken ct)
    {
        await LogReadAsync(caller, name, ct);
        return await catalogue.ReadAsync<(IReadOnlyList<Violation>, IReadOnlyList<ExplainedGroup>)>(
            async db =>
            {
                var row = await SubmissionQueries.FindAsync(db, name, ct);
                if (await db.Reports.SingleOrDefaultAsync(r => r.Submission == row.Id, ct) is not { } kept)
                    return ([], []);
                var report = ReportJson.FromRow(kept);
                var said = await db.Explanations.Where(e => e.Submission == row.Id)
                    .ToDictionaryAsync(e => e.Group, e => e.Text, ct);
                var groups = report.Groups.Select(g => (Id: SubmissionQueries.GroupId(g), Group: g));
                return (
                    report.Violations,
                    [.. groups.Select(g => new ExplainedGroup(g.Id, g.Group, said.GetValueOrDefault(g.Id, "")))]);
            },
            ct);
    }

    /// <summary>Explains one group of queries; errors cannot be explained away.</summary>
    public async Task<ExplainedGroup> ExplainAsync(
        Caller caller, SubmissionName name, string group, string text, RequestKey request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 2000)
            throw ExchangeException.Invalid("EXPLANATION_LENGTH", "An explanation has between 1 and 2000 characters.");
        var (_, permit) = await access.PermitAsync(caller, name, Verb.Explain, AuditActions.Explain, ct);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                var row = await SubmissionQueries.FindAsync(db, name, ct);
                var kept = await db.Reports.SingleOrDefaultAsync(r => r.Submission == row.Id, ct);
                var groups = kept is null ? [] : ReportJson.FromRow(kept).Groups;
                var found = groups.FirstOrDefault(g => SubmissionQueries.GroupId(g) == group)
                    ?? throw ExchangeException.NotFound($"{row.Name}/violationGroups");
                if (found.Severity != Severity.Query)
                    throw ExchangeException.Precondition(
                        "NOT_A_QUERY", "Only a query can be explained; an error must be corrected in the source.");
                if (row.State is not (SubmissionState.Ready or SubmissionState.Submitted))
                    throw ExchangeException.Precondition(
                        "NOT_EXPLAINABLE", "Only a READY or a submitted file can be explained.");
                if (await request.AnsweredAsync(db, caller, ct) is null)
                {
                    await PutAsync(db, row, group, text, caller, ct);
                    request.Remember(db, caller, row.Name, clock.GetUtcNow());
                }

                await scope.RecordAsync(AuditEvent.Of(
                    AuditActions.Explain, $"{row.Name}/violationGroups/{group}", caller, permit) with
                {
                    RequestId = request.Id,
                    ObjectSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
                    Subjects = [new EventSubject(row.Party, row.Dataset)],
                });
                return new ExplainedGroup(group, found, text);
            },
            ct);
        return audited.Value;
    }

    async Task PutAsync(
        CatalogueContext db, SubmissionRow row, string group, string text, Caller caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var said = await db.Explanations.FindAsync([row.Id, group], ct);
        if (said is not null && row.State == SubmissionState.Submitted)
            throw ExchangeException.Precondition(
                "EXPLAINED", "What was said when it was submitted stands; a correction can say it anew.");
        if (said is not null)
            (said.Text, said.Actor, said.Ticks) = (text, caller.Principal.Subject, now);
        else
            db.Explanations.Add(
                new ExplanationRow
                {
                    Submission = row.Id, Group = group, Text = text, Actor = caller.Principal.Subject, Ticks = now,
                });
        row.Version++;
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
