namespace IsaExchange.Exchange.Storage;

/// <summary>
/// Keeps sealed objects: a header (the wrapped key) and a payload, as separate byte sequences. It sees no plaintext and
/// no key. Every method is durable when it returns. An error of the medium is a <see cref="StorageFaultException"/>.
/// Several processes may use one store.
/// <para>
/// An object is either staged first and then promoted, or put at once; it has the same name all the while, and a name
/// is given out once: it holds the number of the attempt.
/// </para>
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Begins a staged object; its header is durable when this returns. A store refuses a name under which anything
    /// stands. Whether it also refuses one that was discarded is its own affair (the folder does); what every store
    /// promises is that an append by whoever staged the discarded object does not succeed.
    /// </summary>
    /// <exception cref="StagingExistsException">The name was used before.</exception>
    Task<IStagedObject> StageAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct);

    /// <summary>What is durable of a staged object, or null when it is absent, discarded or promoted.</summary>
    Task<StoredObject?> ReadStagedAsync(ObjectName name, CancellationToken ct);

    /// <summary>
    /// As <see cref="ReadStagedAsync"/>, and fences: once this has returned, no append by whoever staged the object
    /// succeeds any more, in this process or another. So what is read here is all that was ever acknowledged of it.
    /// Repeatable.
    /// </summary>
    Task<StoredObject?> TakeOverAsync(ObjectName name, CancellationToken ct);

    /// <summary>
    /// The commit: the staged object becomes an object with this header, atomically. Repeatable: when the object stands
    /// there with exactly this header, what is left of the staging is removed and this succeeds.
    /// </summary>
    /// <exception cref="ObjectExistsException">It was promoted with another header.</exception>
    /// <exception cref="StagingNotFoundException">Neither the staged object nor the promoted one is there.</exception>
    Task PromoteAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct);

    /// <summary>Destroys the header first and durably (from then on nobody can open it), then the payload. What was
    /// promoted stays. Repeatable.</summary>
    Task DiscardStagedAsync(ObjectName name, CancellationToken ct);

    /// <exception cref="ObjectNotFoundException">No such object, or its key was destroyed.</exception>
    Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct);

    /// <summary>Creates a small object, atomically and only when the name is free; repeatable with exactly the same
    /// header.</summary>
    /// <exception cref="ObjectExistsException">The name is taken by an object with another header.</exception>
    Task PutAsync(ObjectName name, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken ct);

    /// <summary>
    /// Exchanges the header of an object, atomically: whoever opens it meanwhile gets the old one or the new one, with
    /// the same payload, and may read on to the end. Repeatable: it succeeds when the replacement stands already.
    /// </summary>
    /// <exception cref="HeaderChangedException">The header is neither <paramref name="expected"/> nor the
    /// replacement, byte for byte.</exception>
    /// <exception cref="ObjectNotFoundException">No such object, or its key was destroyed.</exception>
    Task ReplaceHeaderAsync(
        ObjectName name, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> replacement, CancellationToken ct);

    /// <summary>The staged objects that can still be read, in ordinal order.</summary>
    IAsyncEnumerable<ObjectName> ListStagedAsync(CancellationToken ct);

    /// <summary>The objects whose names begin with <paramref name="prefix"/> (plain text, may end inside a segment), in
    /// ordinal order. What is only staged is none.</summary>
    IAsyncEnumerable<ObjectName> ListAsync(string prefix, CancellationToken ct);

    /// <summary>What lies among the objects and has the name of none: somebody else put it there. In the store's own
    /// words; it is in no other list.</summary>
    IAsyncEnumerable<string> ListForeignAsync(CancellationToken ct) => AsyncEnumerable.Empty<string>();

    /// <summary>Destroys the header first and durably, then the payload. Repeatable; an absent object is no
    /// error.</summary>
    Task DeleteAsync(ObjectName name, CancellationToken ct);

    /// <summary>
    /// Destroys what calls that crashed before <paramref name="before"/> left half made or half discarded. It can no
    /// longer be found by a name, and may hold a header, that is a key. Repeatable.
    /// </summary>
    Task SweepAsync(DateTimeOffset before, CancellationToken ct);
}

/// <summary>A staged object that is being written, by one writer, front to back.</summary>
public interface IStagedObject : IAsyncDisposable
{
    /// <summary>
    /// Adds sealed bytes; they are durable when this returns. Any failure poisons the object: further appends are
    /// refused, what was appended before can still be read.
    /// </summary>
    /// <exception cref="StorageFaultException">The medium refused, now or earlier.</exception>
    /// <exception cref="StagingTakenOverException">Somebody else took the object over, discarded or promoted
    /// it.</exception>
    Task AppendAsync(ReadOnlyMemory<byte> sealedBytes, CancellationToken ct);

    /// <summary>Bytes of payload that are durable.</summary>
    long Length { get; }
}

/// <summary>A sealed object as it is stored. The owner disposes it.</summary>
/// <param name="header">The age header, whole.</param>
/// <param name="payload">The sealed payload from its first byte (the nonce), seekable.</param>
/// <param name="payloadLength">Bytes in the payload when it was opened.</param>
public sealed class StoredObject(byte[] header, Stream payload, long payloadLength) : IAsyncDisposable
{
    public byte[] Header { get; } = header;

    public Stream Payload { get; } = payload;

    public long PayloadLength { get; } = payloadLength;

    public ValueTask DisposeAsync() => Payload.DisposeAsync();
}
