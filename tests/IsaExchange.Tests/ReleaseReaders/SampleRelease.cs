using System.Text.Json.Nodes;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Files;

namespace IsaExchange.Tests.ReleaseReaders;

/// <summary>
/// A release with every status, made for readers to stumble over: titles with a comma, quotes, an é, and the start of a
/// formula. Its names are those of the recipes.
/// </summary>
static class SampleRelease
{
    public const string Feed = "recorded-crime-by-csp";
    public const string TableName = "area-by-group";

    /// <summary>Of the areas, the total's last.</summary>
    public static readonly string[] Titles =
        ["Quay, \"Old\" and New", "Café Row", "=1+1 Terrace", "-Minus", "All areas of the feed"];

    static readonly string[] Areas = ["X22000001", "X22000002", "X22000003", "X22000004"];

    public static PublishedTable Table { get; } = Publish(TableName, 0,
        new TableDimension("area", Areas, Titles[..4], "ALL") { TotalTitle = Titles[4] },
        new TableDimension("si_group", ["VIOLENCE", "THEFT"], ["Violence", "Theft"], null));

    public static PublishedTable Months { get; } = Publish("by-month", 7,
        new TableDimension("si_group", ["VIOLENCE", "THEFT"], ["Violence", "Theft"], null),
        new TableDimension("month", ["2026-07", "2026-08", "2026-09"], ["2026-07", "2026-08", "2026-09"], "ALL"));

    public static Coverage Coverage { get; } = new(
        [
            new("northmere-police", Areas[0], CoverageStatus.Received, ["agreements/n/submissions/1"], false),
            new("northmere-police", Areas[3], CoverageStatus.Missing, [], true),
            new("northmere-police", Areas[1], CoverageStatus.Nil, ["a/1", "a/2"], false),
        ],
        [], []);

    public static IReadOnlyList<ReleaseFile> Files { get; } =
        ReleaseFiles.AllAsync([Table, Months], Coverage, Manifest(), CancellationToken.None)
            .ConfigureAwait(false).GetAwaiter().GetResult();

    public static ReleaseNotes Notes { get; } = ReleaseNotes.Of(Manifest());

    public static ReleaseFile File(string name) => Files.Single(f => f.Name == name);

    /// <summary>What any reader must find in the value column.</summary>
    public static long Sum { get; } = Table.Rows().Sum(r => r.Cell.Value ?? 0);

    /// <summary>Rows of each status, as "status rows", by status.</summary>
    public static IReadOnlyList<string> Statuses { get; } =
    [
        .. Table.Rows().GroupBy(r => CellWords.Of(r.Cell.Status)).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => FormattableString.Invariant($"{g.Key} {g.Count()}")),
    ];

    /// <summary>Writes every file to a new folder, which the caller deletes.</summary>
    public static string Folder()
    {
        var folder = Directory.CreateTempSubdirectory("isax-release-").FullName;
        foreach (var file in Files)
            System.IO.File.WriteAllBytes(Path.Combine(folder, file.Name), file.Content);
        return folder;
    }

    public static JsonObject Manifest() => new()
    {
        ["release"] = $"agreements/northmere/feeds/{Feed}/releases/2",
        ["title"] = "Recorded crime by partnership & <group>",
        ["first_day"] = "2026-07-01",
        ["last_day"] = "2026-09-30",
        ["published"] = "2026-11-02T09:00:00Z",
        ["agreement_revision"] = new string('a', 64),
        ["marking"] = "OFFICIAL-SENSITIVE",
        ["purposes"] = new JsonArray("strategic-assessment", "partnership-plan"),
        ["regime"] = "every-status",
        ["guarantee"] = "None: it is a sample.",
        ["note"] = "=West corrected itself.",
        ["caveats"] = new JsonArray("Recording changed in August."),
        ["complete"] = false,
    };

    /// <summary>The same counts in the same places, whatever the dimensions are.</summary>
    static PublishedTable Publish(string name, int start, params TableDimension[] dimensions)
    {
        var table = new ExactTable(name, dimensions);
        long[] counts = [0, 3, 41, 58, 7, 12, 0, 100];
        var at = start;
        for (var a = 0; a < dimensions[0].Codes.Count; a++)
        {
            for (var b = 0; b < dimensions[1].Codes.Count; b++)
                table.Add([a, b], counts[at++ % counts.Length]);
        }

        if (dimensions[0].Codes.Count == 4)
            table.MarkMissing(0, 3);
        return TablePublisher.Publish(table, new EveryStatus());
    }

    /// <summary>Not a rule that protects anybody: it makes each of the statuses.</summary>
    sealed class EveryStatus : IDisclosureRegime
    {
        public string Id => "every-status";

        public string Guarantee => "None.";

        public PublishedCell Publish(long exactCount) => exactCount switch
        {
            0 => new(CellStatus.Shown, 0, 0, 0),
            < 5 => new(CellStatus.Few, null, 0, 4),
            < 40 => new(CellStatus.Rounded, (exactCount + 2) / 5 * 5, exactCount - 2, exactCount + 2),
            < 50 => new(CellStatus.Held, 40, 30, null),
            _ => new(CellStatus.Shown, exactCount, exactCount, exactCount),
        };
    }
}
