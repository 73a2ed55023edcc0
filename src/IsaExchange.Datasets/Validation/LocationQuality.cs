namespace IsaExchange.Datasets.Validation;

/// <summary>How exactly the records of a file say where, as counts. CONFIDENTIAL until they are shares.</summary>
/// <param name="Exact">With an exact location: a small area or a grid square.</param>
/// <param name="Outward">With the outward part of a postcode only.</param>
/// <param name="Unknown">With none.</param>
public sealed record LocationQuality(long Exact, long Outward, long Unknown)
{
    public long Records => Exact + Outward + Unknown;

    public static LocationQuality operator +(LocationQuality a, LocationQuality b) =>
        new(a.Exact + b.Exact, a.Outward + b.Outward, a.Unknown + b.Unknown);

    public static LocationQuality Add(LocationQuality left, LocationQuality right) => left + right;

    /// <summary>A whole percentage, halves rounded up; of nothing it is 0.</summary>
    public int Percent(long part) => Records == 0 ? 0 : (int)(((part * 200) + Records) / (2 * Records));
}
