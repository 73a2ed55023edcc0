using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>T2xx, C3xx, P6xx, Q7xx: single fields.</summary>
public sealed class FieldRuleTests
{
    [Theory]
    [InlineData("2018-10")]
    [InlineData("2018-12")]
    public void MonthOfThePeriod_IsAccepted(string month) => Assert.Empty(Street(1, month, "drugs", "E01000001"));

    [Theory]
    [InlineData("", "T201")]
    [InlineData("2018-13", "T203")]
    [InlineData("2018-1", "T203")]
    [InlineData("2018/10", "T203")]
    [InlineData("Oct 2018", "T203")]
    [InlineData("2018-10-01", "T203")]
    [InlineData("201810", "T203")]
    [InlineData("2018-09", "P601")]
    [InlineData("2019-01", "P601")]
    [InlineData("2003-01", "P601")]
    [InlineData("2002-12", "D508")]
    public void OtherMonth_IsRefused(string month, string rule) =>
        Assert.Equal([rule + " 2/1/2 event_month"], Street(1, month, "drugs", "E01000001"));

    [Theory]
    [InlineData("", "T201")]
    [InlineData("Drugs", "C301")]
    [InlineData("drugs ", "C301")]
    [InlineData("drug", "C301")]
    [InlineData("=1+1", "C301")]
    public void CodeOutsideTheCategories_IsRefused(string code, string rule) =>
        Assert.Equal([rule + " 2/1/3 crime_type"], Street(1, "2018-10", code, "E01000001"));

    [Theory]
    [InlineData("E0100001", "C302")]
    [InlineData("E01000004", "C302")]
    [InlineData("e01000001", "C302")]
    [InlineData("E010000011", "T208")]
    public void CodeOutsideTheEdition_IsRefused(string code, string rule) =>
        Assert.Equal([rule + " 2/1/4 lsoa"], Street(1, "2018-10", "drugs", code));

    [Fact]
    public void MessageOfACodeList_NamesListEditionAndDay()
    {
        var report = TestDatasets.Street.Validate(TestDatasets.StreetHeader + "\n1,2018-10,drugs,E01000099\n");
        Assert.Equal("The code is not in the edition of the code list that is in force for the period. "
            + "The code list is 'lsoa', edition 2018, in force on 2018-12-31.", report.Violations[0].Description);
    }

    [Theory]
    [InlineData("0", "X408")]
    [InlineData("2", "X408")]
    [InlineData("01", "T205")]
    [InlineData("+1", "T205")]
    [InlineData("-1", "T206")]
    [InlineData("-0", "T205")]
    [InlineData("-", "T205")]
    [InlineData("1.0", "T205")]
    [InlineData(" 1", "T205")]
    [InlineData("1e0", "T205")]
    [InlineData("٣", "T205")]
    [InlineData("99999999999", "T206")]
    public void NumberOfTheRecord_MustBeOne(string number, string rule)
    {
        // 0 is outside the bounds before it is out of sequence.
        var expected = number == "0" ? "T206" : rule;
        Assert.Equal([expected + " 2/1/1 row_no"], Street(number, "2018-10", "drugs", "E01000001"));
    }

    [Theory]
    [InlineData("1,2,3", "")]
    [InlineData("1,3,4", "X408 3/2/1 row_no")]
    [InlineData("1,1,2", "X408 3/2/1 row_no")]
    [InlineData("1,x,3", "T205 3/2/1 row_no")]
    [InlineData("2,3,4", "X408 2/1/1 row_no")]
    [InlineData("1,2,1", "X408 4/3/1 row_no")]
    public void GapInTheNumbers_IsOneFault(string numbers, string place)
    {
        var rows = numbers.Split(',').Select(n => $"{n},2018-10,drugs,E01000001\n");
        var report = TestDatasets.Street.Validate(TestDatasets.StreetHeader + "\n" + string.Concat(rows));
        Assert.Equal(place.Length == 0 ? [] : [place], report.Places());
    }

    [Fact]
    public void MalformedRecordInTheMiddle_DoesNotBreakTheNumbers()
    {
        var report = TestDatasets.Street.Validate(TestDatasets.StreetHeader
            + "\n1,2018-10,drugs,\n2,short\n3,2018-10,Dr\"ugs,\n4,2018-10,drugs,E01000001\n");
        Assert.Equal(["X402 2/1/4 lsoa", "F015 3/2/0", "F012 4/3/3 crime_type"], report.Places());
        Assert.Equal((4, 2), (report.RecordCount, report.AcceptedCount));
    }

