using System.Globalization;
using System.Text;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>
/// What is told of whole columns: of those outside the specification, and of the refused values of a field. Each shape
/// stands beside a column that looks like it and holds something else.
/// </summary>
public sealed class ColumnEvidenceTests
{
    const int Rows = 300;
    const string Three = "ABCDEFGHJKLMNOPRSTUVWX";

    static readonly string[] s_given =
        ["James", "Mary", "Mohammed", "Olivia", "Liam", "Sarah", "Priya", "Karl", "Zoe", "Ahmed"];

    static readonly string[] s_family =
        ["Smith", "Khan", "Jones", "O'Brien", "Taylor-Reed", "Patel", "Novak", "Evans", "Okafor", "Murphy"];

    static readonly string[] s_towns = ["Winchester", "Fareham", "Victoria Park", "St James Road", "Albert Street"];

    public static TheoryData<string, string> Shapes { get; } = new()
    {
        { "unique", "D521" }, { "births", "D522 D521?" }, { "text", "D523 D521?" }, { "names", "D524 D521?" },
        { "registrations", "D525 D521" }, { "properties", "D526 D521" }, { "references", "D527 D521" },
        { "latitudes", "D528 D521" }, { "keys", "D529 D521" },
        { "codes", "" }, { "areas", "" }, { "events", "" }, { "titles", "" }, { "places", "" }, { "roads", "" },
        { "minutes", "D521?" }, { "rounded", "" }, { "months", "" }, { "few", "" }, { "numbers", "" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Column_IsToldByTheShapeOfItsValues(string shape, string rules)
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, Rows).Select(i => Value(shape, i, random)).ToList();
        var found = TestDatasets.Street.Validate(File(values)).Groups
            .Where(g => g.Field == "column 5" && g.Rule[..3] == "D52").Select(g => g.Rule).ToHashSet();
        var may = rules.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Superset(may.Where(r => r[^1] != '?').ToHashSet(), found);
        Assert.Subset(may.Select(r => r.TrimEnd('?')).ToHashSet(), found);
    }

    [Fact]
    public void Places_OffTheGridSideBySide_AreToldWithTheirShare()
    {
        var random = new Random(11);
        var exact = Enumerable.Range(0, Rows).Select(_ =>
            Invariant($"{random.Next(400_000, 480_000)},{random.Next(100_000, 160_000)}")).ToList();
        var report = TestDatasets.Street.Validate(File(exact, "east,north"));
        var told = report.Groups.Where(g => g.Rule == "D528").ToList();
        Assert.Equal(["column 5", "column 6"], told.Select(g => g.Field));
        Assert.Contains($"of {Rows} values are no multiple of 100 m", told[0].Description, StringComparison.Ordinal);

        var snapped = Enumerable.Range(0, Rows).Select(_ =>
            Invariant($"{random.Next(4_000, 4_800)}00,{random.Next(1_000, 1_600)}00")).ToList();
        Assert.DoesNotContain(
            TestDatasets.Street.Validate(File(snapped, "east,north")).Groups, g => g.Rule == "D528");
    }

    [Fact]
    public void RefusedValuesOfAField_AreToldToo()
    {
        var rows = Enumerable.Range(1, 100).Select(i => Invariant($"{i},2018-10,drugs,4419{i * 7919:D7}\n"));
        var report = TestDatasets.Street.Validate($"{TestDatasets.StreetHeader}\n{string.Concat(rows)}");
        var told = report.Violations.Where(v => v.Rule[..3] == "D52").ToList();
        Assert.Equal(["D521 lsoa", "D527 lsoa"], told.Select(v => $"{v.Rule} {v.Field}"));
        Assert.All(told, v => Assert.Equal((0, -1, 4), (v.Line, v.Record, v.Column)));
    }

    [Fact]
    public void NumbersOfRecordsWrittenDifferently_AreNoColumnOfKeys()
    {
        var rows = Enumerable.Range(1, 100).Select(i => Invariant($"{i:D4},2018-10,drugs,E01000001\n"));
        var report = TestDatasets.Street.Validate($"{TestDatasets.StreetHeader}\n{string.Concat(rows)}");
        Assert.Equal(["T205"], report.Groups.Select(g => g.Rule));
    }

