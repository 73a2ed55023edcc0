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

    /// <summary>
    /// What the account would let us do that we need not be able to, tried where it does nothing: on a container that
    /// is not there, or on no container at all.
    /// </summary>
    public async Task<IReadOnlyList<string>> ExcessAsync(DateTimeOffset now, CancellationToken ct)
    {
        var nowhere = calls.Service.GetBlobContainerClient(names.Prefix + Guid.NewGuid().ToString("N"));
        var excess = new List<string>();
        if (await WouldAsync(async t => await nowhere.DeleteAsync(cancellationToken: t), ct))
            excess.Add("may delete containers");
        if (await WouldAsync(async t => await nowhere.SetAccessPolicyAsync(cancellationToken: t), ct))
            excess.Add("may open containers to everybody");
        if (await WouldAsync(
            async t => await calls.Service.GetUserDelegationKeyAsync(
                new BlobGetUserDelegationKeyOptions(now.AddMinutes(5)), t), ct))
            excess.Add("may sign addresses that open objects to whoever has them");
        return excess;
    }

    /// <summary>True when it is done, or is not for want of the thing and not of the right.</summary>
    Task<bool> WouldAsync(Func<CancellationToken, Task> act, CancellationToken ct) => calls.AskAsync(
        "asking for a right that is not needed",
        async t =>
        {
            try
            {
                await act(t);
                return true;
            }
            catch (RequestFailedException e) when (e.Status is >= 400 and < 500 and not (408 or 429))
            {
                return BlobFaults.IsAbsent(e);
            }
        },
        ct);

    /// <summary>How long the account keeps what was deleted, and whether it keeps what was overwritten; null where it
    /// does not say.</summary>
    public Task<(TimeSpan? SoftDelete, bool? Versions)> RetentionAsync(CancellationToken ct) =>
        calls.AskAsync<(TimeSpan?, bool?)>(
            "asking for the settings of the account",
            async t => (await SoftDeleteAsync(t), await HasVersionsAsync(t)), ct);

    async Task<TimeSpan?> SoftDeleteAsync(CancellationToken ct)
    {
        try
        {
            var kept = (await calls.Service.GetPropertiesAsync(ct)).Value.DeleteRetentionPolicy;
            return kept is { Enabled: true } ? TimeSpan.FromDays(kept.Days ?? 0) : TimeSpan.Zero;
        }
        catch (RequestFailedException e) when (e.Status is 403 or 404)
        {
            return null;
        }
    }

    /// <summary>
    /// A blob that was written while the account kept versions has the id of its own, and keeps it: the newest tells
    /// the setting of today. Null when there is none.
    /// </summary>
    async Task<bool?> HasVersionsAsync(CancellationToken ct)
    {
        (string Container, BlobItem Blob)? newest = null;
        var containers = calls.Service.GetBlobContainersAsync(
            BlobContainerTraits.None, BlobContainerStates.None, names.Prefix, ct);
        await foreach (var container in containers)
        {
            // One page of each: names are no order of time, and all of them would be too many.
            var inside = calls.Service.GetBlobContainerClient(container.Name).GetBlobsAsync(
                BlobTraits.Metadata, BlobStates.None, null, ct);
            var blobs = (await PageAsync(inside, from: null))?.Values.Where(blob => !IsFolder(blob)) ?? [];
            foreach (var blob in blobs)
            {
                if (newest is not { } found || blob.Properties.LastModified > found.Blob.Properties.LastModified)
                    newest = (container.Name, blob);
            }
        }

        return newest is var (where, last) ? await HasVersionAsync(where, last.Name, ct) : null;
    }

    async Task<bool?> HasVersionAsync(string container, string blob, CancellationToken ct)
    {
        try
        {
            var seen = await calls.Service.GetBlobContainerClient(container).GetBlobClient(blob)
                .GetPropertiesAsync(cancellationToken: ct);
            return !string.IsNullOrEmpty(seen.Value.VersionId);
        }
        catch (RequestFailedException e) when (BlobFaults.IsAbsent(e))
        {
            return null;
        }
    }

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
                if (ObjectName.TryParse(blob.Name, out var name) && isWanted(BlobMark.Of(blob.Metadata, length)))
                    found.Add(name);
            }
        }

        found.Sort(static (one, other) => string.CompareOrdinal(one.Value, other.Value));
        foreach (var name in found)
        {
            ct.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <summary>Blobs in our containers whose names are none of an object, or of one that lies elsewhere.</summary>
    public async IAsyncEnumerable<string> ForeignAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var container in await ContainersAsync(ct))
        {
            await foreach (var blob in BlobsAsync(container, "", ct))
            {
                if (!ObjectName.TryParse(blob.Name, out var name) || names.ContainerOf(name) != container)
                    yield return $"{container}/{blob.Name}";
            }
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
        ct).Where(blob => !IsFolder(blob));

    /// <summary>An account with a hierarchical namespace lists its folders too, as blobs of nothing.</summary>
    static bool IsFolder(BlobItem blob) => blob.Properties.ContentLength is null or 0
        && blob.Metadata is { } metadata && metadata.Any(m =>
            string.Equals(m.Key, "hdi_isfolder", StringComparison.OrdinalIgnoreCase)
            && string.Equals(m.Value, "true", StringComparison.OrdinalIgnoreCase));

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
