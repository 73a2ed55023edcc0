using Azure.Core.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>The key-encryption keys of an exchange: the one to seal with now, and any to open with.</summary>
public interface IKeyRing : IKeyEncryptionKeyResolver
{
    /// <summary>The present key of that name (party and retention bucket); made on first use.</summary>
    /// <exception cref="KeyUnavailableException">It cannot be had now, or was destroyed: nothing may be stored that
    /// needs it.</exception>
    Task<IKeyEncryptionKey> CurrentAsync(string keyName, CancellationToken ct);

    /// <summary>Every version of a name that was not destroyed, oldest first; none when it was never used.</summary>
    /// <exception cref="KeyUnavailableException">The keeper of the keys does not say.</exception>
    Task<IReadOnlyList<KeyVersion>> VersionsAsync(string keyName, CancellationToken ct);

    /// <summary>
    /// Makes a new version, which seals from now on; what older ones sealed can still be opened. Repeatable: when the
    /// present version is another than <paramref name="currentKeyId"/> already, that one is the answer.
    /// </summary>
    /// <exception cref="KeyUnavailableException">No new version could be made.</exception>
    Task<KeyVersion> RotateAsync(string keyName, string currentKeyId, CancellationToken ct);

    /// <summary>Disables a version: nothing is opened with it any more. It is kept, and whoever administers the keys
    /// can bring it back. Repeatable.</summary>
    /// <exception cref="KeyUnavailableException">It could not be disabled.</exception>
    Task RetireAsync(string keyId, CancellationToken ct);

    /// <summary>Destroys every version of a name, for good. Repeatable. No key of that name is made again.</summary>
    /// <exception cref="KeyUnavailableException">It could not be destroyed, or it is not known whether it
    /// was.</exception>
    Task<DestroyedKey> DestroyAsync(string keyName, CancellationToken ct);
}

/// <summary>One version of a key.</summary>
/// <param name="KeyId">As it stands in the headers that it sealed.</param>
/// <param name="Made">When it was made.</param>
/// <param name="IsEnabled">False when it was retired, or disabled by whoever administers the keys.</param>
public sealed record KeyVersion(string KeyId, DateTimeOffset Made, bool IsEnabled);

/// <summary>What was destroyed, and since when or from when on nobody can undo it.</summary>
/// <param name="KeyIds">Versions that are known to have gone with it.</param>
/// <param name="Effective">Until then whoever administers the keys could bring it back. Null when the keeper shows
/// neither the key nor its deletion: it is being deleted, or was purged, or is not known there.</param>
public sealed record DestroyedKey(string KeyName, IReadOnlyList<string> KeyIds, DateTimeOffset? Effective);
