namespace IsaExchange.Exchange.Sealing;

/// <summary>Bech32 (BIP 173) as age uses it: one case throughout, no limit of 90 characters.</summary>
static class Bech32
{
    const string Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const int ChecksumLetters = 6;

    /// <summary>The bytes, or null when the text is not valid Bech32 under this prefix, in the case of the
    /// prefix.</summary>
    internal static byte[]? Decode(string text, string prefix)
    {
        if (!text.StartsWith(prefix + "1", StringComparison.Ordinal))
            return null;
        var upper = char.IsAsciiLetterUpper(prefix[0]);
        var letters = text.AsSpan(prefix.Length + 1);
        var values = new byte[letters.Length];
        for (var at = 0; at < letters.Length; at++)
        {
            var letter = letters[at];
            if (upper ? char.IsAsciiLetterLower(letter) : char.IsAsciiLetterUpper(letter))
                return null;
            var value = Letters.IndexOf(char.ToLowerInvariant(letter), StringComparison.Ordinal);
            if (value < 0)
                return null;
            values[at] = (byte)value;
        }

        if (values.Length < ChecksumLetters || Checksum(prefix.ToLowerInvariant(), values) != 1)
            return null;
        return ToBytes(values.AsSpan(0, values.Length - ChecksumLetters));
    }

    static byte[]? ToBytes(ReadOnlySpan<byte> values)
    {
        var bytes = new List<byte>();
        var bits = 0;
        var held = 0;
        foreach (var value in values)
        {
            held = (held << 5) | value;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            bytes.Add((byte)(held >> bits));
            held &= (1 << bits) - 1;
        }

        // Left-over bits are padding: fewer than a letter, and zero.
        return bits < 5 && held == 0 ? [.. bytes] : null;
    }

    static uint Checksum(string prefix, ReadOnlySpan<byte> values)
    {
        var check = 1u;
        foreach (var letter in prefix)
            check = Step(check, (uint)letter >> 5);
        check = Step(check, 0);
        foreach (var letter in prefix)
            check = Step(check, (uint)letter & 31);
        foreach (var value in values)
            check = Step(check, value);
        return check;
    }

    static uint Step(uint check, uint value)
    {
        ReadOnlySpan<uint> generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        var top = check >> 25;
        check = ((check & 0x1ffffff) << 5) ^ value;
        for (var bit = 0; bit < generator.Length; bit++)
            check ^= ((top >> bit) & 1) == 1 ? generator[bit] : 0;
        return check;
    }
}
