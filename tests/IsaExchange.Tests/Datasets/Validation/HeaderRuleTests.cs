using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>H1xx: the header, and the columns the minimum-necessary rule refuses.</summary>
public sealed class HeaderRuleTests
{
    [Theory]
    [InlineData("row_no,event_month,crime_type,lsoa,", "H101 1/0/5 column 5")]
    [InlineData("row_no,event_month,crime_type,lsoa, ", "H101 1/0/5 column 5")]
    [InlineData("row_no,event_month,crime_type,lsoa,lsoa", "H102 1/0/5 lsoa")]
    [InlineData("row_no,event_month,crime_type", "H103 1/0/0 lsoa")]
    [InlineData("row_no,Event_Month,crime_type,lsoa", "H104 1/0/2 event_month")]
    [InlineData("row_no,event month,crime_type,lsoa", "H104 1/0/2 event_month")]
    [InlineData("row_no,event_month,crime_type, lsoa ", "H104 1/0/4 lsoa")]
    [InlineData("row_no,event_month,crime_type,lsoa,ward", "D501 1/0/5 column 5")]
    [InlineData("row_no,event_month,crime_type,lsoa,Date of Birth", "D502 1/0/5 column 5")]
    [InlineData("row_no,event_month,crime_type,lsoa,nhsNumber", "D502 1/0/5 column 5")]
    [InlineData("row_no,event_month,crime_type,lsoa,HomePostcode", "D502 1/0/5 column 5")]
    public void WrongHeader_IsRefusedAndRecordsAreStillChecked(string header, string place)
    {
        var columns = header.Split(',').Length;
        var report = TestDatasets.Street.Validate($"{header}\nx,2018-10,drugs{Fill(columns - 3)}\n");
        Assert.Equal([place, "T205 2/1/1 row_no"], report.Places());
        Assert.Equal(0, report.AcceptedCount);
    }

    [Theory]
    [InlineData("row_no,event_month,crime_type,lsoa,ward")]
    [InlineData("row_no,event_month,crime_type,LSOA")]
    public void RecordsUnderAWrongHeader_AreNotAccepted(string header)
    {
        var sink = new RecordingSink();
        var csv = $"{header}\n1,2018-10,drugs{Fill(header.Split(',').Length - 3)}\n";
        var report = TestDatasets.Street.Validate(System.Text.Encoding.UTF8.GetBytes(csv), sink: sink);
        Assert.Equal((1, 0), (report.RecordCount, report.AcceptedCount));
        Assert.Empty(sink.Records);
    }

    [Theory]
    [InlineData("row_no;event_month;crime_type;lsoa", "H106 1/0/0")]
    [InlineData("row_no\tevent_month\tcrime_type\tlsoa", "H106 1/0/0")]
    [InlineData("sep=,", "H105 1/0/0")]
    [InlineData("sep=;", "H106 1/0/0")]
    [InlineData("1,2018-10,drugs,E01000001", "H105 1/0/0")]
    [InlineData("<html><body>", "H105 1/0/0")]
    [InlineData("a\"b,event_month", "F012 1/0/1 column 1")]
    public void LineThatIsNoHeader_StopsTheReading(string first, string place)
    {
        var report = TestDatasets.Street.Validate(first + "\n1,2018-10,drugs,E01000001\n");
        Assert.Equal([place], report.Places());
        Assert.True(report.StoppedEarly);
    }

    [Fact]
    public void BlankLineBeforeTheHeader_IsAFaultAndTheHeaderIsStillFound()
    {
        var report = TestDatasets.Street.Validate("\n" + TestDatasets.StreetHeader + "\n1,2018-10,drugs,bad\n");
        Assert.Equal(["F014 1/0/0", "C302 3/1/4 lsoa"], report.Places());
    }

    [Fact]
    public void HeaderOverSeveralLines_KeepsLineNumbersExact()
    {
        var report = TestDatasets.Street.Validate(
            "row_no,event_month,crime_type,lsoa,\"a\r\nb\",\"c\"\r\n1,2018-10,drugs,bad,,\r\n");
        Assert.Equal(["D501 1/0/5 column 5", "D501 2/0/6 column 6", "C302 3/1/4 lsoa"], report.Places());
    }

    static string Fill(int columns) => string.Concat(Enumerable.Repeat(",", Math.Max(0, columns)));
}
