using System.Buffers;
using System.Globalization;
using System.Text;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>Street-level records of one month in some of the partnerships of Northmere: valid files of any
/// size.</summary>
/// <param name="Month">First day of the month.</param>
/// <param name="Areas">Partnerships, from 1 to 4.</param>
public sealed record StreetFile(DateOnly Month, params int[] Areas)
{
    public const string Dataset = "police-street-level";
    public const string Header = "row_no,event_month,crime_type,lsoa\n";

    static readonly string[] CrimeTypes =
        ["anti-social-behaviour", "burglary", "drugs", "robbery", "shoplifting", "violence-and-sexual-offences"];

    // Twenty small areas a district; the third partnership has two districts.
    static readonly (int First, int Count)[] SmallAreas = [(1, 20), (21, 20), (41, 40), (81, 20)];

    public string Period => $"{Month:yyyy-MM-dd}/P1M";

    public IReadOnlyList<string> AreaCodes => [.. Areas.Select(a => $"X2200000{a}")];

    /// <summary>A small area of the partnership, by any number.</summary>
    public static string SmallArea(int area, int number)
    {
        var (first, count) = SmallAreas[area - 1];
        return string.Create(CultureInfo.InvariantCulture, $"X01{first + (number % count):D6}");
    }

    /// <summary>The header and this many records.</summary>
    public byte[] Content(int records)
    {
        using var content = new MemoryStream();
        content.Write(Encoding.ASCII.GetBytes(Header));
        foreach (var part in Records(records))
            content.Write(part);
        return content.ToArray();
    }

    /// <summary>The records in parts of about 64 KiB, so that a file larger than memory can be sent.</summary>
    public IEnumerable<byte[]> Records(int records)
    {
        var ends = Ends();
        var part = new ArrayBufferWriter<byte>();
        for (var row = 1; row <= records; row++)
        {
            row.TryFormat(part.GetSpan(10), out var digits, provider: CultureInfo.InvariantCulture);
            part.Advance(digits);
            part.Write(ends[row % ends.Length]);
            if (part.WrittenCount < 64 << 10 && row < records)
                continue;
            yield return part.WrittenSpan.ToArray();
            part.ResetWrittenCount();
        }
    }

    /// <summary>All that follows the number, for every area, type and small area in turn.</summary>
    byte[][] Ends()
    {
        var month = Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var ends = Enumerable.Range(0, 40).SelectMany(n => CrimeTypes.SelectMany(type => Areas.Select(area =>
            $",{month},{type},{SmallArea(area, n)}\n")));
        return [.. ends.Select(Encoding.ASCII.GetBytes)];
    }
}
