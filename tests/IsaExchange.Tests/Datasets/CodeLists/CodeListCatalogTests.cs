using System.Text;
using CsCheck;
using IsaExchange.Datasets.CodeLists;
using Xunit;

namespace IsaExchange.Tests.Datasets.CodeLists;

public sealed class CodeListCatalogTests : IDisposable
{
    const string Csv = "code,title,parent\nA,Alpha,\n\"B,1\",\"Beta \"\"b\"\"\",P\n";
    const string Edition =
        "  - {edition: '1', file: e.csv, valid_from: 2011-01-01, valid_to: 2020-12-31, source: test}\n";
    const string Next = "  - {edition: '2', file: f.csv, valid_from: 2021-01-01, source: test}\n";

    readonly string _folder = Directory.CreateTempSubdirectory("isax-lists-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Edition_IsTheOneInForceOnTheDay()
    {
        TestDatasets.WriteList(_folder, "letters", "words", Edition + Next, ("e.csv", Csv),
            ("f.csv", "code,title,parent\nC,Gamma,\n"));
        var lists = CodeListCatalog.Load(_folder, out var faults);
        Assert.Empty(faults);
        Assert.Null(lists.Find("letters", new DateOnly(2010, 12, 31)));
        Assert.Equal("1", lists.Find("letters", new DateOnly(2011, 1, 1))!.Edition);
        Assert.Equal("1", lists.Find("letters", new DateOnly(2020, 12, 31))!.Edition);
        Assert.Equal("2", lists.Find("letters", new DateOnly(2021, 1, 1))!.Edition);
        Assert.Null(lists.Find("numbers", new DateOnly(2021, 1, 1)));
    }

    [Fact]
    public void Codes_HaveTitlesAndParents()
    {
        TestDatasets.WriteList(_folder, "letters", "words", Edition, ("e.csv", Csv));
        var edition = CodeListCatalog.Load(_folder, out _).Find("letters", new DateOnly(2015, 1, 1))!;
        Assert.Equal(("letters", "1", "words", 2),
            (edition.ListId, edition.Edition, edition.ParentList, edition.Count));
        Assert.Equal(1, edition.IndexOf("B,1"u8));
        Assert.Equal(("B,1", "Beta \"b\"", "P"), (edition.Code(1), edition.Title(1), edition.Parent(1)));
        Assert.Null(edition.Parent(0));
        Assert.All(["", "a", "A ", "AB"], code => Assert.Equal(-1, edition.IndexOf(code)));
    }

    [Theory]
    [InlineData("code,title\nA,Alpha\n", "three fields")]
    [InlineData("Code,Title,Parent\nA,Alpha,\n", "header is not")]
    [InlineData("code,title,parent\n", "no codes")]
    [InlineData("", "no codes")]
    [InlineData("code,title,parent\nA,Alpha,\nA,Again,\n", "listed twice")]
    [InlineData("code,title,parent\n,Nothing,\n", "empty")]
    [InlineData("code,title,parent\nA,\"Alpha,\n", "three fields")]
    public void BrokenEdition_IsRefusedWithItsLine(string csv, string words)
    {
        TestDatasets.WriteList(_folder, "letters", null, Edition, ("e.csv", csv));
        var lists = CodeListCatalog.Load(_folder, out var faults);
        Assert.Contains(faults, f => f.Message.Contains(words, StringComparison.Ordinal));
        Assert.Null(lists.Find("letters", new DateOnly(2015, 1, 1)));
    }

    [Theory]
    [InlineData("  - {edition: '1', file: absent.csv, valid_from: 2011-01-01, source: x}\n", "absent")]
    [InlineData("  - {edition: '1', file: ../e.csv, valid_from: 2011-01-01, source: x}\n", "own folder")]
    [InlineData("  - {edition: '1', file: e.csv, source: x}\n", "from when")]
    [InlineData("  - {edition: '1', file: e.csv, valid_from: 2011-13-01, source: x}\n", "must be a date")]
    [InlineData("  - {edition: '1', file: e.csv, valid_from: 2011-01-02, valid_to: 2011-01-01, source: x}\n",
        "ends before")]
    [InlineData("  - {edition: '1', file: e.csv, valid_from: 2011-01-01, source: x, colour: red}\n", "colour")]
    [InlineData("  - {edition: '1', file: e.csv, valid_from: 2011-01-01}\n", "'source'")]
    [InlineData("", "'editions'")]
    [InlineData(Edition + "  - {edition: '2', file: e.csv, valid_from: 2020-12-31, source: x}\n", "the same day")]
    public void BrokenList_IsRefused(string editions, string words)
    {
        TestDatasets.WriteList(_folder, "letters", null, editions, ("e.csv", Csv));
        CodeListCatalog.Load(_folder, out var faults);
        Assert.Contains(faults, f => f.Message.Contains(words, StringComparison.Ordinal) && f.Line > 0);
    }

    [Fact]
    public void ParentThatNoEditionKnows_IsAFault()
    {
        TestDatasets.WriteList(_folder, "words", null, Edition, ("e.csv", "code,title,parent\nQ,Queue,\n"));
        TestDatasets.WriteList(_folder, "letters", "words", Edition, ("e.csv", Csv));
        CodeListCatalog.Load(_folder, out var faults);
        Assert.Contains("B,1", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatIsAbsent_IsAFaultAndAnEmptyCatalogue()
    {
        var lists = CodeListCatalog.Load(Path.Combine(_folder, "nowhere"), out var faults);
        Assert.Single(faults);
        Assert.Empty(lists.ListIds);
    }

    [Fact]
    public void IndexOf_FindsExactlyTheCodesOfTheEdition() =>
        Gen.String[Gen.Char["abAB0é日,\" "], 1, 20].HashSet[1, 60].Sample(codes =>
        {
            var known = codes.Select(c => c.Trim()).Where(c => c.Length > 0).Distinct().ToList();
            if (known.Count == 0)
                return;
            var folder = Directory.CreateTempSubdirectory("isax-index-").FullName;
            var csv = "code,title,parent\n" + string.Concat(known.Select(c =>
                $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\",t,\n"));
            TestDatasets.WriteList(folder, "any", null, Edition, ("e.csv", csv));
            var edition = CodeListCatalog.Load(folder, out _).Find("any", new DateOnly(2015, 1, 1))!;
            for (var i = 0; i < known.Count; i++)
            {
                Assert.Equal(i, edition.IndexOf(Encoding.UTF8.GetBytes(known[i])));
                var longer = known[i] + "x";
                Assert.Equal(-1, edition.IndexOf(longer));
            }

            Directory.Delete(folder, recursive: true);
        }, iter: 100);
}
