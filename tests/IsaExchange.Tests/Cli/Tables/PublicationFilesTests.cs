using IsaExchange.Cli.Tables;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.OwnTables;
using Xunit;

namespace IsaExchange.Tests.Cli.Tables;

/// <summary>An analyst's own tables: what they would tell, and why a specification is not understood.</summary>
public sealed class PublicationFilesTests : IDisposable
{
    const string Handbook = """
        row,column,shown,true
        1,a,c,5
        1,b,c,2
        1,all,7,7
        2,a,c,1
        2,b,c,2
        2,all,3,3
        all,a,6,6
        all,b,4,4
        all,all,10,10
        """;

    const string HandbookSpec = """
        dimensions:
          row: { total: all }
          column: { total: all }
        tables:
          - columns: { row: row, column: column }
            published: shown
            mark: c
            truth: "true"
        protect_below: 3
        width: 3
        """;

    const string Lookup = "lsoa,area,ward\nL1,M1,W1\nL2,M1,W1\nL3,M1,W1\nL4,M2,W1\nL5,M3,W2\nL6,M3,W2\n";
    const string Counts = "lsoa,n\nL1,4\nL2,4\nL3,3\nL3,1\nL4,1\nL5,4\nL6,4\n";
    const string Areas = "code,value\nM1,12\nM2,[c]\nM3,[c]\nE,21\n";

    const string AreasSpec = """
        dimensions:
          area:
            total: E
            levels: { file: lookup.csv, columns: [lsoa, area, ward] }
        counts: { file: counts.csv, columns: { area: lsoa }, count: n }
        protect_below: 5
        tables:
          - { name: areas, file: areas.csv, columns: { area: code }, published: value, mark: "[c]" }

        """;

    const string WardsToo =
        "  - { name: wards, file: wards.csv, columns: { area: ward }, published: value, absent: unknown }\n";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-tables-");

    [Fact]
    public void HandbookTable_IsSafeAtItsWidthAndNotAtOneMore()
    {
        Write("table.csv", Handbook);
        Assert.True(Check(HandbookSpec, "table.csv").IsSafe);
        var wider = Check(HandbookSpec.Replace("width: 3", "width: 4", StringComparison.Ordinal), "table.csv");
        Assert.Equal(["table: 1 | b", "table: 2 | a", "table: 2 | b"], wider.Refused.Select(r => r.Name).Order());
        Assert.All(wider.Refused, r => Assert.Equal(CellVerdict.Narrow, r.Verdict));
    }

