using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What somebody wants to read of another authority's records.</summary>
public sealed record RecordsAsked(SubmissionName Dataset, InformationPeriod Period, IReadOnlyList<string> Areas)
{
    /// <summary>Names of columns; none = all that are open.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    public string Purpose { get; init; } = "";
}

/// <summary>The submissions that hold the records asked for, and what none of them holds.</summary>
sealed record RecordSources(IReadOnlyList<SubmissionRow> Rows, IReadOnlyList<string> MissingAreas)
{
    /// <summary>
    /// Submitted ones that overlap period and areas, in the order of their periods. Those that were superseded,
    /// withdrawn or erased are not read; a frozen one is among them, so that the read is refused and not cut.
    /// </summary>
    public static async Task<RecordSources> OfAsync(CatalogueContext db, RecordsAsked asked, CancellationToken ct)
    {
        var name = asked.Dataset;
        var (start, end) = (CreateSubmission.Iso(asked.Period.Start), CreateSubmission.Iso(asked.Period.EndExclusive));
        var submitted = await db.Submissions.Where(
            s => s.Agreement == name.Agreement && s.Party == name.Party && s.Dataset == name.Dataset
                && s.State == SubmissionState.Submitted
                && string.Compare(s.PeriodStart, end) < 0 && string.Compare(s.PeriodEnd, start) > 0)
            .OrderBy(s => s.PeriodStart).ThenBy(s => s.Id).ToListAsync(ct);
        var rows = submitted.FindAll(s => AreasOf(s, asked).Any());
        return new RecordSources(rows, [.. asked.Areas.Where(area => IsMissing(area, rows, asked.Period))]);
    }

    /// <summary>The areas asked for that the submission was owed to.</summary>
    public static IEnumerable<string> AreasOf(SubmissionRow row, RecordsAsked asked) =>
        row.Areas.Split(',').Intersect(asked.Areas, StringComparer.Ordinal);

    /// <summary>Submitted ones never overlap for one area, so days add up.</summary>
    static bool IsMissing(string area, List<SubmissionRow> rows, InformationPeriod period) =>
        rows.Where(r => r.Areas.Split(',').Contains(area, StringComparer.Ordinal)).Sum(r => DaysIn(r, period))
            < period.EndExclusive.DayNumber - period.Start.DayNumber;

    static int DaysIn(SubmissionRow row, InformationPeriod period)
    {
        var first = Math.Max(CreateSubmission.Day(row.PeriodStart).DayNumber, period.Start.DayNumber);
        return Math.Min(CreateSubmission.Day(row.PeriodEnd).DayNumber, period.EndExclusive.DayNumber) - first;
    }
}

/// <summary>The columns that may leave: never more than every revision concerned opens to the reader.</summary>
static class ColumnCeiling
{
    /// <summary>
    /// Columns to write, in the order of the specification. What was submitted under an earlier revision stays bound to
    /// it: of two revisions the narrower counts.
    /// </summary>
    /// <param name="revisions">The one in force first; null for one that the exchange does not hold.</param>
    /// <exception cref="ExchangeException">PERMISSION_DENIED, INVALID_ARGUMENT.</exception>
    public static IReadOnlyList<string> Apply(
        IReadOnlyList<string> columns, RecordsAsked asked, string party, IEnumerable<SharingAgreement?> revisions)
    {
        var open = columns;
        foreach (var revision in revisions)
        {
            var clause = ClauseOf(revision, asked.Dataset.Dataset, party);
            if (!clause.Purposes.Contains(asked.Purpose, StringComparer.Ordinal))
                throw Denied(
                    RefusalReasons.PurposeNotPermitted, clause.Clause,
                    "Under the revision they were submitted under, the records are not open for this purpose.");
            open = [.. open.Where(c => clause.Columns.Contains(c, StringComparer.Ordinal))];
        }

        foreach (var (column, index) in asked.Columns.Select((c, i) => (c, i)))
        {
            // Only names of the specification are repeated: anything else might be anything.
            if (!columns.Contains(column, StringComparer.Ordinal))
                throw ExchangeException.Invalid(
                    "UNKNOWN_COLUMN", $"Column {index + 1} of those asked for is not a column of the dataset.");
            if (!open.Contains(column, StringComparer.Ordinal))
                throw Denied(
                    "COLUMN_NOT_PERMITTED", $"records[{asked.Dataset.Dataset}]",
                    $"The column {column} is not open. Open are: {string.Join(", ", open)}.");
        }

        if (asked.Columns.Count > 0)
            open = [.. open.Where(c => asked.Columns.Contains(c, StringComparer.Ordinal))];
        return open.Count > 0
            ? open
            : throw Denied(
                RefusalReasons.RecordsClosed, $"records[{asked.Dataset.Dataset}]",
                "No column of these records is open under every revision concerned.");
    }

    static RecordsClause ClauseOf(SharingAgreement? revision, string dataset, string party)
    {
        var clause = revision?.Records.FirstOrDefault(r => r.Dataset == dataset);
        var isOpen = clause is not null && (clause.Readers.Count == 0
            ? revision!.Parties.Any(p => p.Id == party && p.Class == PartyClause.Responsible)
            : clause.Readers.Contains(party, StringComparer.Ordinal));
        return isOpen
            ? clause!
            : throw Denied(
                RefusalReasons.RecordsClosed, $"records[{dataset}]",
                "The revision that the records were submitted under does not open them.");
    }

    static ExchangeException Denied(string reason, string clause, string message) => new(
        ProblemKind.PermissionDenied, reason, message,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["clause"] = clause });
}