    [Theory]
    [InlineData(19, false)]
    [InlineData(20, true)]
    public void FewValues_HaveNoShapeInCommon(int rows, bool told)
    {
        var values = Enumerable.Range(0, rows).Select(i => Invariant($"K{i}")).ToList();
        Assert.Equal(told, TestDatasets.Street.Validate(File(values)).Groups.Any(g => g.Rule == "D521"));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void DifferentValues_AreEstimatedWithinTheError(int distinct)
    {
        // Four standard errors: one column in some ten thousand would be further off.
        var values = Enumerable.Range(0, distinct).Select(i => Invariant($"K{i}"));
        var report = TestDatasets.Street.Validate(File(values));
        var told = Assert.Single(report.Groups, g => g.Rule == "D521").Description;
        var about = int.Parse(told.Split("about ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(about, distinct * (1 - (4 * 0.023)), distinct);
    }

    [Fact]
    public void TenThousandMoreRows_AllocateNothingMore()
    {
        var (few, many) = (Encoding.UTF8.GetBytes(Names(1_000)), Encoding.UTF8.GetBytes(Names(11_000)));
        Allocated(many);
        Assert.InRange(Allocated(many) - Allocated(few), -4096, 4096);

        static string Names(int rows) =>
            File(Enumerable.Range(0, rows).Select(i => Invariant($"a text by Mary Smith {i}")));

        static long Allocated(byte[] content) => Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            new DatasetValidator(TestDatasets.Street).Validate(new MemoryStream(content), new CountingSink(), default);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }

    static string Value(string shape, int i, Random random) => shape switch
    {
        "unique" => Invariant($"K-{i * 7919}"),
        "births" => Invariant($"{random.Next(1, 28)}/{random.Next(1, 13)}/{random.Next(2003, 2018)}"),
        "text" => Invariant($"offender ran towards the shops and dropped {random.Next(900)} items"),
        "names" => $"{Of(s_given, random)} {Of(s_family, random)}",
        "registrations" => Invariant($"{Letters(3, random)} {random.Next(100, 1000)}"),
        "properties" => Invariant($"1000{random.Next(10_000_000, 99_999_999)}"),
        "references" => Invariant($"4418{random.Next(1_000_000, 9_999_999)}"),
        "latitudes" => Invariant($"51.{random.Next(100_000, 999_999)}"),
        "keys" => Invariant($"{random.NextInt64(1L << 60, long.MaxValue):x16}7a7b"),
        "codes" => Invariant($"{random.Next(1, 60)}{Letters(1, random)}"),
        "areas" => Invariant($"E0100{random.Next(100):D4}"),
        "events" => Invariant($"2018-1{random.Next(3)}-{random.Next(10, 28)}"),
        "titles" => random.Next(3) == 0 ? "Violence and sexual offences" : "Criminal damage and arson",
        "places" => Of(s_towns, random),
        "roads" => Invariant($"A{random.Next(20, 60)} {(random.Next(2) == 0 ? "JCT" : "HOV")}"),
        "minutes" => Invariant($"201810{random.Next(10, 28)}{random.Next(10, 24)}{random.Next(10, 60)}"),
        "rounded" => Invariant($"51.{random.Next(100)}"),
        "months" => Invariant($"2018-1{random.Next(3)}"),
        "few" => i < 2 ? "Mary Smith" : "",
        "numbers" => Invariant($"{random.Next(40)}"),
        _ => throw new InvalidOperationException(shape),
    };

    static string Of(string[] words, Random random) => words[random.Next(words.Length)];

    static string Letters(int count, Random random) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => Three[random.Next(Three.Length)]));

    static string File(IEnumerable<string> values, string columns = "other") =>
        $"{TestDatasets.StreetHeader},{columns}\n"
        + string.Concat(values.Select((v, i) => Invariant($"{i + 1},2018-10,drugs,E01000001,{v}\n")));

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
