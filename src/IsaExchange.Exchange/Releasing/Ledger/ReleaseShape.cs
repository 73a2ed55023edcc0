using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// Dimensions that depend on each other: areas with what lies in them, groups with what is of them, months with their
/// quarters. Every combination that there can be is an element; no other is ever counted.
/// </summary>
/// <param name="Dimensions">Names; the first is that of the axis.</param>
/// <param name="Elements">One code for each of them.</param>
public sealed record ShapeAxis(IReadOnlyList<string> Dimensions, IReadOnlyList<string[]> Elements)
{
    public string Name => Dimensions[0];

    /// <summary>How many of the dimensions tell an element; the others follow from them.</summary>
    public int Base { get; init; } = 1;

    public int IndexOf(string dimension) => Dimensions.ToList().IndexOf(dimension);
}

/// <summary>A table of a release.</summary>
/// <param name="Name">Of its files.</param>
/// <param name="Dimensions">Each of an axis, by name.</param>
public sealed record ShapeTable(string Name, IReadOnlyList<TableDimension> Dimensions)
{
    public int CellCount => Dimensions.Aggregate(
        1, (cells, d) => checked(cells * (d.Codes.Count + (d.TotalCode is null ? 0 : 1))));
}

/// <summary>A count that every table of a release is summed from, at the finest that its dataset has.</summary>
/// <param name="Elements">One position for each axis.</param>
/// <param name="Records">The fingerprint of its records.</param>
public readonly record struct LedgerAtom(int[] Elements, long Count, UInt128 Records);

/// <summary>
/// What the cells of a release are sums of. CONFIDENTIAL. Kept sealed with the release, for as long as what it was made
/// from may be kept: every later release of the same records is checked together with it.
/// </summary>
public sealed record ReleaseShape(
    IReadOnlyList<string> Areas, string FirstDay, string LastDay, IReadOnlyList<ShapeAxis> Axes,
    IReadOnlyList<ShapeTable> Tables, IReadOnlyList<LedgerAtom> Atoms)
{
    /// <summary>The dimension whose codes are those who contribute the records; null: it is not told.</summary>
    public string? Contributors { get; init; }

    /// <summary>Name of the axis of areas.</summary>
    public const string Place = "area";

    /// <summary>Names of the axis of time, the second where a dataset has no months.</summary>
    public const string Month = "month";

    public const string Period = "period";

    public ShapeAxis Axis(string dimension) => Axes.First(a => a.Dimensions.Contains(dimension));

    public ShapeAxis Time => Axes.First(a => a.Name is Month or Period);
}
