using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// Turns a field of the source into a field of the dataset. An empty field stays empty: whether it may be is the
/// dataset's rule, not the mapping's. Conversions keep no state.
/// </summary>
abstract class FieldConversion
{
    /// <summary>Bytes that <see cref="TryConvert"/> may need for its answer.</summary>
    public const int Room = 32;

    /// <summary>What a fault says the value should have been.</summary>
    public abstract string Expected { get; }

    /// <summary>Converts UTF-8 text; false when it is not what the mapping says it is.</summary>
    /// <param name="converted">The field itself, text of the mapping, or the start of <paramref name="room"/>.</param>
    public abstract bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted);
}

/// <summary>The field as the source has it.</summary>
sealed class AsItIs : FieldConversion
{
    public override string Expected => "any text";

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted)
    {
        converted = field;
        return true;
    }
}

/// <summary>A table of source values and codes; matched byte for byte.</summary>
sealed class MappedValues : FieldConversion
{
    readonly Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> _codes;

    public MappedValues(Dictionary<string, string> pairs) =>
        _codes = pairs
            .ToDictionary(p => Encoding.UTF8.GetBytes(p.Key), p => Encoding.UTF8.GetBytes(p.Value), new ByteText())
            .GetAlternateLookup<ReadOnlySpan<byte>>();

    public override string Expected => "one of the values that 'map' lists";

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted)
    {
        converted = field;
        if (!_codes.TryGetValue(field, out var code))
            return field.IsEmpty;
        converted = code;
        return true;
    }

    sealed class ByteText : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
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
}

/// <summary>A date in a stated notation, written yyyy-MM-dd, or yyyy-MM when the notation has no day.</summary>
sealed class IsoDate : FieldConversion
{
    readonly string _format;
    readonly string _written;

    IsoDate(string format)
    {
        _format = format;
        _written = format.Contains('d', StringComparison.Ordinal) ? "yyyy-MM-dd" : "yyyy-MM";
    }

    public override string Expected => $"a date written {_format}";

    /// <summary>Null when dates written so could not be read back exactly.</summary>
    public static IsoDate? For(string format) =>
        DateNotation.IsExact(format) && format.Contains("yyyy", StringComparison.Ordinal) && format.Contains('M')
            ? new IsoDate(format)
            : null;

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted) =>
        DateNotation.TryConvert(field, _format, _written, room, out converted);
}

/// <summary>A time of day in a stated notation, which may hold a date as well, written HH:mm.</summary>
sealed class ClockTime : FieldConversion
{
    readonly string _format;

    ClockTime(string format) => _format = format;

    public override string Expected => $"a time written {_format}";

    /// <summary>Null when times written so could not be read back exactly.</summary>
    public static ClockTime? For(string format) =>
        DateNotation.IsExact(format) && format.Contains('H') && format.Contains("mm", StringComparison.Ordinal)
            ? new ClockTime(format)
            : null;

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted) =>
        DateNotation.TryConvert(field, _format, "HH:mm", room, out converted);
}

/// <summary>Dates and times in the letters of .NET's exact formats, read in English and with no guessing.</summary>
static class DateNotation
{
    const int Longest = 40;

    static readonly string[] Parts = ["d", "dd", "M", "MM", "MMM", "yyyy", "H", "HH", "mm", "ss"];

    /// <summary>Each part at most once and in full: a two-digit year would guess the century.</summary>
    public static bool IsExact(string format)
    {
        if (format.Length is 0 or > Longest)
            return false;
        var letters = new HashSet<char>();
        for (var at = 0; at < format.Length;)
        {
            var c = format[at];
            var end = at + 1;
            while (end < format.Length && format[end] == c)
                end++;
            if ("dMyHms".Contains(c, StringComparison.Ordinal))
            {
                if (!Parts.Contains(format[at..end]) || !letters.Add(c) || (end == at + 1 && IsGlued(format, at)))
                    return false;
            }
            else if (!"/-.: T".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }

            at = end;
        }

        return letters.Count > 1;
    }

    // A number of one or two digits beside another number has no exact end.
    static bool IsGlued(string format, int at) =>
        (at > 0 && char.IsAsciiLetter(format[at - 1]))
        || (at + 1 < format.Length && char.IsAsciiLetter(format[at + 1]));

    public static bool TryConvert(
        ReadOnlySpan<byte> field, string format, string written, Span<byte> room, out ReadOnlySpan<byte> converted)
    {
        converted = field;
        if (field.IsEmpty)
            return true;
        Span<char> text = stackalloc char[Longest];
        if (field.Length > Longest || Encoding.UTF8.GetChars(field, text) is not (> 0 and var length))
            return false;
        var culture = CultureInfo.InvariantCulture;
        if (!DateTime.TryParseExact(text[..length], format, culture, DateTimeStyles.NoCurrentDateDefault, out var read))
            return false;
        if (!read.TryFormat(room, out var bytes, written, culture))
            throw new InvalidOperationException("A date or time in ISO 8601 is shorter than the room for it.");
        converted = room[..bytes];
        return true;
    }
}
