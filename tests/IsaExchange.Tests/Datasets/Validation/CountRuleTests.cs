using System.Text;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Submitting;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>Records that state counts, totals over several fields, and values that must not go together.</summary>
public sealed class CountRuleTests
{
    const string Header = "area,month,kind,first,second,flag,count";

    const string Never = "never_with: {field: flag, other: kind, is: [B]}";

    const string Yaml = """
        fieldsMatch: equal
        fields:
          - name: area
            type: string
            constraints: {required: true}
            isaexchange: {code_list: csp}
          - name: month
            type: yearmonth
            constraints: {required: true}
          - name: kind
            type: string
            constraints: {required: true}
            categories:
              - {value: A, label: Alpha}
              - {value: B, label: Beta}
          - name: first
            type: integer
            constraints: {required: true, minimum: 0, maximum: 2000000000}
          - name: second
            type: integer
            constraints: {maximum: 9}
          - name: flag
            type: string
            categories:
              - {value: YES, label: Yes}
          - name: count
            type: integer
            constraints: {required: true, minimum: 0, maximum: 99}
        isaexchange:
          id: test-counts
          title: Test
          version: "1"
          legal_basis: local-agreement
          unit: one number
          period_field: month
          routing: {field: area}
          derived:
            - {name: months, month_of: month}
          dimensions: [kind, months]
          counts: {field: count}
          rules:
            - total_at_least: {fields: [first, second], minimum: 2}
            - never_with: {field: flag, other: kind, is: [B]}
        """;

    static readonly DatasetSpec Spec = DatasetSpecLoader.Parse(Yaml, "test.yaml").Spec!;

    static readonly ValidationPlan Plan = TestDatasets.Plan(Spec);

    [Theory]
    [InlineData("E22000001,2018-10,A,2,,YES,5", "")]
    [InlineData("E22000001,2018-10,B,0,2,,0", "")]
    [InlineData("E22000001,2018-10,A,2000000000,9,,1", "")]
    [InlineData("E22000001,2018-10,A,1,,,5", "X409 2/1/4 first")]
    [InlineData("E22000001,2018-10,A,0,1,,5", "X409 2/1/4 first")]
    [InlineData("E22000001,2018-10,A,0,0,,5", "X409 2/1/4 first")]
    [InlineData("E22000001,2018-10,B,2,,YES,5", "X410 2/1/6 flag")]
    [InlineData("E22000001,2018-10,A,2,,,-1", "T206 2/1/7 count")]
    [InlineData("E22000001,2018-10,A,2,,,100", "T206 2/1/7 count")]
    [InlineData("E22000001,2018-10,A,2,,,", "T201 2/1/7 count")]
    [InlineData("E22000001,2018-09,A,2,,,5", "P601 2/1/2 month")]
    [InlineData("E22000001,2019-01,A,2,,,5", "P601 2/1/2 month")]
    public void Record_IsHeldToItsTotalAndToWhatMustNotGoTogether(string row, string place)
    {
        var report = Plan.Validate(Header + "\n" + row + "\n");
        Assert.Equal(place.Length == 0 ? [] : [place], report.Places());
    }

    [Fact]
    public void SameAreaAndCodes_AreCountedOnce()
    {
        var report = Plan.Validate(Header + """

            E22000001,2018-10,A,2,,,5
            E22000001,2018-11,A,2,,,5
            E22000001,2018-10,B,2,,,5
            E22000002,2018-10,A,2,,,5
            E22000009,2018-10,A,2,,,5
            E22000009,2018-12,B,2,,,5
            E22000001,2018-10,A,3,,,5
            E22000009,2018-10,A,2,,,6
            E22000002,2018-12,B,2,,,1

            """);
        Assert.Equal(
            ["X411 8/7/7 count", "X411 9/8/7 count"],
            report.Places().Where(p => p.StartsWith('X') && !p.StartsWith("X401", StringComparison.Ordinal)));
        Assert.Equal(7, report.AcceptedCount);
    }

    [Fact]
    public void RecordInError_TakesNoPlaceOfACount()
    {
        var report = Plan.Validate(Header + "\nE22000001,2018-10,A,1,,,5\nE22000001,2018-10,A,2,,,5\n");
        Assert.Equal(["X409 2/1/4 first"], report.Places());
        Assert.Equal(1, report.AcceptedCount);
    }

    [Fact]
    public void Counts_AreAddedToTheirCells()
    {
        using var counter = new CubeCounter(Plan, new byte[32]);
        Plan.Validate(Encoding.UTF8.GetBytes(Header + """

            E22000001,2018-10,A,2,,,5
            E22000001,2018-10,B,2,,,0
            E22000002,2018-12,A,2,,,99

            """), sink: counter);
        var cube = counter.ToCube("test-counts");
        Assert.Equal(3, cube.Records);
        Assert.Equal(
            ["E22000001 A 2018-10 5", "E22000001 B 2018-10 0", "E22000002 A 2018-12 99"],
            cube.Cells.Select(c => $"{c.Area} {string.Join(' ', c.Codes)} {c.Count}"));
    }

