using Azure.Core;
using Azure.Core.Pipeline;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Resilience;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>
/// Objects in Azure Blob Storage, one block blob each: the header is its first block and the sealed payload the blocks
/// after it, so that a blob downloaded by other means is a whole age file. What a blob is (staged or whole, how long
/// its header) stands in its metadata, changed in the same commit as its blocks.
/// <para>
/// A change is one Put Block List, conditional on the state that it was decided on. Everybody else who decided on that
/// state then fails: that is what makes creation exclusive, promotion a commit, and taking over a fence. No lease is
/// used, and no process needs to know of another.
/// </para>
/// <para>
/// A name is refused while a blob stands under it. After that blob was deleted the name could be staged anew: that no
/// attempt is ever given the same number again is the catalogue's promise. Even then no writer of the deleted blob can
/// add to the new one: its commits are conditional on a state that is gone.
/// </para>
/// <para>
/// Soft delete, versions and snapshots of the account keep what was deleted or exchanged for as long as they are set
/// to: destroying a header is only as good as they are short.
/// </para>
/// </summary>
sealed class BlobObjectStore : IObjectStore, IDependencyProbe
{
    /// <summary>Enough for any header, and all of a small object.</summary>
    const int FirstLength = 128 << 10;

    /// <summary>Another's change can come between a look and ours so often before it is a fault.</summary>
    const int TriesMax = 50;

    readonly BlobCalls _calls;
    readonly BlobListing _listing;

    /// <param name="account">https address of the account.</param>
    /// <param name="credential">Who we are to it.</param>
    /// <param name="containerPrefix">Begins the name of every container.</param>
    /// <param name="objects">The pipeline of every call.</param>
    /// <param name="transport">Null for the usual one.</param>
    public BlobObjectStore(
        Uri account, TokenCredential credential, string containerPrefix, Dependency objects,
        HttpPipelineTransport? transport = null)
    {
        var names = new BlobNames(containerPrefix);
        _calls = new BlobCalls(BlobAccount.Client(account, credential, transport), names, objects);
        _listing = new BlobListing(_calls, names);
    }

