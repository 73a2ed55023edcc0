namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>NHS numbers: ten digits, in one run or 3-3-4, with the check digit of modulus 11.</summary>
static class NhsNumber
{
    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at + 10 <= value.Length; at++)
        {
            if (Ascii.IsDigit(value[at]) && Ascii.StartsAt(value, at) && IsAt(value, at))
                return true;
        }

        return false;
    }

    static bool IsAt(ReadOnlySpan<byte> value, int at)
    {
        int sum = 0, digits = 0, last = 0, first = value[at];
        var same = true;
        for (; at < value.Length && digits < 10; at++)
        {
            if (value[at] is (byte)' ' or (byte)'-' && digits is 3 or 6)
                continue;
            if (!Ascii.IsDigit(value[at]))
                return false;
            last = value[at] - '0';
            same &= value[at] == first;
            sum += digits < 9 ? last * (10 - digits) : 0;
            digits++;
        }

        // A check digit of 10 is never issued; 11 is written 0. Ten times the same digit stands for "unknown".
        var check = 11 - (sum % 11);
        return digits == 10 && !same && Ascii.EndsAt(value, at) && (check == 11 ? 0 : check) == last && check != 10;
    }
}

/// <summary>UK telephone numbers: 0 or +44 or 0044 and nine or ten digits, with spaces, hyphens or brackets.</summary>
static class PhoneNumber
{
    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at + 10 <= value.Length; at++)
        {
            if (value[at] is (byte)'0' or (byte)'+' or (byte)'(' && Ascii.StartsAt(value, at) && IsAt(value[at..]))
                return true;
        }

        return false;
    }

    static bool IsAt(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[16];
        var count = 0;
        for (var at = 0; at < text.Length && count < digits.Length; at++)
        {
            if (Ascii.IsDigit(text[at]))
            {
                digits[count++] = text[at];
                // After any group of digits the number may be at its end: what follows can be text or other digits.
                if (Ascii.EndsAt(text, at + 1) && IsNumber(digits[..count], text[0] == '+'))
                    return true;
            }
            else if (text[at] is not ((byte)' ' or (byte)'-' or (byte)'(' or (byte)')' or (byte)'+'))
                return false;
        }

        return false;
    }

    static bool IsNumber(ReadOnlySpan<byte> number, bool plus)
    {
        if (number.StartsWith("0044"u8))
            number = number[4..];
        else if (plus)
            number = number.StartsWith("44"u8) ? number[2..] : [];
        else if (!number.StartsWith("0"u8))
            return false;
        number = number.StartsWith("0"u8) ? number[1..] : number;
        return number.Length is 9 or 10 && number[0] is (byte)'1' or (byte)'2' or (byte)'3' or (byte)'7' or (byte)'8';
    }
}

/// <summary>
/// National Insurance numbers: two letters of a prefix in use, six digits in any grouping, one letter A to D.
/// </summary>
static class NationalInsuranceNumber
{
    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at + 9 <= value.Length; at++)
        {
            if (Ascii.IsLetter(value[at]) && Ascii.StartsAt(value, at) && IsAt(value, at))
                return true;
        }

        return false;
    }

    static bool IsAt(ReadOnlySpan<byte> value, int at)
    {
        var length = 0;
        var start = value[at..];
        for (; at < value.Length && length < 9; at++)
        {
            if (value[at] == ' ' && length > 0)
                continue;
            var fits = length switch
            {
                0 or 1 => Ascii.IsLetter(value[at])
                    && Ascii.Upper(value[at]) is not ('D' or 'F' or 'I' or 'Q' or 'U' or 'V'),
                8 => Ascii.Upper(value[at]) is >= 'A' and <= 'D',
                _ => Ascii.IsDigit(value[at]),
            };
            if (!fits)
                return false;
            length++;
        }

        return length == 9 && Ascii.EndsAt(value, at) && IsPrefix(start);
    }

    /// <summary>No second letter is O; these pairs are never allocated.</summary>
    static bool IsPrefix(ReadOnlySpan<byte> start)
    {
        var second = start[1] == ' ' ? start[2] : start[1];
        return (Ascii.Upper(start[0]), Ascii.Upper(second)) is not ((_, 'O') or ('B', 'G') or ('G', 'B') or ('K', 'N')
            or ('N', 'K') or ('N', 'T') or ('T', 'N') or ('Z', 'Z'));
    }
}
