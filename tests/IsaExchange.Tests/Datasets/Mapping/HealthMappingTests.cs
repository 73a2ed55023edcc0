using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Mapping;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Datasets.Specs;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

/// <summary>Extracts of invented hospitals in common layouts, through the committed mappings.</summary>
public sealed class HealthMappingTests : IDisposable
{
    const string AdmissionHeader = "Spell_Number,NHS_Number,Date_of_Birth,Sex,Postcode,District_of_Residence,"
        + "Admission_Date,Admission_Method,Ward,Diag_01,Diag_02,Diag_03,Diag_04,Ext_Cause\n";

    const string AttendanceHeader = "Attendance Number,Patient,Sex,Arrival,Incident Date,Incident Time,"
        + "Assault Location Type,Assault Location,Incident District,Weapon,Notes\n";

    static readonly MappingPeriod Summer = new(new DateOnly(2026, 7, 1), new DateOnly(2026, 9, 30));

    readonly string _folder = Directory.CreateTempSubdirectory("isax-health-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AnAdmission_IsOneRecordForEachBlockOfItsCodes()
    {
        var (report, output) = Run("admissions-extract", AdmissionHeader
            // An assault under the influence of alcohol: two blocks. The fracture lies in none.
            + "S1,9434765919,01/02/1990,M,AB1 2CD,X07000001,02/07/2026,Emergency,W1,S02.2,F10.0,Y91.9,NULL,Y04.0\n"
            // The first code of a block is the one that is written.
            + "S2,9434765919,01/02/1990,F,AB12CD,X07000003,2026-07-03,Emergency,W1,x99.9A,Y00,-,NULL,X85\n"
            + "S3,9434765919,01/02/1990,F,AB1 2CD,X07000005,2026-07-04,Elective,W2,I21.9,,,,\n"
            + "S4,9434765919,01/02/1990,F,AB1 2CD,X07000005,2026-07-04,Transfer,W2,Y04,,,,\n"
            + "S5,9434765919,01/02/1990,F,AB1 2CD,X07000005,2026-10-01,Emergency,W2,Y04,,,,\n");
        Assert.Empty(report.Faults);
        Assert.Equal("""
            area,row_no,admission_date,home_outward,icd10
            X22000001,1,2026-07-02,AB1,Y04
            X22000001,2,2026-07-02,AB1,F10
            X22000001,3,2026-07-02,AB1,Y91
            X22000003,4,2026-07-03,AB1,X99

            """, output);
        Assert.Equal((5, 4, 1, 1),
            (report.RecordsRead, report.RecordsWritten, report.OutsideBlocks, report.OutsidePeriod));
        Assert.Equal(1, Assert.Single(report.Skipped).Records);
        Assert.Equal(["Spell_Number", "NHS_Number", "Date_of_Birth", "Sex", "Admission_Method", "Ward"],
            report.DroppedColumns);
        Assert.Empty(Validate("hospital-admissions", output).Groups);
    }

    [Theory]
    [InlineData("assault")]
    [InlineData("Y0")]
    [InlineData("Y04.00000")]
    [InlineData("YO4")]
    public void ADiagnosisThatIsNoCode_IsAFaultAtItsColumn(string code)
    {
        var (report, _) = Run("admissions-extract", AdmissionHeader
            + $"S1,1,01/02/1990,M,AB1 2CD,X07000001,02/07/2026,Emergency,W1,S02.2,{code},,,\n");
        var fault = MappingBench.Single(report);
        Assert.Equal(("Diag_02", 11, 2L), (fault.Column, fault.Field, fault.Line));
        Assert.DoesNotContain(code, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatPatientsSayOfAPlace_LeavesAsCodesOnly()
    {
        var (report, output) = Run("emergency-department-assaults", AttendanceHeader
            + "1,A Name,M,04/07/2026 23:10,04/07/2026,22:40,Pub,  Wharf   BAR!,Alderbrook,fist,\"long, text\"\n"
            + "2,A Name,F,05/07/2026 01:00,04/07/2026,,Street,behind my aunt's garage,BRACKENFORD,Bottle,\n"
            + "3,A Name,F,05/07/2026 02:00,05/07/2026,about midnight,,Not recorded,Dunmere,NULL,\n"
            + "4,A Name,F,06/07/2026 02:00,05/07/2026,12:00,Bus stop,Bus Station,Alderbrook,chair,\n");
        Assert.Empty(report.Faults);
        Assert.Equal("""
            area,row_no,incident_date,incident_time_band,arrival_date,location_type,place,location,location_kind,means
            X22000001,1,2026-07-04,20-23,2026-07-04,LICENSED,P003,X01000006,lsoa2011,BODY
            X22000002,2,2026-07-04,unknown,2026-07-05,STREET,,,none,GLASS
            X22000003,3,2026-07-05,unknown,2026-07-05,UNKNOWN,,,none,UNKNOWN
            X22000001,4,2026-07-05,12-15,2026-07-06,OTHER,P002,X01000002,lsoa2011,OTHER

            """, output);
        Assert.DoesNotContain("aunt", output + report, StringComparison.OrdinalIgnoreCase);
        // Counted: the place that is on no list, the time in words, the kind of place and the means that are none.
        Assert.Equal(
            ["incident_time_band 1", "location_type 1", "place 1", "location 1", "location_kind 1", "means 1"],
            report.Replaced.Select(c => $"{c.Column} {c.Values}"));
        Assert.Equal(
            ["incident_time_band 1", "location_type 1", "location_kind 1", "means 1"],
            report.Filled.Select(c => $"{c.Column} {c.Values}"));
        Assert.Empty(Validate("ed-assaults", output).Groups);
    }

    [Fact]
    public void AMappingThatStopsAtAnUnknownPlace_WritesNothing()
    {
        var folder = Path.Combine(SharedFolders.Repository, "policies", "northmere", "mappings");
        File.Copy(Path.Combine(folder, "places-as-told.csv"), Path.Combine(_folder, "places-as-told.csv"));
        var strict = Path.Combine(_folder, "strict.yaml");
        File.WriteAllText(strict, File.ReadAllText(Path.Combine(folder, "emergency-department-assaults.yaml"))
            .Replace("otherwise: \"\"", "otherwise: error", StringComparison.Ordinal));
        var mapping = ColumnMapping.Load(strict, Lists()).Mapping!;
        var (report, _) = MappingBench.Run(mapping, AttendanceHeader
            + "2,A Name,F,05/07/2026 01:00,04/07/2026,,Street,behind my aunt's garage,BRACKENFORD,Bottle,\n");
        Assert.Equal(2, report.FaultCount);
        Assert.All(report.Faults, fault =>
        {
            Assert.Equal(("Assault Location", 8), (fault.Column, fault.Field));
            Assert.DoesNotContain("aunt", fault.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void EveryPlaceOfTheMapFile_IsOneOfThePartnershipsList()
    {
        var path = Path.Combine(SharedFolders.Repository, "policies", "northmere", "mappings", "places-as-told.csv");
        var places = Catalog().Find("places", Summer.Last)!;
        foreach (var line in File.ReadLines(path).Skip(1).Select(line => line.Split(',')))
        {
            var place = places.IndexOf(line[1]);
            Assert.True(place >= 0);
            Assert.Equal(places.Parent(place), line[2]);
        }
    }

    static CodeListCatalog Catalog() => CodeListCatalog.Load(
        Path.Combine(SharedFolders.Repository, "policies", "northmere", "codelists"), out _);

    static MappingLists Lists() => new(Catalog, Summer.Last);

    static (MappingReport Report, string Output) Run(string name, string input)
    {
        var folder = Path.Combine(SharedFolders.Repository, "policies", "northmere", "mappings");
        var loaded = ColumnMapping.Load(Path.Combine(folder, name + ".yaml"), Lists());
        Assert.Empty(loaded.Faults);
        return MappingBench.RunPeriod(loaded.Mapping!, Summer, input);
    }

    static ValidationReport Validate(string dataset, string csv) =>
        ExampleFilesTests.Plan(TestDatasets.Catalog.Find(dataset)!).Validate(csv);
}
