using System.Globalization;
using System.Text;
using Google.Type;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>Words of the sample agreement, and small tables of its datasets.</summary>
public static class Northmere
{
    public const string Agreement = "agreements/northmere";
    public const string Police = Agreement + "/parties/northmere-police";
    public const string WestHealth = Agreement + "/parties/northmere-west-health";
    public const string EastHealth = Agreement + "/parties/northmere-east-health";

    public const string Street = Police + "/datasets/police-street-level";
    public const string WestAdmissions = WestHealth + "/datasets/hospital-admissions";
    public const string EastAdmissions = EastHealth + "/datasets/hospital-admissions";

    public const string StreetFeed = Agreement + "/feeds/street-level-by-csp";
    public const string AdmissionsFeed = Agreement + "/feeds/admissions-by-csp";

    public const string PoliceSender = "northmere-police.records-system";
    public const string WestSender = "northmere-west-health.data-warehouse";
    public const string EastSender = "northmere-east-health.data-warehouse";
    public const string PoliceOfficer = "amara-okafor";
    public const string WestOfficer = "fatima-noor";
    public const string EastOfficer = "daniel-okoro";
    public const string PoliceDeputy = "ben-hartley";
    public const string PoliceAnalyst = "lewis-grant";
    public const string CouncilAnalyst = "priya-raman";
    public const string Steward = "tom-ellery";
    public const string Auditor = "nia-bevan";

    /// <summary>Partnerships, in order; their first small areas are <see cref="SmallArea"/>.</summary>
    public static readonly IReadOnlyList<string> Areas = ["X22000001", "X22000002", "X22000003", "X22000004"];

    static readonly int[] FirstSmallArea = [1, 21, 41, 81];

    /// <summary>A small area that lies in the partnership.</summary>
    public static string SmallArea(string area) =>
        string.Create(CultureInfo.InvariantCulture, $"X01{FirstSmallArea[Areas.ToList().IndexOf(area)]:D6}");

    public static Period Month(int year, int month) => Months(new DateOnly(year, month, 1), 1);

    public static Period Quarter(int year, int firstMonth) => Months(new DateOnly(year, firstMonth, 1), 3);

    public static Period Months(DateOnly first, int count) =>
        new() { StartDate = Day(first), EndDateExclusive = Day(first.AddMonths(count)) };

    static Date Day(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    /// <summary>Street-level records of one month, all in one small area.</summary>
    public static byte[] StreetTable(Period month, string smallArea, int records, string crimeType = "burglary")
    {
        var text = new StringBuilder("row_no,event_month,crime_type,lsoa\n");
        for (var row = 1; row <= records; row++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{row},{month.StartDate.Year:D4}-{month.StartDate.Month:D2},{crimeType},{smallArea}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Admissions on the days of the first month of the period in turn: how many of each code in each
    /// area.</summary>
    public static byte[] AdmissionsTable(Period period, params (string Area, string Code, int Records)[] cells)
    {
        var text = new StringBuilder("area,row_no,admission_date,home_outward,icd10\n");
        var row = 0;
        foreach (var (area, code, records) in cells)
        {
            for (var i = 0; i < records; i++)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{area},{++row},{period.StartDate.Year:D4}-{period.StartDate.Month:D2}-{1 + (row % 28):D2},"
                    + $"XN1,{code}\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
