using System.Globalization;
using System.Text;

namespace IsaExchange.Cli.Demo;

/// <summary>
/// Makes a quarter of data for the sample county: the same bytes for the same seed, quarter and number of records, on
/// every machine. Shares of crime types follow the open data of Hampshire, October to December 2018; nothing else in
/// it comes from real records.
/// </summary>
static partial class SyntheticQuarter
{
    const int CrimeStream = 1;
    const int StreetStream = 2;
    const int AdmissionStream = 3;

    // Per 40,178 records of Hampshire, October to December 2018 (data.police.uk).
    static readonly (string Type, int Weight)[] CrimeTypes =
    [
        ("violence-and-sexual-offences", 14_120), ("criminal-damage-arson", 4_549), ("public-order", 3_227),
        ("other-theft", 3_087), ("burglary", 3_001), ("shoplifting", 3_001), ("vehicle-crime", 2_963),
        ("anti-social-behaviour", 2_887), ("drugs", 956), ("bicycle-theft", 747), ("other-crime", 584),
        ("possession-of-weapons", 401), ("robbery", 337), ("theft-from-the-person", 318),
    ];

    static readonly int[] CrimeTypeWeights = [.. CrimeTypes.Select(type => type.Weight)];

    // Sunday first, as DayOfWeek counts.
    static readonly int[] WeekdayWeights = [14, 15, 13, 13, 14, 16, 15];
    static readonly int[] DayHours = [1, 1, 1, 1, 1, 1, 2, 4, 6, 6, 6, 7, 8, 7, 7, 8, 9, 9, 8, 6, 5, 4, 3, 2];
    static readonly int[] NightHours = [8, 7, 6, 4, 2, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8, 9, 9];

    // Days from the offence to its record: most on the day itself, some months later.
    static readonly (int From, int Days, int Weight)[] Lags =
        [(0, 1, 50), (1, 1, 20), (2, 5, 18), (7, 24, 9), (31, 90, 3)];

    static readonly int[] LagWeights = [.. Lags.Select(lag => lag.Weight)];

    static readonly (string Code, int Weight)[] Admissions =
    [
        ("F10", 340), ("F11", 85), ("F12", 60), ("F13", 12), ("F14", 42), ("F15", 12), ("F16", 5), ("F17", 60),
        ("F18", 3), ("F19", 55), ("T51", 50), ("X85", 3), ("X95", 2), ("X99", 34), ("Y00", 22), ("Y04", 85),
        ("Y08", 12), ("Y09", 34), ("Y90", 24), ("Y91", 60),
    ];

    static readonly int[] AdmissionWeights = [.. Admissions.Select(admission => admission.Weight)];

    /// <summary>Recorded crime, dataset <c>police-recorded-crime</c>, in the order of the record's date.</summary>
    public static void WritePoliceRecordedCrime(Stream output, long seed, DateOnly quarterStart, int rows)
    {
        var random = new SyntheticQuarterRandom(seed, CrimeStream);
        var days = Days(random, quarterStart, rows);
        using var csv = Open(output, "area,row_no,si_group,offence,recorded_date,event_date,event_date_to,"
            + "date_precision,event_time,location,location_kind");
        for (var row = 1; row <= rows; row++)
        {
            var district = SyntheticQuarterCounty.PickDistrict(random, SyntheticQuarterCounty.Partnerships);
            var offence = SyntheticQuarterOffence.All[random.Pick(SyntheticQuarterOffence.Weights)];
            var isKnown = !random.Percent(1);
            var place = SyntheticQuarterCounty.PickSmallArea(random, district);
            Write(csv, SyntheticQuarterCounty.PartnershipOf(district), Text(row), offence.Group, offence.Code,
                Iso(days[row - 1]), When(random, offence, days[row - 1]), isKnown ? place : "",
                isKnown ? "lsoa2011" : "none");
        }
    }

