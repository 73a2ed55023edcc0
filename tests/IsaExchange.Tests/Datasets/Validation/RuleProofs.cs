using System.Globalization;
using System.IO.Compression;
using IsaExchange.Datasets.Plausibility;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Datasets.Specs;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>How the example of a rule becomes a file.</summary>
/// <param name="Dataset">Whose file it is.</param>
/// <param name="Wrong">Makes the file of what is wrong.</param>
/// <param name="Right">Makes the file of what is right.</param>
sealed record RuleProof(string Dataset, Func<string, byte[]> Wrong, Func<string, byte[]> Right)
{
    /// <summary>Rules that nobody can break this one without.</summary>
    public string[] With { get; init; } = [];

    /// <summary>Of the wrong file: what is too much in an example would be too much in a test.</summary>
    public ValidationLimits? Limits { get; init; }
}

/// <summary>For every rule how its example is proven; a rule that is in neither table has no proof.</summary>
static class RuleProofs
{
    const string Street = "police-street-level";
    const string Incidents = "police-incidents";
    const string Crime = "police-recorded-crime";
    const string Admissions = "hospital-admissions";
    const string Exclusions = "school-exclusions";
    const string Collisions = "road-collisions";
    const string Counts = "health-counts";

    /// <summary>Values of a column: enough to have a shape in common.</summary>
    const int Values = 40;

    static readonly string[] s_given = ["Joe", "John", "Mary"];

    public static readonly IReadOnlyDictionary<string, RuleProof> Files =
        new Dictionary<string, RuleProof>(StringComparer.Ordinal)
        {
            ["F001"] = Whole,
            ["F002"] = Whole,
            ["F003"] = Start,
            ["F004"] = Start,
            ["F005"] = Fields(Street),
            ["F006"] = Fields(Street),
            ["F007"] = Fields(Street),
            ["F008"] = Start,
            ["F009"] = Start,
            ["F010"] = Records(Street) with { Wrong = _ => Below(new string('x', 200_000)) },
            ["F011"] = Records(Street),
            ["F012"] = Records(Street),
            ["F013"] = Records(Street),
            ["F014"] = Records(Street),
            ["F015"] = Records(Street),
            ["F016"] = Records(Street),
            ["F017"] = Records(Street),
            ["F018"] = Whole,
            ["F019"] = Fields(Street),
            ["F020"] = Fields(Street) with { Wrong = _ => Below($"1,2026-07,{new string('x', 5_000)},X01000001") },
            ["F021"] = Whole with { Wrong = _ => ExampleText.Whole($"lsoa{new string(',', 499)}\n") },
            ["F022"] = new(Street, _ => Packed(Street)[..(Packed(Street).Length / 2)], _ => Packed(Street)),
            ["F023"] = new(Street, _ => Packed(Street), _ => Packed(Street))
            {
                Limits = new() { MaxUnpackedBytes = 10 },
            },
            ["H101"] = Whole,
            ["H102"] = Whole,
            ["H103"] = Whole,
            ["H104"] = Whole,
            ["H105"] = Whole,
            ["H106"] = Whole,
            ["T201"] = Fields(Street),
            ["T202"] = Fields(Incidents),
            ["T203"] = Fields(Street),
            ["T204"] = Fields(Incidents),
            ["T205"] = Fields(Counts),
            ["T206"] = Fields(Collisions),
            ["T207"] = Fields(Admissions),
            ["T208"] = Fields(Admissions),
            ["C301"] = Fields(Street),
            ["C302"] = Fields(Street),
            ["C303"] = Fields(Incidents),
            ["P601"] = Fields(Street),
            ["Q701"] = Fields(Crime),
            ["X401"] = Made(Admissions, ExampleText.OnlyRecord),
            ["X402"] = Fields(Street),
            ["X403"] = Fields(Incidents),
            ["X404"] = Fields(Crime),
            ["X405"] = Fields(Crime),
            ["X406"] = Fields(Incidents),
            ["X407"] = Fields(Incidents),
            ["X408"] = Records(Street),
            ["X409"] = Fields(Collisions),
            ["X410"] = Fields(Incidents),
            ["X411"] = Records(Counts),
            ["X412"] = Fields(Exclusions),
            ["Q705"] = Made(Incidents, (dataset, text) => ExampleText.EveryRecord(dataset, 20, text)),
            ["Q706"] = Made(Incidents, (dataset, text) => ExampleText.EveryRecord(dataset, 20, text)),
            ["D501"] = Whole,
            ["D502"] = Whole,
            ["D503"] = Fields(Admissions),
            ["D504"] = Fields(Admissions),
            ["D505"] = Fields(Admissions),
            ["D506"] = Fields(Incidents),
            ["D507"] = Fields(Incidents),
            ["D508"] = Fields(Admissions),
            ["D509"] = Fields(Crime),
            ["D510"] = Fields(Admissions),
            ["D511"] = Fields(Exclusions),
            ["D512"] = Fields(Collisions),
            ["D513"] = Fields(Incidents),
            ["D514"] = Fields(Crime),
            ["D515"] = Fields(Incidents),
            ["D521"] = Column(i => Text($"L-{1000 + i}")),
            ["D522"] = Column(i => Text($"{1 + ((i - 1) % 12):D2}/05/{2011 + ((i - 1) % 12)}")),
            ["D523"] = Column(i => Text($"ran off towards shop {1 + ((i - 1) % 20)}")),
            ["D524"] = Column(i => $"{s_given[i % s_given.Length]} Example"),
            ["D525"] = Column(i => Text($"YYY {101 + ((i - 1) % 30)}")),
            ["D526"] = Column(i => Text($"{1 + ((i - 1) % 30):D12}")),
            ["D527"] = Column(i => Text($"9926{1 + ((i - 1) % 30):D7}")),
            ["D528"] = Column(i => Text($"54.000{11 + ((i - 1) % 30)}")),
            ["D529"] = Column(i => Text($"key{i:D14}"), "D521"),
            ["D531"] = Fields(Exclusions) with { With = ["D532"] },
            ["D532"] = Fields(Exclusions) with { With = ["D531"] },
            ["D533"] = Made(Exclusions, ExampleText.Unchanged) with { Limits = new() { MaxGroupsCounted = 1 } },
        };

