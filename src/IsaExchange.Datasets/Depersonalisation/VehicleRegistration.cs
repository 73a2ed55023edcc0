namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Registration marks of vehicles: AB12 CDE since 2001, A123 BCD since 1983, ABC 123D since 1963, and those without a
/// date. Only the first kind is looked for inside a longer text; of the second and third the value must be nothing
/// else, because roads and codes look like parts of them; the last is told by a whole column only.
/// </summary>
static class VehicleRegistration
{
    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        var alone = value.Trim((byte)' ');
        if (alone.Length is >= 6 and <= 8 && (IsPrefixed(alone) || IsSuffixed(alone)))
            return true;
        for (var at = 0; at + 7 <= value.Length; at++)
        {
            if (Ascii.IsLetter(value[at]) && Ascii.StartsAt(value, at)
                && IsCurrentAt(value[at..], alone: alone.Length <= 8))
                return true;
        }

        return false;
    }

    /// <summary>ABC 123, 123 ABC, AB 1234, 1234 AB: too common a shape to be believed of one value.</summary>
    public static bool IsDateless(ReadOnlySpan<byte> value)
    {
        if (value.Length is < 4 or > 8)
            return false;
        var lettersFirst = Ascii.IsLetter(value[0]);
        var first = Run(value, lettersFirst);
        var rest = WithoutSpace(value[first..]);
        var second = Run(rest, !lettersFirst);
        var (letters, digits) = lettersFirst ? (first, second) : (second, first);
        var isShape = (letters, digits) is (3, >= 1 and <= 4) or (2, 3 or 4);
        return isShape && second == rest.Length;
    }

    /// <summary>
    /// Two letters of the place, the half-year, three letters. An outward postcode and a word of three letters look
    /// alike: inside a text the parts must be joined, or all be capitals and the last no word.
    /// </summary>
    static bool IsCurrentAt(ReadOnlySpan<byte> text, bool alone)
    {
        if (!IsOneOf(text[0], "ABCDEFGHKLMNOPRSVWXY"u8) || !IsOneOf(text[1], NotIqz)
            || !Ascii.IsDigit(text[2]) || !Ascii.IsDigit(text[3]))
            return false;
        var age = ((text[2] - '0') * 10) + text[3] - '0';
        var rest = WithoutSpace(text[4..]);
        if (age is < 2 or 50 || rest.Length < 3 || !Ascii.EndsAt(rest, 3))
            return false;
        var last = rest[..3];
        if (!IsOneOf(last[0], NotIq) || !IsOneOf(last[1], NotIq) || !IsOneOf(last[2], NotIq))
            return false;
        var joined = rest.Length == text.Length - 4;
        return joined || (!IsWord(last) && (alone || IsCapitals(text[..8])));
    }

    static bool IsPrefixed(ReadOnlySpan<byte> value)
    {
        var digits = Run(value[1..], letters: false);
        var rest = WithoutSpace(value[(1 + digits)..]);
        return digits is 2 or 3 && IsOneOf(value[0], "ABCDEFGHJKLMNPQRSTVWXY"u8) && IsThree(rest) && !IsWord(rest);
    }

    static bool IsSuffixed(ReadOnlySpan<byte> value)
    {
        var rest = WithoutSpace(value[3..]);
        var digits = Run(rest, letters: false);
        return digits is 2 or 3 && IsThree(value[..3]) && !IsWord(value[..3]) && rest.Length == digits + 1
            && IsOneOf(rest[digits], "ABCDEFGHJKLMNPRSTVWXY"u8);
    }

    static bool IsThree(ReadOnlySpan<byte> text) =>
        text.Length == 3 && IsOneOf(text[0], NotIqz) && IsOneOf(text[1], NotIqz) && IsOneOf(text[2], NotIqz);

    /// <summary>Words that follow an outward postcode or the number of a road.</summary>
    static bool IsWord(ReadOnlySpan<byte> three)
    {
        ReadOnlySpan<byte> words = "AND THE FOR WAS ARE HAS HAD NOT BUT VIA OFF TOP BUS CAR MAN MEN OUT OLD NEW ALL "u8
            + "JCT HOV RBT RDB SLP EXT NTH STH EST WST CSP LAD PFA"u8;
        for (var at = 0; at + 3 <= words.Length; at += 4)
        {
            if (Ascii.Upper(three[0]) == words[at] && Ascii.Upper(three[1]) == words[at + 1]
                && Ascii.Upper(three[2]) == words[at + 2])
                return true;
        }

        return false;
    }

    static bool IsCapitals(ReadOnlySpan<byte> text) => text.IndexOfAnyInRange((byte)'a', (byte)'z') < 0;

    static int Run(ReadOnlySpan<byte> text, bool letters)
    {
        var length = 0;
        while (length < text.Length && (letters ? Ascii.IsLetter(text[length]) : Ascii.IsDigit(text[length])))
            length++;
        return length;
    }

    static ReadOnlySpan<byte> WithoutSpace(ReadOnlySpan<byte> text) =>
        text.Length > 0 && text[0] == ' ' ? text[1..] : text;

    static bool IsOneOf(byte b, ReadOnlySpan<byte> letters) => letters.Contains((byte)Ascii.Upper(b));

    static ReadOnlySpan<byte> NotIq => "ABCDEFGHJKLMNOPRSTUVWXYZ"u8;

    static ReadOnlySpan<byte> NotIqz => "ABCDEFGHJKLMNOPRSTUVWXY"u8;
}
