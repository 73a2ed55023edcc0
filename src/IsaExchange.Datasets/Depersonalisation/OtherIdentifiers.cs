namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>A word, an at sign, and a word that holds a dot.</summary>
static class EmailAddress
{
    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        for (var at = value.IndexOf((byte)'@'); at >= 0;)
        {
            var domain = value[(at + 1)..];
            var end = domain.IndexOfAny(" ,;<>"u8);
            var dot = (end < 0 ? domain : domain[..end]).IndexOf((byte)'.');
            if (at > 0 && value[at - 1] is > (byte)' ' && dot > 0 && dot + 1 < domain.Length
                && Ascii.IsWord(domain[dot + 1]))
                return true;
            var next = domain.IndexOf((byte)'@');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }
}

/// <summary>
/// Runs of exactly 32, 40 or 64 hexadecimal digits (MD5, SHA-1, SHA-256): not a name, but the same in every file and
/// so joinable, like the Crime ID of data.police.uk.
/// </summary>
static class PersistentHash
{
    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at < value.Length;)
        {
            var start = at;
            while (at < value.Length && char.IsAsciiHexDigit((char)value[at]))
                at++;
            if (at - start is 32 or 40 or 64 && Ascii.StartsAt(value, start) && Ascii.EndsAt(value, at))
                return true;
            at = at == start ? at + 1 : at;
        }

        return false;
    }
}

/// <summary>Dates, year first or last, of a year in which people who are records today were born.</summary>
static class BirthDate
{
    const int OldestYear = 1880;

    public static bool IsIn(ReadOnlySpan<byte> value, int newestYear)
    {
        for (var at = 0; at + 6 <= value.Length; at++)
        {
            if (!Ascii.IsDigit(value[at]) || !Ascii.StartsAt(value, at))
                continue;
            var first = Number(value[at..], out var a);
            var rest = value[(at + first)..];
            if (rest.Length < 2 || rest[0] is not ((byte)'-' or (byte)'/' or (byte)'.'))
                continue;
            var second = Number(rest[1..], out var b);
            if (second is 0 or > 2 || rest.Length < second + 3 || rest[1 + second] != rest[0])
                continue;
            var third = Number(rest[(second + 2)..], out var c);
            if (third > 0 && IsBirth((first, a), b, (third, c), newestYear))
                return true;
        }

        return false;
    }

    /// <summary>The year of a value that is a date and nothing else, -1 otherwise.</summary>
    public static int YearOfDay(ReadOnlySpan<byte> value)
    {
        var first = Number(value, out var a);
        var rest = value[first..];
        if (first is 0 || rest.Length < 4 || rest[0] is not ((byte)'-' or (byte)'/' or (byte)'.'))
            return -1;
        var second = Number(rest[1..], out var b);
        if (second is 0 or > 2 || rest.Length < second + 3 || rest[1 + second] != rest[0])
            return -1;
        rest = rest[(second + 2)..];
        var third = Number(rest, out var c);
        if (third == 0 || third != rest.Length || !IsBirth((first, a), b, (third, c), newestYear: 9999))
            return -1;
        return first == 4 ? a : c;
    }

    static bool IsBirth((int Length, int Value) first, int second, (int Length, int Value) third, int newestYear)
    {
        if (first.Length == 4 && third.Length is 1 or 2)
            return IsYear(first.Value, newestYear) && second is >= 1 and <= 12 && third.Value is >= 1 and <= 31;
        if (first.Length > 2 || third.Length != 4 || !IsYear(third.Value, newestYear))
            return false;
        return (first.Value, second) is (>= 1 and <= 31, >= 1 and <= 12) or (>= 1 and <= 12, >= 1 and <= 31);
    }

    static bool IsYear(int year, int newestYear) => year >= OldestYear && year <= newestYear;

    /// <summary>
    /// How many digits begin the text, and the number they write; 0 digits when there are more than four.
    /// </summary>
    static int Number(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        var length = 0;
        for (; length < text.Length && Ascii.IsDigit(text[length]); length++)
        {
            if (length == 4)
                return 0;
            number = (number * 10) + text[length] - '0';
        }

        return length;
    }
}
