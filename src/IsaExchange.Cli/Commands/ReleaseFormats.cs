namespace IsaExchange.Cli.Commands;

/// <summary>The formats in which a release can be taken, and which of its files are of each.</summary>
static class ReleaseFormats
{
    public const string Default = "csv";
    const string All = "all";

    public static IReadOnlyList<string> Words { get; } = [Default, "parquet", "sdmx-csv", "xlsx", All];

    /// <summary>Whether a file belongs to a format. One that this program does not know comes with all of
    /// them.</summary>
    public static bool Holds(string format, string file)
    {
        var isSdmx = Ends(file, ".sdmx.csv");
        return format switch
        {
            "csv" => (Ends(file, ".csv") && !isSdmx) || Ends(file, ".csv-metadata.json") || file == "datapackage.json",
            "parquet" => Ends(file, ".parquet"),
            "sdmx-csv" => isSdmx,
            "xlsx" => Ends(file, ".xlsx"),
            All => true,
            _ => throw new ArgumentOutOfRangeException(nameof(format), "A format without files."),
        };
    }

    static bool Ends(string file, string with) => file.EndsWith(with, StringComparison.Ordinal);
}