    /// <inheritdoc/>
    public string Name => Dependencies.Objects.Name;

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken ct) => _listing.ProbeAsync(ct);

    /// <summary>For doctor: our containers that anybody could read, and what time it is there.</summary>
    /// <param name="releases">The container of open releases; null for none.</param>
    public Task<(IReadOnlyList<string> Open, DateTimeOffset Time)> LookAtContainersAsync(
        string? releases, CancellationToken ct) => _listing.LookAtContainersAsync(releases, ct);

    /// <summary>For doctor: what the account would let us do that we need not be able to.</summary>
    public Task<IReadOnlyList<string>> ExcessAsync(DateTimeOffset now, CancellationToken ct) =>
        _listing.ExcessAsync(now, ct);

    /// <summary>For doctor: how long the account keeps what was deleted, and whether it keeps what was overwritten;
    /// null where it does not say.</summary>
    public Task<(TimeSpan? SoftDelete, bool? Versions)> RetentionAsync(CancellationToken ct) =>
        _listing.RetentionAsync(ct);

    /// <inheritdoc/>
    public async Task<IStagedObject> StageAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct)
    {
        CheckHeader(header);
        await _calls.MakeContainerAsync(name, ct);
        var mark = BlobMark.Fresh(isWhole: false, header.Length, payloadLength: 0);
        var block = BlobBlocks.Header();
        await _calls.PutBlockAsync(name, block, header, ct);

        // From here on the name is taken.
        return await _calls.CommitAsync(name, [block], mark, standing: null, ct) is { } committed
            ? new BlobStagedObject(_calls, name, mark, block, committed)
            : throw new StagingExistsException(name);
    }

    /// <inheritdoc/>
    public Task<StoredObject?> ReadStagedAsync(ObjectName name, CancellationToken ct) =>
        ReadAsync(name, static seen => seen.Mark is { IsWhole: false }, ct);

    /// <inheritdoc/>
    public async Task<StoredObject?> TakeOverAsync(ObjectName name, CancellationToken ct)
    {
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            if (await _calls.LookAsync(name, ct) is not { Mark: { IsWhole: false } mark } seen)
                return null;

            // Nothing changes but the state: an append that was decided on the state before it fails from here on.
            if (await _calls.MarkAsync(name, mark.Next(), seen.ETag, ct) is not null)
                return await ReadStagedAsync(name, ct);
        }

        throw Contended(name);
    }

    /// <inheritdoc/>
    public async Task PromoteAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct)
    {
        CheckHeader(header);
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            var seen = await _calls.LookAsync(name, ct) ?? throw new StagingNotFoundException(name);
            if (seen.Mark is not { IsWhole: false })
            {
                if (await StandsWithAsync(name, header, ct))
                    return;
                throw new ObjectExistsException(name);
            }

            if (await ExchangeHeaderAsync(name, seen, header, ct))
                return;
        }

        throw Contended(name);
    }

    /// <inheritdoc/>
    public Task DiscardStagedAsync(ObjectName name, CancellationToken ct) =>
        DestroyAsync(name, static seen => seen.Mark is { IsWhole: false }, ct);

    /// <inheritdoc/>
    public async Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct) =>
        await ReadAsync(name, IsObject, ct) ?? throw new ObjectNotFoundException(name);

    /// <inheritdoc/>
    public async Task PutAsync(
        ObjectName name, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        CheckHeader(header);
        await _calls.MakeContainerAsync(name, ct);
        var mark = BlobMark.Fresh(isWhole: true, header.Length, payload.Length);
        var blocks = new List<string> { BlobBlocks.Header() };
        await _calls.PutBlockAsync(name, blocks[0], header, ct);
        if (!payload.IsEmpty)
        {
            blocks.Add(BlobBlocks.Payload(mark, 0));
            await _calls.PutBlockAsync(name, blocks[1], payload, ct);
        }

        if (await _calls.CommitAsync(name, blocks, mark, standing: null, ct) is null
            && !await StandsWithAsync(name, header, ct))
            throw new ObjectExistsException(name);
    }

    /// <inheritdoc/>
    public async Task ReplaceHeaderAsync(
        ObjectName name, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> replacement, CancellationToken ct)
    {
        CheckHeader(replacement);
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            var first = new byte[FirstLength];
            var part = await _calls.ReadAsync(name, standing: null, offset: 0, first, ct);
            if (part is not { Seen.Mark: { IsWhole: true } mark })
                throw new ObjectNotFoundException(name);
            var standing = first.AsSpan(0, mark.HeaderLength);
            if (standing.SequenceEqual(replacement.Span))
                return;
            if (!standing.SequenceEqual(expected.Span))
                throw new HeaderChangedException(name);
            if (await ExchangeHeaderAsync(name, part.Seen, replacement, ct))
                return;
        }

        throw Contended(name);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectName> ListStagedAsync(CancellationToken ct) =>
        _listing.ListAsync("", static mark => mark is { IsWhole: false }, ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectName> ListAsync(string prefix, CancellationToken ct) =>
        _listing.ListAsync(prefix, static mark => mark is not { IsWhole: false }, ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListForeignAsync(CancellationToken ct) => _listing.ForeignAsync(ct);

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectName name, CancellationToken ct) => DestroyAsync(name, IsObject, ct);

    /// <summary>
    /// Nothing to do here: before its commit no blob shows a block, and after it nothing is half made. Blocks that no
    /// commit ever named cannot be read by anybody, and the service removes them after a week.
    /// </summary>
    public Task SweepAsync(DateTimeOffset before, CancellationToken ct) => Task.CompletedTask;

    /// <summary>A blob that no store made is one too: opening it says that it is broken, not that it is
    /// missing.</summary>
    static bool IsObject(BlobSeen seen) => seen.Mark is not { IsWhole: false };

    async Task<StoredObject?> ReadAsync(ObjectName name, Func<BlobSeen, bool> isWanted, CancellationToken ct)
    {
        var first = new byte[FirstLength];
        var part = await _calls.ReadAsync(name, standing: null, offset: 0, first, ct);
        if (part is null || !isWanted(part.Seen))
            return null;
        var payload = new BlobPayloadStream(_calls, name, part.Seen, first.AsMemory(0, part.Length));
        return new StoredObject(first[..(part.Seen.Mark?.HeaderLength ?? 0)], payload, payload.Length);
    }

    /// <summary>The old payload blocks under a new header block; false when another change came between.</summary>
    async Task<bool> ExchangeHeaderAsync(
        ObjectName name, BlobSeen seen, ReadOnlyMemory<byte> header, CancellationToken ct)
    {
        var blocks = await _calls.BlocksAsync(name, ct);

        // One that was copied here by other means may be cut elsewhere: its first block is not the header alone.
        if (blocks.Count == 0 || blocks[0].SizeLong != seen.Mark!.HeaderLength)
        {
            return (await _calls.LookAsync(name, ct))?.ETag != seen.ETag
                ? false
                : throw StorageFaultException.Because(
                    $"{name} was not written by this store: its header is no block of its own.", "FOREIGN_BLOCKS");
        }

        var block = BlobBlocks.Header();
        await _calls.PutBlockAsync(name, block, header, ct);
        var mark = seen.Mark.Next() with { IsWhole = true, HeaderLength = header.Length };
        var payload = blocks.Skip(1).Select(b => b.Name);
        return await _calls.CommitAsync(name, [block, .. payload], mark, seen.ETag, ct) is not null;
    }

    async Task<bool> StandsWithAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct)
    {
        await using var standing = await ReadAsync(name, IsObject, ct);
        return standing is not null && standing.Header.AsSpan().SequenceEqual(header.Span);
    }

    async Task DestroyAsync(ObjectName name, Func<BlobSeen, bool> isWanted, CancellationToken ct)
    {
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            var seen = await _calls.LookAsync(name, ct);
            if (seen is null || !isWanted(seen) || await _calls.DeleteAsync(name, seen.ETag, ct))
                return;
        }

        throw Contended(name);
    }

    static StorageFaultException Contended(ObjectName name) =>
        StorageFaultException.Because($"{name} changed between every look and what was to follow it.", "CONTENDED");

    static void CheckHeader(ReadOnlyMemory<byte> header)
    {
        const int LengthMax = 64 * 1024;
        if (header.Length is 0 or > LengthMax)
            throw new ArgumentException($"A header has 1 to {LengthMax} bytes.", nameof(header));
    }
}
