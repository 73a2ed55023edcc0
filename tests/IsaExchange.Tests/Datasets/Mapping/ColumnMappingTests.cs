using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Mapping;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

public class ColumnMappingTests
{
    [Theory]
    [InlineData("mappings")]
    [InlineData("northmere/mappings")]
    public void EveryCommittedMapping_Loads(string folder)
    {
        var files = Directory.GetFiles(Path.Combine(SharedFolders.Repository, "policies", folder), "*.yaml");
        Assert.NotEmpty(files);
        // Those for everybody name the lists of districts that every partnership has.
        var lists = new MappingLists(() => CodeListCatalog.Load(
            Path.Combine(SharedFolders.Repository, "policies", "northmere", "codelists"), out _), new(2026, 9, 30));
        foreach (var file in files)
            Assert.Empty(ColumnMapping.Load(file, lists).Faults);
    }

    [Fact]
    public void EveryWord_IsUnderstood()
    {
        var mapping = MappingBench.Load("""
            title: Everything
            dataset: hospital-admissions
            drop_others: true
            columns:
              - { name: row_no, sequence: true }
              - { name: kind, constant: NO }
              - { name: area, from: Area, map: { A: X1, "": none }, otherwise: "" }
              - { name: admission_date, from: Admitted, date: dd/MM/yyyy }
              - { name: admission_time, from: Admitted at, time: HH:mm, otherwise: error }
              - { name: home_outward, outward_of: Postcode, otherwise: ZZ99 }
            drop:
              - { column: NHS Number, reason: identifies a patient }
            skip_when:
              - { column: Status, equals: [Cancelled, Test], reason: no admission }
              - { column: Kind, equals: "", reason: not an admission }
            """);
        Assert.Equal("hospital-admissions", mapping.Dataset);
        Assert.Equal("Everything", mapping.Title);
        Assert.True(mapping.DropOthers);
        Assert.Equal(
            ["row_no", "kind", "area", "admission_date", "admission_time", "home_outward"],
            mapping.Columns.Select(column => column.Name));
        Assert.Equal([null, null, "Area", "Admitted", "Admitted at", "Postcode"],
            mapping.Columns.Select(column => column.SourceColumn));
        Assert.Equal(new DroppedColumn("NHS Number", "identifies a patient"), Assert.Single(mapping.Drop));
        Assert.Equal(["Cancelled", "Test"], mapping.SkipWhen[0].Values);
        Assert.Equal([""], mapping.SkipWhen[1].Values);
    }

    [Theory]
    [InlineData("", 1, "not one YAML mapping")]
    [InlineData("- a", 1, "not one YAML mapping")]
    [InlineData("dataset: [", 2, "not valid YAML")]
    [InlineData("dataset: d\ndataset: d", 2, "not valid YAML")]
    [InlineData("dataset: &a d\ncolumns: *a", 1, "anchors")]
    [InlineData("dataset: d\ncolumns: [[[[[[[[[]]]]]]]]]", 2, "too deeply")]
    [InlineData("columns: [{ name: a, from: A }]", 1, "'dataset' is missing")]
    [InlineData("dataset: d", 1, "'columns' is missing")]
    [InlineData("dataset: d\ncolumns: []", 2, "'columns' is empty")]
    [InlineData("dataset: d\ncolumns: a", 2, "must be a list")]
    [InlineData("dataset: D x\ncolumns: [{ name: a, from: A }]", 1, "not a dataset id")]
    [InlineData("dataset: d\nfilter: x\ncolumns: [{ name: a, from: A }]", 2, "unknown word in the mapping")]
    [InlineData("dataset: d\ndrop_others: yes\ncolumns: [{ name: a, from: A }]", 2, "true or false")]
    public void FileThatIsNotAMapping_IsRefusedWithItsLine(string yaml, int line, string description) =>
        AssertFault(yaml, line, description);

