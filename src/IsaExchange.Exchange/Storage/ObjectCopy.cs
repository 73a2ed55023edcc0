using System.Buffers;

namespace IsaExchange.Exchange.Storage;

/// <summary>How much a copy moved.</summary>
public sealed record CopiedObjects(long Objects, long Staged, long Bytes);

/// <summary>
/// Copies sealed objects from one store to another as they are: no key is needed, and none is in the copy. What the
/// target has already is passed over, but for a header that was exchanged since.
/// </summary>
public static class ObjectCopy
{
    const int BlockBytes = 4 << 20;

    /// <param name="from">Store to copy from.</param>
    /// <param name="to">Store that nobody else writes to.</param>
    /// <param name="staged">Also what is only staged: once, because a name is staged once.</param>
    /// <param name="progress">Told the number of objects gone through.</param>
    public static async Task<CopiedObjects> RunAsync(
        IObjectStore from, IObjectStore to, bool staged, IProgress<long>? progress, CancellationToken ct)
    {
        var (objects, stagedObjects, bytes) = (0L, 0L, 0L);
        if (staged)
        {
            // First: an object only ever goes from staged to promoted, so none slips through between the two lists.
            await foreach (var name in from.ListStagedAsync(ct))
            {
                bytes += await StagedAsync(from, to, name, ct);
                stagedObjects++;
            }
        }

        await foreach (var name in from.ListAsync("", ct))
        {
            bytes += await PromotedAsync(from, to, name, ct);
            progress?.Report(++objects);
        }

        return new CopiedObjects(objects, stagedObjects, bytes);
    }

    static async Task<long> PromotedAsync(IObjectStore from, IObjectStore to, ObjectName name, CancellationToken ct)
    {
        try
        {
            await using var stored = await from.OpenAsync(name, ct);
            if (await HasAsync(to, name, stored.Header, ct))
                return 0;

            // Staged when its list was read, promoted since: the copy has its payload already.
            await using (var staged = await to.ReadStagedAsync(name, ct))
            {
                if (staged is null)
                    await StageAsync(stored, to, name, ct);
            }

            await to.PromoteAsync(name, stored.Header, ct);
            return stored.PayloadLength;
        }
        catch (ObjectNotFoundException)
        {
            // Destroyed while we copied, as its catalogue will say.
            return 0;
        }
    }

    static async Task<long> StagedAsync(IObjectStore from, IObjectStore to, ObjectName name, CancellationToken ct)
    {
        await using var stored = await from.ReadStagedAsync(name, ct);
        if (stored is null)
            return 0;
        await StageAsync(stored, to, name, ct);
        return stored.PayloadLength;
    }

    static async Task StageAsync(StoredObject stored, IObjectStore to, ObjectName name, CancellationToken ct)
    {
        await using var staged = await to.StageAsync(name, stored.Header, ct);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            // A staged object may be growing: what it has had when it was opened is what is copied.
            for (var left = stored.PayloadLength; left > 0;)
            {
                var wanted = (int)Math.Min(left, BlockBytes);
                await stored.Payload.ReadExactlyAsync(block.AsMemory(0, wanted), ct);
                await staged.AppendAsync(block.AsMemory(0, wanted), ct);
                left -= wanted;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Whether the target has it, from then on with this header: a payload never changes under its
    /// name.</summary>
    static async Task<bool> HasAsync(IObjectStore to, ObjectName name, byte[] header, CancellationToken ct)
    {
        byte[] found;
        try
        {
            await using var there = await to.OpenAsync(name, ct);
            found = there.Header;
        }
        catch (ObjectNotFoundException)
        {
            return false;
        }

        if (!found.AsSpan().SequenceEqual(header))
            await to.ReplaceHeaderAsync(name, found, header, ct);
        return true;
    }
}
