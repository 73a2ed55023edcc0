using System.Text;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>F0xx: the file as bytes and lines.</summary>
public sealed class FileRuleTests
{
    const string Header = TestDatasets.StreetHeader + "\n";
    const string Good = "1,2018-10,drugs,E01000001\n";

    [Theory]
    [InlineData(Header + Good)]
    [InlineData(Header + "1,2018-10,drugs,E01000001")]
    [InlineData("row_no,event_month,crime_type,lsoa\r\n1,2018-10,drugs,E01000001\r\n")]
    [InlineData("lsoa,crime_type,row_no,event_month\nE01000001,drugs,1,2018-10\n")]
    [InlineData("\"row_no\",\"event_month\",\"crime_type\",\"lsoa\"\n\"1\",\"2018-10\",\"drugs\",\"E01000001\"\n")]
    public void GoodFile_IsAcceptedWithoutRemark(string csv)
    {
        var sink = new RecordingSink();
        var report = TestDatasets.Street.Validate(Encoding.UTF8.GetBytes(csv), sink: sink);
        Assert.Empty(report.Violations);
        Assert.Equal((1, 1, false, false),
            (report.RecordCount, report.AcceptedCount, report.HasErrors, report.StoppedEarly));
        Assert.Equal([1, 0], report.RecordsByArea);
        Assert.Single(sink.Records);
    }

    [Theory]
    [InlineData("", "F001 0/-1/0")]
    [InlineData("\uFEFF", "F001 0/-1/0")]
    [InlineData("\n\n", "F014 1/0/0", "F014 2/0/0", "F001 0/-1/0")]
    [InlineData(Header, "F002 0/-1/0")]
    [InlineData("row_no,event_month,crime_type,lsoa", "F002 0/-1/0")]
    [InlineData("\uFEFF\uFEFF" + Header + Good, "F008 0/-1/0")]
    [InlineData(Header + "1,2018-10,Dr\0ugs,E01000001\n", "F005 2/1/3 crime_type")]
    [InlineData(Header + "1,2018-10,drugs\n", "F015 2/1/0")]
    [InlineData(Header + "1,2018-10,drugs,E01000001,\n", "F016 2/1/0")]
    [InlineData(Header + Good + "\n2,2018-10,drugs,E01000001\n", "F014 3/1/0")]
    [InlineData(Header + Good + "\n", "F014 3/1/0")]
    [InlineData(Header + "1,2018-10,Dr\"ugs,E01000001\n", "F012 2/1/3 crime_type")]
    [InlineData(Header + "1,2018-10, \"drugs\",E01000001\n", "F012 2/1/3 crime_type")]
    [InlineData(Header + "1,2018-10,\"drugs\"x,E01000001\n", "F013 2/1/3 crime_type")]
    [InlineData(Header + "1,2018-10,\"drugs,E01000001\n2,2018-10,drugs,E01000001\n", "F011 2/1/3 crime_type")]
    [InlineData(Header + "1,2018-10,\"drugs,E01000001\n2,2018-10,\"drugs\",E01000001\n", "F013 2/1/3 crime_type")]
    [InlineData("row_no,event_month,crime_type,lsoa\r\n1,2018-10,drugs,E01000001\n", "F017 2/-1/0")]
    [InlineData("row_no,event_month,crime_type,lsoa\r1,2018-10,drugs,E01000001\r", "F018 0/-1/0")]
    [InlineData("row_no,event_month,crime_type,lsoa\n1,2018-10,drugs,E01000001\r2,2018-10,drugs,\n", "F017 0/-1/0")]
    [InlineData(Header + "1,2018-10,drugs\u200B,E01000001\n", "F019 2/1/3 crime_type")]
    [InlineData(Header + "1,2018-10,\"Dru\ngs\",E01000001\n", "F019 2/1/3 crime_type")]
    public void BrokenFile_IsRefusedAtItsPlace(string csv, params string[] places)
    {
        var report = TestDatasets.Street.Validate(csv);
        Assert.True(report.HasErrors);
        Assert.Equal(places, report.Places().Where(p => p[0] is not 'X'));
    }

