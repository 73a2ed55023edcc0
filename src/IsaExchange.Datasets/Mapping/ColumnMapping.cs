using System.Text;

namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// How one source system's export becomes one dataset of the information specification: which columns are kept, under
/// what name and in what notation, and which never leave the authority. Immutable; safe to share between runs.
/// </summary>
public sealed class ColumnMapping
{
    internal ColumnMapping(
        string dataset,
        string title,
        IReadOnlyList<MappedColumn> columns,
        IReadOnlyList<DroppedColumn> drop,
        bool dropOthers,
        IReadOnlyList<SkipRule> skipWhen)
    {
        Dataset = dataset;
        Title = title;
        Columns = columns;
        Drop = drop;
        DropOthers = dropOthers;
        SkipWhen = skipWhen;
    }

    /// <summary>Id of the dataset that the mapping produces, such as <c>police-street-level</c>.</summary>
    public string Dataset { get; }

    /// <summary>What the source is, in the words of who wrote the mapping; empty when not said.</summary>
    public string Title { get; }

    /// <summary>The columns written, in order. At least one.</summary>
    public IReadOnlyList<MappedColumn> Columns { get; }

    /// <summary>Source columns that are known and deliberately left behind, each with its reason.</summary>
    public IReadOnlyList<DroppedColumn> Drop { get; }

    /// <summary>Whether source columns that are not mentioned are left behind instead of being a fault.</summary>
    public bool DropOthers { get; }

    /// <summary>Which records are left behind. Every one of them is counted in the report.</summary>
    public IReadOnlyList<SkipRule> SkipWhen { get; }

    /// <summary>Reads a mapping file, at most 1 MiB of UTF-8.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ColumnMappingLoadResult Load(string path)
    {
        var file = new FileInfo(path);
        if (file.Length > ColumnMappingReader.MaxBytes)
        {
            var fault = new MappingFileFault(file.Name, 1, "the file is larger than 1 MiB", "Split the mapping.");
            return new ColumnMappingLoadResult(null, [fault]);
        }

        return Parse(File.ReadAllText(path, Encoding.UTF8), file.Name);
    }

    /// <summary>Reads a mapping. All faults are listed; there is a mapping only when there is none.</summary>
    /// <param name="yaml">The text of the mapping.</param>
    /// <param name="fileName">What the faults call the file.</param>
    public static ColumnMappingLoadResult Parse(string yaml, string fileName) =>
        new ColumnMappingReader(fileName).Read(yaml);
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

/// <summary>Where the value of a written column comes from.</summary>
public enum ColumnOrigin
{
    /// <summary>One column of the source.</summary>
    Source,

    /// <summary>The same text in every record.</summary>
    Constant,

    /// <summary>1, 2, 3 ... over all inputs.</summary>
    Sequence,
}

/// <summary>One written column.</summary>
public sealed class MappedColumn
{
    internal MappedColumn(string name, ColumnOrigin origin, string text, FieldConversion conversion, byte[]? otherwise)
    {
        Name = name;
        Origin = origin;
        SourceColumn = origin == ColumnOrigin.Source ? text : null;
        Constant = origin == ColumnOrigin.Constant ? Encoding.UTF8.GetBytes(text) : [];
        Conversion = conversion;
        Otherwise = otherwise;
    }

    /// <summary>Name of the column in the dataset.</summary>
    public string Name { get; }

    public ColumnOrigin Origin { get; }

    /// <summary>The source column read; null for a constant or a sequence.</summary>
    public string? SourceColumn { get; }

    internal byte[] Constant { get; }

    internal FieldConversion Conversion { get; }

    /// <summary>What is written for a value that cannot be converted; null makes it a fault.</summary>
    internal byte[]? Otherwise { get; }
}
