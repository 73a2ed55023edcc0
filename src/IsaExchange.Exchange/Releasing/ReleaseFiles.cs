using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Releasing.Files;

namespace IsaExchange.Exchange.Releasing;

/// <summary>One file of a release, whole: aggregates are small.</summary>
public sealed record ReleaseFile(string Name, string MediaType, byte[] Content, long Rows)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Content));
}

/// <summary>What is kept of a file in the catalogue.</summary>
public sealed record ReleaseFileEntry(string Name, string MediaType, long Bytes, string Sha256, long Rows);

/// <summary>Writes the files of a release: the same tables in every format, what tells of them, and the
/// manifest.</summary>
static class ReleaseFiles
{
    public const string ManifestName = "manifest.json";

    /// <summary>
    /// Everything, the manifest last. What the files say of the release is what the manifest says; it gets the list of
    /// the others, each with its digest.
    /// </summary>
    /// <exception cref="ExchangeException">Two files would have one name.</exception>
    public static async Task<IReadOnlyList<ReleaseFile>> AllAsync(
        IReadOnlyList<PublishedTable> published, Coverage coverage, JsonObject manifest, CancellationToken ct)
    {
        var notes = ReleaseNotes.Of(manifest);
        List<FileTable> tables = [.. published.Select(t => FileTable.Of(t, notes))];
        var covered = FileTable.Of(coverage);
        RequireNames([.. tables, covered]);
        var files = new List<ReleaseFile>();
        var packaged = new List<(FileTable, ReleaseFile)>();
        foreach (var table in tables.Append(covered))
        {
            var csv = CsvFile.Of(table);
            packaged.Add((table, csv));
            files.AddRange([csv, CsvwFile.Of(table, notes), await ParquetFile.OfAsync(table, ct)]);
        }

        files.AddRange(published.Select(t => SdmxCsvFile.Of(t, notes)));
        files.Add(WorkbookFile.Of(tables, covered, notes));
        files.Add(DataPackageFile.Of(packaged, notes));
        manifest["files"] = new JsonArray([.. files.Select(f => (JsonNode)new JsonObject
        {
            ["name"] = f.Name,
            ["media_type"] = f.MediaType,
            ["bytes"] = f.Content.Length,
            ["sha256"] = f.Sha256,
            ["rows"] = f.Rows,
        })]);
        files.Add(JsonFile.Of(ManifestName, "application/json", manifest, 1));
        return files;
    }

    /// <summary>Whether engines read it in the open folder of a release, where that is wanted.</summary>
    public static bool IsForEngines(string name) =>
        name == ManifestName || name.EndsWith(".parquet", StringComparison.Ordinal);

    public static string Word(CellStatus status) => CellWords.Of(status);

    /// <exception cref="InvalidDataException">It is no word of any status.</exception>
    public static CellStatus Status(string word) => Enum.GetValues<CellStatus>()
        .Where(status => Word(status) == word).Cast<CellStatus?>().FirstOrDefault()
        ?? throw new InvalidDataException("A cell with a status that there is not.");

    static void RequireNames(IReadOnlyList<FileTable> tables)
    {
        if (tables.GroupBy(t => t.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } two)
            throw ExchangeException.Precondition(
                "FILE_NAME_TAKEN", $"Two tables of the release would be written to {two.Key}.csv.");
    }
}
