namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Unique pupil numbers of England: a check letter, then twelve digits, or eleven and a letter while it is temporary
/// (Department for Education; Government Data Standards Catalogue, "Unique Pupil Number" 2.0).
/// </summary>
static class UniquePupilNumber
{
    const int Length = 13;

    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at + Length <= value.Length; at++)
        {
            if (Ascii.IsLetter(value[at]) && Ascii.StartsAt(value, at) && Ascii.EndsAt(value, at + Length)
                && IsAll(value.Slice(at, Length)))
                return true;
        }

        return false;
    }

    static bool IsAll(ReadOnlySpan<byte> number)
    {
        var last = Ascii.IsDigit(number[^1]) ? number[^1] - '0' : Letters.IndexOf((byte)Ascii.Upper(number[^1]));
        if (last < 0)
            return false;
        var sum = last * Length;
        for (var i = 1; i < Length - 1; i++)
        {
            if (!Ascii.IsDigit(number[i]))
                return false;
            sum += (number[i] - '0') * (i + 1);
        }

        return Ascii.Upper(number[0]) == Letters[sum % Letters.Length];
    }

    /// <summary>I, O and S are never used.</summary>
    static ReadOnlySpan<byte> Letters => "ABCDEFGHJKLMNPQRTUVWXYZ"u8;
}
