using Azure;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>
/// A staged blob in the hands of its one writer. Every append ends with a commit that is conditional on the one before:
/// whoever takes the blob over changes its state, and from then on no commit of this writer happens.
/// </summary>
sealed class BlobStagedObject(BlobCalls calls, ObjectName name, BlobMark made, string header, ETag standing)
    : IStagedObject
{
    readonly List<string> _blocks = [header];
    BlobMark _mark = made;
    ETag _standing = standing;
    Exception? _poison;

    /// <inheritdoc/>
    public long Length => _mark.PayloadLength;

    /// <inheritdoc/>
    public async Task AppendAsync(ReadOnlyMemory<byte> sealedBytes, CancellationToken ct)
    {
        if (_poison is not null)
            throw _poison;
        if (sealedBytes.IsEmpty)
            return;
        try
        {
            await AppendOnceAsync(sealedBytes, ct);
        }
        catch (Exception e)
        {
            // Whether the bytes are there is then not known here; whoever takes over reads what is.
            _poison = e is StorageFaultException or StagingTakenOverException
                ? e
                : StorageFaultException.Because($"An append to {name} was not finished.", "UNFINISHED", e);
            throw;
        }
    }

    async Task AppendOnceAsync(ReadOnlyMemory<byte> sealedBytes, CancellationToken ct)
    {
        var block = BlobBlocks.Payload(_mark, Length);
        await calls.PutBlockAsync(name, block, sealedBytes, ct);
        var next = _mark.Next() with { PayloadLength = Length + sealedBytes.Length };
        var committed = await calls.CommitAsync(name, [.. _blocks, block], next, _standing, ct);
        _standing = committed ?? throw new StagingTakenOverException(name);
        _blocks.Add(block);
        _mark = next;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
