namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// IPv4 addresses of at least six digits (shorter ones are versions and chapters more often), and IPv6 addresses.
/// </summary>
static class InternetAddress
{
    public static bool IsIn(ReadOnlySpan<byte> value, bool hasColon)
    {
        for (var at = 0; at + 3 <= value.Length; at++)
        {
            var begins = at == 0 || !(Ascii.IsWord(value[at - 1]) || value[at - 1] is (byte)'.' or (byte)':');
            if (begins && (IsFourAt(value[at..]) || (hasColon && IsSixAt(value[at..]))))
                return true;
        }

        return false;
    }

    static bool IsFourAt(ReadOnlySpan<byte> text)
    {
        var digits = 0;
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && (at >= text.Length || text[at++] != '.'))
                return false;
            var (number, length) = (0, 0);
            for (; at < text.Length && Ascii.IsDigit(text[at]) && length < 4; at++, length++)
                number = (number * 10) + text[at] - '0';
            if (length is 0 or > 3 || number > 255)
                return false;
            digits += length;
        }

        // A dot may end a sentence, but not go on to a fifth number.
        var goesOn = at + 1 < text.Length && text[at] == '.' && Ascii.IsDigit(text[at + 1]);
        return digits >= 6 && Ascii.EndsAt(text, at) && !goesOn;
    }

    /// <summary>
    /// Eight groups of hexadecimal digits, or at least two and one gap, with one group of three digits.
    /// </summary>
    static bool IsSixAt(ReadOnlySpan<byte> text)
    {
        var (groups, gaps, longest) = (0, 0, 0);
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiHexDigit((char)text[at]))
                at++;
            if (at - start > 4)
                return false;
            groups += at > start ? 1 : 0;
            longest = Math.Max(longest, at - start);
            if (at >= text.Length || text[at] != ':')
                break;
            if (at + 1 < text.Length && text[at + 1] == ':')
            {
                gaps++;
                at++;
            }

            at++;
        }

        return Ascii.EndsAt(text, at) && (groups == 8 || (gaps == 1 && groups is >= 2 and < 8 && longest >= 3));
    }
}
