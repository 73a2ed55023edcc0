using System.Text;
using IsaExchange.Datasets.CodeLists;

namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// How one source system's export becomes one dataset of the information specification: which columns are kept, under
/// what name and in what notation, and which never leave the authority. Immutable; safe to share between runs.
/// </summary>
public sealed class ColumnMapping
{
    internal ColumnMapping()
    {
    }

    /// <summary>Id of the dataset that the mapping produces, such as <c>police-street-level</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>What the source is, in the words of who wrote the mapping; empty when not said.</summary>
    public required string Title { get; init; }

    /// <summary>The columns written, in order. At least one, unless the source cannot become the dataset.</summary>
    public required IReadOnlyList<MappedColumn> Columns { get; init; }

    /// <summary>Source columns that are known and deliberately left behind, each with its reason.</summary>
    public required IReadOnlyList<DroppedColumn> Drop { get; init; }

    /// <summary>Whether source columns that are not mentioned are left behind instead of being a fault.</summary>
    public required bool DropOthers { get; init; }

    /// <summary>Which records are left behind. Every one of them is counted in the report.</summary>
    public required IReadOnlyList<SkipRule> SkipWhen { get; init; }

    /// <summary>What the source writes where it knows nothing, such as <c>NULL</c>; read as an empty field.</summary>
    public required IReadOnlyList<string> NullValues { get; init; }

    /// <summary>What the source writes where it keeps a number back. It is read as no number at all.</summary>
    public required IReadOnlyList<string> Suppressed { get; init; }

    /// <summary>What the dataset needs and the source does not hold. With any of it nothing is written.</summary>
    public required IReadOnlyList<LackingColumn> Lacking { get; init; }

    /// <summary>
    /// The written column that decides the period: when one is asked for, records of others are left behind and
    /// counted.
    /// </summary>
    public string? PeriodColumn { get; init; }

    /// <summary>What makes several records out of one, by the blocks of its codes; null when nothing does.</summary>
    public RecordBlocks? Blocks { get; init; }

    /// <summary>The second file of the source, whose records are counted; null when there is none.</summary>
    public SecondFile? Second { get; init; }

    /// <summary>The files of the tables that it took codes from; a prepared file must not take their place.</summary>
    internal IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>Reads a mapping file, at most 1 MiB of UTF-8, and the tables that it names.</summary>
    /// <param name="path">The mapping.</param>
    /// <param name="lists">The partnership's code lists, where the mapping may use them.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ColumnMappingLoadResult Load(string path, MappingLists? lists = null)
    {
        var file = new FileInfo(path);
        if (file.Length > ColumnMappingReader.MaxBytes)
        {
            var fault = new MappingFileFault(file.Name, 1, "the file is larger than 1 MiB", "Split the mapping.");
            return new ColumnMappingLoadResult(null, [fault]);
        }

        return new ColumnMappingReader(file.Name, new MappingTables(file.DirectoryName, lists))
            .Read(File.ReadAllText(path, Encoding.UTF8));
    }

    /// <summary>Reads a mapping. All faults are listed; there is a mapping only when there is none.</summary>
    /// <param name="yaml">The text of the mapping.</param>
    /// <param name="fileName">What the faults call the file.</param>
    /// <param name="lists">The partnership's code lists, where the mapping may use them.</param>
    public static ColumnMappingLoadResult Parse(string yaml, string fileName, MappingLists? lists = null) =>
        new ColumnMappingReader(fileName, new MappingTables(null, lists)).Read(yaml);
}

/// <summary>A mapping, or every fault that keeps it from being one.</summary>
public sealed record ColumnMappingLoadResult(ColumnMapping? Mapping, IReadOnlyList<MappingFileFault> Faults);

/// <summary>A fault in a mapping file.</summary>
/// <param name="Line">1-based line of the file.</param>
public sealed record MappingFileFault(string File, int Line, string Description, string Remedy)
{
    public override string ToString() => $"{File}:{Line}: {Description}. {Remedy}";
}

/// <summary>A source column that is left behind.</summary>
public sealed record DroppedColumn(string Column, string Reason);

/// <summary>Records whose <paramref name="Column"/> holds one of <paramref name="Values"/> are left behind.</summary>
public sealed record SkipRule(string Column, IReadOnlyList<string> Values, string Reason);

/// <summary>
/// A column of the dataset that the source cannot fill: why, and where the partnership gets it instead.
/// </summary>
public sealed record LackingColumn(string Column, string Reason, string Remedy);

/// <summary>The partnership's code lists as a mapping may use them.</summary>
/// <param name="Load">Loads them, when a mapping does use one.</param>
/// <param name="On">Last day of the period: where a mapping names no edition, the one in force on it is used.</param>
public sealed record MappingLists(Func<CodeListCatalog> Load, DateOnly? On);

/// <summary>First and last day of the period that is prepared.</summary>
public readonly record struct MappingPeriod(DateOnly First, DateOnly Last);
