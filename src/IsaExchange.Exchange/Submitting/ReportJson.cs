using System.Text.Json;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Submitting;

/// <summary>A validation report as it is kept: places and rules, never a cell value.</summary>
public sealed record KeptReport(IReadOnlyList<ViolationGroup> Groups, IReadOnlyList<Violation> Violations)
{
    /// <summary>Null where the dataset is not compared, or there were errors.</summary>
    public KeptComparison? Comparison { get; init; }

    /// <summary>Of refused content only, which has no sealed cube; null where the dataset declares no
    /// quasi-identifiers.</summary>
    public RecordRisk? Risk { get; init; }

    /// <summary>What its codes were held against, as it was then.</summary>
    public IReadOnlyList<EditionUsed> Editions { get; init; } = [];
}

/// <summary>With which submissions one was compared, and with which it could not be. Names only.</summary>
public sealed record KeptComparison(IReadOnlyList<string> With, IReadOnlyList<NotCompared> Without);

/// <summary>A submission that was left out, and why, as half a sentence.</summary>
public sealed record NotCompared(string Submission, string Reason);

/// <summary>Report to row and back.</summary>
static class ReportJson
{
    public static ReportRow ToRow(
        string submission, ValidationReport report, KeptComparison? comparison,
        IEnumerable<CodeListEdition> editions) => new()
    {
        Submission = submission,
        Json = JsonSerializer.Serialize(new KeptReport(report.Groups, report.Violations)
        {
            Comparison = comparison,
            Risk = report.HasErrors ? report.Risk : null,
            Editions = [.. editions.Select(EditionUsed.Of)],
        }),
        Errors = report.ErrorCount,
        Queries = report.QueryCount,
        Truncated = report.Truncated,
    };

    public static KeptReport FromRow(ReportRow row) =>
        JsonSerializer.Deserialize<KeptReport>(row.Json) ?? throw new InvalidDataException("A report that is not one.");
}
