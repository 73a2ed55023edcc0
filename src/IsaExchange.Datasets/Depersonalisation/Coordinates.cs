namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Places told more exactly than 100 m: latitude and longitude of the United Kingdom with more than three decimals
/// that say something (final zeros do not), and national grid references of eight digits and more.
/// </summary>
static class Coordinates
{
    const int MostDecimals = 3;
    const int Scale = 1_000;

    /// <summary>Latitude and longitude in one value, in this order or the other.</summary>
    public static bool IsPairIn(ReadOnlySpan<byte> value)
    {
        var (before, exactBefore) = (Axis.None, false);
        for (var at = 0; at < value.Length;)
        {
            var begins = IsNumeric(value[at]) && (at == 0 || !(Ascii.IsWord(value[at - 1]) || value[at - 1] == '.'));
            if (!begins)
            {
                at++;
                continue;
            }

            var length = 1;
            while (at + length < value.Length && (IsNumeric(value[at + length]) || value[at + length] == '.'))
                length++;
            var exact = false;
            var axis = Ascii.EndsAt(value, at + length)
                ? AxisOf(value.Slice(at, length).TrimEnd((byte)'.'), out exact)
                : Axis.None;
            var isPair = (before, axis) is (Axis.Latitude, Axis.Longitude) or (Axis.Longitude, Axis.Latitude);
            if (isPair && (exact || exactBefore))
                return true;
            (before, exactBefore) = (axis, exact);
            at += length;
        }

        return false;
    }

    public enum Axis
    {
        None,
        Latitude,
        Longitude,
    }

    /// <summary>Which of the two a number with decimals can be; by itself it may be any other number.</summary>
    /// <param name="number">The whole value.</param>
    /// <param name="exact">Whether more than three of its decimals say something.</param>
    public static Axis AxisOf(ReadOnlySpan<byte> number, out bool exact)
    {
        exact = false;
        var negative = !number.IsEmpty && number[0] == '-';
        var rest = negative ? number[1..] : number;
        var dot = rest.IndexOf((byte)'.');
        if (dot is < 1 or > 2 || rest.Length - dot > 18)
            return Axis.None;
        var thousandths = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            if (i != dot && !Ascii.IsDigit(rest[i]))
                return Axis.None;
            if (i != dot && i <= dot + MostDecimals)
                thousandths = (thousandths * 10) + rest[i] - '0';
        }

        exact = rest.TrimEnd((byte)'0').Length - dot - 1 > MostDecimals;
        for (var decimals = rest.Length - dot - 1; decimals < MostDecimals; decimals++)
            thousandths *= 10;
        return (negative, thousandths) switch
        {
            (false, >= 49 * Scale and < 61 * Scale) => Axis.Latitude,
            (true, < 9 * Scale) or (false, < 2 * Scale) => Axis.Longitude,
            _ => Axis.None,
        };
    }

    /// <summary>Two letters of a square of 100 km and eight or more digits, in two halves or joined.</summary>
    public static bool IsGridReferenceIn(ReadOnlySpan<byte> value)
    {
        for (var at = 0; at + 10 <= value.Length; at++)
        {
            if (Ascii.IsLetter(value[at]) && Ascii.StartsAt(value, at) && IsSquare(value[at], value[at + 1])
                && IsHalvesAt(value[(at + 2)..]))
                return true;
        }

        return false;
    }

    static bool IsHalvesAt(ReadOnlySpan<byte> text)
    {
        var rest = text.TrimStart((byte)' ');
        var first = Digits(rest);
        rest = rest[first..];
        if (first is 8 or 10 && Ascii.EndsAt(rest, 0))
            return true;
        var second = first is 4 or 5 && rest.Length > first && rest[0] == ' ' ? Digits(rest[1..]) : 0;
        return second == first && second > 0 && Ascii.EndsAt(rest, 1 + second);
    }

    static bool IsSquare(byte first, byte second)
    {
        var squares = "HPHTHUHWHXHYHZNANBNCNDNFNGNHNJNKNLNMNNNONRNSNTNUNWNXNYNZOVSCSDSESHSJSKSMSNSOSPSRSSSTSUSVSW"u8;
        ReadOnlySpan<byte> others = "SXSYSZTATFTGTLTMTQTRTV"u8;
        return Holds(squares, first, second) || Holds(others, first, second);
    }

    static bool Holds(ReadOnlySpan<byte> squares, byte first, byte second)
    {
        for (var at = 0; at < squares.Length; at += 2)
        {
            if (squares[at] == Ascii.Upper(first) && squares[at + 1] == Ascii.Upper(second))
                return true;
        }

        return false;
    }

    static bool IsNumeric(byte b) => Ascii.IsDigit(b) || b == '-';

    static int Digits(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && Ascii.IsDigit(text[length]))
            length++;
        return length;
    }
}
