using System.Text;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.CodeLists;

/// <summary>Lists that codes are part of beside their parents: imported, read, and levels of a dimension.</summary>
public sealed class PartOfTests : IDisposable
{
    const string Since = "  - {edition: '1', file: e.csv, valid_from: 2011-01-01, source: test";
    const string Csv = "CD,NM,UP,WD,OLD\nX1,One,Y1,W1,V1\nX2,Two,Y1,W2,V1\nX3,Three,Y2,W2,\n";

    static readonly CodeListImportRequest Areas = new()
    {
        ListId = "small",
        Title = "Small areas",
        Publisher = "Nobody",
        Edition = "2021",
        ValidFrom = new DateOnly(2021, 12, 1),
        CodeColumn = "CD",
        TitleColumn = "NM",
        ParentColumn = "UP",
        ParentList = "lad",
        PartOf = [("WD", "ward"), ("OLD", "small-2011")],
        Source = "made for the test",
    };

    readonly string _folder = Directory.CreateTempSubdirectory("isax-part-of-").FullName;

    public PartOfTests()
    {
        Write("ward", "", "W1,North,D1\nW2,South,D1\n", parentList: "division");
        Write("division", "", "D1,All of it,\n");
        Write("small-2011", "", "V1,Before,\n");
        Write("lad", "", "Y1,East,\nY2,West,\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void Write(string id, string partOf, string rows, string? parentList = null)
    {
        var columns = partOf.Length == 0 ? "" : $",{partOf}";
        var list = partOf.Length == 0 ? "" : $", part_of: [{partOf}]";
        TestDatasets.WriteList(
            _folder, id, parentList, $"{Since}{list}}}\n", ("e.csv", $"code,title,parent{columns}\n{rows}"));
    }

    CodeListImportResult Import(string csv, CodeListImportRequest request)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        return CodeListImport.Run(content, request, _folder);
    }

    [Fact]
    public void Import_WritesAColumnForEachListAndTheEditionSaysSo()
    {
        var result = Import(Csv, Areas);
        Assert.Empty(result.Faults);
        Assert.Equal([("ward", 0), ("small-2011", 1)], result.WithoutPart);
        Assert.Equal(
            "code,title,parent,ward,small-2011\nX1,One,Y1,W1,V1\nX2,Two,Y1,W2,V1\nX3,Three,Y2,W2,\n",
            File.ReadAllText(result.Path!));
        var edition = CodeListCatalog.Load(_folder, out var faults).Find("small", new DateOnly(2022, 1, 1))!;
        Assert.Empty(faults);
        Assert.Equal(["ward", "small-2011"], edition.PartOfLists);
        Assert.Equal(("W2", null), (edition.PartOf(2, 0), edition.PartOf(2, 1)));
        Assert.Equal(CodeListImportOutcome.Unchanged, Import(Csv, Areas).Outcome);
    }

    [Fact]
    public void NextEditionWithOtherLists_KeepsThoseOfTheFirst()
    {
        Import(Csv, Areas);
        var next = Areas with { Edition = "2025", ValidFrom = new DateOnly(2025, 1, 1), PartOf = [] };
        Assert.Equal(CodeListImportOutcome.Written, Import(Csv, next).Outcome);
        var list = CodeListCatalog.Load(_folder, out var faults).Find("small")!;
        Assert.Empty(faults);
        Assert.Equal([2, 0], list.Editions.Select(e => e.PartOfLists.Count));
        Assert.Equal(CodeListImportOutcome.Refused, Import(Csv, next with { PartOf = [("WD", "ward")] }).Outcome);
    }

    [Theory]
    [InlineData("W1", "W9", "ward", "is not in ward")]
    [InlineData("W1,V1\nX2", "W1,V1\nX1,One,Y1,W2,V1\nX2", "ward", "is part of something else")]
    [InlineData("WD", "WARD", "ward", "one column 'WD'")]
    [InlineData("W1", "W1", "parish", "no list parish")]
    [InlineData("W1", "W1", "small", "leads back to small")]
    [InlineData("W1", "W1", "lad", "no list's id, or is named twice")]
    [InlineData("W1", "W1", "small-2011", "no list's id, or is named twice")]
    [InlineData("W1", "W1", "parent", "no list's id, or is named twice")]
    [InlineData("W1", "W1", "a b", "no list's id, or is named twice")]
    public void ImportThatDoesNotHold_IsRefusedAndWritesNothing(string from, string to, string list, string words)
    {
        var request = Areas with { PartOf = [("WD", list), ("OLD", "small-2011")] };
        var result = Import(Csv.Replace(from, to, StringComparison.Ordinal), request);
        Assert.Equal(CodeListImportOutcome.Refused, result.Outcome);
        Assert.Contains(result.Faults, f => f.Description.Contains(words, StringComparison.Ordinal));
        Assert.All(result.Faults, f => Assert.DoesNotContain("W9", f.ToString(), StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_folder, "small")));
    }

