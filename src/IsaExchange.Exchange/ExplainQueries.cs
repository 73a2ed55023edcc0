using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>
/// Takes what a liaison officer says to a query: for one submission, or until a day for those that follow as well. Each
/// is a row, and an event with the digest of the text; what was said before stays to be seen.
/// </summary>
public sealed class ExplainQueries(
    SubmissionAccess access, AuditTrail trail, TimeProvider clock, Limits limits)
{
    const int TextLengthMax = 2000;

    /// <summary>Explains one group of queries; errors cannot be explained away.</summary>
    /// <param name="caller">An officer of the party.</param>
    /// <param name="name">READY, or submitted with the query open.</param>
    /// <param name="group">Id of the group.</param>
    /// <param name="text">1 to 2000 characters.</param>
    /// <param name="until">Last day on which it also answers this query of later submissions; null: of none.</param>
    /// <param name="request">The same id is done once.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<ExplainedGroup> ExplainAsync(
        Caller caller, SubmissionName name, string group, string text, DateOnly? until, RequestKey request,
        CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > TextLengthMax)
            throw ExchangeException.Invalid(
                "EXPLANATION_LENGTH", $"An explanation has between 1 and {TextLengthMax} characters.");
        var (_, permit) = await access.PermitAsync(caller, name, Verb.Explain, AuditActions.Explain, ct);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                var row = await SubmissionQueries.FindAsync(db, name, ct);
                var found = await QueryAsync(db, row, group, ct);
                // First: what was explained stays answered when the day or the submission has passed meanwhile.
                var repeated = await request.AnsweredAsync(db, caller, ct) is not null;
                if (!repeated)
                {
                    CheckExplainable(row, found, until);
                    await AddAsync(db, row, group, text, until, caller, ct);
                    request.Remember(db, caller, row.Name, clock.GetUtcNow());
                }

                await scope.RecordAsync(EventOf(AuditActions.Explain, row, group, caller, permit) with
                {
                    RequestId = request.Id,
                    Reason = repeated ? "REPEATED" : until is { } day ? $"UNTIL {CreateSubmission.Iso(day)}" : "",
                    ObjectSha256 = SubmissionActs.Digest(text),
                });
                return await AnsweredAsync(db, row, found, ct);
            },
            ct);
        return audited.Value;
    }

    /// <summary>Ends an explanation that was given until a day: it answers no later submission any more. What was
    /// submitted with it keeps it.</summary>
    /// <param name="caller">An officer of the party.</param>
    /// <param name="name">The submission to which it was said, or one that it was carried to.</param>
    /// <param name="group">Id of the group.</param>
    /// <param name="request">The same id is done once.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<ExplainedGroup> EndAsync(
        Caller caller, SubmissionName name, string group, RequestKey request, CancellationToken ct)
    {
        var (_, permit) = await access.PermitAsync(caller, name, Verb.Explain, AuditActions.EndExplanation, ct);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var db = scope.Catalogue;
                var row = await SubmissionQueries.FindAsync(db, name, ct);
                var found = await QueryAsync(db, row, group, ct);
                // First: a draft has nothing more to end once it is done.
                var source = await request.AnsweredAsync(db, caller, ct);
                var repeated = source is not null;
                var given = source is null
                    ? await GivenAsync(db, row, group, ct)
                    : await EndedAsync(db, SubmissionName.Parse(source), group, ct);
                if (given is null || (given.EndTicks is not null && !repeated))
                    throw ExchangeException.Precondition(
                        "NOTHING_TO_END", "No explanation of this query was given until a day that could be ended.");
                if (!repeated)
                {
                    (given.EndTicks, given.EndActor) = (clock.GetUtcNow().UtcTicks, caller.Principal.Subject);
                    row.Version++;
                    var said = new SubmissionName(row.Agreement, row.Party, row.Dataset, given.Submission);
                    request.Remember(db, caller, said.ToString(), clock.GetUtcNow());
                }

                await scope.RecordAsync(EventOf(AuditActions.EndExplanation, row, group, caller, permit) with
                {
                    RequestId = request.Id,
                    Reason = repeated ? "REPEATED" : "",
                    ObjectSha256 = SubmissionActs.Digest(given.Text),
                });
                await db.SaveChangesAsync(ct);
                var answer = await AnsweredAsync(db, row, found, ct);
                // What it no longer answers is not with a draft any more, and the end of it is what was asked for.
                return answer.Said.Count > 0
                    ? answer
                    : answer with { Said = [Explanations.Carried(given, row.Id, 0)] };
            },
            ct);
        return audited.Value;
    }

    /// <exception cref="ExchangeException">FAILED_PRECONDITION, INVALID_ARGUMENT.</exception>
    void CheckExplainable(SubmissionRow row, ViolationGroup group, DateOnly? until)
    {
        Explanations.CheckUntil(until, Today, limits.ExplanationDaysMax);
        if (group.IsRest && until is not null)
            throw ExchangeException.Invalid(
                "UNTIL_OF_UNLISTED",
                "This query stands for counts that are not listed, others each time: explain it without a last day.");
        if (row.State is not (SubmissionState.Ready or SubmissionState.Submitted))
            throw ExchangeException.Precondition(
                "NOT_EXPLAINABLE", "Only a READY or a submitted file can be explained.");
    }

    static async Task<ViolationGroup> QueryAsync(
        CatalogueContext db, SubmissionRow row, string group, CancellationToken ct)
    {
        var kept = await db.Reports.SingleOrDefaultAsync(r => r.Submission == row.Id, ct);
        var groups = kept is null ? [] : ReportJson.FromRow(kept).Groups;
        var found = groups.FirstOrDefault(g => g.Id == group)
            ?? throw ExchangeException.NotFound($"{row.Name}/violationGroups");
        return found.Severity == Severity.Query
            ? found
            : throw ExchangeException.Precondition(
                "NOT_A_QUERY", "Only a query can be explained; an error must be corrected in the source.");
    }

    async Task AddAsync(
        CatalogueContext db, SubmissionRow row, string group, string text, DateOnly? until, Caller caller,
        CancellationToken ct)
    {
        var last = await db.Explanations.Where(e => e.Submission == row.Id && e.Group == group)
            .MaxAsync(e => (int?)e.Number, ct) ?? 0;
        if (last > 0 && row.State == SubmissionState.Submitted)
            throw ExchangeException.Precondition(
                "EXPLAINED", "What was said when it was submitted stands; a correction can say it anew.");
        if (last >= limits.ExplanationsOfAQuery)
            throw new ExchangeException(
                ProblemKind.ResourceExhausted, "EXPLANATIONS_TOO_MANY",
                $"A query is explained {limits.ExplanationsOfAQuery} times at most. Send the file again.");
        db.Explanations.Add(new ExplanationRow
        {
            Submission = row.Id,
            Group = group,
            Number = last + 1,
            Text = text,
            Actor = caller.Principal.Subject,
            Ticks = clock.GetUtcNow().UtcTicks,
            Until = until is { } day ? CreateSubmission.Iso(day) : null,
        });
        row.Version++;
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The last word of whoever said it first, when it was given until a day.</summary>
    async Task<ExplanationRow?> GivenAsync(CatalogueContext db, SubmissionRow row, string group, CancellationToken ct)
    {
        var standing = (await Explanations.StandingAsync(db, row, Today, ct)).GetValueOrDefault(group);
        if (standing is null)
            return null;
        var source = standing.CarriedFrom ?? row.Id;
        var given = await db.Explanations.Where(e => e.Submission == source && e.Group == group)
            .OrderByDescending(e => e.Number).FirstOrDefaultAsync(ct);
        return given?.Until is null ? null : given;
    }

    /// <summary>What a request has ended before.</summary>
    static Task<ExplanationRow?> EndedAsync(
        CatalogueContext db, SubmissionName source, string group, CancellationToken ct) => db.Explanations
        .Where(e => e.Submission == source.Id && e.Group == group && e.EndTicks != null)
        .OrderByDescending(e => e.Number).FirstOrDefaultAsync(ct);

    async Task<ExplainedGroup> AnsweredAsync(
        CatalogueContext db, SubmissionRow row, ViolationGroup group, CancellationToken ct) =>
        new(group, await Explanations.SaidAsync(db, row, group.Id, Today, ct));

    DateOnly Today => LondonTime.Date(clock.GetUtcNow());

    static AuditEvent EventOf(string action, SubmissionRow row, string group, Caller caller, Permit permit) =>
        AuditEvent.Of(action, $"{row.Name}/violationGroups/{group}", caller, permit) with
        {
            Subjects = [new EventSubject(row.Party, row.Dataset)],
        };
}
