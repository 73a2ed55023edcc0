namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// The outward part of a postcode (the "general postcode address" of SI 2007/1831): <c>SO23</c> from a whole postcode
/// with or without its space, from a sector with its space, or from the outward part alone.
/// </summary>
sealed class OutwardCode : FieldConversion
{
    public override string Expected => "a postcode or its outward part";

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted)
    {
        converted = field;
        if (field.IsEmpty)
            return true;
        var text = field.Trim((byte)' ');
        if (text.Length is < 2 or > 10)
            return false;
        Span<byte> upper = room[..text.Length];
        for (var i = 0; i < text.Length; i++)
            upper[i] = text[i] is >= (byte)'a' and <= (byte)'z' ? (byte)(text[i] - 32) : text[i];
        converted = Split(upper, out var inward);
        return IsOutward(converted) && (inward.IsEmpty || IsSector(inward) || IsInward(inward));
    }

    static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> inward)
    {
        var space = text.IndexOf((byte)' ');
        if (space >= 0)
        {
            inward = text[space..].TrimStart((byte)' ');
            return text[..space];
        }

        // Without a space only a whole postcode can be told apart: SO238 may be nothing, B11 is an outward part itself.
        var whole = text.Length >= 5 && IsInward(text[^3..]);
        inward = whole ? text[^3..] : [];
        return whole ? text[..^3] : text;
    }

    static bool IsOutward(ReadOnlySpan<byte> text)
    {
        var letters = text.Length > 1 && IsLetter(text[1]) ? 2 : 1;
        if (text.Length <= letters || text.Length > letters + 2)
            return false;
        return IsLetter(text[0]) && IsDigit(text[letters])
            && (text.Length == letters + 1 || IsDigit(text[^1]) || IsLetter(text[^1]));
    }

    static bool IsSector(ReadOnlySpan<byte> text) => text.Length == 1 && IsDigit(text[0]);

    static bool IsInward(ReadOnlySpan<byte> text) =>
        text.Length == 3 && IsDigit(text[0]) && IsLetter(text[1]) && IsLetter(text[2]);

    static bool IsDigit(byte b) => char.IsAsciiDigit((char)b);

    static bool IsLetter(byte b) => char.IsAsciiLetterUpper((char)b);
}
