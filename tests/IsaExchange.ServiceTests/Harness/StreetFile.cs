using System.Globalization;
using System.Text;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>Street-level records of one month in some of the partnerships of Northmere: valid files of any size.</summary>
/// <param name="Month">First day of the month.</param>
/// <param name="Areas">Partnerships, from 1 to 4.</param>
public sealed record StreetFile(DateOnly Month, params int[] Areas)
{
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
        var text = new StringBuilder();
        var month = Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        for (var row = 1; row <= records; row++)
        {
            var area = Areas[row % Areas.Length];
            text.Append(CultureInfo.InvariantCulture, $"{row},{month},{CrimeTypes[row * 7 % CrimeTypes.Length]},")
                .Append(SmallArea(area, row / 3)).Append('\n');
            if (text.Length < 64 << 10 && row < records)
                continue;
            yield return Encoding.ASCII.GetBytes(text.ToString());
            text.Clear();
        }
    }
}
