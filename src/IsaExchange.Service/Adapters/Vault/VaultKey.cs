using System.Security.Cryptography;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Sealing;

namespace IsaExchange.Service.Adapters.Vault;

/// <summary>One version of a key in Azure Key Vault: RSA-OAEP-256, always by the vault, never by a copy here.</summary>
sealed class VaultKey(VaultApi vault, VaultKeyId id, Action<VaultKeyId> unusable) : IKeyEncryptionKey
{
    /// <inheritdoc/>
    public string KeyId { get; } = id.ToString();

    /// <inheritdoc/>
    /// <exception cref="KeyUnavailableException">The vault did not wrap, or would not open what it wrapped.</exception>
    public async Task<byte[]> WrapKeyAsync(
        string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        CheckAlgorithm(algorithm);
        var wrapped = await AskAsync("wrapKey", () => vault.WrapAsync(id, key, cancellationToken));

        // A vault wraps with a disabled key too, and refuses only to unwrap (Azure/azure-sdk-for-python#45342). What
        // is sealed under such a key is lost until somebody enables it: so it opens once before it counts.
        var opened = await AskAsync("unwrapKey", () => vault.UnwrapAsync(id, wrapped, cancellationToken));
        var same = CryptographicOperations.FixedTimeEquals(opened, key.Span);
        CryptographicOperations.ZeroMemory(opened);
        return same
            ? wrapped
            : throw new KeyUnavailableException(KeyId, $"The vault does not open what it wrapped with {KeyId}.");
    }

    /// <inheritdoc/>
    /// <exception cref="CryptographicException">This key did not wrap that.</exception>
    /// <exception cref="KeyUnavailableException">The vault does not open anything with it now.</exception>
    public async Task<byte[]> UnwrapKeyAsync(
        string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken = default)
    {
        CheckAlgorithm(algorithm);
        try
        {
            return await AskAsync("unwrapKey", () => vault.UnwrapAsync(id, encryptedKey, cancellationToken));
        }
        catch (KeyUnavailableException refused) when (refused.InnerException is VaultFaultException { Status: 400 })
        {
            // The request itself is ours and always the same: what the vault found wrong is the wrapped key.
            throw new CryptographicException("That is not what this key wrapped.", refused);
        }
    }

    /// <inheritdoc/>
    public byte[] WrapKey(
        string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) =>
        throw OnlyAsync();

    /// <inheritdoc/>
    public byte[] UnwrapKey(
        string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken = default) =>
        throw OnlyAsync();

    async Task<byte[]> AskAsync(string right, Func<Task<byte[]>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (VaultRefusal.Is(fault))
        {
            if (fault is VaultFaultException { Status: 403 or 404 })
                unusable(id);
            throw VaultRefusal.Of(KeyId, right, fault);
        }
    }

    static void CheckAlgorithm(string algorithm)
    {
        if (algorithm != "RSA-OAEP-256")
            throw new CryptographicException("A key of the vault wraps with RSA-OAEP-256 only.");
    }

    static NotSupportedException OnlyAsync() => new("The vault is called asynchronously only.");
}