    [Fact]
    public void ListThatLeadsBack_IsRefused()
    {
        // Wards are part of divisions.
        var division = Areas with { ListId = "division", PartOf = [("WD", "ward")] };
        Assert.Contains(Import(Csv, division).Faults, f => f.Description == "ward leads back to division");
        Write("ring", "ward", "R1,Ring,,W1\n");
        Write("ward", "ring", "W1,North,,R1\n");
        CodeListCatalog.Load(_folder, out var faults);
        Assert.Contains(faults, f => f.Message.Contains("ward leads back to ring", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("X1,One,,W9\n", "ward", "what X1 is part of is not in ward")]
    [InlineData("X1,One,,W1\n", "parish", "no list parish")]
    [InlineData("X1,One,\n", "ward", "not a record of 4 fields")]
    [InlineData("X1,One,,W1,W1\n", "ward,ward", "part of a list twice")]
    [InlineData("X1,One,,W1\n", "title", "part of a list twice")]
    public void EditionThatDoesNotHold_IsAFault(string rows, string partOf, string words)
    {
        Write("small", partOf, rows);
        CodeListCatalog.Load(_folder, out var faults);
        Assert.Contains(faults, f => f.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void WhatCodesArePartOf_IsOfTheirMeaning()
    {
        Write("small", "", "X1,One,\n");
        var without = Meaning("small");
        Write("small", "ward", "X1,One,,W1\n");
        var ward = Meaning("small");
        Write("small", "ward", "X1,One,,W2\n");
        var other = Meaning("small");
        Assert.Equal(3, new[] { without, ward, other }.Distinct(StringComparer.Ordinal).Count());
        string Meaning(string id) => CodeListCatalog.Load(_folder, out _).Find(id)!.Editions[0].MeaningSha256;
    }

    [Fact]
    public void PlanHasALevelForEachListAndUsesItsEdition()
    {
        Write("small", "ward", "X1,One,Y1,W1\nX2,Two,Y2,\n", parentList: "lad");
        var lists = CodeListCatalog.Load(_folder, out var faults);
        Assert.Empty(faults);
        var street = TestDatasets.Catalog.Find("police-street-level")!;
        var spec = street with
        {
            Fields = [.. street.Fields.Select(f => f.CodeList is null ? f : f with { CodeList = "small" })],
        };
        var plan = ValidationPlan.Compile(
            spec, lists, new DateOnly(2026, 1, 1), new DateOnly(2026, 4, 1), ["Y1", "Y2"]);
        var place = plan.Dimensions.Single(d => d.Name == "lsoa");
        Assert.Equal(["area", "lad", "ward", "division"], place.Levels.Select(l => l.Name));
        Assert.Equal([true, true, false, false], place.Levels.Select(l => l.IsOfParents));
        Assert.Equal(["W1", "", ""], place.Levels[2].Of);
        Assert.Equal("North", place.Levels[2].Titles["W1"]);
        Assert.Equal(["D1", "", ""], place.Levels[3].Of);
        Assert.Equal(["division", "lad", "small", "ward"], plan.Editions.Select(e => e.ListId).Order());
    }
}