    /// <summary>Street-level crime, dataset <c>police-street-level</c>, month by month.</summary>
    public static void WritePoliceStreetLevel(Stream output, long seed, DateOnly quarterStart, int rows)
    {
        var random = new SyntheticQuarterRandom(seed, StreetStream);
        var days = Days(random, quarterStart, rows);
        using var csv = Open(output, "row_no,event_month,crime_type,lsoa");
        for (var row = 1; row <= rows; row++)
        {
            var district = SyntheticQuarterCounty.PickDistrict(random, SyntheticQuarterCounty.Partnerships);
            var type = CrimeTypes[random.Pick(CrimeTypeWeights)].Type;
            var month = days[row - 1].ToString("yyyy-MM", CultureInfo.InvariantCulture);
            Write(csv, Text(row), month, type, SyntheticQuarterCounty.PickSmallArea(random, district));
        }
    }

    /// <summary>Hospital admissions of the partnerships given, dataset <c>hospital-admissions</c>.</summary>
    public static void WriteHospitalAdmissions(
        Stream output, long seed, DateOnly quarterStart, IReadOnlyList<string> csps, int rows)
    {
        using var csv = Open(output, AdmissionHeader);
        foreach (var admission in MakeAdmissions(seed, quarterStart, csps, rows))
            Write(csv, admission);
    }

    const string AdmissionHeader = "area,row_no,admission_date,home_outward,icd10";

    static IEnumerable<string[]> MakeAdmissions(
        long seed, DateOnly quarterStart, IReadOnlyList<string> csps, int rows)
    {
        var random = new SyntheticQuarterRandom(seed, AdmissionStream);
        var days = Days(random, quarterStart, rows);
        for (var row = 1; row <= rows; row++)
        {
            var district = SyntheticQuarterCounty.PickDistrict(random, csps);
            yield return
            [
                SyntheticQuarterCounty.PartnershipOf(district), Text(row), Iso(days[row - 1]),
                SyntheticQuarterCounty.PickOutward(random, district),
                Admissions[random.Pick(AdmissionWeights)].Code,
            ];
        }
    }

    /// <summary>event_date, event_date_to, date_precision and event_time, with the commas between them.</summary>
    static string When(SyntheticQuarterRandom random, SyntheticQuarterOffence offence, DateOnly recorded)
    {
        var (from, span, _) = Lags[random.Pick(LagWeights)];
        var lag = from + random.Below(span);
        var happened = recorded.AddDays(-lag);
        var hour = random.Pick(offence.IsOfTheNight ? NightHours : DayHours);
        if (random.Percent(offence.IsFoundLater ? 30 : 6))
            return $"{Iso(happened)},{Iso(happened.AddDays(Math.Min(lag, random.Below(4))))},range,";
        // 00:00 stands for an unknown time in many a source system, so a whole hour is never written so.
        return random.Below(100) switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture,
                $"{happened:yyyy-MM-dd},,minute,{hour:D2}:{1 + random.Below(59):D2}"),
            < 82 => string.Create(CultureInfo.InvariantCulture,
                $"{happened:yyyy-MM-dd},,hour,{Math.Max(1, hour):D2}:00"),
            < 98 => $"{Iso(happened)},,day,",
            _ => $"{Iso(happened.AddDays(1 - happened.Day))},,month,",
        };
    }

    /// <summary>Days of the quarter in order, more of them at weekends' beginnings.</summary>
    static DateOnly[] Days(SyntheticQuarterRandom random, DateOnly quarterStart, int rows)
    {
        if (quarterStart.Day != 1)
            throw new ArgumentException("A quarter begins on the first of a month.", nameof(quarterStart));
        var count = quarterStart.AddMonths(3).DayNumber - quarterStart.DayNumber;
        int[] weights = [.. Enumerable.Range(0, count)
            .Select(day => WeekdayWeights[(int)quarterStart.AddDays(day).DayOfWeek])];
        var days = new DateOnly[rows];
        for (var row = 0; row < rows; row++)
            days[row] = quarterStart.AddDays(random.Pick(weights));
        Array.Sort(days);
        return days;
    }

    static StreamWriter Open(Stream output, string header)
    {
        var csv = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        csv.WriteLine(header);
        return csv;
    }

    static void Write(StreamWriter csv, params ReadOnlySpan<string> fields) => csv.WriteLine(string.Join(',', fields));

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
