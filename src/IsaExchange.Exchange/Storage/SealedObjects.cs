using System.Buffers;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Sealing;

namespace IsaExchange.Exchange.Storage;

/// <summary>Whole sealed objects over a store: for what is small enough to be held in memory when it is put.</summary>
public static class SealedObjects
{
    /// <summary>
    /// Seals and puts an object under a fresh file key. Repeatable: when the name holds an object that this key opens
    /// to the same bytes (an answer was lost), this succeeds.
    /// </summary>
    /// <exception cref="ObjectExistsException">The name is taken by something else.</exception>
    public static async Task PutAsync(
        IObjectStore store,
        ObjectName name,
        IKeyEncryptionKey kek,
        ReadOnlyMemory<byte> plaintext,
        CancellationToken ct)
    {
        using var key = FileKey.Generate();
        var header = await SealedHeader.CreateAsync(name.Value, key, kek, ct);
        var payload = new ArrayBufferWriter<byte>(plaintext.Length + PayloadSealer.SealedChunkSize);
        using (var sealer = new PayloadSealer(key))
        {
            sealer.Write(plaintext.Span, payload);
            sealer.Finish(payload);
        }

        try
        {
            await store.PutAsync(name, header, payload.WrittenMemory, ct);
        }
        catch (ObjectExistsException)
        {
            if (!await HoldsAsync(store, name, new OnlyKey(kek), plaintext, ct))
                throw;
        }
    }

    /// <summary>The plaintext of an object, verified while it is read. Disposing the stream closes the
    /// object.</summary>
    /// <exception cref="ObjectNotFoundException">No such object.</exception>
    /// <exception cref="SealBrokenException">Here for the header, from reads for the payload.</exception>
    /// <exception cref="KeyUnavailableException">Its key cannot be had.</exception>
    public static async Task<Stream> OpenAsync(
        IObjectStore store, ObjectName name, IKeyEncryptionKeyResolver keks, CancellationToken ct)
    {
        var stored = await store.OpenAsync(name, ct);
        try
        {
            using var key = await SealedHeader.OpenAsync(stored.Header, name.Value, keks, ct);
            return PayloadOpener.OpenStream(stored.Payload, key, objectName: name.Value);
        }
        catch
        {
            await stored.DisposeAsync();
            throw;
        }
    }

    static async Task<bool> HoldsAsync(
        IObjectStore store,
        ObjectName name,
        IKeyEncryptionKeyResolver keks,
        ReadOnlyMemory<byte> plaintext,
        CancellationToken ct)
    {
        try
        {
            await using var opened = await OpenAsync(store, name, keks, ct);
            // One byte more than expected: a longer object is another object.
            var held = new byte[plaintext.Length + 1];
            var length = await opened.ReadAtLeastAsync(held, held.Length, throwOnEndOfStream: false, ct);
            return held.AsSpan(0, length).SequenceEqual(plaintext.Span);
        }
        catch (KeyUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Resolves the one key we already have, and no other.</summary>
    sealed class OnlyKey(IKeyEncryptionKey kek) : IKeyEncryptionKeyResolver
    {
        public IKeyEncryptionKey Resolve(string keyId, CancellationToken cancellationToken = default) =>
            string.Equals(keyId, kek.KeyId, StringComparison.Ordinal)
                ? kek
                : throw new KeyUnavailableException(keyId, $"The object is sealed with {keyId}, not with {kek.KeyId}.");

        public Task<IKeyEncryptionKey> ResolveAsync(string keyId, CancellationToken cancellationToken = default) =>
            Task.FromResult(Resolve(keyId, cancellationToken));
    }
}