    [Theory]
    [InlineData("from: A", "'name' is missing")]
    [InlineData("name: A b, from: A", "not a column name")]
    [InlineData("name: a", "exactly one of")]
    [InlineData("name: a, from: A, constant: b", "exactly one of")]
    [InlineData("name: a, sequence: false", "can only be true")]
    [InlineData("name: a, from: ''", "names no source column")]
    [InlineData("name: a, constant:", "must be text")]
    [InlineData("name: a, from: A, trim: true", "unknown word in a column")]
    [InlineData("name: a, from: A, map: { x: y }, date: dd/MM/yyyy", "at most one of")]
    [InlineData("name: a, constant: A, map: { x: y }", "only with 'from'")]
    [InlineData("name: a, outward_of: A, date: dd/MM/yyyy", "only with 'from'")]
    [InlineData("name: a, from: A, otherwise: x", "nothing to convert")]
    [InlineData("name: a, from: A, map: {}", "'map' has no values")]
    [InlineData("name: a, from: A, map: { x: [y] }", "must be text")]
    [InlineData("name: a, from: A, date: dd/MM/yy", "not a format")]
    [InlineData("name: a, from: A, date: dd/MM", "not a format")]
    [InlineData("name: a, from: A, date: dMyyyy", "not a format")]
    [InlineData("name: a, from: A, date: d", "not a format")]
    [InlineData("name: a, from: A, date: 'dd/MM/yyyy gg'", "not a format")]
    [InlineData("name: a, from: A, time: dd/MM/yyyy", "not a format")]
    [InlineData("name: a, from: A, time: 'HH:mm '''", "not a format")]
    public void ColumnThatCannotBeWritten_IsRefusedWithItsLine(string column, string description) =>
        AssertFault($"dataset: d\ncolumns:\n  - {{ {column} }}\n", 3, description);

    [Theory]
    [InlineData("drop: [{ column: B }]", "'reason' is missing")]
    [InlineData("drop: [{ column: B, reason: '' }]", "'reason' is empty")]
    [InlineData("drop: [{ reason: x }]", "'column' is missing")]
    [InlineData("drop: [B]", "must be a mapping")]
    [InlineData("drop: [{ column: A, reason: x }]", "both mapped and dropped")]
    [InlineData("drop: [{ column: B, reason: x }, { column: B, reason: y }]", "dropped twice")]
    [InlineData("skip_when: [{ column: B, reason: x }]", "'equals' is missing")]
    [InlineData("skip_when: [{ column: B, equals: [], reason: x }]", "has no values")]
    [InlineData("skip_when: [{ column: B, equals: x }]", "'reason' is missing")]
    [InlineData("columns: [{ name: a, from: A }]", "not valid YAML")]
    public void RuleThatSaysTooLittle_IsRefusedWithItsLine(string rule, string description) =>
        AssertFault($"dataset: d\ncolumns:\n  - {{ name: a, from: A }}\n{rule}\n", 4, description);

    [Fact]
    public void SeveralFaults_AreAllListedInOrder()
    {
        var result = ColumnMapping.Parse("""
            dataset: d
            columns:
              - { name: a, from: A }
              - { name: a, from: B, filter: x }
            drop: [{ column: C }]
            also: this
            """, "m.yaml");
        Assert.Null(result.Mapping);
        Assert.Equal([4, 4, 5, 6], result.Faults.Select(fault => fault.Line));
        Assert.All(result.Faults, fault => Assert.NotEmpty(fault.Remedy));
        Assert.StartsWith("m.yaml:4: ", result.Faults[0].ToString(), StringComparison.Ordinal);
    }

    static void AssertFault(string yaml, int line, string description)
    {
        var result = ColumnMapping.Parse(yaml, "m.yaml");
        Assert.Null(result.Mapping);
        Assert.Contains(result.Faults, fault =>
            fault.Line == line && fault.Description.Contains(description, StringComparison.Ordinal));
    }
}
