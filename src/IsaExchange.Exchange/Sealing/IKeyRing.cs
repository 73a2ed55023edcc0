using Azure.Core.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>The key-encryption keys of an exchange: the one to seal with now, and any to open with.</summary>
public interface IKeyRing : IKeyEncryptionKeyResolver
{
    /// <summary>The present key of that name (party and retention bucket); made on first use.</summary>
    /// <exception cref="KeyUnavailableException">It cannot be had now: nothing may be stored that needs it.</exception>
    Task<IKeyEncryptionKey> CurrentAsync(string keyName, CancellationToken ct);
}
