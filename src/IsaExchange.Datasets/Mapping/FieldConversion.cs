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

/// <summary>
/// A date in one of the stated notations, written yyyy-MM-dd, or yyyy-MM when the notation has no day.
/// </summary>
sealed class IsoDate : FieldConversion
{
    readonly string[] _formats;
    readonly string[] _written;

    IsoDate(string[] formats)
    {
        _formats = formats;
        _written = [.. formats.Select(f => f.Contains('d', StringComparison.Ordinal) ? "yyyy-MM-dd" : "yyyy-MM")];
    }

    public override string Expected => $"a date written {string.Join(" or ", _formats)}";

    /// <summary>Null when dates written so could not be read back exactly.</summary>
    public static IsoDate? For(params string[] formats) =>
        formats.Length > 0 && Array.TrueForAll(formats, IsDate) ? new IsoDate(formats) : null;

    /// <summary>Whether two notations could read one text as two days, as 3/4/2026 is in dd/MM and in MM/dd.</summary>
    public static bool AreAmbiguous(IReadOnlyList<string> formats) =>
        formats.Any(one => formats.Any(other =>
            DateNotation.Form(one) == DateNotation.Form(other)
            && DateNotation.DayOf(one) != DateNotation.DayOf(other)));

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted)
    {
        converted = field;
        for (var i = 0; i < _formats.Length; i++)
        {
            if (DateNotation.TryConvert(field, _formats[i], _written[i], room, out converted))
                return true;
        }

        return false;
    }

    static bool IsDate(string format) =>
        DateNotation.IsExact(format) && format.Contains("yyyy", StringComparison.Ordinal) && format.Contains('M');
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

    static readonly string[] Parts = ["d", "dd", "M", "MM", "MMM", "MMMM", "yyyy", "H", "HH", "mm", "ss"];

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

    /// <summary>
    /// What text in a notation looks like. Two notations of one form can read one text: dd and d both take 04, and so
    /// does HH, and ddMMyyyy is as many digits as yyyyMMdd.
    /// </summary>
    public static string Form(string format) => Spelt(format, part => part[0] switch
    {
        'y' => "0000",
        _ => part.Length > 2 ? "name" : "00",
    });

    /// <summary>Which places of that text say the day.</summary>
    public static string DayOf(string format) => Spelt(format, part => part[0] switch
    {
        'y' => part,
        'd' => "dd",
        'M' => part.Length > 2 ? "name" : "MM",
        _ => "00",
    });

    static string Spelt(string format, Func<string, string> part)
    {
        var spelt = new StringBuilder();
        for (var at = 0; at < format.Length;)
        {
            var end = at + 1;
            while (end < format.Length && format[end] == format[at])
                end++;
            spelt.Append(Parts.Contains(format[at..end]) ? part(format[at..end]) : format[at..end]);
            at = end;
        }

        return spelt.ToString();
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
