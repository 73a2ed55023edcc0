using System.Collections.Immutable;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Exchange.Submitting;

/// <summary>One cell of a cube.</summary>
/// <param name="Area">Area code, or empty for records outside every listed area.</param>
/// <param name="Codes">One code per dimension of the cube.</param>
/// <param name="Count">Records in the cell, or the sum of the counts they state. CONFIDENTIAL.</param>
/// <param name="Fingerprint">
/// Sum modulo 2^128 of a keyed PRF of the cell's records: equal sums mean equal multisets of records.
/// </param>
public readonly record struct CubeCell(string Area, ImmutableArray<string> Codes, long Count, UInt128 Fingerprint);

/// <summary>
/// Exact counts of one submission by area and dimension. Never leaves the exchange: it is sealed at rest, and only
/// disclosure control turns it into something that can be published.
/// </summary>
public sealed class Cube
{
    internal Cube(string dataset, ImmutableArray<string> dimensions, long records, IReadOnlyList<CubeCell> cells) =>
        (Dataset, Dimensions, Records, Cells) = (dataset, dimensions, records, cells);

    public string Dataset { get; }

    public ImmutableArray<string> Dimensions { get; }

    public long Records { get; }

    public IReadOnlyList<CubeCell> Cells { get; }

    /// <summary>What was found of its records beside the counts. CONFIDENTIAL.</summary>
    public RecordFigures Figures { get; internal init; } = new(null, null);

    public LocationQuality? Locations => Figures.Locations;
}

/// <summary>What a submission's records tell as a whole: kept with the cube, and gone with it. CONFIDENTIAL.</summary>
/// <param name="Locations">How exactly they say where; null where the dataset tells no places.</param>
/// <param name="Risk">How few share their quasi-identifiers; null where the dataset declares none.</param>
public sealed record RecordFigures(LocationQuality? Locations, RecordRisk? Risk);
