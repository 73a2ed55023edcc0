namespace IsaExchange.Datasets.Mapping;

/// <summary>What a run of a mapping did. No part of it holds a value of the source.</summary>
/// <param name="RecordsRead">Records of all inputs, headers not counted.</param>
/// <param name="RecordsWritten">Records written before the first fault; without faults, read less skipped.</param>
/// <param name="Faults">The first faults found, at most <see cref="MaxFaults"/>.</param>
/// <param name="DroppedColumns">Source columns that were present and left behind, in source order.</param>
public sealed record MappingReport(
    long RecordsRead,
    long RecordsWritten,
    IReadOnlyList<MappingFault> Faults,
    IReadOnlyList<string> DroppedColumns)
{
    /// <summary>How many faults are listed; <see cref="FaultCount"/> is exact beyond it.</summary>
    public const int MaxFaults = 500;

    /// <summary>All faults, listed or not. With any fault the output is incomplete and must be discarded.</summary>
    public long FaultCount { get; init; }

    /// <summary>Records left behind, for each skip rule of the mapping in its order.</summary>
    public IReadOnlyList<CountedSkip> Skipped { get; init; } = [];

    /// <summary>Values replaced by a column's <c>otherwise</c>, for each column where that happened.</summary>
    public IReadOnlyList<CountedColumn> Replaced { get; init; } = [];

    /// <summary>Empty values that a column's <c>empty</c> was written for, for each such column.</summary>
    public IReadOnlyList<CountedColumn> Filled { get; init; } = [];

    /// <summary>
    /// Values of <c>null_values</c> that were read as empty, for each source column that is used: once a record,
    /// however many columns are written from it.
    /// </summary>
    public IReadOnlyList<CountedColumn> Nulls { get; init; } = [];

    /// <summary>Numbers that the source keeps back, for each source column. None of them became a number.</summary>
    public IReadOnlyList<CountedColumn> Suppressed { get; init; } = [];

    /// <summary>What the dataset needs and the source does not hold; then nothing is written.</summary>
    public IReadOnlyList<LackingColumn> Lacking { get; init; } = [];

    /// <summary>Records left behind because none of their codes lies in a block; null when none are asked
    /// for.</summary>
    public long? OutsideBlocks { get; init; }

    /// <summary>Records left behind because their day is of another period; null when none was named.</summary>
    public long? OutsidePeriod { get; init; }

    /// <summary>What was counted of the second file; null when the mapping has none.</summary>
    public CountedSecond? Second { get; init; }

    /// <summary>Records of each input, in order.</summary>
    public IReadOnlyList<CountedInput> Inputs { get; init; } = [];

    /// <summary>Empty lines passed over; they are not records.</summary>
    public long EmptyLines { get; init; }

    /// <summary>Whether the output is whole.</summary>
    public bool Succeeded => FaultCount == 0 && Lacking.Count == 0;
}

/// <summary>Records that a skip rule left behind.</summary>
public sealed record CountedSkip(string Column, string Reason, long Records);

/// <summary>Values of a column.</summary>
public sealed record CountedColumn(string Column, long Values);

/// <summary>A second file.</summary>
/// <param name="Title">What its records are.</param>
/// <param name="Without">Records of the inputs that it holds nothing about.</param>
/// <param name="LeftBehind">Records of it that belong to records of the inputs which were left behind.</param>
public sealed record CountedSecond(string Title, long Records, long Without, long LeftBehind);

/// <summary>Records of an input.</summary>
public sealed record CountedInput(string Name, long Records);

/// <summary>The kind of a fault of a mapping run.</summary>
public enum MappingFaultKind
{
    /// <summary>The input is empty.</summary>
    NoHeader,

    /// <summary>A source column has a name that another has too.</summary>
    RepeatedColumn,

    /// <summary>A column that the mapping reads is not in the header.</summary>
    MissingColumn,

    /// <summary>A column of the header that the mapping does not mention.</summary>
    UnmentionedColumn,

    /// <summary>The header is not the first input's.</summary>
    OtherHeader,

    /// <summary>Bytes that are not UTF-8 text, or a NUL.</summary>
    NotText,

    /// <summary>Quotes that RFC 4180 does not allow.</summary>
    Quotes,

    /// <summary>More or fewer fields than the header has.</summary>
    FieldCount,

    /// <summary>A record longer than any honest one, often an unclosed quote.</summary>
    TooLong,

    /// <summary>A value that the mapping cannot convert.</summary>
    NotConverted,

    /// <summary>A number that the source keeps back stands where one is needed.</summary>
    Suppressed,

    /// <summary>The second file was not named, or named for a mapping that has none.</summary>
    SecondFile,

    /// <summary>Records of the second file belong to no record of the inputs.</summary>
    LostKey,

    /// <summary>Two records of the inputs have one key, and the second file has records of it.</summary>
    RepeatedKey,

    /// <summary>A gzip file or workbook that is damaged, or out of which too much comes.</summary>
    Packed,

    /// <summary>No input was named.</summary>
    NoInput,

    /// <summary>The output would overwrite an input, or a table of the mapping.</summary>
    OutputIsInput,
}

/// <summary>A fault of a mapping run: where and which rule, never what the value was.</summary>
/// <param name="Input">Name of the input.</param>
/// <param name="Line">1-based line where the record starts; 0 when the fault has no place.</param>
/// <param name="Record">1-based record of the input, the header not counted; 0 for the header.</param>
/// <param name="Column">Column of the source or, for a header fault, of the mapping; null for a whole record.</param>
/// <param name="Field">1-based field of the record; 0 for a whole record.</param>
public sealed record MappingFault(
    MappingFaultKind Kind,
    string Input,
    long Line,
    long Record,
    string? Column,
    int Field,
    string Description,
    string Remedy)
{
    public override string ToString()
    {
        var column = Field == 0 ? "" : Column is null ? $", column {Field}" : $", column {Field} ({Column})";
        return $"{Input}, line {Line}{column}: {Description}. {Remedy}";
    }
}
