using System.Text.Json.Nodes;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Releasing;

/// <summary>Opens the files of a release for journeys that answer with what stands in them.</summary>
sealed class ReleaseTables(IObjectStore store, IKeyRing keys)
{
    const string End = ".csv";
    const string Manifest = "manifest.json";

    /// <summary>The name that a file has as a table; null when it can be none.</summary>
    public static string? NameOf(ReleaseFileEntry file) =>
        file.Name.EndsWith(End, StringComparison.Ordinal) ? file.Name[..^End.Length] : null;

    /// <summary>Null when the file is no table of cells.</summary>
    public async Task<ReleaseTable?> OpenAsync(ReleaseRow row, ReleaseFileEntry file, CancellationToken ct) =>
        NameOf(file) is { } name ? ReleaseTable.Parse(name, await ReadAsync(row, file, ct)) : null;

    public async Task<JsonObject> ManifestAsync(
        ReleaseRow row, IEnumerable<ReleaseFileEntry> files, CancellationToken ct) =>
        JsonNode.Parse(await ReadAsync(row, files.Single(f => f.Name == Manifest), ct)) as JsonObject
        ?? throw new InvalidDataException("A manifest that is none.");

    async Task<byte[]> ReadAsync(ReleaseRow row, ReleaseFileEntry file, CancellationToken ct)
    {
        await using var content = await SealedObjects.OpenAsync(
            store, new ObjectName(row.ObjectOf(file.Name)), keys, ct);
        var bytes = new byte[file.Bytes];
        await content.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
