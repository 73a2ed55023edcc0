using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.Cli.Demo;
using IsaExchange.Tests.Outside;
using Sylvan.Data.Csv;
using Xunit;

namespace IsaExchange.Tests.Cli.Demo;

public class SyntheticQuarterTests
{
    static readonly DateOnly Quarter = new(2026, 7, 1);
    static readonly DateOnly NextQuarter = new(2026, 10, 1);
    static readonly IReadOnlyList<string> All = SyntheticQuarterCounty.Partnerships;

    static readonly (string Name, Action<Stream, long, DateOnly, int> Write)[] Writers =
    [
        ("crime", SyntheticQuarter.WritePoliceRecordedCrime),
        ("street", SyntheticQuarter.WritePoliceStreetLevel),
        ("admissions", (output, seed, quarter, rows) =>
            SyntheticQuarter.WriteHospitalAdmissions(output, seed, quarter, All, rows)),
        ("faulty", (output, seed, quarter, rows) =>
            SyntheticQuarter.WriteFaultyHospitalAdmissions(output, seed, quarter, All, rows)),
    ];

    public static TheoryData<string> Names => [.. Writers.Select(writer => writer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSameSeed_GivesTheSameBytesAndAnotherDoesNot(string name)
    {
        var first = Hash(name, 7, Quarter, 500);
        Assert.Equal(first, Hash(name, 7, Quarter, 500));
        Assert.NotEqual(first, Hash(name, 8, Quarter, 500));
        Assert.NotEqual(first, Hash(name, 7, NextQuarter, 500));
        Assert.NotEqual(first, Hash(name, 7, Quarter, 501));
    }

    // Figures of this generator itself: a demo that was shown yesterday must be the same demo tomorrow.
    [Theory]
    [InlineData("crime", "8a8b19d82b0be740")]
    [InlineData("street", "b3a35d0e867f2641")]
    [InlineData("admissions", "595915aeac73c141")]
    [InlineData("faulty", "6e9dd5546fe2f424")]
    public void SeedOne_GivesTheBytesItAlwaysGave(string name, string sha256) =>
        Assert.StartsWith(sha256, Hash(name, 1, Quarter, 1000), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void AQuarterThatBeginsInMidMonth_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => Hash(name, 1, new DateOnly(2026, 7, 2), 50));

    [Fact]
    public void RecordedCrime_KeepsTheRulesOfItsDataset()
    {
        var rows = Rows(5_000, SyntheticQuarter.WritePoliceRecordedCrime,
            "area,row_no,si_group,offence,recorded_date,event_date,event_date_to,date_precision,event_time,location,"
            + "location_kind");
        var offences = Parents("offences");
        foreach (var (row, number) in rows.Select((row, i) => (row, i + 1)))
        {
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), row[1]);
            Assert.Equal(row[2], offences[row[3]]);
            var (recorded, happened) = (Day(row[4]), Day(row[5]));
            Assert.InRange(recorded, Quarter, NextQuarter.AddDays(-1));
            Assert.True(happened <= recorded);
            Assert.Equal(row[7] == "range", row[6].Length > 0);
            if (row[6].Length > 0)
                Assert.InRange(Day(row[6]), happened, recorded);
            Assert.Contains(row[7], (string[])["minute", "hour", "day", "month", "range"]);
            Assert.Equal(row[7] is "minute" or "hour", row[8].Length > 0);
            Assert.Equal(row[10] == "lsoa2011", row[9].Length > 0);
            if (row[9].Length > 0)
                Assert.Equal(row[0], PartnershipOf(row[9]));
        }

        Assert.Equal(44, offences.Count);
        Assert.Equal(offences.Keys.Order(), SyntheticQuarterOffence.All.Select(offence => offence.Code).Order());
        Assert.DoesNotContain(rows, row => row[8] == "00:00");
        Assert.Equal(rows.Select(row => row[4]).Order(StringComparer.Ordinal), rows.Select(row => row[4]));
    }

    [Fact]
    public void StreetLevel_HasTheSharesOfARealQuarterAndUnevenAreas()
    {
        var rows = Rows(20_000, SyntheticQuarter.WritePoliceStreetLevel, "row_no,event_month,crime_type,lsoa");
        Assert.Equal(["2026-07", "2026-08", "2026-09"], rows.Select(row => row[1]).Distinct());
        Assert.Equal(14, rows.Select(row => row[2]).Distinct().Count());
        // 14,120 and 2,887 of 40,178 real records.
        Assert.InRange(Share("violence-and-sexual-offences"), 0.33, 0.37);
        Assert.InRange(Share("anti-social-behaviour"), 0.065, 0.079);
        var areas = rows.GroupBy(row => PartnershipOf(row[3])).ToDictionary(area => area.Key, area => area.Count());
        Assert.Equal(All, areas.Keys.Order(StringComparer.Ordinal));
        Assert.InRange((double)areas.Values.Max() / areas.Values.Min(), 4, 6);

        double Share(string type) => rows.Count(row => row[2] == type) / (double)rows.Count;
    }

