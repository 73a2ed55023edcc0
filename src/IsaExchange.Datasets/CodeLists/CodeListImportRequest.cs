namespace IsaExchange.Datasets.CodeLists;

/// <summary>What to import from a publisher's file, and what the list is called here.</summary>
public sealed record CodeListImportRequest
{
    /// <summary>Id of the list and name of its folder, such as <c>lsoa</c>.</summary>
    public required string ListId { get; init; }

    public required string Title { get; init; }

    public required string Publisher { get; init; }

    /// <summary>Name of the edition and of its file, such as <c>2018-12</c>.</summary>
    public required string Edition { get; init; }

    /// <summary>First day on which the edition is in force.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day on which the edition is in force, included; null until further notice.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>Column of the publisher's file that holds the code.</summary>
    public required string CodeColumn { get; init; }

    public required string TitleColumn { get; init; }

    /// <summary>Column that holds the code's parent; given with <see cref="ParentList"/> or not at all.</summary>
    public string? ParentColumn { get; init; }

    /// <summary>The list that the parents are codes of.</summary>
    public string? ParentList { get; init; }

    /// <summary>Columns that hold what a code is part of besides, each with the list that these are codes of.</summary>
    public IReadOnlyList<(string Column, string List)> PartOf { get; init; } = [];

    /// <summary>Which lines are of the edition, as <c>Current</c> and <c>TRUE</c>; null = all.</summary>
    public (string Column, string Value)? Only { get; init; }

    /// <summary>Where the file came from, for people: title, address or date of the publication.</summary>
    public required string Source { get; init; }
}

/// <summary>What became of an import.</summary>
public enum CodeListImportOutcome
{
    /// <summary>The edition is new and was written.</summary>
    Written,

    /// <summary>The very same edition was there already; nothing was changed.</summary>
    Unchanged,

    /// <summary>Nothing was changed; the faults say why.</summary>
    Refused,
}

/// <summary>A fault of an import: where and what to do, without any value of the file.</summary>
/// <param name="Line">1-based line of the publisher's file; 0 when the fault is not in one line.</param>
public sealed record CodeListImportFault(long Line, string Description, string Remedy)
{
    public override string ToString() =>
        Line == 0 ? $"{Description}. {Remedy}" : $"line {Line}: {Description}. {Remedy}";
}

/// <summary>The result of an import.</summary>
/// <param name="Path">The edition's file; null when refused.</param>
/// <param name="Sha256">SHA-256 of the edition's file in lower-case hexadecimal; null when refused.</param>
/// <param name="Codes">Codes in the edition.</param>
/// <param name="WithoutParent">Codes whose parent is empty although the list has parents.</param>
/// <param name="Faults">At most <see cref="CodeListImport.MaxFaults"/>.</param>
public sealed record CodeListImportResult(
    CodeListImportOutcome Outcome,
    string? Path,
    string? Sha256,
    int Codes,
    int WithoutParent,
    IReadOnlyList<CodeListImportFault> Faults)
{
    /// <summary>For each list that codes are part of besides, how many are part of none.</summary>
    public IReadOnlyList<(string List, int Codes)> WithoutPart { get; init; } = [];

    internal static CodeListImportResult Refuse(params IReadOnlyList<CodeListImportFault> faults) =>
        new(CodeListImportOutcome.Refused, null, null, 0, 0, faults);
}
