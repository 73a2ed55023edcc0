using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>What lies in the containers of an exchange.</summary>
sealed class BlobListing(BlobCalls calls, BlobNames names)
{
    /// <summary>Asks for one container: that needs an answer and the right to read.</summary>
    public Task ProbeAsync(CancellationToken ct) => calls.AskAsync(
        "asking for containers",
        async t =>
        {
            var containers = calls.Service.GetBlobContainersAsync(
                BlobContainerTraits.None, BlobContainerStates.None, names.Prefix, t);
            await foreach (var page in containers.AsPages(continuationToken: null, pageSizeHint: 1))
                return page.Values.Count;
            return 0;
        },
        ct);

    /// <summary>Our containers that anybody could read, and the time of the server.</summary>
    /// <param name="releases">The container of open releases, which has no name of ours; null for none.</param>
    public Task<(IReadOnlyList<string> Open, DateTimeOffset Time)> LookAtContainersAsync(
        string? releases, CancellationToken ct) => calls.AskAsync<(IReadOnlyList<string>, DateTimeOffset)>(
            "listing containers",
            async t =>
            {
                var open = new List<string>();
                DateTimeOffset? time = null;
                var containers = calls.Service.GetBlobContainersAsync(
                    BlobContainerTraits.None, BlobContainerStates.None, names.Prefix, t);
                await foreach (var page in containers.AsPages())
                {
                    time ??= page.GetRawResponse().Headers.Date;
                    open.AddRange(page.Values
                        .Where(c => c.Properties.PublicAccess is not (null or PublicAccessType.None))
                        .Select(c => c.Name));
                }

                if (releases is not null && await IsOpenAsync(releases, t))
                    open.Add(releases);
                return (open, time ?? DateTimeOffset.MinValue);
            },
            ct);

    async Task<bool> IsOpenAsync(string container, CancellationToken ct)
    {
        try
        {
            var found = await calls.Service.GetBlobContainerClient(container).GetPropertiesAsync(cancellationToken: ct);
            return found.Value.PublicAccess is not (null or PublicAccessType.None);
        }
        catch (RequestFailedException e) when (BlobFaults.IsAbsent(e))
        {
            return false;
        }
    }

    /// <summary>Names of the objects that are wanted, in ordinal order over all containers.</summary>
    public async IAsyncEnumerable<ObjectName> ListAsync(
        string prefix, Func<BlobMark?, bool> isWanted, [EnumeratorCancellation] CancellationToken ct)
    {
        var found = new List<ObjectName>();
        var only = names.ContainerOfAll(prefix);
        var containers = only is null ? await ContainersAsync(ct) : [only];
        foreach (var container in containers)
        {
            await foreach (var blob in BlobsAsync(container, prefix, ct))
            {
                var length = blob.Properties.ContentLength ?? 0;
                if (isWanted(BlobMark.Of(blob.Metadata, length)))
                    found.Add(new ObjectName(blob.Name));
            }
        }

        found.Sort(static (one, other) => string.CompareOrdinal(one.Value, other.Value));
        foreach (var name in found)
        {
            ct.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    async Task<IReadOnlyList<string>> ContainersAsync(CancellationToken ct)
    {
        var found = new List<string>();
        var pages = PagesAsync(
            "listing containers",
            t => calls.Service.GetBlobContainersAsync(
                BlobContainerTraits.None, BlobContainerStates.None, names.Prefix, t),
            ct);
        await foreach (var container in pages)
        {
            if (names.IsOurs(container.Name))
                found.Add(container.Name);
        }

        return found;
    }

    IAsyncEnumerable<BlobItem> BlobsAsync(string container, string prefix, CancellationToken ct) => PagesAsync(
        $"listing {container}",
        t => calls.Service.GetBlobContainerClient(container).GetBlobsAsync(
            BlobTraits.Metadata, BlobStates.None, prefix.Length == 0 ? null : prefix, t),
        ct);

    async IAsyncEnumerable<T> PagesAsync<T>(
        string what, Func<CancellationToken, AsyncPageable<T>> ask, [EnumeratorCancellation] CancellationToken ct)
        where T : notnull
    {
        string? next = null;
        do
        {
            var from = next;
            var page = await calls.AskAsync(what, t => PageAsync(ask(t), from), ct);
            foreach (var item in page?.Values ?? [])
                yield return item;
            next = page?.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(next));
    }

    /// <summary>One page; null when what is listed is not there (any more).</summary>
    static async Task<Page<T>?> PageAsync<T>(AsyncPageable<T> all, string? from)
        where T : notnull
    {
        try
        {
            await foreach (var page in all.AsPages(from))
                return page;
            return null;
        }
        catch (RequestFailedException e) when (BlobFaults.IsAbsent(e))
        {
            return null;
        }
    }
}
