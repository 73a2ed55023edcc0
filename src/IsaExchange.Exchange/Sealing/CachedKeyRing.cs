using Azure.Core.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// A key ring that remembers what it unwrapped, for a short time: for keepers that are asked over a network and
/// throttle. A version that this process retired or destroyed is forgotten at once; one that others ended elsewhere is
/// forgotten when its time is over.
/// </summary>
public sealed class CachedKeyRing : IKeyRing, IDisposable
{
    readonly IKeyRing inner;
    readonly UnwrappedKeys keys;

    /// <param name="inner">Who is asked.</param>
    /// <param name="life">How long an unwrapped key is kept.</param>
    /// <param name="countMax">How many are kept.</param>
    public CachedKeyRing(IKeyRing inner, TimeSpan life, int countMax, TimeProvider clock) =>
        (this.inner, keys) = (inner, new UnwrappedKeys(life, countMax, clock));

    /// <summary>Unwrapped keys in memory now.</summary>
    public int Count => keys.Count;

    /// <inheritdoc/>
    public Task<IKeyEncryptionKey> CurrentAsync(string keyName, CancellationToken ct) =>
        inner.CurrentAsync(keyName, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyVersion>> VersionsAsync(string keyName, CancellationToken ct) =>
        inner.VersionsAsync(keyName, ct);

    /// <inheritdoc/>
    public Task<KeyVersion> RotateAsync(string keyName, string currentKeyId, CancellationToken ct) =>
        inner.RotateAsync(keyName, currentKeyId, ct);

    /// <inheritdoc/>
    public Task RetireAsync(string keyId, CancellationToken ct)
    {
        keys.End(keyId);
        return inner.RetireAsync(keyId, ct);
    }

    /// <inheritdoc/>
    public async Task<DestroyedKey> DestroyAsync(string keyName, CancellationToken ct)
    {
        foreach (var version in await inner.VersionsAsync(keyName, ct))
            keys.End(version.KeyId);
        return await inner.DestroyAsync(keyName, ct);
    }

    /// <inheritdoc/>
    public IKeyEncryptionKey Resolve(string keyId, CancellationToken cancellationToken = default) =>
        new CachedKey(inner.Resolve(keyId, cancellationToken), keys);

    /// <inheritdoc/>
    public async Task<IKeyEncryptionKey> ResolveAsync(string keyId, CancellationToken cancellationToken = default) =>
        new CachedKey(await inner.ResolveAsync(keyId, cancellationToken), keys);

    public void Dispose() => keys.Dispose();

    /// <summary>Only unwrapping is remembered: a wrap must prove that the key is there.</summary>
    sealed class CachedKey(IKeyEncryptionKey inner, UnwrappedKeys keys) : IKeyEncryptionKey
    {
        public string KeyId => inner.KeyId;

        public byte[] WrapKey(string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
            => inner.WrapKey(algorithm, key, cancellationToken);

        public Task<byte[]> WrapKeyAsync(
            string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) =>
            inner.WrapKeyAsync(algorithm, key, cancellationToken);

        public byte[] UnwrapKey(
            string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken = default) =>
            Find(encryptedKey.Span)
            ?? Remembered(encryptedKey, inner.UnwrapKey(algorithm, encryptedKey, cancellationToken));

        public async Task<byte[]> UnwrapKeyAsync(
            string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken = default) =>
            Find(encryptedKey.Span)
            ?? Remembered(encryptedKey, await inner.UnwrapKeyAsync(algorithm, encryptedKey, cancellationToken));

        byte[]? Find(ReadOnlySpan<byte> wrapped)
        {
            var found = keys.Find(KeyId, wrapped);
            Telemetry.Unwrapped(remembered: found is not null);
            return found;
        }

        byte[] Remembered(ReadOnlyMemory<byte> wrapped, byte[] key)
        {
            keys.Add(KeyId, wrapped.Span, key);
            return key;
        }
    }
}
