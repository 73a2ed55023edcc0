using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.CodeLists;

/// <summary>How codes of one edition answer those of another, and every way in which a mapping is none.</summary>
public sealed class CodeListMappingTests : IDisposable
{
    const string Whole = "from,to,kind,share\nA,A,same,\nB,X,merged,\nC,X,merged,\nD,Y,split,0.4\nD,Z,split,0.6\n"
        + "E,Y,inseparable,\nE,Z,inseparable,\nF,,ended,\n";

    readonly string _folder = Directory.CreateTempSubdirectory("isax-list-mapping-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AMapping_TellsWhatBecameOfEveryCode()
    {
        var list = Load(Whole, out var faults).Find("reasons")!;
        Assert.Empty(faults);
        var mapping = list.Mapping("1", "2")!;
        Assert.Equal(["A", "X", "X", null, null, null], "ABCDEF".Select(c => mapping.Find($"{c}")));
        Assert.Equal(
            [CodeSuccession.Same, CodeSuccession.Merged, CodeSuccession.Merged, CodeSuccession.Split,
                CodeSuccession.Inseparable, CodeSuccession.Ended],
            "ABCDEF".Select(c => mapping.KindOf($"{c}")!.Value));
        Assert.Equal([new("Y", 0.4m), new CodeSuccessor("Z", 0.6m)], mapping.SuccessorsOf("D"));
        Assert.Null(mapping.KindOf("Q"));
        Assert.Empty(mapping.SuccessorsOf("Q"));
        // N is new in the later edition.
        Assert.Equal(1, mapping.NotReached);
        Assert.Null(list.Mapping("2", "1"));
    }

    [Theory]
    [InlineData("A,A,same,\n", "", "says nothing of A")]
    [InlineData("F,,ended,\n", "F,,ended,\nQ,A,same,\n", "Q is not in edition 1")]
    [InlineData("A,A,same,\n", "A,Q,same,\n", "Q is not in edition 2")]
    [InlineData("A,A,same,\n", "A,X,same,\n", "others became the same code")]
    [InlineData("A,A,same,\n", "A,A,same,\nA,N,same,\n", "others became the same code")]
    [InlineData("A,A,same,\n", "A,A,merged,\n", "nothing was merged with it")]
    [InlineData("A,A,same,\n", "A,A,renamed,\n", "its kind is not one of")]
    [InlineData("A,A,same,\n", "A,A,Same,\n", "its kind is not one of")]
    [InlineData("A,A,same,\n", "A,A,same,1\n", "only what was split has shares")]
    [InlineData("A,A,same,\n", "A,,same,\n", "becomes no code and has not ended")]
    [InlineData("A,A,same,\n", "A,A,ended,\n", "ended and became a code")]
    [InlineData("D,Z,split,0.6\n", "D,Z,split,0.5\n", "do not add up to 1")]
    [InlineData("D,Z,split,0.6\n", "D,Z,split,\n", "do not add up to 1")]
    [InlineData("D,Z,split,0.6\n", "D,Z,split,1.6\n", "share is not above 0")]
    [InlineData("D,Z,split,0.6\n", "D,Z,split,0\n", "share is not above 0")]
    [InlineData("D,Z,split,0.6\n", "D,Z,split,a\n", "share is not above 0")]
    [InlineData("D,Z,split,0.6\n", "D,Z,inseparable,\n", "its kind is not one of")]
    [InlineData("D,Y,split,0.4\n", "", "split into one")]
    [InlineData("D,Z,split,0.6\n", "D,Y,split,0.6\n", "one code twice")]
    [InlineData("E,Z,inseparable,\n", "", "no reason to be inseparable")]
    [InlineData("from,to,kind,share\n", "from,to,kind\n", "not a record of four fields")]
    [InlineData("from,to,kind,share\n", "to,from,kind,share\n", "header is not from,to,kind,share")]
    [InlineData("A,A,same,\n", "\"A,A,same,\n", "not a record of four fields")]
    public void AMappingThatIsNotWhole_TakesItsListAway(string line, string instead, string words)
    {
        var lists = Load(Whole.Replace(line, instead, StringComparison.Ordinal), out var faults);
        Assert.Null(lists.Find("reasons"));
        Assert.Contains(faults, f => f.Message.Contains(words, StringComparison.Ordinal) && f.Remedy.Length > 0);
    }

    [Theory]
    [InlineData("{from: '1', to: '3', file: m.csv, source: t}", "has no edition 3")]
    [InlineData("{from: '1', to: '1', file: m.csv, source: t}", "from an edition to another")]
    [InlineData("{from: '1', to: '2', file: ../m.csv, source: t}", "not of the list's own folder")]
    [InlineData("{from: '1', to: '2', file: n.csv, source: t}", "is absent")]
    [InlineData("{from: '1', to: '2', file: m.csv}", "'source' is missing")]
    [InlineData("{from: '1', to: '2', file: m.csv, source: t, sha256: 00}", "not the one that list.yaml names")]
    [InlineData("{from: '1', to: '2', file: m.csv, source: t, kind: x}", "not a word of this file")]
    [InlineData("{from: '1', to: '2', file: m.csv, source: t}\n  - {from: '1', to: '2', file: m.csv, source: t}",
        "Two mappings lead")]
    public void AMappingThatTheListNamesWrongly_IsRefused(string entry, string words)
    {
        Write(Whole, entry);
        Assert.Null(CodeListCatalog.Load(_folder, out var faults).Find("reasons"));
        Assert.Contains(faults, f => f.Message.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OT", "C303")]
    [InlineData("ZZ", "C302")]
    [InlineData("BU", null)]
    public void ACodeOfAnotherEdition_IsToldFromAWrongOne(string code, string? rule)
    {
        var lists = Northmere();
        var plan = ValidationPlan.Compile(TestDatasets.Catalog.Find("school-exclusions")!, lists,
            new DateOnly(2026, 7, 1), new DateOnly(2026, 10, 1), ["X22000001"]);
        var row = $",2026-07,FIXED,14,M,9904001,{code},,\n";
        var report = plan.Validate("area,row_no,decision_month,kind,age,gender,school,reason_1,reason_2,reason_3\n"
            + string.Concat(Enumerable.Range(1, 5).Select(n => $"X22000001,{n}{row}")));
        Assert.Equal(rule is null ? [] : [$"{rule} reason_1 5"],
            report.Groups.Select(g => $"{g.Rule} {g.Field} {g.Count}"));
        if (rule is not "C303")
            return;
        Assert.Contains("edition 2006, and the period needs 2020", report.Groups[0].Description,
            StringComparison.Ordinal);
        Assert.Contains("isax codelist map", report.Groups[0].Description, StringComparison.Ordinal);
        Assert.All(report.Violations, v => Assert.DoesNotContain(" OT", v.Description, StringComparison.Ordinal));
    }

    [Fact]
    public void AnEarlierPeriod_TellsOfLaterCodesWithoutAMapping()
    {
        var plan = ValidationPlan.Compile(TestDatasets.Catalog.Find("police-incidents")!, EarlyNorthmere(),
            new DateOnly(2010, 7, 1), new DateOnly(2010, 10, 1), ["X22000001"]);
        var report = plan.Validate("area,row_no,theme,category,asb_type,qualifier,event_date,date_precision,event_time,"
            + "location,location_kind\nX22000001,1,ASB,AS-FIREWORKS,,,2010-07-03,day,,,none\n");
        var told = Assert.Single(report.Groups, g => g.Rule == "C303");
        Assert.Contains("does not say what became of it", told.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void ACodeOfOneOfSeveralEditions_IsToldWithThoseThatAreMapped()
    {
        var plan = ValidationPlan.Compile(TestDatasets.Catalog.Find("school-exclusions")!, LaterNorthmere(),
            new DateOnly(2021, 7, 1), new DateOnly(2021, 10, 1), ["X22000001"]);
        var report = plan.Validate("area,row_no,decision_month,kind,age,gender,school,reason_1,reason_2,reason_3\n"
            + "X22000001,1,2021-07,FIXED,14,M,9904001,OT,,\n");
        var told = Assert.Single(report.Groups, g => g.Rule == "C303");
        Assert.Contains(
            "a code of another edition (2006 or 2026), and the period needs 2020. The list says what became of the "
            + "codes of 2006: isax codelist map", told.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void TheMappingsOfTheSampleCounty_LeaveNothingOut()
    {
        var lists = Northmere();
        var reasons = lists.Find("exclusion-reasons")!.Mapping("2006", "2020")!;
        Assert.Equal((11, 1), (reasons.Count(CodeSuccession.Same), reasons.Count(CodeSuccession.Inseparable)));
        var incidents = lists.Find("incident-categories")!.Mapping("2007", "2011")!;
        Assert.Equal((15, 2, 1, 1, 3), (incidents.Count(CodeSuccession.Same), incidents.Count(CodeSuccession.Merged),
            incidents.Count(CodeSuccession.Split), incidents.Count(CodeSuccession.Inseparable),
            incidents.Count(CodeSuccession.Ended)));
    }

    static CodeListCatalog Northmere()
    {
        var folder = Path.Combine(SharedFolders.Repository, "policies", "northmere", "codelists");
        var lists = CodeListCatalog.Load(folder, out var faults);
        Assert.Empty(faults);
        return lists;
    }

    /// <summary>The sample county's lists, its geography in force earlier than it says.</summary>
    CodeListCatalog EarlyNorthmere() => ChangedNorthmere(text => text
        .Replace("valid_from: 2019-04-01", "valid_from: 2009-04-01", StringComparison.Ordinal));

    /// <summary>With a third edition of the reasons, which no mapping speaks of.</summary>
    CodeListCatalog LaterNorthmere() => ChangedNorthmere(text => text
        .Replace("valid_from: 2026-04-01", "valid_from: 2019-04-01", StringComparison.Ordinal)
        .Replace("valid_from: 2020-09-01", "valid_from: 2020-09-01\n    valid_to: 2025-12-31",
            StringComparison.Ordinal)
        .Replace("mappings:\n  - from: \"2006\"", "  - {edition: '2026', file: 2006.csv, valid_from: 2026-01-01, "
            + "source: t}\nmappings:\n  - from: \"2006\"", StringComparison.Ordinal));

    CodeListCatalog ChangedNorthmere(Func<string, string> change)
    {
        var from = Path.Combine(SharedFolders.Repository, "policies", "northmere", "codelists");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, change(File.ReadAllText(file)));
        }

        return CodeListCatalog.Load(_folder, out _);
    }

    CodeListCatalog Load(string mapping, out IReadOnlyList<SpecFault> faults)
    {
        Write(mapping, "{from: '1', to: '2', file: m.csv, source: t}");
        return CodeListCatalog.Load(_folder, out faults);
    }

    void Write(string mapping, string entry) => TestDatasets.WriteList(_folder, "reasons", null,
        "  - {edition: '1', file: a.csv, valid_from: 2006-01-01, valid_to: 2019-12-31, source: t}\n"
        + $"  - {{edition: '2', file: b.csv, valid_from: 2020-01-01, source: t}}\nmappings:\n  - {entry}\n",
        ("a.csv", "code,title,parent\n" + string.Concat("ABCDEF".Select(c => $"{c},{c},\n"))),
        ("b.csv", "code,title,parent\n" + string.Concat("ANXYZ".Select(c => $"{c},{c},\n"))),
        ("m.csv", mapping));
}
