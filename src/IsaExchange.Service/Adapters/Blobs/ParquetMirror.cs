using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Resilience;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>
/// The Parquet files of releases in one container: <c>AGREEMENT/FEED/release=NUMBER/TABLE.parquet</c>, beside them
/// <c>coverage.parquet</c> and the signed <c>manifest.json</c>. <c>_status.json</c> comes last and says that the folder
/// is whole, and which withdrawn submissions are in it; engines pass over names that begin with an underscore.
/// </summary>
sealed class ParquetMirror(BlobServiceClient service, string container, Dependency objects) : IReleaseMirror
{
    const string Status = "_status.json";
    const string DigestKey = "isaxsha256";

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> FoldersAsync(CancellationToken ct)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var blob in await ListAsync("", ct))
        {
            var at = blob.Name.LastIndexOf('/');
            if (at < 0)
                continue;
            var folder = blob.Name[..at];
            if (blob.Name[(at + 1)..] == Status && blob.Metadata.TryGetValue(DigestKey, out var digest))
                folders[folder] = digest;
            else
                folders.TryAdd(folder, "");
        }

        return folders;
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string folder, IReadOnlyList<ReleaseFile> files, CancellationToken ct)
    {
        await AskAsync(
            $"making the container {container}",
            t => Container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: t), ct);
        await RequirePrivateAsync(ct);
        foreach (var file in files)
            await PutAsync($"{folder}/{file.Name}", file.Content, file.MediaType, ct);
    }

    /// <inheritdoc/>
    public Task CompleteAsync(string folder, ReadOnlyMemory<byte> status, CancellationToken ct) =>
        PutAsync($"{folder}/{Status}", status, "application/json", ct);

    /// <inheritdoc/>
    public async Task RemoveAsync(string folder, CancellationToken ct)
    {
        var names = (await ListAsync(folder + "/", ct)).ConvertAll(blob => blob.Name);
        foreach (var name in names.OrderBy(name => !name.EndsWith("/" + Status, StringComparison.Ordinal)))
        {
            await AskAsync(
                $"deleting {name}",
                t => Container.GetBlobClient(name).DeleteIfExistsAsync(
                    DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: t),
                ct);
        }
    }

    /// <summary>The container may have been there before, as somebody else made it.</summary>
    async Task RequirePrivateAsync(CancellationToken ct)
    {
        var found = await AskAsync(
            $"looking at the container {container}", t => Container.GetPropertiesAsync(cancellationToken: t), ct);
        if (found.Value.PublicAccess is not (null or PublicAccessType.None))
            throw StorageFaultException.Because(
                $"The container {container} can be read by anybody: nothing is put there until it cannot.",
                "PUBLIC_ACCESS");
    }

    BlobContainerClient Container => service.GetBlobContainerClient(container);

    async Task PutAsync(string name, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken ct)
    {
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = mediaType },
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [DigestKey] = Convert.ToHexStringLower(SHA256.HashData(bytes.Span)),
            },
        };
        await AskAsync(
            $"writing {name}", t => Container.GetBlobClient(name).UploadAsync(new BinaryData(bytes), options, t), ct);
    }

    Task<List<BlobItem>> ListAsync(string prefix, CancellationToken ct) => AskAsync(
        $"listing {container}",
        async t =>
        {
            var found = new List<BlobItem>();
            try
            {
                await foreach (var blob in Container.GetBlobsAsync(
                    BlobTraits.Metadata, BlobStates.None, prefix.Length == 0 ? null : prefix, t))
                    found.Add(blob);
            }
            catch (RequestFailedException e) when (BlobFaults.IsAbsent(e))
            {
                found.Clear();
            }

            return found;
        },
        ct);

    async Task<T> AskAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await objects.RepeatAsync(call, ct);
        }
        catch (Exception e) when (BlobFaults.IsOurs(e))
        {
            throw BlobFaults.Of(what, e);
        }
    }
}
