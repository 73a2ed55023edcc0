using System.Text;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>No text of a report holds anything of the file: not a cell, not a column name.</summary>
public sealed class NoEchoTests
{
    const string Canary = "ZQXJKV";

    public static TheoryData<string, string, string> Plans { get; } = new()
    {
        { "police-street-level", TestDatasets.StreetHeader, "1,2018-10,drugs,E01000001" },
        {
            "police-recorded-crime", TestDatasets.CrimeHeader,
            "E22000001,1,VAP,8N,2018-10-02,2018-10-01,,day,13:00,E01000001,lsoa2011"
        },
        { "hospital-admissions", TestDatasets.AdmissionHeader, "E22000001,1,2018-10-01,SO23,X99" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void CanaryInAnyPosition_AppearsInNoText(string id, string header, string row)
    {
        var plan = TestDatasets.Plan(id);
        string[] shapes = ["{0}", "{0} SO23 8UJ", "{0} 943 476 5919", "{0}@example.org", "01962 840222 {0}",
            "{0} 1961-05-04", "\"{0}\nnew\"", "{0}\u200B", "x\"{0}\"", "\"{0}\"x", "\"{0}", "{0}\0",
            new string('a', 5000) + "{0}"];
        foreach (var shape in shapes)
        {
            var canary = shape.Replace("{0}", Canary, StringComparison.Ordinal);
            foreach (var line in Enumerable.Range(0, 2))
            {
                for (var column = 0; column < (line == 0 ? header : row).Split(',').Length; column++)
                {
                    string[] lines = [header, row];
                    var cells = lines[line].Split(',');
                    cells[column] = canary;
                    lines[line] = string.Join(',', cells);
                    AssertSilent(plan.Validate(string.Join('\n', lines) + "\n"));
                }
            }

            AssertSilent(plan.Validate($"{header},{canary}\n{row},{canary}\n"));
        }
    }

    [Fact]
    public void CanaryInABrokenEncoding_AppearsInNoText() => AssertSilent(TestDatasets.Street.Validate(
        [.. Encoding.UTF8.GetBytes($"{TestDatasets.StreetHeader}\n1,2018-10,{Canary}"), 0xE9, .. "x,\n"u8]));

    static void AssertSilent(ValidationReport report)
    {
        Assert.True(report.HasErrors);
        var text = report + string.Concat(report.Violations) + string.Concat(report.Groups);
        Assert.DoesNotContain(Canary, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("8UJ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("5919", text, StringComparison.Ordinal);
    }
}
