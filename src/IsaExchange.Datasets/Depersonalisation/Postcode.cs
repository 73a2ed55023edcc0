namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Postcodes by shape: outward A9 A99 AA9 AA99 A9A AA9A, sector adds a digit, unit two letters.
/// </summary>
public static class Postcode
{
    /// <summary>The outward part alone, in capitals. BFPO and GIR are no places of residence.</summary>
    public static bool IsOutward(ReadOnlySpan<byte> value)
    {
        var length = OutwardLength(value);
        return length > 0 && length == value.Length && value.IndexOfAnyInRange((byte)'a', (byte)'z') < 0;
    }

    /// <summary>Outward part and one digit, with or without a space.</summary>
    public static bool IsSector(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || !Ascii.IsDigit(value[^1]))
            return false;
        var outward = value[..^1].TrimEnd((byte)' ');
        return outward.Length < value.Length - 1 && OutwardLength(outward) > 0;
    }

    /// <summary>Whether a full postcode stands anywhere in the value as words of its own, in any case.</summary>
    public static bool IsFullIn(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at + 5 <= value.Length; at++)
        {
            if (Ascii.IsLetter(value[at]) && Ascii.StartsAt(value, at) && IsFullAt(value[at..]))
                return true;
        }

        return false;
    }

    static bool IsFullAt(ReadOnlySpan<byte> text)
    {
        // The outward part is 2 to 4 long; which of its readings fits is decided by what follows.
        for (var length = 2; length <= 4 && length < text.Length; length++)
        {
            if (OutwardLength(text[..length]) != length)
                continue;
            var inward = text[length..];
            inward = inward[0] == ' ' ? inward[1..] : inward;
            if (inward.Length >= 3 && Ascii.IsDigit(inward[0]) && IsInwardLetter(inward[1])
                && IsInwardLetter(inward[2]) && Ascii.EndsAt(inward, 3))
                return true;
        }

        return false;
    }

    /// <summary>Length of the value when all of it is an outward part, else 0.</summary>
    static int OutwardLength(ReadOnlySpan<byte> value)
    {
        if (value.Length is < 2 or > 4 || !Ascii.IsLetter(value[0]))
            return 0;
        var letters = Ascii.IsLetter(value[1]) ? 2 : 1;
        var rest = value[letters..];
        var fits = rest.Length switch
        {
            1 => Ascii.IsDigit(rest[0]),
            2 => Ascii.IsDigit(rest[0]) && Ascii.IsWord(rest[1]),
            _ => false,
        };
        return fits ? value.Length : 0;
    }

    /// <summary>The letters C I K M O V never stand in an inward part.</summary>
    static bool IsInwardLetter(byte b) =>
        Ascii.IsLetter(b) && Ascii.Upper(b) is not ('C' or 'I' or 'K' or 'M' or 'O' or 'V');
}
