using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>Finds submissions, and which of their queries still wait for an explanation.</summary>
static class SubmissionQueries
{
    /// <summary>Id of a group within its submission: rule and field.</summary>
    public static string GroupId(ViolationGroup group) =>
        group.Field.Length == 0 ? group.Rule : $"{group.Rule}.{group.Field}";

    /// <summary>The submission of exactly that name; NOT_FOUND when any part of the name is another's.</summary>
    public static async Task<SubmissionRow> FindAsync(CatalogueContext db, SubmissionName name, CancellationToken ct)
    {
        var row = await db.Submissions.SingleOrDefaultAsync(s => s.Id == name.Id, ct);
        return row is not null && row.Name == name.ToString()
            ? row
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString()));
    }

    public static async Task<List<string>> OpenGroupsAsync(CatalogueContext db, string submission, CancellationToken ct)
    {
        if (await db.Reports.SingleOrDefaultAsync(r => r.Submission == submission, ct) is not { } report)
            return [];
        var explained = await db.Explanations.Where(e =>
            e.Submission == submission).Select(e => e.Group).ToListAsync(ct);
        return [.. ReportJson.FromRow(report).Groups.Where(g => g.Severity == Severity.Query).Select(GroupId)
            .Except(explained, StringComparer.Ordinal)];
    }
}
