using System.Text.Json;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Vectors;

/// <summary>The generated cases: accepted or refused as they say, by a rule that means what their code means.</summary>
public sealed class GeneratedCasesTests
{
    /// <summary>Their code, and the rules that say the same here.</summary>
    static readonly Dictionary<string, string[]> s_rulesOf = new()
    {
        ["E_ENCODING_NOT_UTF8"] = ["F003", "F004", "F006", "F007", "F005"],
        ["E_NUL_BYTE"] = ["F005", "F003"],
        ["E_CONTROL_CHARACTER"] = ["F019", "F015"],
        ["E_MIXED_NEWLINES"] = ["F017", "F018"],
        ["E_UNCLOSED_QUOTE"] = ["F011"],
        ["E_BARE_QUOTE"] = ["F012", "F013"],
        ["E_FIELD_COUNT"] = ["F015", "F016"],
        ["E_HEADER_EMPTY_NAME"] = ["H101"],
        ["E_HEADER_UNKNOWN_COLUMN"] = ["H104", "H105", "F008"],
        ["E_HEADER_DUPLICATE"] = ["H102"],
        ["E_BLANK_ROW"] = ["F014"],
        ["E_DELIMITER"] = ["H106"],
        ["E_EMPTY_FILE"] = ["F001"],
        ["E_NO_ROWS"] = ["F002"],
        ["E_COLUMN_NOT_AGREED"] = ["D501", "D502"],
        // An identifier, or a character that hides, weighs more than not being in the list.
        ["E_CODE_NOT_IN_LIST"] = ["C301", "C302", "F019", "T208", "D505", "D506", "D503"],
        ["E_VALUE_RANGE"] = ["T206"],
        ["E_VALUE_FORMAT"] = ["T205", "T201", "T206", "T208"],
        ["E_PERIOD"] = ["C301", "T201"],
        ["E_TOO_MANY_COLUMNS"] = ["F021", "F010"],
        ["E_FIELD_TOO_LONG"] = ["F010", "F020"],
        ["E_TYPE_NOT_ALLOWED"] = ["F004"],
        // A gibibyte of NUL without a line end is given up as the one record that it would be.
        ["E_TOO_LARGE_UNPACKED"] = ["F023", "F010"],
        ["E_COMPRESSED_CORRUPT"] = ["F022"],
    };

    /// <summary>Cases of a layer the validator does not have, and what it does with them.</summary>
    static readonly Dictionary<string, bool> s_elsewhere = new()
    {
        ["not-gzip.csv.gz"] = true, // the validator sees no file names
        ["gzip-as-csv.csv"] = true,
        ["gzip-two-members.csv.gz"] = false, // read whole: the area of its last record is not in the list here
        ["duplicate-key.csv"] = true, // records have no key: identical ones are separate events
    };

    [Fact]
    public void EveryCase_EndsAsItSays()
    {
        var folder = SharedFolders.Vectors("bad-input", "generated");
        using var file = File.OpenRead(Path.Combine(folder, "cases.json"));
        var cases = JsonDocument.Parse(file).RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(157, cases.Count);
        var wrong = new List<string>();
        foreach (var one in cases)
        {
            var name = one.GetProperty("file").GetString()!;
            var report = s_plan.Validate(File.ReadAllBytes(Path.Combine(folder, name)));
            if (!Agrees(name, one.GetProperty("expect").GetString()!, one.GetProperty("code").GetString()!, report))
                wrong.Add($"{name}: {string.Join(' ', report.Groups.Select(g => g.Rule))}");
        }

        Assert.Empty(wrong);
    }

    static bool Agrees(string name, string expect, string code, ValidationReport report)
    {
        if (s_elsewhere.TryGetValue(name, out var accepted))
            return report.HasErrors != accepted;
        return expect switch
        {
            "accept" => report.Violations.All(v => v.Rule == "X401"),
            "accept-normalised" => !report.HasErrors && report.Violations.Any(v => v.Rule == "F009"),
            "reject" => report.HasErrors && report.Violations.Any(v => s_rulesOf[code].Contains(v.Rule)),
            "no-crash" => true,
            _ => false,
        };
    }

    static readonly ValidationPlan s_plan = TestDatasets.Plan(new DatasetSpec
    {
        Id = "generated",
        Title = "Layout of the generated cases",
        Version = "1",
        LegalBasis = "local-agreement",
        Unit = "one count",
        Fields =
        [
            new() { Name = "period", Type = FieldType.Code, Required = true, Categories = [new("2026Q3", "Q3")] },
            new() { Name = "area_code", Type = FieldType.Code, Required = true, CodeList = "lsoa" },
            new() { Name = "category", Type = FieldType.Code, Required = true, Categories = [new("ASB", "ASB")] },
            new() { Name = "count", Type = FieldType.Whole, Required = true, Maximum = 1_000_000 },
        ],
        PeriodField = "",
        Routing = new RoutingSpec("area_code"),
        CubeDimensions = ["category"],
    });
}
