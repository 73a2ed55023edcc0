using System.Security.Cryptography;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// The key-encryption keys of an exchange without a vault: one file per key in a private folder. Whoever can read the
/// folder can open every object, so it is backed up apart from the objects. A key's id is its name and version:
/// <c>northmere-police.standard.v1</c>.
/// </summary>
public sealed class KeyFileRing : IKeyRing
{
    const string FirstVersion = ".v1";

    readonly string folder;

    /// <summary>Opens the folder, making it (mode 0700) when it is missing.</summary>
    public KeyFileRing(string folder)
    {
        this.folder = Path.GetFullPath(folder);
        DurableFiles.CreatePrivateFolder(this.folder);
    }

    /// <summary>The key that seals new objects of this name; made on first use. Of concurrent makers one wins and all
    /// get its key.</summary>
    /// <param name="keyName">One segment of lower-case letters, digits, '-' and '.', such as
    /// <c>northmere-police.standard</c>.</param>
    /// <exception cref="KeyUnavailableException">The file is there and refused, or could not be made.</exception>
    public Task<IKeyEncryptionKey> CurrentAsync(string keyName, CancellationToken ct)
    {
        if (!ObjectName.IsSegment(keyName))
            throw new ArgumentException("A key name is lower-case letters, digits, '-' and '.'.", nameof(keyName));
        return Task.Run(() => Current(keyName + FirstVersion), ct);
    }

    /// <inheritdoc/>
    /// <exception cref="KeyUnavailableException">Absent or refused.</exception>
    public IKeyEncryptionKey Resolve(string keyId, CancellationToken cancellationToken = default)
    {
        // The id comes from a header that is not yet authenticated: it must not lead out of the folder.
        if (!ObjectName.IsSegment(keyId))
            throw new KeyUnavailableException(keyId, "The header names a key that no key file can have.");
        RequirePrivateFolder(keyId);
        var key = new KeyFile(PathOf(keyId), keyId);
        CryptographicOperations.ZeroMemory(key.Load());
        return key;
    }

    /// <inheritdoc/>
    public Task<IKeyEncryptionKey> ResolveAsync(string keyId, CancellationToken cancellationToken = default) =>
        Task.Run(() => Resolve(keyId, cancellationToken), cancellationToken);

    IKeyEncryptionKey Current(string keyId)
    {
        RequirePrivateFolder(keyId);
        if (!File.Exists(PathOf(keyId)))
            Make(keyId);
        return Resolve(keyId);
    }

    void Make(string keyId)
    {
        var key = RandomNumberGenerator.GetBytes(KeyFile.KeySize);
        var content = KeyFile.Format(keyId, key);
        try
        {
            // Durable before the first object is sealed with it, or that object is lost with the power. Losing the race
            // is fine.
            _ = DurableFiles.CreateExclusive(PathOf(keyId), content);
        }
        catch (IOException fault)
        {
            throw new KeyUnavailableException(keyId, $"The key file of {keyId} could not be made in {folder}.", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(content);
        }
    }

    void RequirePrivateFolder(string keyId)
    {
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ~DurableFiles.PrivateFolder) != UnixFileMode.None)
            throw new KeyUnavailableException(
                keyId,
                $"The key folder {folder} has mode {Convert.ToString((int)mode, 8)}, wanted is 700.");
    }

    string PathOf(string keyId) => Path.Combine(folder, keyId + ".key");
}
