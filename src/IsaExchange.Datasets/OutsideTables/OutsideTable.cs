namespace IsaExchange.Datasets.OutsideTables;

/// <summary>One number of an outside table.</summary>
/// <param name="Codes">One for each dimension of the table.</param>
/// <param name="Value">Of that cell, exactly.</param>
public sealed record OutsideRow(IReadOnlyList<string> Codes, long Value);

/// <summary>
/// Numbers of a dataset that others have published: whoever reads a release may have them too.
/// </summary>
/// <param name="Id">Name of its folder.</param>
/// <param name="Start">First day of the period that it is of.</param>
/// <param name="EndExclusive">The day after the last.</param>
/// <param name="Source">Where it was published, for people.</param>
/// <param name="Sha256">Of the file as it was published, in lower-case hexadecimal.</param>
/// <param name="Dimensions">Named as the columns of feed tables; over one that it lacks it is summed.</param>
public sealed record OutsideTable(
    string Id, string Dataset, DateOnly Start, DateOnly EndExclusive, string Source, string Sha256,
    IReadOnlyList<string> Dimensions, IReadOnlyList<OutsideRow> Rows)
{
    /// <summary>Stands for all codes of a dimension, as in every table of a release.</summary>
    public const string All = "ALL";

    /// <summary>Records of which the dimension is not given, as in every table of a release.</summary>
    public const string NotStated = "not-stated";
}