    [Theory]
    [InlineData("EFBBBF", "", "F009")]
    [InlineData("FFFE", "r\0o\0w\0", "F003")]
    [InlineData("FEFF", "\0r\0o\0w", "F003")]
    [InlineData("0000FEFF", "", "F003")]
    [InlineData("", "r\0o\0w\0_\0", "F003")]
    [InlineData("504B0304", "sheet", "F004")]
    [InlineData("1F8B0800", "", "F022")]
    [InlineData("", "%PDF-1.7\n", "F004")]
    public void FirstBytes_SayWhatTheFileIs(string hex, string rest, string rule)
    {
        var report = TestDatasets.Street.Validate([.. Convert.FromHexString(hex), .. Encoding.Latin1.GetBytes(rest),
            .. Encoding.UTF8.GetBytes(rule == "F009" ? Header + Good : "")]);
        Assert.Equal([rule], report.Violations.Select(v => v.Rule));
        Assert.Equal(rule != "F009", report.StoppedEarly);
        Assert.Equal(rule != "F009", report.HasErrors);
    }

    [Theory]
    [InlineData("E9", "F007")]
    [InlineData("93", "F007")]
    [InlineData("C0AF", "F006")]
    [InlineData("EDA080", "F006")]
    [InlineData("F4908080", "F006")]
    public void InvalidUtf8_IsNamedAndStopsTheReading(string hex, string rule)
    {
        var report = TestDatasets.Street.Validate([.. Encoding.UTF8.GetBytes(Header + Good + "2,2018-10,Dr"),
            .. Convert.FromHexString(hex), .. "ugs,E01000001\n3,wrong,wrong,wrong\n"u8]);
        Assert.Equal([rule + " 3/2/3 crime_type"], report.Places());
        Assert.True(report.StoppedEarly);
        Assert.Contains("stopped", report.Violations[0].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Utf8CutAtTheEndOfTheFile_IsNotTakenForWindows1252()
    {
        var report = TestDatasets.Street.Validate(
            [.. Encoding.UTF8.GetBytes(Header + Good + "2,2018-10,drugs,"), 0xE2, 0x82]);
        Assert.Equal(["F006 3/2/4 lsoa"], report.Places());
    }

    [Fact]
    public void ManyByteOrderMarksInAValue_AreNoMarkOfTheFile()
    {
        var report = TestDatasets.Street.Validate(Header + "1,2018-10,\uFEFFdrugs,E01000001\n");
        Assert.Equal(["F019 2/1/3 crime_type"], report.Places());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void QuoteNeverClosed_SaysWhereItOpensAndKeepsNothing(int chunk)
    {
        var rows = string.Concat(Enumerable.Range(2, 20_000).Select(i => $"{i},2018-10,drugs,E01000001\n"));
        var report = TestDatasets.Street.Validate(Header + "1,2018-10,\"drugs,E01000001\n" + rows, chunk);
        Assert.Equal(["F011 2/1/3 crime_type"], report.Places());
        Assert.True(report.StoppedEarly);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void LineWithoutEnd_IsRefusedEarly(int chunk)
    {
        var report = TestDatasets.Street.Validate(Header + Good + new string('x', 200_000), chunk);
        Assert.Equal(["F010 3/2/0"], report.Places());
        Assert.True(report.StoppedEarly);
    }

    [Theory]
    [InlineData(64 * 1024 - 20, "F020")]
    [InlineData(4097, "F020")]
    [InlineData(4096, "T208")]
    public void LongField_IsRefusedByItsLimit(int length, string rule)
    {
        var report = TestDatasets.Street.Validate(Header + "1,2018-10," + new string('x', length) + ",\n");
        Assert.Equal([rule + " 2/1/3 crime_type"], report.Places());
    }

    [Fact]
    public void RecordOfExactlyTheLimit_IsStillRead()
    {
        var rest = "1,2018-10,,".Length;
        foreach (var chunk in new[] { 1, 100, int.MaxValue })
        {
            var limit = TestDatasets.Street.Limits.MaxRecordBytes;
            var most = new string('x', limit - rest);
            var at = TestDatasets.Street.Validate(Header + $"1,2018-10,{most},\r\n", chunk);
            var above = TestDatasets.Street.Validate(Header + $"1,2018-10,{most}x,\n", chunk);
            Assert.Contains("F020", at.Violations.Select(v => v.Rule));
            Assert.Equal(["F010 2/1/0"], above.Places());
        }
    }

    [Fact]
    public void TooManyColumns_AreRefusedEarly()
    {
        var report = TestDatasets.Street.Validate(TestDatasets.StreetHeader + new string(',', 50_000) + "\n1\n");
        Assert.Equal(["F021 1/0/0"], report.Places());
        Assert.True(report.StoppedEarly);
    }

    [Fact]
    public void Cancellation_EndsTheReading()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => new DatasetValidator(TestDatasets.Street).Validate(
            new MemoryStream(Encoding.UTF8.GetBytes(Header + Good)), new RecordingSink(), source.Token));
    }
}
