using System.Text;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>Where records belong, and what the sink gets.</summary>
public sealed class RoutingTests
{
    [Theory]
    [InlineData("E01000001", 0)]
    [InlineData("E01000002", 0)]
    [InlineData("E01000003", 1)]
    public void Lsoa_LeadsThroughItsParentsToTheArea(string lsoa, int area)
    {
        var (report, sink) = Street($"1,2018-10,drugs,{lsoa}");
        Assert.Equal(area, Assert.Single(sink.Records).Area);
        Assert.Equal(1, report.RecordsByArea[area]);
        Assert.Empty(report.Violations);
    }

    [Theory]
    [InlineData("E01000009", "X401 2/1/4 lsoa")]
    [InlineData("E01000010", "X401 2/1/4 lsoa")]
    [InlineData("", "X402 2/1/4 lsoa")]
    public void RecordOutsideEveryArea_IsAQueryCountedAndNeverDropped(string lsoa, string place)
    {
        var (report, sink) = Street($"1,2018-10,drugs,{lsoa}");
        Assert.Equal([place], report.Places());
        Assert.Equal((1, 0, 1), (report.OutsideCount, report.ErrorCount, report.QueryCount));
        Assert.Equal(-1, Assert.Single(sink.Records).Area);
    }

    [Fact]
    public void DistrictAsArea_IsFoundBeforeItsPartnership()
    {
        var plan = ValidationPlan.Compile(TestDatasets.Catalog.Find("police-street-level")!, TestDatasets.Lists,
            new DateOnly(2018, 10, 1), new DateOnly(2018, 11, 1), ["E22000001", "E07000002"]);
        var sink = new RecordingSink();
        plan.Validate("row_no,event_month,crime_type,lsoa\n1,2018-10,drugs,E01000001\n2,2018-10,drugs,E01000002\n"u8
            .ToArray(), sink: sink);
        Assert.Equal([0, 1], sink.Records.Select(r => r.Area));
    }

    [Fact]
    public void AreaColumn_RoutesDirectly()
    {
        var report = TestDatasets.Admissions.Validate(TestDatasets.AdmissionHeader
            + "\nE22000002,1,2018-10-01,SO23,X99\nE22000009,2,2018-10-01,SO23,X99\nE22000008,3,2018-10-01,SO23,X99\n");
        Assert.Equal(["X401 3/2/1 area", "C302 4/3/1 area"], report.Places());
        Assert.Equal([0, 1], report.RecordsByArea);
    }

    [Fact]
    public void IdenticalRecords_AreAllCounted()
    {
        var (report, sink) = Street("1,2018-10,drugs,E01000001", "2,2018-10,drugs,E01000001");
        Assert.Equal((2, 0), (report.AcceptedCount, report.QueryCount));
        Assert.Equal(sink.Records[0].Canonical, sink.Records[1].Canonical);
    }

    [Fact]
    public void Dimensions_ArePositionsInThePlan()
    {
        var plan = TestDatasets.Street;
        Assert.Equal(["crime_type", "month", "lsoa"], plan.Dimensions.Select(d => d.Name));
        Assert.Equal(["2018-10", "2018-11", "2018-12"], plan.Dimensions[1].Codes);
        var (_, sink) = Street("1,2018-12,robbery,E01000003", "2,2018-10,burglary,");
        Assert.Equal(["robbery", "2018-12", "E01000003"], Codes(plan, sink.Records[0].Dimensions));
        Assert.Equal(["burglary", "2018-10", ""], Codes(plan, sink.Records[1].Dimensions));
    }

    [Theory]
    [InlineData("X85", "ASSAULT")]
    [InlineData("Y09", "ASSAULT")]
    [InlineData("F10", "SUBSTANCE")]
    [InlineData("T51", "ALC_TOXIC")]
    [InlineData("Y90", "ALC_EVIDENCE")]
    public void Block_IsDerivedFromIcd10(string icd10, string block)
    {
        var sink = new RecordingSink();
        TestDatasets.Admissions.Validate(Encoding.UTF8.GetBytes(
            $"{TestDatasets.AdmissionHeader}\nE22000001,1,2018-11-01,SO23,{icd10}\n"), sink: sink);
        Assert.Equal([block, "2018-11"], Codes(TestDatasets.Admissions, Assert.Single(sink.Records).Dimensions));
    }

    [Fact]
    public void Canonical_HasEachFieldWithItsLengthInTheOrderOfTheSpecificationWithoutTheNumber()
    {
        var sink = new RecordingSink();
        TestDatasets.Street.Validate(Encoding.UTF8.GetBytes(
            "lsoa,row_no,crime_type,event_month\nE01000001,1,\"drugs\",2018-10\n,2,drugs,2018-10\n"), sink: sink);
        Assert.Equal([.. "\x07\0\0\02018-10\x05\0\0\0drugs\x09\0\0\0E01000001"u8], sink.Records[0].Canonical);
        Assert.Equal([.. "\x07\0\0\02018-10\x05\0\0\0drugs\0\0\0\0"u8], sink.Records[1].Canonical);
    }

    [Fact]
    public void MissingEdition_IsAFaultOfThePlan()
    {
        var spec = TestDatasets.Catalog.Find("police-recorded-crime")!;
        var fault = Assert.Throws<PlanFaultException>(() => ValidationPlan.Compile(spec, TestDatasets.Lists,
            new DateOnly(2010, 10, 1), new DateOnly(2011, 1, 1), ["E22000001"]));
        Assert.Equal(3, fault.Faults.Count);
        Assert.All(fault.Faults, f => Assert.Contains("2010-12-31", f, StringComparison.Ordinal));
    }

    [Fact]
    public void EditionInForceOnTheLastDay_IsEnough() => Assert.NotNull(ValidationPlan.Compile(
        TestDatasets.Catalog.Find("police-street-level")!, TestDatasets.Lists,
        new DateOnly(2010, 11, 1), new DateOnly(2011, 1, 2), ["E22000001"]));

    static IEnumerable<string> Codes(ValidationPlan plan, int[] dimensions) =>
        dimensions.Select((position, d) => plan.Dimensions[d].Codes[position]);

    static (ValidationReport Report, RecordingSink Sink) Street(params string[] rows)
    {
        var sink = new RecordingSink();
        var csv = TestDatasets.StreetHeader + "\n" + string.Join('\n', rows) + "\n";
        return (TestDatasets.Street.Validate(Encoding.UTF8.GetBytes(csv), sink: sink), sink);
    }
}
