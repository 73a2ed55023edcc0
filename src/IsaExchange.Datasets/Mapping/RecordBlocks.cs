namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// Makes one record for each block of ICD-10 codes that any of several columns lies in, as the information
/// specification counts admissions: an assault under the influence of alcohol is two records. A record with no such
/// code is left behind and counted.
/// </summary>
public sealed class RecordBlocks
{
    /// <summary>More blocks than any dataset asks for.</summary>
    internal const int MostBlocks = 32;

    const int CategoryLength = 3;

    readonly (int First, int Last)[] _blocks;

    RecordBlocks(IReadOnlyList<string> columns, (int First, int Last)[] blocks) =>
        (Columns, _blocks) = (columns, blocks);

    /// <summary>Source columns that hold codes, the most telling first: the first in a block is written.</summary>
    public IReadOnlyList<string> Columns { get; }

    public int Count => _blocks.Length;

    /// <summary>Null when a range is not like <c>X85-Y09</c> or <c>T51</c>, or ranges overlap.</summary>
    internal static RecordBlocks? Of(IReadOnlyList<string> columns, IReadOnlyList<string> ranges)
    {
        var blocks = ranges.Select(Range).ToArray();
        if (blocks.Length is 0 or > MostBlocks || Array.Exists(blocks, b => b.First < 0 || b.Last < b.First))
            return null;
        var sorted = blocks.OrderBy(b => b.First).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].First <= sorted[i - 1].Last)
                return null;
        }

        return new RecordBlocks(columns, blocks);
    }

    /// <summary>The block of a code, -1 when it lies in none; false when it is no code of ICD-10.</summary>
    /// <param name="category">Room for the category of three characters, in capitals.</param>
    internal bool TryFind(ReadOnlySpan<byte> code, Span<byte> category, out int block)
    {
        block = -1;
        code = code.Trim((byte)' ');
        if (code.IsEmpty)
            return true;
        var number = NumberOf(code);
        if (number < 0 || !IsTail(code[CategoryLength..]))
            return false;
        code[..CategoryLength].CopyTo(category);
        category[0] = Capital(category[0]);
        block = Array.FindIndex(_blocks, b => b.First <= number && number <= b.Last);
        return true;
    }

    static (int First, int Last) Range(string range)
    {
        var ends = range.Split('-');
        if (ends.Length > 2 || Array.Exists(ends, end => end.Length != CategoryLength))
            return (-1, -1);
        Span<byte> utf8 = stackalloc byte[CategoryLength];
        Span<int> numbers = stackalloc int[2];
        for (var i = 0; i < 2; i++)
        {
            numbers[i] = System.Text.Encoding.UTF8.TryGetBytes(ends[Math.Min(i, ends.Length - 1)], utf8, out _)
                ? NumberOf(utf8)
                : -1;
        }

        return (numbers[0], numbers[1]);
    }

    /// <summary>The category as a number that sorts as the letters and digits do; -1 when it is none.</summary>
    static int NumberOf(ReadOnlySpan<byte> code) =>
        code.Length >= CategoryLength && char.IsAsciiLetter((char)code[0])
        && char.IsAsciiDigit((char)code[1]) && char.IsAsciiDigit((char)code[2])
            ? ((Capital(code[0]) - 'A') * 100) + ((code[1] - '0') * 10) + (code[2] - '0')
            : -1;

    /// <summary>What hospitals write behind a category: a point, further digits, X, dagger, asterisk or dash.</summary>
    static bool IsTail(ReadOnlySpan<byte> tail)
    {
        if (tail.Length > 4)
            return false;
        foreach (var b in tail)
        {
            if (!char.IsAsciiDigit((char)b) && !".XxDdAa*+-".Contains((char)b, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    static byte Capital(byte letter) => letter is >= (byte)'a' and <= (byte)'z' ? (byte)(letter - 32) : letter;
}