    [Fact]
    public void TheOnlyCellThatIsNotShown_FollowsFromTheTotalLessTheOthers()
    {
        Write("table.csv", "row,column,shown,true\n1,a,c,2\n1,b,12,12\n1,all,14,14\n");
        var told = Assert.Single(Check(HandbookSpec, "table.csv").Refused);
        Assert.Equal((CellVerdict.Derived, "table: 1 | a"), (told.Verdict, told.Name));
        Assert.StartsWith("follows from table: 1 | all", told.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void WardsBesideAreasThatOverlap_TellWhatEitherAloneDoesNot()
    {
        WriteAreas();
        Assert.True(Check(AreasSpec).IsSafe);
        var told = Assert.Single(Check(AreasSpec + WardsToo).Refused);
        Assert.Equal(("areas: M2", CellVerdict.Narrow), (told.Name, told.Verdict));
        Assert.Contains("wards: W", told.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatOthersHavePublishedAlone_IsNotBlamedOnTheTable()
    {
        WriteAreas();
        Write("other.csv", "lsoa,lo,hi\nL4,1,1\nL5,0,\n");
        var report = Check(AreasSpec + WardsToo + """
            outside:
              - { name: street, file: other.csv, columns: { area: lsoa }, lo: lo, hi: hi }
            """);
        Assert.True(report.IsSafe);
        Assert.Equal("areas: M2", Assert.Single(report.PublicAlready).Name);
    }

    [Fact]
    public void RoundedNumbersAndMissingOnes_SayNoMoreThanTheyDo()
    {
        WriteAreas();
        Write("areas.csv", "code,value\nM1,10\nM2,5\nM3,[x]\nE,20\n");
        var rounded = AreasSpec.Replace("mark: \"[c]\"", "rounded_within: 4, missing: \"[x]\"",
            StringComparison.Ordinal);
        Assert.True(Check(rounded).IsSafe);
        Assert.False(Check(rounded.Replace("within: 4", "within: 1", StringComparison.Ordinal)).IsSafe);
    }

    [Fact]
    public void MarkThatMeansALot_TellsMore()
    {
        Write("table.csv", "row,column,shown,true\n1,a,c,2\n1,b,c,2\n1,all,4,4\n");
        var spec = HandbookSpec.Replace("width: 3", "width: 1", StringComparison.Ordinal);
        Assert.True(Check(spec, "table.csv").IsSafe);
        var bounded = spec.Replace("mark: c", "mark: c\n    mark_lo: 1\n    mark_hi: 2", StringComparison.Ordinal);
        Assert.Equal(2, Check(bounded, "table.csv").Refused.Count);
    }

    [Theory]
    [InlineData("M1,12", "M1,4321", "areas.csv:2: what is published does not hold of the truth")]
    [InlineData("M1,12", "M1,4321.5", "areas.csv:2: value is neither a whole number nor a mark")]
    [InlineData("M1,12", "M9,12", "areas.csv:2: M9 is no code of area")]
    [InlineData("M2,[c]", "M1,12", "areas.csv:3: the same codes as in line 2")]
    [InlineData("M1,12", "M1,12,7", "areas.csv:2: not as many cells as the header has columns")]
    [InlineData("code,value", "code,values", "areas.csv:1: there is no column value")]
    public void RowThatIsWrong_IsNamedByItsLineAndWithoutACount(string from, string to, string fault)
    {
        WriteAreas();
        Write("areas.csv", Areas.Replace(from, to, StringComparison.Ordinal));
        var found = Check(AreasSpec).Faults;
        Assert.Contains(fault, found.Select(f => f.ToString()));
        Assert.DoesNotContain("4321", string.Concat(found), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("protect_below: 5", "protect_bellow: 5", "spec.yaml:6: 'protect_bellow' is not a word of this file.")]
    [InlineData("protect_below: 5", "protect_below: 0", "spec.yaml:6: 'protect_below' is 1 or more.")]
    [InlineData("columns: { area: code }", "columns: { region: code }", "spec.yaml:8: 'region' is no dimension.")]
    [InlineData("published: value, ", "", "spec.yaml:8: What is published is not said, or twice.")]
    [InlineData("count: n }", "}", "spec.yaml:5: 'count' is missing.")]
    [InlineData("published: value", "published: value, absent: maybe", "spec.yaml:8: 'absent' is zero or unknown.")]
    [InlineData("[lsoa, area, ward]", "[lsoa]", "spec.yaml:4: 'columns' of levels are two or more.")]
    [InlineData("file: areas.csv, ", "", "spec.yaml:8: 'file' is missing, and none was named with the verb")]
    [InlineData("total: E", "total: [E", "spec.yaml: This is not readable YAML:")]
    public void SpecificationThatIsWrong_IsRefusedWithItsLine(string from, string to, string fault)
    {
        WriteAreas();
        var faults = Check(AreasSpec.Replace(from, to, StringComparison.Ordinal)).Faults;
        Assert.Contains(faults, f => f.ToString().StartsWith(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void RowsLeftOut_MustBeExplained()
    {
        WriteAreas();
        Write("areas.csv", "code,value,type\nM1,12,a\nM2,[c],a\nM3,8,b\n");
        var spec = AreasSpec.Replace("{ area: code }", "{ area: code, type: type }", StringComparison.Ordinal)
            .Replace("{ area: lsoa }", "{ area: lsoa, type: type }", StringComparison.Ordinal)
            .Replace("dimensions:", "dimensions:\n  type: {}", StringComparison.Ordinal);
        Write("counts.csv", "lsoa,type,n\nL1,a,12\nL4,a,1\nL6,b,8\n");
        var fault = Assert.Single(Check(spec).Faults);
        Assert.StartsWith("areas.csv: 3 of 6 combinations", fault.ToString(), StringComparison.Ordinal);
        Assert.True(Check(spec.Replace("[c]\"", "[c]\", absent: zero", StringComparison.Ordinal)).IsSafe);
    }

    [Fact]
    public void TrueCountsThatNobodyHas_AreAskedFor()
    {
        WriteAreas();
        var without = string.Join(
            '\n', AreasSpec.Split('\n').Where(line => !line.StartsWith("counts", StringComparison.Ordinal)));
        Assert.Contains("true counts", Assert.Single(Check(without).Faults).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    void WriteAreas()
    {
        Write("lookup.csv", Lookup);
        Write("counts.csv", Counts);
        Write("areas.csv", Areas);
        Write("wards.csv", "ward,value\nW1,13\nW2,8\n");
    }

    void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    PublicationReport Check(string spec, string? table = null)
    {
        Write("spec.yaml", spec);
        var (publication, faults) = PublicationFiles.Read(
            Path.Combine(_folder.FullName, "spec.yaml"),
            table is null ? null : Path.Combine(_folder.FullName, table));
        return publication is null
            ? new PublicationReport(faults, null, [], [])
            : PublicationCheck.Run(publication, faults, new CheckLimits(), TestContext.Current.CancellationToken);
    }
}
