using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Validation;

/// <summary>What one file may cost, whatever is in it.</summary>
public sealed record ValidationLimits
{
    public static ValidationLimits Default { get; } = new();

    /// <summary>Violations listed with their place; all are counted.</summary>
    public int MaxViolationsShown { get; init; } = 1000;

    /// <summary>
    /// Violations listed of one rule and field, so that one slip in every record does not hide the rest.
    /// </summary>
    public int MaxViolationsPerGroup { get; init; } = 100;

    /// <summary>Groups of violations listed.</summary>
    public int MaxGroups { get; init; } = 500;

    /// <summary>
    /// Combinations of quasi-identifiers counted. At most about 20 bytes and 4 for each field, twice; a file with more
    /// of them is refused.
    /// </summary>
    public int MaxGroupsCounted { get; init; } = 200_000;

    public int MaxColumns { get; init; } = 200;

    public int MaxRecordBytes { get; init; } = 64 * 1024;

    public int MaxFieldBytes { get; init; } = 4 * 1024;

    /// <summary>Bytes that may come out of a packed file; the exchange takes as many as a plain one may have.</summary>
    public long MaxUnpackedBytes { get; init; } = PackedLimits.ContentBytesMax;
}
