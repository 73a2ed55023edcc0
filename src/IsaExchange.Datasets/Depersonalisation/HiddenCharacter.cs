using System.Buffers;

namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Characters that hide what a value is: controls, zero-width characters, marks that turn the direction.
/// </summary>
static class HiddenCharacter
{
    static readonly SearchValues<byte> s_controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), 0x7F]);

    public static bool IsIn(ReadOnlySpan<byte> utf8)
    {
        if (utf8.ContainsAny(s_controls))
            return true;
        for (var rest = utf8; rest.IndexOf((byte)0xE2) is var at and >= 0; rest = rest[(at + 1)..])
        {
            // U+200B-200F, U+202A-202E and U+2066-2069 begin E2 80 or E2 81.
            if (rest.Length < at + 3)
                return false;
            var (second, third) = (rest[at + 1], rest[at + 2]);
            if ((second == 0x80 && third is (>= 0x8B and <= 0x8F) or (>= 0xAA and <= 0xAE))
                || (second == 0x81 && third is >= 0xA6 and <= 0xA9))
                return true;
        }

        return utf8.IndexOf("\uFEFF"u8) >= 0;
    }
}
