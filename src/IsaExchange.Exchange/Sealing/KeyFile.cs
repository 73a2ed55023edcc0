using System.Security.Cryptography;
using System.Text;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// A key-encryption key in a local file: 32 bytes of AES, used with AES-KWP (RFC 5649). The file is read for every use,
/// so a key that was taken away stops working at once and no long-lived copy stays in memory. Four lines of text:
/// <code>
/// isaexchange-key-file/v1
/// id: northmere-police.standard.v1
/// key: (base64 of the 32 bytes)
/// sha256: (hex, over the three lines above)
/// </code>
/// </summary>
sealed class KeyFile(string path, string keyId) : IKeyEncryptionKey, IWrapAlgorithm
{
    internal const string Algorithm = "AES-KWP";
    internal const int KeySize = 32;

    const int MaxFileLength = 4096;

    /// <inheritdoc/>
    public string KeyId => keyId;

    /// <inheritdoc/>
    public string WrapAlgorithm => Algorithm;

    /// <inheritdoc/>
    public byte[] WrapKey(string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) =>
        WithKey(algorithm, aes => aes.EncryptKeyWrapPadded(key.Span));

    /// <inheritdoc/>
    /// <exception cref="CryptographicException">This key did not wrap that.</exception>
    public byte[] UnwrapKey(
        string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken = default) =>
        WithKey(algorithm, aes => Unwrap(aes, encryptedKey.Span));

    /// <inheritdoc/>
    public Task<byte[]> WrapKeyAsync(
        string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) =>
        Task.Run(() => WrapKey(algorithm, key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]> UnwrapKeyAsync(
        string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken = default) =>
        Task.Run(() => UnwrapKey(algorithm, encryptedKey, cancellationToken), cancellationToken);

    /// <summary>The content of a key file for this key.</summary>
    internal static byte[] Format(string keyId, ReadOnlySpan<byte> key)
    {
        var signed = $"isaexchange-key-file/v1\nid: {keyId}\nkey: {Convert.ToBase64String(key)}\n";
        return Encoding.ASCII.GetBytes($"{signed}sha256: {Checksum(signed)}\n");
    }

    /// <summary>Reads and checks the file; the caller wipes the key.</summary>
    /// <exception cref="KeyUnavailableException">Absent, too open, altered, or the file of another key.</exception>
    internal byte[] Load()
    {
        byte[] content;
        try
        {
            RequirePrivate();
            if (new FileInfo(path).Length > MaxFileLength)
                throw Refused("is longer than a key file can be");
            content = File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KeyUnavailableException(
                keyId, $"The key file {path} of {keyId} cannot be read: {fault.GetType().Name}.", fault);
        }

        try
        {
            return Parse(content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    byte[] Parse(ReadOnlySpan<byte> content)
    {
        var prefix = Encoding.ASCII.GetBytes($"isaexchange-key-file/v1\nid: {keyId}\nkey: ");
        if (!content.StartsWith(prefix))
            throw Refused("is not the key file of this id");
        var key = new byte[KeySize];
        var text = content[prefix.Length..];
        var lineLength = text.IndexOf((byte)'\n');
        if (lineLength < 0
            || !Convert.TryFromBase64Chars(Encoding.ASCII.GetString(text[..lineLength]), key, out var written)
            || written != KeySize)
            throw Refused("does not hold a key of 32 bytes");
        // The whole file is compared with what we would have written: the checksum, and nothing before or after.
        var expected = Format(keyId, key);
        var same = CryptographicOperations.FixedTimeEquals(expected, content);
        CryptographicOperations.ZeroMemory(expected);
        if (same)
            return key;
        CryptographicOperations.ZeroMemory(key);
        throw Refused("fails its checksum: it was altered or cut");
    }

    byte[] WithKey(string algorithm, Func<Aes, byte[]> use)
    {
        if (!string.Equals(algorithm, Algorithm, StringComparison.Ordinal))
            throw new CryptographicException($"A key file wraps with {Algorithm} only.");
        var key = Load();
        try
        {
            using var aes = Aes.Create();
            aes.SetKey(key);
            return use(aes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    static byte[] Unwrap(Aes aes, ReadOnlySpan<byte> wrapped)
    {
        try
        {
            return aes.DecryptKeyWrapPadded(wrapped);
        }
        catch (ArgumentException fault)
        {
            // The class library tells a length that no wrapped key has apart from a wrong one; the caller need not.
            throw new CryptographicException("That is not a wrapped key.", fault);
        }
    }

    void RequirePrivate()
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode Others = ~DurableFiles.PrivateFile;
        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) != UnixFileMode.None)
            throw Refused($"has mode {Convert.ToString((int)mode, 8)}: others may touch it. Wanted: 600");
    }

    KeyUnavailableException Refused(string why) => new(keyId, $"The key file {path} of {keyId} {why}.");

    static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}
