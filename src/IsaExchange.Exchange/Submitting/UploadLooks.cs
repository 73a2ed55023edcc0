using System.Collections.Concurrent;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Submitting;

/// <summary>Says how far uploads are by what is staged of them, whoever writes it.</summary>
sealed class UploadLooks(IObjectStore store, IKeyRing keys)
{
    readonly ConcurrentDictionary<string, SemaphoreSlim> _perParty = new(StringComparer.Ordinal);

    /// <summary>Whose turn and whose room it is.</summary>
    public static string OwnerOf(SubmissionRow row) => row.Agreement + "/" + row.Party;

    /// <summary>
    /// How many bytes of the attempt that counts are durable, read beside whoever writes it: asking takes nothing over.
    /// Null when there is none, or none any more: the row then says what became of it. All that is staged is opened for
    /// it, so a party waits for one answer before the next is looked for.
    /// </summary>
    public async Task<long?> DurableAsync(SubmissionRow row, CancellationToken ct)
    {
        if (row.Attempt == 0)
            return null;
        var look = _perParty.GetOrAdd(OwnerOf(row), _ => new SemaphoreSlim(1, 1));
        await look.WaitAsync(ct);
        try
        {
            return await LookAsync(row.ContentOf(row.Attempt), ct);
        }
        finally
        {
            look.Release();
        }
    }

    async Task<long?> LookAsync(ObjectName name, CancellationToken ct)
    {
        await using var staged = await store.ReadStagedAsync(name, ct);
        if (staged is null)
            return null;
        using var key = await SealedHeader.OpenAsync(staged.Header, name.Staged, keys, ct);
        var bytes = 0L;
        await foreach (var chunk in PayloadOpener.OpenDurableChunksAsync(staged.Payload, key, ct))
            bytes += chunk.Length;
        return bytes;
    }
}
