using System.Text;

namespace IsaExchange.Datasets.Mapping;

/// <summary>Where the value of a written column comes from.</summary>
public enum ColumnOrigin
{
    /// <summary>One column of the source, or several joined.</summary>
    Source,

    /// <summary>The same text in every record.</summary>
    Constant,

    /// <summary>1, 2, 3 ... over all inputs.</summary>
    Sequence,

    /// <summary>The code for which the record was written, see <see cref="RecordBlocks"/>.</summary>
    BlockCode,

    /// <summary>So many records of the second file, see <see cref="SecondFile"/>.</summary>
    Tally,
}

/// <summary>One written column.</summary>
public sealed class MappedColumn
{
    internal MappedColumn()
    {
    }

    /// <summary>Name of the column in the dataset.</summary>
    public required string Name { get; init; }

    public required ColumnOrigin Origin { get; init; }

    /// <summary>The source column read, or the first of those joined; null when none is.</summary>
    public string? SourceColumn => SourceColumns.Count > 0 ? SourceColumns[0] : null;

    /// <summary>The source columns read, in the order in which they are joined.</summary>
    public IReadOnlyList<string> SourceColumns { get; init; } = [];

    internal byte[] Constant { get; init; } = [];

    /// <summary>What stands between the values of joined columns.</summary>
    internal byte[] Joint { get; init; } = [];

    /// <summary>The part of the value that is used; null = all of it.</summary>
    internal FieldPart? Part { get; init; }

    /// <summary>What is written for an empty field; null leaves it to the conversion.</summary>
    internal byte[]? Empty { get; init; }

    internal FieldConversion Conversion { get; init; } = new AsItIs();

    /// <summary>What is written for a value that cannot be converted; null makes it a fault.</summary>
    internal byte[]? Otherwise { get; init; }

    /// <summary>Which records of the second file are counted.</summary>
    internal IReadOnlyList<TallyCondition> Tally { get; init; } = [];
}

/// <summary>A column of the second file and the values that count.</summary>
sealed record TallyCondition(string Column, byte[][] Values)
{
    public static TallyCondition Of(string column, IEnumerable<string> values) =>
        new(column, [.. values.Select(Encoding.UTF8.GetBytes)]);
}

/// <summary>A part of a value: between separators, or at a fixed place.</summary>
/// <param name="Separator">What parts are separated by; empty = by place.</param>
/// <param name="Number">Which part or character, from 1.</param>
/// <param name="Length">Bytes of a part at a fixed place.</param>
sealed record FieldPart(byte[] Separator, int Number, int Length)
{
    /// <summary>False when the value has no such part, or a character lies half in it.</summary>
    public bool TryTake(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (Separator.Length == 0)
        {
            var (start, end) = (Number - 1, Number - 1 + Length);
            if (value.Length < end || IsInside(value, start) || IsInside(value, end))
                return false;
            part = value[start..end].Trim((byte)' ');
            return true;
        }

        for (var at = 1; ; at++)
        {
            var length = value.IndexOf(Separator);
            if (at == Number)
            {
                part = (length < 0 ? value : value[..length]).Trim((byte)' ');
                return true;
            }

            if (length < 0)
                return false;
            value = value[(length + Separator.Length)..];
        }
    }

    static bool IsInside(ReadOnlySpan<byte> value, int at) => at < value.Length && (value[at] & 0xC0) == 0x80;
}
