namespace IsaExchange.Exchange.Storage;

/// <summary>
/// Keeps sealed objects: a header (the wrapped key) and a payload, as separate byte sequences. It sees no plaintext and
/// no key. Every method is durable when it returns. An error of the medium is a <see cref="StorageFaultException"/>.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Begins a staged object; its header is durable when this returns. A staging name is one segment of an object
    /// name, used once and never again, not even after it was discarded or promoted: two attempts can never write into
    /// one another.
    /// </summary>
    /// <exception cref="StagingExistsException">The name was used before.</exception>
    Task<IStagedObject> StageAsync(string stagingName, ReadOnlyMemory<byte> header, CancellationToken ct);

    /// <summary>What is durable of a staged object, or null when it is absent or discarded.</summary>
    Task<StoredObject?> ReadStagedAsync(string stagingName, CancellationToken ct);

    /// <summary>
    /// The commit: the staged payload becomes the object <paramref name="to"/> with this header, atomically and only
    /// when the name is free. Repeatable: when the object stands there with exactly this header, what is left of the
    /// staging is removed and this succeeds.
    /// </summary>
    /// <exception cref="ObjectExistsException">The name is taken by an object with another header.</exception>
    /// <exception cref="StagingNotFoundException">Neither the staged object nor the promoted one is there.</exception>
    Task PromoteAsync(string stagingName, ObjectName to, ReadOnlyMemory<byte> header, CancellationToken ct);

    /// <summary>Destroys the header first and durably (from then on nobody can open it), then the payload.
    /// Repeatable.</summary>
    Task DiscardStagedAsync(string stagingName, CancellationToken ct);

    /// <exception cref="ObjectNotFoundException">No such object, or its key was destroyed.</exception>
    Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct);

    /// <summary>Creates a small object, atomically and only when the name is free; repeatable with exactly the same
    /// header.</summary>
    /// <exception cref="ObjectExistsException">The name is taken by an object with another header.</exception>
    Task PutAsync(ObjectName name, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken ct);

    /// <summary>The staging names that can still be read, in ordinal order.</summary>
    IAsyncEnumerable<string> ListStagedAsync(CancellationToken ct);

    /// <summary>The objects whose names begin with <paramref name="prefix"/> (plain text, may end inside a segment), in
    /// ordinal order.</summary>
    IAsyncEnumerable<ObjectName> ListAsync(string prefix, CancellationToken ct);

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
