using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>Which queries of a submission still wait for an explanation.</summary>
static class SubmissionQueries
{
    /// <summary>Id of a group within its submission: rule and field.</summary>
    public static string GroupId(ViolationGroup group) =>
        group.Field.Length == 0 ? group.Rule : $"{group.Rule}.{group.Field}";

    public static async Task<List<string>> OpenGroupsAsync(CatalogueContext db, string submission, CancellationToken ct)
    {
        if (await db.Reports.SingleOrDefaultAsync(r => r.Submission == submission, ct) is not { } report)
            return [];
        var explained = await db.Explanations.Where(e => e.Submission == submission).Select(e => e.Group).ToListAsync(ct);
        return [.. ReportJson.FromRow(report).Groups.Where(g => g.Severity == Severity.Query).Select(GroupId)
            .Except(explained, StringComparer.Ordinal)];
    }
}
