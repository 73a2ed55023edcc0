using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Resilience;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>
/// The calls that the store is made of, each through the dependency's pipeline. A change is conditional on what stood
/// before it and carries a mark of its own: so it can be sent again, and when its end is unclear it is looked at.
/// </summary>
sealed class BlobCalls(BlobServiceClient service, BlobNames names, Dependency objects)
{
    /// <summary>Only saves a call: a container that is missing after all is made again.</summary>
    readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);

    public BlobServiceClient Service => service;

    /// <summary>The blob as it stands, or null.</summary>
    public Task<BlobSeen?> LookAsync(ObjectName name, CancellationToken ct) =>
        AskAsync($"looking at {name}", t => LookOnceAsync(name, t), ct);

    /// <summary>
    /// Fills <paramref name="into"/> from <paramref name="offset"/> on, or up to the end of the blob. What broke off is
    /// taken up again where it stopped; a short answer is never taken for the end.
    /// </summary>
    /// <param name="name">The object.</param>
    /// <param name="standing">The state to read; null for whichever stands.</param>
    /// <param name="offset">In the blob.</param>
    /// <param name="into">As much as is wanted.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null when there is no blob, or not the one of that state.</returns>
    public async Task<BlobPart?> ReadAsync(
        ObjectName name, ETag? standing, long offset, Memory<byte> into, CancellationToken ct)
    {
        var reading = new BlobReading(Of(name), standing, offset, into);
        return await AskAsync($"reading {name}", reading.GoOnAsync, ct);
    }

    /// <summary>Puts a block that no blob shows until a commit names it. The same id again changes nothing.</summary>
    public async Task PutBlockAsync(ObjectName name, string id, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await AskAsync($"putting a block of {name}", t => PutBlockOnceAsync(name, id, bytes, t), ct);
        }
        catch (StorageFaultException fault) when (fault.ErrorName == "ContainerNotFound")
        {
            // Removed under us. Where one is missing nothing else is lost by making it.
            _made.TryRemove(names.ContainerOf(name), out _);
            await MakeContainerAsync(name, ct);
            await AskAsync($"putting a block of {name}", t => PutBlockOnceAsync(name, id, bytes, t), ct);
        }
    }

    /// <summary>The blocks that make up the blob, in order. They are those of a state only together with a
    /// commit that is conditional on it.</summary>
    public Task<IReadOnlyList<BlobBlock>> BlocksAsync(ObjectName name, CancellationToken ct) =>
        AskAsync($"listing the blocks of {name}", t => BlocksOnceAsync(name, t), ct);

    async Task<IReadOnlyList<BlobBlock>> BlocksOnceAsync(ObjectName name, CancellationToken ct)
    {
        try
        {
            var list = await Of(name).GetBlockListAsync(BlockListTypes.Committed, cancellationToken: ct);
            return [.. list.Value.CommittedBlocks];
        }
        catch (RequestFailedException e) when (BlobFaults.IsAbsent(e))
        {
            return [];
        }
    }

    /// <summary>
    /// The commit: from here the blob is these blocks, and says so. <paramref name="standing"/> is what must stand for
    /// it to happen; null when nothing may.
    /// </summary>
    /// <returns>The new state, or null when something else stands.</returns>
    public Task<ETag?> CommitAsync(
        ObjectName name, IEnumerable<string> blocks, BlobMark mark, ETag? standing, CancellationToken ct)
    {
        var options = new CommitBlockListOptions
        {
            Metadata = mark.ToMetadata(),
            Conditions = standing is { } state
                ? new BlobRequestConditions { IfMatch = state }
                : new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        return ChangeAsync(
            name, mark, async t => (await Of(name).CommitBlockListAsync(blocks, options, t)).Value.ETag, ct);
    }

    /// <summary>Gives the blob another mark: the state before it is gone, so a change conditional on it
    /// fails.</summary>
    /// <returns>The new state, or null when something else stands.</returns>
    public Task<ETag?> MarkAsync(ObjectName name, BlobMark mark, ETag standing, CancellationToken ct) => ChangeAsync(
        name,
        mark,
        async t => (await Of(name).SetMetadataAsync(
            mark.ToMetadata(), new BlobRequestConditions { IfMatch = standing }, t)).Value.ETag,
        ct);

    /// <summary>False when something else stands. Nothing there is as good as deleted.</summary>
    public Task<bool> DeleteAsync(ObjectName name, ETag standing, CancellationToken ct) => AskAsync(
        $"deleting {name}",
        async t =>
        {
            try
            {
                await Of(name).DeleteAsync(
                    DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = standing }, t);
                return true;
            }
            catch (RequestFailedException e) when (BlobFaults.IsAbsent(e))
            {
                return true;
            }
            catch (RequestFailedException e) when (BlobFaults.IsConditionNotMet(e))
            {
                return false;
            }
        },
        ct);

    /// <summary>Makes the container of this object when it is not there, readable by nobody from outside.</summary>
    public async Task MakeContainerAsync(ObjectName name, CancellationToken ct)
    {
        var container = names.ContainerOf(name);
        if (_made.ContainsKey(container))
            return;
        await AskAsync(
            $"making the container {container}",
            t => service.GetBlobContainerClient(container).CreateIfNotExistsAsync(
                PublicAccessType.None, cancellationToken: t),
            ct);
        _made[container] = true;
    }

    /// <summary>Asks once or several times; what the server could not do leaves as one type.</summary>
    public async Task<T> AskAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken ct)
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

    async Task<ETag?> ChangeAsync(
        ObjectName name, BlobMark mark, Func<CancellationToken, Task<ETag>> change, CancellationToken ct)
    {
        try
        {
            return await objects.RepeatAsync(
                async t =>
                {
                    try
                    {
                        return (ETag?)await change(t);
                    }
                    catch (RequestFailedException e) when (BlobFaults.IsConditionNotMet(e))
                    {
                        // Either somebody else's change, or ours, sent before, of which the answer was lost.
                        return Own(await LookOnceAsync(name, t), mark);
                    }
                },
                ct);
        }
        catch (Exception e) when (BlobFaults.IsUnclear(e))
        {
            // It may have happened, or happen yet; what is conditional on the state before cannot happen twice.
            return Own(await LookAsync(name, ct), mark) ?? throw BlobFaults.Of($"changing {name}", e);
        }
        catch (RequestFailedException e)
        {
            throw BlobFaults.Of($"changing {name}", e);
        }
    }

    static ETag? Own(BlobSeen? seen, BlobMark mark) => seen?.Mark?.Commit == mark.Commit ? seen.ETag : null;

    async Task<BlobSeen?> LookOnceAsync(ObjectName name, CancellationToken ct)
    {
        try
        {
            var found = (await Of(name).GetPropertiesAsync(cancellationToken: ct)).Value;
            return new BlobSeen(found.ETag, BlobMark.Of(found.Metadata, found.ContentLength), found.ContentLength);
        }
        catch (RequestFailedException e) when (BlobFaults.IsAbsent(e))
        {
            return null;
        }
    }

    async Task<bool> PutBlockOnceAsync(
        ObjectName name, string id, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await using var content = MemoryMarshal.TryGetArray(bytes, out var held)
            ? new MemoryStream(held.Array!, held.Offset, held.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
        await Of(name).StageBlockAsync(id, content, options: null, ct);
        return true;
    }

    BlockBlobClient Of(ObjectName name) =>
        service.GetBlobContainerClient(names.ContainerOf(name)).GetBlockBlobClient(name.Value);
}

