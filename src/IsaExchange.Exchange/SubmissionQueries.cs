using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>A query of a submission, and what was said to it; null while it is open.</summary>
public sealed record AnsweredQuery(ViolationGroup Group, ExplanationRow? Explanation);

/// <summary>Finds submissions, and which of their queries still wait for an explanation.</summary>
static class SubmissionQueries
{
    /// <summary>The submission of exactly that name; NOT_FOUND when any part of the name is another's.</summary>
    public static async Task<SubmissionRow> FindAsync(CatalogueContext db, SubmissionName name, CancellationToken ct)
    {
        var row = await db.Submissions.SingleOrDefaultAsync(s => s.Id == name.Id, ct);
        return row is not null && row.Name == name.ToString()
            ? row
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString()));
    }

    /// <summary>Every query with what stands to it on a day; of what was submitted the day says nothing.</summary>
    public static async Task<IReadOnlyList<AnsweredQuery>> AnsweredAsync(
        CatalogueContext db, SubmissionRow row, DateOnly today, CancellationToken ct)
    {
        var report = await db.Reports.SingleOrDefaultAsync(r => r.Submission == row.Id && r.Queries > 0, ct);
        if (report is null)
            return [];
        var said = await Explanations.StandingAsync(db, row, today, ct);
        return [.. ReportJson.FromRow(report).Groups.Where(g => g.Severity == Severity.Query)
            .Select(g => new AnsweredQuery(g, said.GetValueOrDefault(g.Id)))];
    }

    public static async Task<List<string>> OpenGroupsAsync(
        CatalogueContext db, SubmissionRow row, DateOnly today, CancellationToken ct) =>
        [.. (await AnsweredAsync(db, row, today, ct)).Where(q => q.Explanation is null).Select(q => q.Group.Id)];
}
