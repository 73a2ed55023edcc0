using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Files;
using Xunit;

namespace IsaExchange.Tests.ReleaseReaders;

public sealed class ReleaseFilesTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Csv_IsAsEver() => Assert.Equal(
        """"
        area,area_title,si_group,si_group_title,first_day,last_day,count,value,status,lo,hi
        X22000001,"Quay, ""Old"" and New",VIOLENCE,Violence,2026-07-01,2026-09-30,0,0,shown,0,0
        X22000001,"Quay, ""Old"" and New",THEFT,Theft,2026-07-01,2026-09-30,[c],,few,0,4
        X22000002,Café Row,VIOLENCE,Violence,2026-07-01,2026-09-30,40,40,held,30,
        X22000002,Café Row,THEFT,Theft,2026-07-01,2026-09-30,58,58,shown,58,58
        X22000003,'=1+1 Terrace,VIOLENCE,Violence,2026-07-01,2026-09-30,5,5,rounded,5,9
        X22000003,'=1+1 Terrace,THEFT,Theft,2026-07-01,2026-09-30,10,10,rounded,10,14
        X22000004,'-Minus,VIOLENCE,Violence,2026-07-01,2026-09-30,[x],,missing,0,
        X22000004,'-Minus,THEFT,Theft,2026-07-01,2026-09-30,[x],,missing,0,
        ALL,All areas of the feed,VIOLENCE,Violence,2026-07-01,2026-09-30,[x],,missing,0,
        ALL,All areas of the feed,THEFT,Theft,2026-07-01,2026-09-30,[x],,missing,0,

        """", Text("area-by-group.csv"), ignoreLineEndingDifferences: true);

    [Fact]
    public void SdmxCsv_HasACodeOfItsOwnForEachStatus() => Assert.Equal(
        """
        STRUCTURE,STRUCTURE_ID,ACTION,AREA,SI_GROUP,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,LO,HI
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,X22000001,VIOLENCE,2026-Q3,0,A,F,0,0
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,X22000001,THEFT,2026-Q3,,Q,C,0,4
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,X22000002,VIOLENCE,2026-Q3,40,P,F,30,
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,X22000002,THEFT,2026-Q3,58,A,F,58,58
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,X22000003,VIOLENCE,2026-Q3,5,E,F,5,9
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,X22000003,THEFT,2026-Q3,10,E,F,10,14
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,X22000004,VIOLENCE,2026-Q3,,O,F,0,
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,X22000004,THEFT,2026-Q3,,O,F,0,
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,ALL,VIOLENCE,2026-Q3,,O,F,0,
        dataflow,NORTHMERE:RECORDED_CRIME_BY_CSP_AREA_BY_GROUP(1.0.0),R,ALL,THEFT,2026-Q3,,O,F,0,

        """, Text("area-by-group.sdmx.csv"), ignoreLineEndingDifferences: true);

    [Fact]
    public void TableWithMonths_HasThemAsTimePeriodsOfSdmx()
    {
        var lines = Text("by-month.sdmx.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("STRUCTURE,STRUCTURE_ID,ACTION,SI_GROUP,TIME_PERIOD,OBS_VALUE,", lines[0]);
        Assert.Equal(
            ["2026-07", "2026-08", "2026-09", "2026-Q3"], lines[1..5].Select(line => line.Split(',')[4]));
    }

    [Theory]
    [InlineData("2026-07-01", "2026-07-31", "2026-07")]
    [InlineData("2026-10-01", "2026-12-31", "2026-Q4")]
    [InlineData("2026-01-01", "2026-12-31", "2026")]
    [InlineData("2024-02-01", "2024-04-30", "2024-02-01/P90D")]
    [InlineData("2024-02-29", "2024-02-29", "2024-02-29/P1D")]
    public void PeriodOfSdmx_IsOfTheCalendarWhereItCan(string first, string last, string expected) => Assert.Equal(
        expected, SdmxCsvFile.Period(CreateSubmission.Day(first), CreateSubmission.Day(last)));

    [Fact]
    public void EachStatus_DiffersInEveryFormat()
    {
        var statuses = Enum.GetValues<CellStatus>();
        Assert.Equal(statuses.Length, statuses.Select(CellWords.Of).Distinct().Count());
        Assert.Equal(statuses.Length, statuses.Select(CellWords.Sdmx).Distinct().Count());
        Assert.Equal(statuses.Length, statuses.Select(CellWords.Meaning).Distinct().Count());
        Assert.Equal(statuses.Length, SampleRelease.Table.Rows().Select(r => r.Cell.Status).Distinct().Count());
    }

    [Fact]
    public void Release_HasTheseFilesAndTheManifestNamesAllOthers()
    {
        Assert.Equal(
            [
                "area-by-group.csv", "area-by-group.csv-metadata.json", "area-by-group.parquet",
                "by-month.csv", "by-month.csv-metadata.json", "by-month.parquet",
                "coverage.csv", "coverage.csv-metadata.json", "coverage.parquet",
                "area-by-group.sdmx.csv", "by-month.sdmx.csv",
                "recorded-crime-by-csp.xlsx", "datapackage.json", "manifest.json",
            ],
            SampleRelease.Files.Select(f => f.Name));
        using var manifest = JsonDocument.Parse(SampleRelease.Files[^1].Content);
        Assert.Equal(
            SampleRelease.Files.SkipLast(1).Select(f => (f.Name, Hash(f), f.Content.Length)),
            manifest.RootElement.GetProperty("files").EnumerateArray().Select(f => (
                f.GetProperty("name").GetString()!, f.GetProperty("sha256").GetString()!,
                f.GetProperty("bytes").GetInt32())));
    }

    [Fact]
    public void DataPackage_HasTheDigestAndTheColumnsOfEachCsv()
    {
        using var package = JsonDocument.Parse(SampleRelease.File("datapackage.json").Content);
        var resources = package.RootElement.GetProperty("resources").EnumerateArray().ToList();
        Assert.Equal(
            ["area-by-group.csv", "by-month.csv", "coverage.csv"],
            resources.Select(r => r.GetProperty("path").GetString()));
        foreach (var resource in resources)
        {
            var csv = SampleRelease.File(resource.GetProperty("path").GetString()!);
            Assert.Equal("sha256:" + Hash(csv), resource.GetProperty("hash").GetString());
            Assert.Equal(csv.Content.Length, resource.GetProperty("bytes").GetInt32());
            Assert.Equal(
                Encoding.UTF8.GetString(csv.Content).Split('\n')[0],
                string.Join(',', resource.GetProperty("schema").GetProperty("fields").EnumerateArray()
                    .Select(f => f.GetProperty("name").GetString())));
        }
    }

    [Fact]
    public async Task SameRelease_HasTheSameBytes()
    {
        var again = await ReleaseFiles.AllAsync(
            [SampleRelease.Table, SampleRelease.Months], SampleRelease.Coverage, SampleRelease.Manifest(), Stop);
        Assert.Equal(
            SampleRelease.Files.Select(f => (f.Name, f.Sha256)), again.Select(f => (f.Name, f.Sha256)));
    }

    [Fact]
    public async Task TableNamedAsTheCoverage_IsRefused()
    {
        var table = new ExactTable("Coverage", [new TableDimension("area", ["X"], ["X"], null)]);
        var published = TablePublisher.Publish(table, DisclosureRegimes.Find("open")!);
        var refused = await Assert.ThrowsAsync<ExchangeException>(() => ReleaseFiles.AllAsync(
            [published], SampleRelease.Coverage, SampleRelease.Manifest(), Stop));
        Assert.Equal("FILE_NAME_TAKEN", refused.Reason);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("é", "é")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("#x", "\"#x\"")]
    [InlineData("=\"a\",b", "\"'=\"\"a\"\",b\"")]
    public void TextOfACsv_IsNoFormulaAndNoComment(string text, string expected) =>
        Assert.Equal(expected, CsvFile.Text(text));

    [Theory]
    [InlineData("plain 😀", "plain 😀")]
    [InlineData("a\u0001b", "a_x0001_b")]
    [InlineData("a\rb", "a_x000D_b")]
    [InlineData("_x0041_", "_x005F_x0041_")]
    [InlineData("_x00", "_x00")]
    public void TextOfAWorkbook_HoldsWhatXmlCannot(string text, string expected) =>
        Assert.Equal(expected, CellText.Of(text));

    [Fact]
    public void HalfOfACharacter_DoesNotBreakAWorkbook() => Assert.Equal("a_xD800_b", CellText.Of("a\ud800b"));

    [Fact]
    public void NotesOfAManifestWithoutTerms_AreReadAllTheSame()
    {
        var notes = ReleaseNotes.Of(SampleRelease.Manifest());
        Assert.Null(notes.Handling);
        var manifest = SampleRelease.Manifest();
        manifest["terms"] = new JsonObject { ["handling"] = "Behind a lock." };
        Assert.Contains(("Handling", "Behind a lock."), ReleaseNotes.Of(manifest).Lines());
    }

    static string Text(string name) => Encoding.UTF8.GetString(SampleRelease.File(name).Content);

    static string Hash(ReleaseFile file) => Convert.ToHexStringLower(SHA256.HashData(file.Content));
}
