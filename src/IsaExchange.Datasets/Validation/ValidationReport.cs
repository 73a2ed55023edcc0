using System.Text.Json.Serialization;

namespace IsaExchange.Datasets.Validation;

/// <summary>One violation and its place. No text of it comes from a cell.</summary>
/// <param name="Rule">Code of the rule.</param>
/// <param name="Line">Physical line as sent, from 1; where the field begins, or the record. 0 = the whole file.</param>
/// <param name="Record">The header is 0; -1 = the whole file. A blank line has that of the record before it.</param>
/// <param name="Column">From 1; 0 = the whole record.</param>
/// <param name="Field">Name in the specification; "column 7" for a column outside it; empty = the whole record.</param>
public sealed record Violation(
    Severity Severity, string Rule, long Line, long Record, int Column, string Field, string Description,
    string Remedy);

/// <summary>All violations of one rule in one field; Count is exact even where the list is cut.</summary>
public sealed record ViolationGroup(
    string Rule, string Field, Severity Severity, long Count, string Description, string Remedy)
{
    /// <summary>The area that a query of plausibility is about; empty = all of them.</summary>
    public string Area { get; init; } = "";

    /// <summary>The code, of the dimension in <see cref="Field"/>, that it is about; empty = all of them.</summary>
    public string Code { get; init; } = "";

    /// <summary><see cref="Above"/> or <see cref="Below"/> what was expected; empty where it says nothing.</summary>
    public string Direction { get; init; } = "";

    /// <summary>It stands for counts that are not listed each by itself: which they are is different every time.
    /// </summary>
    public bool IsRest { get; init; }

    public const string Above = "above";

    public const string Below = "below";

    /// <summary>Names it within its report: what is explained for one period is explained for the same in the next.
    /// Rule, field, area, code and direction, as far as it has them.</summary>
    [JsonIgnore]
    public string Id => IdOf(Rule, Field, Area, Code, Direction);

    public static string IdOf(
        string rule, string field, string area = "", string code = "", string direction = "") => string.Join(
        '.', new[] { rule, field, area, Uri.EscapeDataString(code).Replace('%', '~'), direction }
            .Where(part => part.Length > 0));
}

/// <summary>What the validator found. Bounded in size whatever the file.</summary>
public sealed record ValidationReport
{
    /// <summary>Records read, the header and blank lines not counted.</summary>
    public required long RecordCount { get; init; }

    /// <summary>Records handed to the sink; 0 when a packed file was given up, whatever came out of it.</summary>
    public required long AcceptedCount { get; init; }

    public required long ErrorCount { get; init; }

    public required long QueryCount { get; init; }

    /// <summary>Accepted records that belong to no area of the submission, or have no location.</summary>
    public required long OutsideCount { get; init; }

    /// <summary>Not every violation or group is listed; the counts are exact all the same.</summary>
    public required bool Truncated { get; init; }

    /// <summary>The file was not read to its end: what follows the last violation is unknown.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>Errors first, then by rule and position of the field.</summary>
    public required IReadOnlyList<ViolationGroup> Groups { get; init; }

    /// <summary>In the order of the file; what only its end can show comes last.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>Accepted records by position in <see cref="ValidationPlan.Areas"/>.</summary>
    public required IReadOnlyList<long> RecordsByArea { get; init; }

    /// <summary>Of the accepted records; null where the dataset tells no places.</summary>
    public LocationQuality? Locations { get; init; }

    /// <summary>Null where the dataset declares no quasi-identifiers, or the file was not read to its end.</summary>
    public RecordRisk? Risk { get; init; }

    public bool HasErrors => ErrorCount > 0;
}
