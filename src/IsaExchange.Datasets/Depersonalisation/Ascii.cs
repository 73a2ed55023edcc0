namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>Questions about single bytes, in the words of the recognisers.</summary>
static class Ascii
{
    public static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    public static bool IsLetter(byte b) => (b | 0x20) is >= (byte)'a' and <= (byte)'z';

    public static bool IsWord(byte b) => IsDigit(b) || IsLetter(b);

    public static char Upper(byte b) => (char)(IsLetter(b) ? b & 0xDF : b);

    /// <summary>Whether a word may begin at this place: nothing before it, or something that is no word.</summary>
    public static bool StartsAt(ReadOnlySpan<byte> text, int at) => at == 0 || !IsWord(text[at - 1]);

    /// <summary>Whether a word may end before this place.</summary>
    public static bool EndsAt(ReadOnlySpan<byte> text, int at) => at >= text.Length || !IsWord(text[at]);
}
