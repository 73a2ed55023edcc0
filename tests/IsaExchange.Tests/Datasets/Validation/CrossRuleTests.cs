using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>X4xx: several fields of a record.</summary>
public sealed class CrossRuleTests
{
    [Theory]
    [InlineData("E22000001,1,BURGLARY,28E,2018-10-02,2018-10-01,,day,,E01000001,lsoa2011", "")]
    [InlineData("E22000001,1,VAP,105A,2018-10-02,2018-09-01,2018-10-02,range,13:00,,none", "")]
    [InlineData("E22000001,1,VAP,28E,2018-10-02,2018-10-01,,day,,,none", "X404 2/1/4 offence")]
    [InlineData("E22000001,1,VAP,8N,2018-10-02,2018-10-01,2018-09-30,range,,,none", "X405 2/1/7 event_date_to")]
    [InlineData("E22000001,1,VAP,8N,2018-10-02,2018-10-03,,day,,,none", "X405 2/1/5 recorded_date")]
    [InlineData("E22000001,1,VAP,8N,2018-10-02,2018-10-01,,range,,,none", "X406 2/1/7 event_date_to")]
    [InlineData("E22000001,1,VAP,8N,2018-10-02,2018-10-01,,day,,,lsoa2011", "X406 2/1/10 location")]
    [InlineData("E22000001,1,VAP,8N,2018-10-02,2018-10-01,,day,,E01000001,none", "X407 2/1/10 location")]
    public void FieldsOfARecord_MustFitEachOther(string row, string place)
    {
        var report = TestDatasets.Crime.Validate(TestDatasets.CrimeHeader + "\n" + row + "\n");
        Assert.Equal(place.Length == 0 ? [] : [place], report.Places());
        Assert.Equal(place.Length == 0 ? 1 : 0, report.AcceptedCount);
    }

    [Fact]
    public void LocationOutsideTheStatedArea_IsAQuery()
    {
        var report = TestDatasets.Crime.Validate(TestDatasets.CrimeHeader
            + "\nE22000001,1,VAP,8N,2018-10-02,2018-10-01,,day,,E01000003,lsoa2011\n");
        Assert.Equal(["X403 2/1/10 location"], report.Places());
        Assert.Equal((0, 1, 1), (report.ErrorCount, report.QueryCount, report.AcceptedCount));
    }

    [Fact]
    public void CrossRules_WaitUntilTheFieldsAreInOrder()
    {
        var report = TestDatasets.Crime.Validate(TestDatasets.CrimeHeader
            + "\nE22000001,1,VAP,28E,2018-10-02,nonsense,2018-09-30,range,,,none\n");
        Assert.Equal(["T202 2/1/6 event_date"], report.Places());
    }
}