    /// <summary>
    /// Rules that compare a period with those before: from the numbers of the example, the counts of four quarters and
    /// of the fifth.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, Func<IReadOnlyList<long>, (PeriodCounts[], PeriodCounts)>>
        Periods = new Dictionary<string, Func<IReadOnlyList<long>, (PeriodCounts[], PeriodCounts)>>(
            StringComparer.Ordinal)
        {
            ["Q702"] = n => (Four(("A", "x", n[0])), Quarter(4, ("A", "x", n[1]))),
            ["Q703"] = n => (
                Four(("A", "x", 100), ("B", "x", n[0])), Quarter(4, ("A", "x", 101), ("B", "x", n[1]))),
            ["Q704"] = n => (
                Four(("A", "x", 100), ("A", "y", n[0])), Quarter(4, ("A", "x", 101), ("A", "y", n[1]))),
            ["Q707"] = n => (
                [Quarter(3, ("A", "drugs", n[0]), ("A", "burglary", n[1]))],
                Quarter(4, ("A", "drugs", n[2]), ("A", "burglary", n[3]))),
        };

    static RuleProof Whole => new(Street, ExampleText.Whole, ExampleText.Whole);

    static RuleProof Start => Made(Street, ExampleText.Start);

    static RuleProof Fields(string dataset) => Made(dataset, ExampleText.Fields);

    static RuleProof Records(string dataset) => Made(dataset, ExampleText.Records);

    static RuleProof Made(string dataset, Func<string, string, byte[]> file) =>
        new(dataset, text => file(dataset, text), text => file(dataset, text));

    static RuleProof Column(Func<int, string> value, params string[] with) => new(
        Street, text => ExampleText.Column(text, Values, value), text => ExampleText.Unchanged(Street, text))
    {
        With = ["D501", .. with],
    };

    static byte[] Below(string record) => ExampleText.Records(Street, record);

    static byte[] Packed(string dataset)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(ExampleFilesTests.Read(dataset, "valid.csv"));
        return packed.ToArray();
    }

    static PeriodCounts[] Four(params (string Area, string Code, long Count)[] cells) =>
        [.. Enumerable.Range(0, 4).Select(quarter => Quarter(quarter, cells))];

    static PeriodCounts Quarter(int quarter, params (string Area, string Code, long Count)[] cells)
    {
        var start = new DateOnly(2025, 1, 1).AddMonths(3 * quarter);
        string[] areas = [.. cells.Select(cell => cell.Area).Distinct()];
        var counts = new PeriodCounts($"{start:yyyy-MM}", start, start.AddMonths(3), areas);
        foreach (var (area, code, count) in cells.Where(cell => cell.Count > 0))
            counts.Add(area, code, "", count);
        return counts;
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