    [Fact]
    public void CountsInReleases_NeedNoMoreThanTheirCells()
    {
        using var one = new CubeCounter(Plan, new byte[32]);
        using var other = new CubeCounter(Plan, new byte[32]);
        Plan.Validate(Encoding.UTF8.GetBytes(Header + "\nE22000001,2018-10,A,2,,,5\n"), sink: one);
        Plan.Validate(Encoding.UTF8.GetBytes(Header + "\nE22000001,2018-10,A,2,,,6\n"), sink: other);

        // A corrected number is another record: the fingerprint of its cell tells.
        Assert.NotEqual(one.ToCube("x").Cells[0].Fingerprint, other.ToCube("x").Cells[0].Fingerprint);
    }

    [Fact]
    public void RecordsOfCounts_AllocateNothing()
    {
        var (few, many) = (Allocated(1_000), Allocated(200_000));
        Assert.InRange(many - few, -1024, 1024);

        static long Allocated(int rows)
        {
            var header = Encoding.UTF8.GetBytes(Header + "\n");
            return Enumerable.Range(0, 3).Min(_ =>
            {
                using var stream = new RepeatingStream(header, "E22000001,2018-10,A,2,,,5\n"u8.ToArray(), rows);
                var before = GC.GetAllocatedBytesForCurrentThread();
                var report = new DatasetValidator(s_small).Validate(stream, new CountingSink(), default);
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.Equal(rows - 1, report.ErrorCount);
                return allocated;
            });
        }
    }

    static readonly ValidationPlan s_small =
        TestDatasets.Plan(Spec, new ValidationLimits { MaxViolationsShown = 1, MaxViolationsPerGroup = 1 });

    [Theory]
    [InlineData("counts: {field: count}", "counts: {field: second}", "required integer")]
    [InlineData("counts: {field: count}", "counts: {field: kind}", "required integer")]
    [InlineData("counts: {field: count}", "counts: {column: count}", "'column'")]
    [InlineData("minimum: 0, maximum: 99", "minimum: -1, maximum: 99", "required integer")]
    [InlineData("fields: [first, second]", "fields: [first]", "does not fit")]
    [InlineData("fields: [first, second]", "fields: [first, first]", "does not fit")]
    [InlineData("fields: [first, second]", "fields: [first, kind]", "does not fit")]
    [InlineData("minimum: 2}", "minimum: 0}", "does not fit")]
    [InlineData("minimum: 2}", "maximum: 2}", "'maximum'")]
    [InlineData("field: flag, other: kind", "field: count, other: kind", "does not fit")]
    [InlineData("field: flag, other: kind", "field: flag, other: area", "does not fit")]
    [InlineData("is: [B]", "is: [C]", "does not fit")]
    [InlineData("is: [B]", "is: []", "does not fit")]
    [InlineData(Never, "filled_only_with: {field: flag, with: flag}", "does not fit")]
    [InlineData(Never, "filled_only_with: {field: flag, with: kind}", "does not fit")]
    [InlineData(Never, "filled_only_with: {field: first, with: flag}", "does not fit")]
    [InlineData(Never, "filled_only_with: {field: flag, with: second, is: [B]}", "'is'")]
    public void RuleThatDoesNotFit_IsRefused(string part, string instead, string words)
    {
        Assert.Contains(part, Yaml, StringComparison.Ordinal);
        var loaded = DatasetSpecLoader.Parse(Yaml.Replace(part, instead, StringComparison.Ordinal), "test.yaml");
        Assert.Null(loaded.Spec);
        Assert.Contains(loaded.Faults, f => f.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void MoreCellsThanCanBeLookedAfter_MakeNoPlan()
    {
        var folder = Directory.CreateTempSubdirectory("isax-cells-").FullName;
        var codes = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"C{i},x,\n"));
        TestDatasets.WriteList(folder, "csp", null,
            "  - {edition: '1', file: 1.csv, valid_from: 2011-01-01, source: test}\n",
            ("1.csv", "code,title,parent\n" + codes));
        var lists = CodeListCatalog.Load(folder, out _);
        Directory.Delete(folder, recursive: true);
        var yaml = Yaml.Replace("dimensions: [kind, months]", "dimensions: [kind, area]", StringComparison.Ordinal);
        var wide = DatasetSpecLoader.Parse(yaml, "test.yaml").Spec!;
        var fault = Assert.Throws<PlanFaultException>(() => ValidationPlan.Compile(
            wide, lists, new DateOnly(2018, 10, 1), new DateOnly(2019, 1, 1), ["C1"]));
        Assert.Contains("more cells", fault.Message, StringComparison.Ordinal);
    }
}
