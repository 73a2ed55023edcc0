namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Numbers of crimes and incidents as forces write them: force, number and year (12/3456/19, 42EZ/1234/19), number and
/// year (3008543/19), and the number of a call after CAD. Eleven digits in a row that begin with force and year
/// (44190012345) are told by a whole column only.
/// </summary>
static class CaseReference
{
    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at + 6 <= value.Length; at++)
        {
            if (!Ascii.IsWord(value[at]) || !Ascii.StartsAt(value, at) || (at > 0 && value[at - 1] == '/'))
                continue;
            if (Ascii.IsDigit(value[at]) ? IsNumberAt(value[at..]) : IsCallAt(value[at..]))
                return true;
        }

        return false;
    }

    /// <summary>Force (two digits), year, and a number.</summary>
    public static bool IsElevenDigits(ReadOnlySpan<byte> digits) =>
        digits.Length == 11 && (digits[0] != '0' || digits[1] != '0') && digits[2] is >= (byte)'0' and <= (byte)'3';

    static bool IsNumberAt(ReadOnlySpan<byte> text)
    {
        var first = Digits(text);
        var letters = 0;
        while (letters < 2 && first + letters < text.Length && Ascii.IsLetter(text[first + letters]))
            letters++;
        var rest = text[(first + letters)..];
        if (rest.IsEmpty || rest[0] != '/')
            return false;
        var second = Digits(rest = rest[1..]);
        var alone = letters == 0 && first is >= 6 and <= 8 && second == 2 && Ends(rest, second);
        if (alone || first > 2 || second is < 3 or > 7 || second >= rest.Length || rest[second] != '/')
            return alone;
        rest = rest[(second + 1)..];
        return Digits(rest) is 2 && Ends(rest, 2);
    }

    static bool IsCallAt(ReadOnlySpan<byte> text)
    {
        if (Ascii.Upper(text[0]) != 'C' || Ascii.Upper(text[1]) != 'A' || Ascii.Upper(text[2]) != 'D')
            return false;
        var number = text[3..].TrimStart(" :#-"u8);
        return number.Length < text.Length - 3 ? Digits(number) >= 3 : Digits(number) is >= 3 and <= 6;
    }

    static bool Ends(ReadOnlySpan<byte> text, int at) =>
        Ascii.EndsAt(text, at) && (at >= text.Length || text[at] != '/');

    static int Digits(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && Ascii.IsDigit(text[length]))
            length++;
        return length;
    }
}
