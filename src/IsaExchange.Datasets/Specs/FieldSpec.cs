namespace IsaExchange.Datasets.Specs;

/// <summary>
/// What a column may hold. Every type is closed: a value that passes its check is a known code, a date, a bounded
/// number or an outward postcode, so it cannot be a name or an identifier. There is no free text.
/// </summary>
public enum FieldType
{
    /// <summary>One of the field's categories, or a code of a code list edition.</summary>
    Code,

    /// <summary>yyyy-MM-dd.</summary>
    Date,

    /// <summary>yyyy-MM.</summary>
    Month,

    /// <summary>HH:MM, 24 hours, local civil time.</summary>
    Time,

    /// <summary>A whole number between Minimum and Maximum.</summary>
    Whole,

    /// <summary>The outward part of a postcode (SI 2007/1831 reg 1(2): "general postcode address").</summary>
    Outward,
}

/// <summary>What to do with a date so old that it could be a date of birth.</summary>
public enum OldDates
{
    /// <summary>Refuse it: no record of this dataset is that old.</summary>
    Refuse,

    /// <summary>Ask: such records exist (offences reported decades later), an officer must confirm them.</summary>
    Query,
}

/// <summary>A code and what it stands for.</summary>
public sealed record Category(string Code, string Title);

/// <summary>One column of a dataset.</summary>
public sealed record FieldSpec
{
    public required string Name { get; init; }

    public required FieldType Type { get; init; }

    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>Whether a record may leave the value empty. The column itself must always be there.</summary>
    public bool Required { get; init; }

    /// <summary>Longest value in UTF-8 bytes.</summary>
    public int MaxLength { get; init; } = 64;

    public int Minimum { get; init; }

    public int Maximum { get; init; } = int.MaxValue;

    /// <summary>Counts the records 1..n without a gap, instead of any reference of the source system.</summary>
    public bool Sequence { get; init; }

    /// <summary>
    /// The codes written in the specification; empty when <see cref="CodeList"/> says where they are.
    /// </summary>
    public IReadOnlyList<Category> Categories { get; init; } = [];

    /// <summary>The code list whose edition in force on the last day of the period decides.</summary>
    public string? CodeList { get; init; }

    public OldDates OldDates { get; init; }
}