    [Theory]
    [InlineData("2018-10-01", "")]
    [InlineData("2018-12-31", "")]
    [InlineData("2018-09-30", "P601")]
    [InlineData("2019-01-01", "P601")]
    [InlineData("2018-11-31", "T202")]
    [InlineData("2018-02-29", "T202")]
    [InlineData("2018-00-01", "T202")]
    [InlineData("0000-01-01", "T202")]
    [InlineData("01/10/2018", "T202")]
    [InlineData("2018-10-1", "T202")]
    [InlineData("43374", "T202")]
    [InlineData("2018-10-01T00:00:00", "T202")]
    [InlineData("1961-05-04", "D508")]
    [InlineData("04/05/1961", "D508")]
    public void AdmissionDate_MustBeADayOfThePeriod(string date, string rule) =>
        AssertAdmission($"E22000001,1,{date},SO23,X99", rule, "3 admission_date");

    [Theory]
    [InlineData("SO23", "")]
    [InlineData("M1", "")]
    [InlineData("W1A", "")]
    [InlineData("EC1A", "")]
    [InlineData("so23", "T207")]
    [InlineData("SO", "T207")]
    [InlineData("23SO", "T207")]
    [InlineData("SO2X3", "T207")]
    [InlineData("SO23 8", "D504")]
    [InlineData("M1 1", "D504")]
    [InlineData("SO23 8UJ", "D503")]
    [InlineData("SO238UJ", "D503")]
    public void HomeOutward_MustBeAnOutwardPostcode(string postcode, string rule) =>
        AssertAdmission($"E22000001,1,2018-10-01,{postcode},X99", rule, "4 home_outward");

    [Theory]
    [InlineData("Y09", "")]
    [InlineData("Y91", "")]
    [InlineData("X84", "C301")]
    [InlineData("Y10", "C301")]
    [InlineData("F20", "C301")]
    [InlineData("X99.1", "T208")]
    public void Icd10_MustBeOfThePrescribedRanges(string code, string rule) =>
        AssertAdmission($"E22000001,1,2018-10-01,SO23,{code}", rule, "5 icd10");

    [Theory]
    [InlineData("00:00", "")]
    [InlineData("23:59", "")]
    [InlineData("", "")]
    [InlineData("24:00", "T204")]
    [InlineData("9:30", "T204")]
    [InlineData("09:60", "T204")]
    [InlineData("09.30", "T204")]
    public void EventTime_MustBeATimeOfDay(string time, string rule)
    {
        var report = TestDatasets.Crime.Validate(TestDatasets.CrimeHeader
            + $"\nE22000001,1,BURGLARY,28E,2018-10-02,2018-10-01,,day,{time},,none\n");
        Assert.Equal(rule.Length == 0 ? [] : [rule + " 2/1/9 event_time"], report.Places());
    }

    [Fact]
    public void OffenceOfLongAgo_IsAQueryAndNotTakenForABirth()
    {
        var report = TestDatasets.Crime.Validate(TestDatasets.CrimeHeader
            + "\nE22000001,1,VAP,8N,2018-10-02,1985-06-01,,day,,,none\n");
        Assert.Equal(["Q701 2/1/6 event_date"], report.Places());
        Assert.Equal((0, 1, 1), (report.ErrorCount, report.QueryCount, report.AcceptedCount));
    }

    [Fact]
    public void EveryFaultOfARecord_IsReported() => Assert.Equal(
        ["T205 2/1/1 row_no", "T203 2/1/2 event_month", "C301 2/1/3 crime_type", "C302 2/1/4 lsoa"],
        Street("x", "x", "x", "x"));

    static IEnumerable<string> Street(object number, string month, string type, string lsoa) =>
        TestDatasets.Street.Validate($"{TestDatasets.StreetHeader}\n{number},{month},{type},{lsoa}\n").Places();

    static void AssertAdmission(string row, string rule, string field)
    {
        var report = TestDatasets.Admissions.Validate(TestDatasets.AdmissionHeader + "\n" + row + "\n");
        Assert.Equal(rule.Length == 0 ? [] : [$"{rule} 2/1/{field}"], report.Places());
    }
}
