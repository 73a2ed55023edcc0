using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IsaExchange.Datasets.Mapping;

/// <summary>A table of source values and codes; matched byte for byte, or loosely when the mapping says so.</summary>
sealed class MappedValues : FieldConversion
{
    readonly Dictionary<byte[], byte[]> _table = new(ByteText.Comparer);
    readonly Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> _codes;
    readonly bool _loose;

    /// <param name="expected">What a fault says the value should have been.</param>
    /// <param name="loose">Whether case, spaces and punctuation count for nothing.</param>
    public MappedValues(string expected, bool loose)
    {
        (Expected, _loose) = (expected, loose);
        _codes = _table.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public override string Expected { get; }

    public int Count => _table.Count;

    /// <summary>False when the value has another code already.</summary>
    public bool TryAdd(string value, string code)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        var key = _loose ? LooseText.Of(utf8) : utf8;
        var to = Encoding.UTF8.GetBytes(code);
        return _table.TryAdd(key, to) || _table[key].AsSpan().SequenceEqual(to);
    }

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted)
    {
        converted = field;
        Span<byte> folded = stackalloc byte[LooseText.Longest];
        var length = _loose ? LooseText.Fold(field, folded) : 0;
        if (length < 0)
            return false;
        if (!_codes.TryGetValue(_loose ? folded[..length] : field, out var code))
            return field.IsEmpty;
        converted = code;
        return true;
    }
}

/// <summary>
/// Text in which case, spaces and punctuation count for nothing, as people type the name of a place: letters in
/// capitals, and one space for any run of other characters of ASCII. Letters beyond ASCII stay as they are.
/// </summary>
static class LooseText
{
    /// <summary>Longer text, in bytes, is no name.</summary>
    public const int Longest = 256;

    public static byte[] Of(ReadOnlySpan<byte> text)
    {
        Span<byte> folded = stackalloc byte[Longest];
        var length = Fold(text, folded);
        return length < 0 ? text.ToArray() : folded[..length].ToArray();
    }

    /// <summary>Bytes written to <paramref name="room"/>; -1 when the text is longer than it.</summary>
    public static int Fold(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (text.Length > room.Length)
            return -1;
        var (length, gap) = (0, false);
        foreach (var b in text)
        {
            if (b < 0x80 && !char.IsAsciiLetterOrDigit((char)b))
            {
                gap = length > 0;
                continue;
            }

            if (gap)
                room[length++] = (byte)' ';
            gap = false;
            room[length++] = b is >= (byte)'a' and <= (byte)'z' ? (byte)(b - 32) : b;
        }

        return length;
    }
}

/// <summary>Bytes as keys, found without copying them.</summary>
sealed class ByteText : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static ByteText Comparer { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
