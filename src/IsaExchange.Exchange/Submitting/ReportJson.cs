using System.Text.Json;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Submitting;

/// <summary>A validation report as it is kept: places and rules, never a cell value.</summary>
public sealed record KeptReport(IReadOnlyList<ViolationGroup> Groups, IReadOnlyList<Violation> Violations);

/// <summary>Report to row and back.</summary>
static class ReportJson
{
    public static ReportRow ToRow(string submission, ValidationReport report) => new()
    {
        Submission = submission,
        Json = JsonSerializer.Serialize(new KeptReport(report.Groups, report.Violations)),
        Errors = report.ErrorCount,
        Queries = report.QueryCount,
        Truncated = report.Truncated,
    };

    public static KeptReport FromRow(ReportRow row) =>
        JsonSerializer.Deserialize<KeptReport>(row.Json) ?? throw new InvalidDataException("A report that is not one.");
}
