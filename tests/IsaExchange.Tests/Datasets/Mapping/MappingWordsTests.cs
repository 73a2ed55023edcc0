using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Mapping;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

/// <summary>What each word does to a record, and how it is refused where it cannot do it.</summary>
public sealed class MappingWordsTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-words-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("from: A, split: { by: ' ', part: 2 }", "04/07/2026 23:10", "23:10")]
    [InlineData("from: A, split: { by: '::', part: 1 }", "x::y", "x")]
    [InlineData("from: A, split: { by: '-', part: 1 }", "whole", "whole")]
    [InlineData("from: A, split: { start: 1, length: 4 }", "28E BURG", "28E")]
    [InlineData("from: A, split: { start: 5, length: 4 }", "28E BURG", "BURG")]
    [InlineData("join: [A, B], with: ' '", "x,y", "x y")]
    [InlineData("join: [A, B], with: '-'", ",y", "y")]
    [InlineData("join: [A, B]", ",", "")]
    [InlineData("join: [B, A], with: '/', date: M/yyyy", "2026,7", "2026-07")]
    [InlineData("from: A, empty: none", ",", "none")]
    [InlineData("from: A, empty: none", "NULL,", "none")]
    [InlineData("from: A, split: { by: ' ', part: 2 }, empty: none", "04/07/2026 ", "none")]
    [InlineData("from: A, split: { start: 3, length: 2 }, empty: none", "28   BURG", "none")]
    [InlineData("from: A, split: { start: 1, length: 3 }", "né8", "né")]
    [InlineData("from: A, date: [dd/MM/yyyy HH:mm, d/M/yyyy H:mm]", "4/7/2026 1:05", "2026-07-04")]
    [InlineData("from: A", "NULL,", "")]
    [InlineData("from: A", "NULLS,", "NULLS")]
    [InlineData("from: A, date: [dd/MM/yyyy, yyyy-MM-dd]", "2026-07-04", "2026-07-04")]
    [InlineData("from: A, date: [dd/MM/yyyy, yyyy-MM-dd]", "04/07/2026", "2026-07-04")]
    [InlineData("from: A, date: d MMMM yyyy", "4 November 2026", "2026-11-04")]
    [InlineData("from: A, time_band: HH:mm", "00:00", "00-03")]
    [InlineData("from: A, time_band: HH:mm", "23:59", "20-23")]
    [InlineData("from: A, time_band: HH:mm", ",", "")]
    [InlineData("from: A, round_down: 100", "525680", "525600")]
    [InlineData("from: A, round_down: 100", "99", "0")]
    [InlineData("from: A, match: loose, map: { The Wharf: P3 }", "  the   WHARF ", "P3")]
    [InlineData("from: A, match: loose, map: { 'St. Mary''s': P4 }", "st mary-s", "P4")]
    [InlineData("from: A, match: loose, map: { The Wharf: P3 }, otherwise: ''", "wharf", "")]
    [InlineData("from: A, match: exact, map: { x: P3 }, otherwise: Q", "X", "Q")]
    public void AWord_MakesTheValue(string column, string record, string written)
    {
        var mapping = MappingBench.Load(
            $"dataset: d\nnull_values: [NULL]\ndrop_others: true\ncolumns: [{{ name: a, {column} }}]");
        var (report, output) = MappingBench.Run(mapping, $"A,B\n{(record.Contains(',') ? record : record + ",")}\n");
        Assert.Empty(report.Faults);
        Assert.Equal($"a\n{(written.Length == 0 ? "\"\"" : written)}\n", output.Replace("a\n\n", "a\n\"\"\n",
            StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("from: A, split: { by: ' ', part: 2 }", "one")]
    [InlineData("from: A, split: { start: 3, length: 4 }", "short")]
    [InlineData("from: A, split: { start: 1, length: 2 }", "né8")]
    [InlineData("from: A, split: { start: 3, length: 2 }", "né8")]
    [InlineData("from: A, date: [dd/MM/yyyy, yyyy-MM-dd]", "07.04.2026")]
    [InlineData("from: A, time_band: HH:mm", "24:00")]
    [InlineData("from: A, round_down: 100", "-5")]
    [InlineData("from: A, round_down: 100", "5.5")]
    [InlineData("from: A, match: loose, map: { x: y }", "!!")]
    public void AValueItCannotMake_IsAFaultThatDoesNotRepeatIt(string column, string value)
    {
        var mapping = MappingBench.Load($"dataset: d\ncolumns: [{{ name: a, {column} }}]");
        var fault = MappingBench.Single(MappingBench.Run(mapping, $"A\n{value}\n").Report);
        Assert.Equal((MappingFaultKind.NotConverted, "A", 2L), (fault.Kind, fault.Column, fault.Line));
        Assert.DoesNotContain(value, fault.Description + fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from: A, split: { by: '' , part: 1 }", "nothing to split by")]
    [InlineData("from: A, split: { by: x }", "needs 'by' and 'part'")]
    [InlineData("from: A, split: { by: x, part: 0 }", "1 to 200")]
    [InlineData("from: A, split: { by: x, length: 2 }", "needs 'by' and 'part'")]
    [InlineData("constant: A, split: { by: x, part: 1 }", "only with a source column")]
    [InlineData("sequence: true, empty: x", "only with a source column")]
    [InlineData("join: [A]", "names no source column")]
    [InlineData("join: []", "names no source column")]
    [InlineData("from: A, with: x", "only with 'join'")]
    [InlineData("from: A, match: loose", "only with map and map_from")]
    [InlineData("from: A, match: fuzzy, map: { x: y }", "loose or exact")]
    [InlineData("from: A, match: loose, map: { x: y, X: z }", "stands above with another code")]
    [InlineData("from: A, date: [dd/MM/yyyy, MM/dd/yyyy]", "one text as two days")]
    [InlineData("from: A, date: [d/M/yyyy, M/dd/yyyy]", "one text as two days")]
    [InlineData("from: A, date: [dd/MM/yyyy HH:mm, MM/dd/yyyy H:mm]", "one text as two days")]
    [InlineData("from: A, date: [dd-MM-yyyy HH, HH-MM-yyyy dd]", "one text as two days")]
    [InlineData("from: A, date: [ddMMyyyy, yyyyMMdd]", "one text as two days")]
    [InlineData("from: A, date: [yyyyMM, MMyyyy]", "one text as two days")]
    [InlineData("from: A, date: []", "'date'")]
    [InlineData("from: A, round_down: 0", "must be a whole number")]
    [InlineData("from: A, time_band: dd/MM/yyyy", "not a format")]
    [InlineData("from: A, map: { x: y }, time_band: HH:mm", "at most one of")]
    [InlineData("from: A, map_from: { file: x.csv, from: a, to: b }", "is not there")]
    [InlineData("from: A, map_from: { file: ../x.csv, from: a, to: b }", "not of the mapping's own folder")]
    [InlineData("from: A, map_from: { file: /etc/x.csv, from: a, to: b }", "not of the mapping's own folder")]
    [InlineData("from: A, map_from: { file: x.csv, list: l, from: a, to: b }", "one of file and list")]
    [InlineData("from: A, map_from: { list: l, from: code, to: title }", "none were given")]
    [InlineData("from: A, map_from: { list: l, from: code, to: colour }", "has the columns code, title and parent")]
    [InlineData("from: A, edition: { from: l@1, to: m@2 }", "from one edition of a list to another")]
    [InlineData("from: A, edition: { from: l@1, to: l@2 }", "none were given")]
    [InlineData("block_code: true", "go together")]
    [InlineData("tally: { B: x }", "go together")]
    [InlineData("tally: {}", "counts nothing")]
    public void AWordThatSaysTooLittle_IsRefusedWithItsLine(string column, string description)
    {
        var result = ColumnMapping.Parse($"dataset: d\ncolumns:\n  - {{ name: a, {column} }}\n", "m.yaml");
        Assert.Null(result.Mapping);
        Assert.Contains(result.Faults, f => f.Description.Contains(description, StringComparison.Ordinal));
        Assert.All(result.Faults, f => Assert.True(f.Line is 1 or 3 && f.Remedy.Length > 0));
    }

    [Theory]
    [InlineData("null_values: []", "has no values")]
    [InlineData("suppressed: []", "has no values")]
    [InlineData("lacking: [{ column: b, reason: r }]", "'remedy' is missing")]
    [InlineData("lacking: [{ column: a, reason: r, remedy: s }]", "both written and lacking")]
    [InlineData("blocks: { from: [A], ranges: [X85-Y09, Y00] }", "not blocks of ICD-10")]
    [InlineData("blocks: { from: [A], ranges: [Y09-X85] }", "not blocks of ICD-10")]
    [InlineData("blocks: { from: [A], ranges: [X8] }", "not blocks of ICD-10")]
    [InlineData("blocks: { from: [], ranges: [X85] }", "names no source columns")]
    [InlineData("blocks: { from: [A], ranges: [X85] }", "go together")]
    [InlineData("second: { title: t, key: k }", "'of' is missing")]
    [InlineData("second: { title: t, key: k, of: A }", "go together")]
    [InlineData("blocks: { from: [A], ranges: [X85] }\nsecond: { title: t, key: k, of: A }", "cannot go together")]
    [InlineData("period_column: a", "no written column with a date")]
    [InlineData("period_column: z", "no written column with a date")]
    public void AWordOfTheWholeFile_IsRefusedWithItsLine(string word, string description)
    {
        var result = ColumnMapping.Parse($"dataset: d\n{word}\ncolumns: [{{ name: a, from: A }}]\n", "m.yaml");
        Assert.Null(result.Mapping);
        Assert.Contains(result.Faults, f => f.Line >= 2
            && f.Description.Contains(description, StringComparison.Ordinal));
    }

    [Fact]
    public void ASuppressedNumberThatIsNeeded_StopsTheRun()
    {
        var mapping = MappingBench.Load(
            "dataset: d\nsuppressed: [x]\ncolumns: [{ name: count, from: A }]\ndrop: [{ column: B, reason: r }]");
        var (report, _) = MappingBench.Run(mapping, "A,B\n4,x\nx,1\n");
        var fault = MappingBench.Single(report);
        Assert.Equal((MappingFaultKind.Suppressed, "A", 3L), (fault.Kind, fault.Column, fault.Line));
        Assert.Contains("neither 0 nor empty", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(["A 1", "B 1"], report.Suppressed.Select(c => $"{c.Column} {c.Values}"));
    }

    [Fact]
    public void NullsAndFilledValues_AreCountedByColumn()
    {
        var mapping = MappingBench.Load(
            "dataset: d\nnull_values: [NULL]\ncolumns: [{ name: a, from: A, empty: none }, { name: b, from: B }]");
        var (report, output) = MappingBench.Run(mapping, "A,B\nNULL,1\n,2\n3,NULL\n");
        Assert.Equal("a,b\nnone,1\nnone,2\n3,\n", output);
        Assert.Equal(["A 1", "B 1"], report.Nulls.Select(c => $"{c.Column} {c.Values}"));
        Assert.Equal(["a 2"], report.Filled.Select(c => $"{c.Column} {c.Values}"));
        Assert.Empty(report.Replaced);
    }

    [Fact]
    public void ANullThatSeveralColumnsAreWrittenFrom_IsCountedOnce()
    {
        var mapping = MappingBench.Load("dataset: d\nnull_values: [NULL]\ncolumns: "
            + "[{ name: a, from: A }, { name: b, from: A, map: { '': none } }, { name: c, join: [A, B] }]");
        var (report, output) = MappingBench.Run(mapping, "A,B\nNULL,1\n");
        Assert.Equal("a,b,c\n,none,1\n", output);
        Assert.Equal(["A 1"], report.Nulls.Select(c => $"{c.Column} {c.Values}"));
    }

    [Fact]
    public void APeriod_LeavesOtherDaysBehindAndDaysThatAreNoneAsFaults()
    {
        var mapping = MappingBench.Load(
            "dataset: d\nperiod_column: a\ncolumns: [{ name: a, from: A, date: dd/MM/yyyy }]");
        var july = new MappingPeriod(new(2026, 7, 1), new(2026, 7, 31));
        var (report, output) = MappingBench.RunPeriod(
            mapping, july, "A\n30/06/2026\n01/07/2026\n31/07/2026\n01/08/2026\n");
        Assert.Equal("a\n2026-07-01\n2026-07-31\n", output);
        Assert.Equal((4, 2L, 2), (report.RecordsRead, report.OutsidePeriod, report.RecordsWritten));
        Assert.Null(MappingBench.RunPeriod(mapping, null, "A\n30/06/2026\n").Report.OutsidePeriod);
        Assert.Equal(1, MappingBench.RunPeriod(mapping, july, "A\n30/06/26\n").Report.FaultCount);
    }

    [Fact]
    public void APeriodOfMonths_IsHeldAgainstMonths()
    {
        var mapping = MappingBench.Load(
            "dataset: d\nperiod_column: a\ncolumns: [{ name: a, from: A, date: yyyy-MM }]");
        var (_, output) = MappingBench.RunPeriod(
            mapping, new MappingPeriod(new(2026, 7, 1), new(2026, 9, 30)), "A\n2026-06\n2026-07\n2026-09\n2026-10\n");
        Assert.Equal("a\n2026-07\n2026-09\n", output);
    }

    [Fact]
    public void ATableBesideTheMapping_GivesTheCodes()
    {
        File.WriteAllText(Path.Combine(_folder, "places.csv"), "told,code\nThe Wharf,P3\n\"Pier, north\",P4\n");
        var mapping = Load("from: A, match: loose, map_from: { file: places.csv, from: told, to: code }");
        Assert.Empty(mapping.Faults);
        Assert.Equal("a\nP4\nP3\n", MappingBench.Run(mapping.Mapping!, "A\npier north\nTHE WHARF\n").Output);
    }

    [Theory]
    [InlineData("told,code\n", "lists no values")]
    [InlineData("told,place\nx,y\n", "has no column 'code'")]
    [InlineData("told,code\nx,y\nX,z\n", "line 3 of places.csv gives a value that stands above another code")]
    [InlineData("told,code\nx\n", "line 2 of places.csv has fewer fields")]
    [InlineData("told,code\n\"x,y\n", "line 2 of places.csv is not a record")]
    public void ATableThatIsWrong_IsRefusedByItsLineWithoutItsWords(string csv, string description)
    {
        File.WriteAllText(Path.Combine(_folder, "places.csv"), csv);
        var result = Load("from: A, match: loose, map_from: { file: places.csv, from: told, to: code }");
        Assert.Null(result.Mapping);
        Assert.Contains(result.Faults, f => f.Description.Contains(description, StringComparison.Ordinal));
    }

    [Fact]
    public void ACodeList_GivesCodesTitlesAndParentsOfTheEditionInForce()
    {
        var lists = new MappingLists(() => Lists, new DateOnly(2010, 12, 31));
        var mapping = ColumnMapping.Parse("""
            dataset: d
            columns:
              - { name: a, from: A, map_from: { list: reasons, from: code, to: title } }
              - { name: b, from: A, map_from: { list: reasons, edition: "2020", from: code, to: title }, otherwise: no }
              - { name: c, from: A, edition: { from: reasons@2006, to: reasons@2020 }, otherwise: lost }
            """, "m.yaml", lists);
        Assert.Empty(mapping.Faults);
        var (report, output) = MappingBench.Run(mapping.Mapping!, "A\nBU\nOT\n");
        Assert.Equal("a,b,c\nBullying,Bullying too,BX\nOther,no,lost\n", output);
        Assert.Equal(["b 1", "c 1"], report.Replaced.Select(c => $"{c.Column} {c.Values}"));
    }

    [Theory]
    [InlineData("map_from: { list: nothing, from: code, to: title }", "no code list 'nothing'")]
    [InlineData("map_from: { list: reasons, edition: '1999', from: code, to: title }", "has no such edition")]
    [InlineData("map_from: { list: reasons, from: code, to: title }", "follows from the period")]
    [InlineData("edition: { from: reasons@2020, to: reasons@2006 }", "no mapping from edition 2020 to 2006")]
    public void ACodeListThatCannotGiveThem_IsRefused(string word, string description)
    {
        var result = ColumnMapping.Parse($"dataset: d\ncolumns:\n  - {{ name: a, from: A, {word} }}\n", "m.yaml",
            new MappingLists(() => Lists, null));
        Assert.Contains(description, Assert.Single(result.Faults).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordOfACodeThatBecameSeveral_StopsTheRun()
    {
        var mapping = ColumnMapping.Parse(
            "dataset: d\ncolumns: [{ name: a, from: A, edition: { from: reasons@2006, to: reasons@2020 } }]", "m.yaml",
            new MappingLists(() => Lists, null)).Mapping!;
        var fault = MappingBench.Single(MappingBench.Run(mapping, "A\nBU\nOT\n").Report);
        Assert.Equal(3, fault.Line);
        Assert.Contains("that became one code of 2020", fault.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void ACodeWithoutAParent_IsOneThatCannotBeMapped()
    {
        var lists = new MappingLists(() => Lists, new DateOnly(2010, 12, 31));
        var strict = ColumnMapping.Parse("dataset: d\ncolumns: [{ name: a, from: A, "
            + "map_from: { list: reasons, from: code, to: parent } }]", "m.yaml", lists).Mapping!;
        var fault = MappingBench.Single(MappingBench.Run(strict, "A\nBU\n").Report);
        Assert.Contains("gives a parent for", fault.Description, StringComparison.Ordinal);
        var lenient = ColumnMapping.Parse("dataset: d\ncolumns: [{ name: a, from: A, "
            + "map_from: { list: reasons, from: code, to: parent }, otherwise: none }]", "m.yaml", lists).Mapping!;
        Assert.Equal("a\nnone\n", MappingBench.Run(lenient, "A\nBU\n").Output);
    }

    ColumnMappingLoadResult Load(string column)
    {
        var path = Path.Combine(_folder, "m.yaml");
        File.WriteAllText(path, $"dataset: d\ncolumns: [{{ name: a, {column} }}]");
        return ColumnMapping.Load(path);
    }

    static CodeListCatalog Lists
    {
        get
        {
            var folder = Directory.CreateTempSubdirectory("isax-reasons-").FullName;
            TestDatasets.WriteList(folder, "reasons", null,
                "  - {edition: '2006', file: a.csv, valid_from: 2006-01-01, valid_to: 2019-12-31, source: t}\n"
                + "  - {edition: '2020', file: b.csv, valid_from: 2020-01-01, source: t}\n"
                + "mappings:\n  - {from: '2006', to: '2020', file: m.csv, source: t}\n",
                ("a.csv", "code,title,parent\nBU,Bullying,\nOT,Other,\n"),
                ("b.csv", "code,title,parent\nBU,Bullying too,\nBX,Bullying,\nOW,Weapon,\n"),
                ("m.csv", "from,to,kind,share\nBU,BX,same,\nOT,BU,inseparable,\nOT,OW,inseparable,\n"));
            var lists = CodeListCatalog.Load(folder, out var faults);
            Assert.Empty(faults);
            Directory.Delete(folder, recursive: true);
            return lists;
        }
    }
}