    [Fact]
    public void Admissions_AreOfTheAreasAskedForAndSmall()
    {
        string[] areas = ["X22000002", "X22000004"];
        var rows = Rows(200, (output, seed, quarter, count) =>
            SyntheticQuarter.WriteHospitalAdmissions(output, seed, quarter, areas, count),
            "area,row_no,admission_date,home_outward,icd10");
        Assert.Equal(areas, rows.Select(row => row[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.InRange(Day(row[2]), Quarter, NextQuarter.AddDays(-1)));
        Assert.All(rows, row => Assert.Matches("^XN([1-9]|1[0-6])$", row[3]));
        Assert.All(rows, row => Assert.Matches("^(F1[0-9]|T51|X(8[5-9]|9[0-9])|Y0[0-9]|Y9[01])$", row[4]));
        Assert.Contains(rows.GroupBy(row => (row[0], row[2][..7], row[4][0])), cell => cell.Count() is >= 1 and <= 7);
    }

    [Fact]
    public void AreasOutsideTheCounty_AreRefused() =>
        Assert.Throws<ArgumentException>(() =>
            SyntheticQuarter.WriteHospitalAdmissions(Stream.Null, 1, Quarter, ["E22000001"], 10));

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 99)]
    [InlineData(3, 400)]
    public void TheFaultyFile_HasExactlyTheFaultsItNames(long seed, int count)
    {
        using var right = new MemoryStream();
        SyntheticQuarter.WriteHospitalAdmissions(right, seed, Quarter, All, count);
        using var wrong = new MemoryStream();
        var faults = SyntheticQuarter.WriteFaultyHospitalAdmissions(wrong, seed, Quarter, All, count);
        var (good, bad) = (Lines(right), Lines(wrong));
        Assert.Equal(good.Length, bad.Length);
        var changed = Enumerable.Range(0, good.Length).Where(line => good[line] != bad[line]).Select(line => line + 1);
        Assert.Equal(faults.Select(fault => fault.Line), changed);
        var cells = faults.Select(fault => bad[fault.Line - 1].Split(',')).ToArray();
        Assert.Equal(["home_outward", "home_outward", "admission_date", "icd10", "home_outward"],
            faults.Select(fault => fault.Column));
        Assert.Matches("^XN[0-9]{1,2} [0-9]AB$", cells[0][3]);
        Assert.Matches("^999[0-9]{7}$", cells[1][3]);
        Assert.Equal(0, cells[1][3].Select((digit, i) => (digit - '0') * (i == 9 ? 1 : 10 - i)).Sum() % 11);
        Assert.True(Day(cells[2][2]) >= NextQuarter);
        Assert.Equal(("K35", ""), (cells[3][4], cells[4][3]));
    }

    [Fact]
    public void TooFewRecordsForTheFaults_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            SyntheticQuarter.WriteFaultyHospitalAdmissions(Stream.Null, 1, Quarter, All, 19));

    [Fact]
    public void TheGenerator_IsXoshiro256StarStar()
    {
        // splitmix64 of 0 begins e220a8397b1dcdaf 6e789e6aa1b965f4 06c45d188009454f f88bb8a8724c81ec (its authors'
        // published sequence); rotl(6e78...*5, 7)*9 is then the first number.
        var first = BitOperations.RotateLeft(unchecked(0x6e789e6aa1b965f4UL * 5), 7) * 9;
        Assert.Equal(first, new SyntheticQuarterRandom(0, 0).Next());
    }

    static string Hash(string name, long seed, DateOnly quarter, int rows)
    {
        using var output = new MemoryStream();
        Array.Find(Writers, writer => writer.Name == name).Write(output, seed, quarter, rows);
        return Convert.ToHexStringLower(SHA256.HashData(output.ToArray()));
    }

    static List<string[]> Rows(int count, Action<Stream, long, DateOnly, int> write, string header)
    {
        using var output = new MemoryStream();
        write(output, 1, Quarter, count);
        var lines = Lines(output);
        Assert.Equal(header, lines[0]);
        Assert.Equal(count + 1, lines.Length);
        return [.. lines.Skip(1).Select(line => line.Split(','))];
    }

    static string[] Lines(MemoryStream output) =>
        Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');

    static string PartnershipOf(string smallArea) => Parents("lad")[Parents("lsoa")[smallArea]];

    static Dictionary<string, string> Parents(string list)
    {
        if (Known.TryGetValue(list, out var known))
            return known;
        var folder = Path.Combine(SharedFolders.Repository, "policies", "northmere", "codelists", list);
        // The edition of a month: beside it may stand an earlier one, and what became of its codes.
        using var reader = CsvDataReader.Create(Assert.Single(Directory.GetFiles(folder, "????-??.csv")));
        var parents = new Dictionary<string, string>();
        while (reader.Read())
            parents.Add(reader.GetString(0), reader.GetString(2));
        return Known[list] = parents;
    }

    static readonly Dictionary<string, Dictionary<string, string>> Known = [];

    static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
