using System.Globalization;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Fuzz.Harnesses;

/// <summary>256 small datasets, each made by chance from its number and so always the same.</summary>
static class RandomPlans
{
    static readonly ValidationPlan?[] s_made = new ValidationPlan?[256];
    static readonly Lazy<CodeListCatalog> s_lists = new(WriteAndLoadLists);

    public static ValidationPlan Of(byte number) => s_made[number] ??= Make(number);

    static ValidationPlan Make(byte number)
    {
        var random = new Random(number);
        var fields = new List<FieldSpec> { Area(random) };
        for (var i = random.Next(1, 6); i > 0; i--)
            fields.Add(Field(random, "f" + i.ToString(CultureInfo.InvariantCulture)));
        var ordered = fields.ToArray();
        random.Shuffle(ordered);
        var codes = ordered.Where(f => f.Type == FieldType.Code).Select(f => f.Name).ToArray();
        var spec = new DatasetSpec
        {
            Id = "random", Title = "Random", Version = "1", LegalBasis = "local-agreement", Unit = "one record",
            Fields = ordered,
            PeriodField = ordered.FirstOrDefault(f => f.Type is FieldType.Date or FieldType.Month)?.Name ?? "",
            Routing = new RoutingSpec("area"),
            CubeDimensions = codes[..Math.Min(2, codes.Length)],
            Rules = [.. Rules(ordered)],
            CountField = random.Next(4) == 0
                ? ordered.FirstOrDefault(f => f.Type == FieldType.Whole && !f.Sequence && f.Required)?.Name
                : null,
            QuasiIdentifiers = random.Next(3) == 0 ? new QuasiIdentifierSpec(codes, 2, []) : null,
        };
        return ValidationPlan.Compile(
            spec, s_lists.Value, new DateOnly(2026, 7, 1), new DateOnly(2026, 10, 1), ["A1", "A2"], Limits(random));
    }

    static FieldSpec Area(Random random) => new()
    {
        Name = "area", Type = FieldType.Code, Required = random.Next(2) == 0,
        CodeList = random.Next(2) == 0 ? "area" : "place",
    };

    static FieldSpec Field(Random random, string name)
    {
        var type = (FieldType)random.Next(6);
        return new FieldSpec
        {
            Name = name, Type = type, Required = random.Next(2) == 0, MaxLength = random.Next(4) == 0 ? 6 : 64,
            Minimum = random.Next(3) == 0 ? -5 : 0, Maximum = random.Next(2) == 0 ? 99 : int.MaxValue,
            Sequence = type == FieldType.Whole && random.Next(2) == 0,
            OldDates = (OldDates)random.Next(2),
            Categories = type == FieldType.Code ? [new("a", "A"), new("bb", "B"), new("é", "E"), new("1", "One")] : [],
        };
    }

    static IEnumerable<CrossRule> Rules(FieldSpec[] fields)
    {
        var dates = fields.Where(f => f.Type == FieldType.Date).Select(f => f.Name).ToArray();
        if (dates.Length > 1)
            yield return new(CrossRuleKind.NotBefore, dates[1], dates[0], []);
        var code = fields.FirstOrDefault(f => f.Categories.Count > 0)?.Name;
        var optional = fields.Where(f => !f.Required && f.Name != code && f.Name != "area")
            .Select(f => f.Name).ToArray();
        if (code is not null && optional.Length > 0)
            yield return new(CrossRuleKind.FilledExactlyWhen, optional[0], code, ["a", "é"]);
        if (code is not null && optional.Length > 1)
            yield return new(CrossRuleKind.NeverWith, optional[1], code, ["bb"]);
        if (optional.Length > 2)
            yield return new(CrossRuleKind.FilledOnlyWith, optional[2], optional[0], []);
    }

    static ValidationLimits Limits(Random random) => random.Next(2) == 0
        ? ValidationLimits.Default
        : new()
        {
            MaxRecordBytes = random.Next(20, 200), MaxColumns = random.Next(6, 12), MaxFieldBytes = random.Next(8, 64),
            MaxViolationsShown = random.Next(1, 20), MaxViolationsPerGroup = random.Next(1, 4),
            MaxGroups = random.Next(1, 10), MaxGroupsCounted = random.Next(2, 20),
        };

    static CodeListCatalog WriteAndLoadLists()
    {
        var folder = Directory.CreateTempSubdirectory("isax-fuzz-").FullName;
        WriteList(folder, "area", "", "A1,One,\nA2,Two,\nA3,Three,\n");
        WriteList(folder, "place", "parent_list: area\n", "P1,One,A1\nP2,Two,A2\nP3,Three,A3\nP4,Four,\n");
        var lists = CodeListCatalog.Load(folder, out var faults);
        Directory.Delete(folder, recursive: true);
        return faults.Count == 0 ? lists : throw new InvalidOperationException(faults[0].ToString());
    }

    static void WriteList(string folder, string id, string parent, string rows)
    {
        var list = Directory.CreateDirectory(Path.Combine(folder, id)).FullName;
        File.WriteAllText(Path.Combine(list, "list.yaml"),
            $"id: {id}\ntitle: List\npublisher: Nobody\n{parent}editions:\n"
            + "  - {edition: '1', file: 1.csv, valid_from: 2020-01-01, source: fuzzing}\n");
        File.WriteAllText(Path.Combine(list, "1.csv"), "code,title,parent\n" + rows);
    }
}
