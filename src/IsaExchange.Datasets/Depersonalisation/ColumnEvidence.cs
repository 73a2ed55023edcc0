namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// What the values of one column have in common: shapes that say little of one value and much of a thousand. A fixed
/// amount of memory, whatever the number of values; adding one allocates nothing.
/// </summary>
sealed class ColumnEvidence
{
    /// <summary>Fewer values than this have no shape in common.</summary>
    public const int Fewest = 20;

    // Codes and their titles are shorter, or have fewer words.
    const int LongestCode = 24;
    const int MostWordsOfACode = 3;
    const int FirstYear = 1880;

    readonly DistinctSketch _distinct = new();
    UInt128 _yearsLow;
    UInt128 _yearsHigh;

    public long Values { get; private set; }

    /// <summary>Longer than a code.</summary>
    public long Texts { get; private set; }

    public long Names { get; private set; }

    public long Dates { get; private set; }

    public long TwelveDigits { get; private set; }

    public long References { get; private set; }

    public long Registrations { get; private set; }

    public long Latitudes { get; private set; }

    public long Longitudes { get; private set; }

    /// <summary>Of both kinds, those more exact than 100 m.</summary>
    public long ExactDegrees { get; private set; }

    /// <summary>Whole numbers that can be eastings or northings in metres.</summary>
    public long Metres { get; private set; }

    /// <summary>Of these, the ones off the grid of 100 m.</summary>
    public long OffGrid { get; private set; }

    /// <summary>Long words of letters and digits: keys and hashes.</summary>
    public long Keys { get; private set; }

    /// <summary>About how many different values there are.</summary>
    public long Distinct() => Math.Min(_distinct.Estimate(), Values);

    /// <summary>How many different years the dates name.</summary>
    public int Years => (int)(UInt128.PopCount(_yearsLow) + UInt128.PopCount(_yearsHigh));

    public void Add(ReadOnlySpan<byte> value)
    {
        value = value.Trim((byte)' ');
        if (value.IsEmpty)
            return;
        Values++;
        _distinct.Add(value);
        var shape = new ValueShape(value);
        if (shape.Digits == value.Length)
            AddWhole(value);
        else if (shape.Letters == 0)
            AddNumber(value, shape);
        else
            AddWords(value, shape);
    }

    void AddWhole(ReadOnlySpan<byte> digits)
    {
        if (digits.Length == 12)
            TwelveDigits += IsMinute(digits) ? 0 : 1;
        else if (CaseReference.IsElevenDigits(digits))
            References++;
        else if (digits.Length is 5 or 6 or 7)
        {
            Metres++;
            OffGrid += digits.EndsWith("00"u8) ? 0 : 1;
        }
    }

    /// <summary>201810011305: year, month, day, hour and minute.</summary>
    static bool IsMinute(ReadOnlySpan<byte> digits) =>
        (Two(digits), Two(digits[4..]), Two(digits[6..]), Two(digits[8..]), Two(digits[10..]))
            is (19 or 20, >= 1 and <= 12, >= 1 and <= 31, < 24, < 60);

    static int Two(ReadOnlySpan<byte> digits) => ((digits[0] - '0') * 10) + digits[1] - '0';

    void AddNumber(ReadOnlySpan<byte> value, ValueShape shape)
    {
        if (shape.Digits >= 5 && BirthDate.YearOfDay(value) is var year and >= 0)
        {
            Dates++;
            var offset = year - FirstYear;
            if (offset is >= 0 and < 128)
                _yearsLow |= UInt128.One << offset;
            else if (offset is >= 128 and < 256)
                _yearsHigh |= UInt128.One << (offset - 128);
            return;
        }

        var axis = Coordinates.AxisOf(value, out var exact);
        Latitudes += axis == Coordinates.Axis.Latitude ? 1 : 0;
        Longitudes += axis == Coordinates.Axis.Longitude ? 1 : 0;
        ExactDegrees += axis != Coordinates.Axis.None && exact ? 1 : 0;
    }

    void AddWords(ReadOnlySpan<byte> value, ValueShape shape)
    {
        var blanks = value.Count((byte)' ');
        if (value.Length >= 16 && blanks == 0 && shape.Digits >= 3 && shape.Letters + shape.Digits >= value.Length - 4)
            Keys++;
        else if (value.Length > LongestCode || blanks >= MostWordsOfACode)
            Texts++;
        else if (shape.Digits > 0 && VehicleRegistration.IsDateless(value))
            Registrations++;
        if (shape.Letters >= 4 && blanks > 0 && PersonName.IsIn(value))
            Names++;
    }
}