/// <summary>Bytes that were read, and the blob that they are of.</summary>
sealed record BlobPart(BlobSeen Seen, int Length);

/// <summary>One range on its way, over as many connections as it takes.</summary>
sealed class BlobReading(BlockBlobClient blob, ETag? standing, long offset, Memory<byte> into)
{
    BlobSeen? _seen;
    int _filled;

    /// <summary>Goes on where the last attempt stopped.</summary>
    public async Task<BlobPart?> GoOnAsync(CancellationToken ct)
    {
        try
        {
            var state = standing ?? _seen?.ETag;
            using var answer = (await blob.DownloadStreamingAsync(
                new BlobDownloadOptions
                {
                    Range = new HttpRange(offset + _filled, into.Length - _filled),
                    Conditions = state is { } match ? new BlobRequestConditions { IfMatch = match } : null,
                },
                ct)).Value;
            _seen ??= SeenIn(answer.Details);
            var wanted = (int)Math.Min(into.Length, Math.Max(_seen.Length - offset, 0));
            while (_filled < wanted)
            {
                var read = await answer.Content.ReadAsync(into[_filled..wanted], ct);
                if (read == 0)
                    throw new IOException("The answer ended before what it announced.");
                _filled += read;
            }

            return new BlobPart(_seen, _filled);
        }
        catch (RequestFailedException e) when (BlobFaults.IsConditionNotMet(e) && standing is null && _seen is not null)
        {
            // What broke off is of a state that is gone; whichever stands now was asked for.
            (_seen, _filled) = (null, 0);
            throw new IOException("The object changed while it was read.", e);
        }
        catch (RequestFailedException e) when (BlobFaults.IsAbsent(e) || BlobFaults.IsConditionNotMet(e))
        {
            return null;
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            // Nothing from there on: the blob is shorter than what is asked for.
            return new BlobPart(_seen ?? new BlobSeen(standing ?? default, null, 0), _filled);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(Dependencies.IsAzureFault))
        {
            throw new IOException("The connection broke again and again.", e);
        }
    }

    static BlobSeen SeenIn(BlobDownloadDetails details)
    {
        // bytes 0-99/1234; without a range the answer is the whole blob.
        var length = details.ContentRange is { Length: > 0 } range
            ? long.Parse(range.AsSpan(range.LastIndexOf('/') + 1), CultureInfo.InvariantCulture)
            : details.ContentLength;
        return new BlobSeen(details.ETag, BlobMark.Of(details.Metadata, length), length);
    }
}
