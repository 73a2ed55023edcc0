using System.Buffers;
using System.Globalization;
using System.Text;
using IsaExchange.Datasets.Selecting;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Selecting;

/// <summary>Of a valid file exactly the records asked for are written, with exactly the columns asked for.</summary>
public sealed class RecordSelectionTests
{
    static readonly DateOnly Start = new(2018, 10, 1);
    static readonly DateOnly End = new(2019, 1, 1);

    const string Crimes = TestDatasets.CrimeHeader + "\n"
        + "E22000001,1,BURGLARY,28E,2018-10-31,2018-10-30,,day,,E01000001,lsoa2011\n"
        + "E22000002,2,VAP,8N,2018-11-01,2018-10-30,,day,13:05,E01000003,lsoa2011\n"
        + "E22000009,3,VAP,8N,2018-11-01,2018-10-30,,day,,,none\n"
        + "E22000001,4,VAP,105A,2018-12-01,2018-10-30,2018-11-30,range,,,none\n";

    static ValidationPlan Plan(string dataset, params string[] areas) => ValidationPlan.Compile(
        TestDatasets.Catalog.Find(dataset)!, TestDatasets.Lists, Start, End, areas);

    static (string Csv, long Read, long Written) Select(
        ValidationPlan plan, string csv, string[] columns, DateOnly? start = null, DateOnly? end = null,
        int chunk = int.MaxValue, int enough = 1 << 20)
    {
        using var arriving = new ChunkedStream(Encoding.UTF8.GetBytes(csv), chunk);
        using var selection = new RecordSelection(plan, start ?? Start, end ?? End, columns, arriving);
        var (text, to) = (new StringBuilder(), new ArrayBufferWriter<byte>());
        bool more;
        do
        {
            more = selection.Write(to, enough);
            text.Append(Encoding.UTF8.GetString(to.WrittenSpan));
            to.ResetWrittenCount();
        }
        while (more);
        return (text.ToString(), selection.Read, selection.Written);
    }

    [Fact]
    public void RecordsOfTheAreas_AreWrittenWithTheColumnsAsked()
    {
        var (csv, read, written) = Select(
            Plan("police-recorded-crime", "E22000001"), Crimes, ["area", "offence", "event_date_to"]);
        Assert.Equal("E22000001,28E,\nE22000001,105A,2018-11-30\n", csv);
        Assert.Equal((4, 2), (read, written));
    }

    [Fact]
    public void RecordsOfTheDays_AreDecidedByThePeriodColumn()
    {
        var (csv, _, _) = Select(
            Plan("police-recorded-crime", "E22000001", "E22000002"), Crimes, ["row_no"], new DateOnly(2018, 11, 1),
            new DateOnly(2018, 12, 1));
        Assert.Equal("2\n", csv);
    }

    [Fact]
    public void MonthsOfStreetRecords_SortAsTextAndRouteByTheirPlace()
    {
        const string Street = TestDatasets.StreetHeader + "\n1,2018-10,drugs,E01000001\n2,2018-11,drugs,E01000002\n"
            + "3,2018-11,drugs,E01000003\n4,2018-11,drugs,E01000009\n5,2018-11,drugs,\n6,2018-12,drugs,E01000001\n";
        var (csv, _, _) = Select(
            Plan("police-street-level", "E22000001"), Street, ["lsoa", "row_no"], new DateOnly(2018, 11, 1),
            new DateOnly(2018, 12, 1));
        Assert.Equal("E01000002,2\n", csv);
    }

    [Fact]
    public void Columns_AreFoundWhereverTheFileHasThem()
    {
        const string Turned = "lsoa,crime_type,row_no,event_month\r\nE01000001,drugs,1,2018-10\r\n";
        var (csv, _, _) = Select(Plan("police-street-level", "E22000001"), Turned, ["row_no", "crime_type"]);
        Assert.Equal("1,drugs\n", csv);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 20)]
    [InlineData(64, 1)]
    public void Chunks_DoNotMatter(int chunk, int enough)
    {
        var plan = Plan("police-recorded-crime", "E22000001", "E22000002");
        string[] columns = ["area", "si_group", "event_time"];
        Assert.Equal(Select(plan, Crimes, columns), Select(plan, Crimes, columns, chunk: chunk, enough: enough));
    }

    [Theory]
    [InlineData("row_no,event_month,crime_type\n1,2018-10,drugs\n")]
    [InlineData(TestDatasets.StreetHeader + "\n1,2018-10,drugs\n")]
    [InlineData(TestDatasets.StreetHeader + "\n1,2018-10,drugs,\"E01000001\n")]
    [InlineData(TestDatasets.StreetHeader + "\n\n1,2018-10,drugs,E01000001\n")]
    [InlineData(TestDatasets.StreetHeader + "\n1,2018-10,drugs,E01999999\n")]
    public void FileThatNeverPassedValidation_EndsIt(string csv) =>
        Assert.Throws<InvalidDataException>(() =>
            Select(Plan("police-street-level", "E22000001"), csv, ["row_no"]));

    [Fact]
    public void ColumnThatIsNone_IsAnErrorOfTheCaller() =>
        Assert.Throws<ArgumentException>(() => Select(Plan("police-street-level"), "", ["surname"]));

    [Fact]
    public void Records_AreSelectedWithoutAnAllocationEach()
    {
        const int Records = 100_000;
        var csv = new StringBuilder(TestDatasets.StreetHeader).Append('\n');
        for (var row = 1; row <= Records; row++)
            csv.Append(CultureInfo.InvariantCulture, $"{row},2018-10,drugs,E0100000{1 + (row % 3)}\n");
        var plan = Plan("police-street-level", "E22000001");
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString()));
        using var selection = new RecordSelection(plan, Start, End, ["crime_type", "lsoa"], content);
        var to = new ArrayBufferWriter<byte>(128 << 10);
        Assert.True(selection.Write(to, 64 << 10));
        to.ResetWrittenCount();

        var before = GC.GetAllocatedBytesForCurrentThread();
        while (selection.Write(to, 64 << 10))
            to.ResetWrittenCount();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal((Records, 66_667), (selection.Read, selection.Written));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"so\"", "\"say \"\"so\"\"\"")]
    [InlineData("\"", "\"\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    public void Field_IsQuotedWhereItMustBe(string value, string written)
    {
        var to = new ArrayBufferWriter<byte>();
        RecordSelection.WriteHeader([value, "next"], to);
        Assert.Equal(written + ",next\n", Encoding.UTF8.GetString(to.WrittenSpan));
    }
}
