using System.Buffers.Text;

namespace IsaExchange.Datasets.Mapping;

/// <summary>The band of four hours that a time of day lies in, written <c>20-23</c>.</summary>
sealed class TimeBand(ClockTime clock) : FieldConversion
{
    const int Hours = 4;

    public override string Expected => clock.Expected;

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted)
    {
        if (!clock.TryConvert(field, room, out converted) || field.IsEmpty)
            return field.IsEmpty;
        var hour = ((converted[0] - '0') * 10) + (converted[1] - '0');
        var first = hour - (hour % Hours);
        _ = Utf8Formatter.TryFormat(first, room, out _, new('D', 2));
        room[2] = (byte)'-';
        _ = Utf8Formatter.TryFormat(first + Hours - 1, room[3..], out _, new('D', 2));
        converted = room[..5];
        return true;
    }
}

/// <summary>
/// A whole number rounded down to a multiple, as an easting or a northing is to the corner of its square of 100 m.
/// </summary>
sealed class RoundedDown(int step) : FieldConversion
{
    public override string Expected => "a whole number that is not negative";

    public override bool TryConvert(ReadOnlySpan<byte> field, Span<byte> room, out ReadOnlySpan<byte> converted)
    {
        converted = field;
        if (field.IsEmpty)
            return true;
        if (!Utf8Parser.TryParse(field, out uint number, out var read) || read != field.Length)
            return false;
        _ = Utf8Formatter.TryFormat(number - (number % (uint)step), room, out var length);
        converted = room[..length];
        return true;
    }
}
