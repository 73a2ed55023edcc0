namespace IsaExchange.Datasets.Specs;

/// <summary>
/// Where a record belongs: the field holds the area itself, or a code whose parents (code list to code list) lead to
/// it.
/// </summary>
public sealed record RoutingSpec(string Field);

public enum CrossRuleKind
{
    /// <summary>The parent of the code in Field, in its code list, is the code in Other.</summary>
    Belongs,

    /// <summary>The date in Field is not before the date in Other; empty dates pass.</summary>
    NotBefore,

    /// <summary>Field is filled when Other holds one of Values, and empty otherwise.</summary>
    FilledExactlyWhen,

    /// <summary>The parents of the code in Field lead to the area in Other.</summary>
    Inside,

    /// <summary>The numbers in Values, names of fields, add up to at least Minimum; an empty one is 0.</summary>
    TotalAtLeast,

    /// <summary>Field is empty when Other holds one of Values, and free otherwise.</summary>
    NeverWith,

    /// <summary>Field is empty when Other is, and free otherwise.</summary>
    FilledOnlyWith,
}

/// <summary>A rule over two or more fields of one record. Field is the one it is reported at.</summary>
public sealed record CrossRule(CrossRuleKind Kind, string Field, string Other, IReadOnlyList<string> Values)
{
    /// <summary>Of a total; 0 in every other rule.</summary>
    public int Minimum { get; init; }
}

/// <summary>
/// One dataset of the information specification: a Table Schema (Frictionless v2) with our additions. Immutable.
/// </summary>
public sealed record DatasetSpec
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Version { get; init; }

    /// <summary>A word of the closed list in <see cref="DatasetSpecLoader.LegalBases"/>.</summary>
    public required string LegalBasis { get; init; }

    /// <summary>Act, regulation and paragraph, for people.</summary>
    public string LegalReference { get; init; } = "";

    /// <summary>What one record is.</summary>
    public required string Unit { get; init; }

    public required IReadOnlyList<FieldSpec> Fields { get; init; }

    /// <summary>The date or month that decides which period a record belongs to.</summary>
    public required string PeriodField { get; init; }

    public required RoutingSpec Routing { get; init; }

    /// <summary>Names of code fields or derived dimensions, in the order of the cube.</summary>
    public required IReadOnlyList<string> CubeDimensions { get; init; }

    /// <summary>
    /// Dimensions whose codes overlap in what they count, so that a sum over them counts something twice: no total is
    /// published over them, and no table may leave them out.
    /// </summary>
    public IReadOnlyList<string> NeverSummed { get; init; } = [];

    /// <summary>
    /// The dimension whose codes are those who contribute the records, such as schools: a cell of few of them is
    /// protected, and each is taken to know its own counts. Null = it does not tell.
    /// </summary>
    public string? Contributors { get; init; }

    public IReadOnlyList<DerivedDimension> Derived { get; init; } = [];

    public IReadOnlyList<CrossRule> Rules { get; init; } = [];

    /// <summary>
    /// The field whose number a record adds to its cell, where records are counts already; null: each counts as one.
    /// Of each area and combination of dimensions a file may hold one such record.
    /// </summary>
    public string? CountField { get; init; }

    /// <summary>What must never be in a record though the source system has it, for people.</summary>
    public IReadOnlyList<string> Never { get; init; } = [];

    /// <summary>Null = no combination of its fields can tell whom a record is about.</summary>
    public QuasiIdentifierSpec? QuasiIdentifiers { get; init; }

    /// <summary>Null = nothing that is possible is asked about.</summary>
    public PlausibilitySpec? Plausibility { get; init; }

    /// <summary>Null = its records tell no place finer than their area.</summary>
    public LocationSpec? Location { get; init; }

    /// <summary>What a reader of the figures must know; travels with every release.</summary>
    public IReadOnlyList<string> Caveats { get; init; } = [];

    /// <summary>What in this specification nobody has confirmed yet.</summary>
    public IReadOnlyList<string> Unconfirmed { get; init; } = [];

    /// <summary>Position of a field, -1 when the dataset has none of that name.</summary>
    public int IndexOf(string field)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Name == field)
                return i;
        }

        return -1;
    }
}
