using System.Security.Cryptography;
using Azure.Core.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>A key-encryption key that says how it wraps. One that does not is a vault key and wraps with
/// RSA-OAEP-256.</summary>
public interface IWrapAlgorithm
{
    /// <summary>The algorithm as it stands in the key stanza, such as <c>AES-KWP</c>.</summary>
    string WrapAlgorithm { get; }
}

/// <summary>
/// The header of a sealed object: age v1 with exactly one bind stanza (the object's name) and exactly one key stanza
/// (the wrapped file key). It stands apart from the payload; the two concatenated are a valid age file.
/// A key is rotated by writing a new header: the payload never changes.
/// </summary>
public static class SealedHeader
{
    /// <summary><c>-> isaexchange.example/bind &lt;object name&gt;</c>, empty body.</summary>
    internal const string BindType = "isaexchange.example/bind";

    /// <summary><c>-> isaexchange.example/kek &lt;algorithm&gt; &lt;key id&gt;</c>, body the wrapped file
    /// key.</summary>
    internal const string KeyType = "isaexchange.example/kek";

    const string VaultAlgorithm = "RSA-OAEP-256";

    /// <summary>A header that binds the object to its name and holds its file key, wrapped.</summary>
    /// <exception cref="KeyUnavailableException">The key-encryption key could not wrap: nothing may be
    /// stored.</exception>
    public static async Task<byte[]> CreateAsync(
        string objectName, FileKey key, IKeyEncryptionKey kek, CancellationToken ct)
    {
        var bind = Bind(objectName);
        var algorithm = kek is IWrapAlgorithm named ? named.WrapAlgorithm : VaultAlgorithm;
        if (!AgeHeader.IsArgument(kek.KeyId))
            throw new ArgumentException("The id of a key-encryption key is visible ASCII without blanks.", nameof(kek));
        var bare = key.Bytes.ToArray();
        try
        {
            var wrapped = await Asking(kek.KeyId, () => kek.WrapKeyAsync(algorithm, bare, ct));
            return AgeHeader.Write(key, bind, new AgeStanza(KeyType, [algorithm, kek.KeyId], wrapped));
        }
        catch (CryptographicException fault)
        {
            throw new KeyUnavailableException(kek.KeyId, $"The key {kek.KeyId} could not wrap a file key.", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bare);
        }
    }

    /// <summary>The file key of the object of this name, after every check of the header.</summary>
    /// <exception cref="SealBrokenException">The header is malformed, altered, or that of another object.</exception>
    /// <exception cref="KeyUnavailableException">The key-encryption key cannot be had.</exception>
    public static async Task<FileKey> OpenAsync(
        ReadOnlyMemory<byte> header, string expectedObjectName, IKeyEncryptionKeyResolver keks, CancellationToken ct)
    {
        try
        {
            return await OpenCheckedAsync(header, expectedObjectName, keks, ct);
        }
        catch (SealBrokenException broken)
        {
            broken.ObjectName = expectedObjectName;
            throw;
        }
    }

    static async Task<FileKey> OpenCheckedAsync(
        ReadOnlyMemory<byte> header, string expectedObjectName, IKeyEncryptionKeyResolver keks, CancellationToken ct)
    {
        var parsed = ParseWhole(header.Span);
        // The name before the key: a header of another object costs no call to the vault.
        RequireBind(parsed, expectedObjectName);
        var (algorithm, keyId, wrapped) = RequireKeyStanza(parsed);
        var key = await UnwrapAsync(keks, algorithm, keyId, wrapped, ct);
        try
        {
            parsed.Verify(key);
            return key;
        }
        catch (SealBrokenException)
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The id of the key that a header says it was wrapped with. Nothing about it is proved yet.</summary>
    /// <exception cref="SealBrokenException">The header is malformed.</exception>
    public static string KeyIdOf(ReadOnlySpan<byte> header) => RequireKeyStanza(ParseWhole(header)).KeyId;

    /// <summary>
    /// The header for an outsider: the same file key, wrapped for their age recipient. The payload bytes do not change,
    /// and stock <c>age</c> opens header and payload concatenated.
    /// </summary>
    /// <param name="objectName">The name the object is exported under.</param>
    /// <param name="key">The file key of the object.</param>
    /// <param name="ageRecipient">An X25519 recipient, <c>age1…</c>.</param>
    /// <exception cref="FormatException">That is not an X25519 recipient, or a point nobody can own.</exception>
    public static byte[] CreateForX25519(string objectName, FileKey key, string ageRecipient) =>
        AgeHeader.Write(key, Bind(objectName), AgeX25519.Wrap(key, AgeX25519.ParseRecipient(ageRecipient)));

    static AgeStanza Bind(string objectName) => AgeHeader.IsArgument(objectName)
        ? new AgeStanza(BindType, [objectName], [])
        : throw new ArgumentException("An object name is visible ASCII without blanks.", nameof(objectName));

    static AgeHeader ParseWhole(ReadOnlySpan<byte> header)
    {
        var parsed = AgeHeader.Parse(header);
        return parsed.Length == header.Length
            ? parsed
            : throw new SealBrokenException(
                SealBreak.HeaderMalformed, "The header is followed by bytes that are no header.");
    }

    static void RequireBind(AgeHeader header, string expectedName)
    {
        var bind = RequireOne(header, BindType, SealBreak.BindMissing, SealBreak.BindDoubled);
        if (bind is not { Arguments: [var name], Body: [] })
            throw new SealBrokenException(
                SealBreak.BindMalformed, "The bind stanza is not one name and an empty body.");
        if (!string.Equals(name, expectedName, StringComparison.Ordinal))
            throw new SealBrokenException(SealBreak.BoundToAnotherName, $"The header is not that of {expectedName}.");
    }

    static (string Algorithm, string KeyId, byte[] Wrapped) RequireKeyStanza(AgeHeader header)
    {
        var stanza = RequireOne(header, KeyType, SealBreak.KeyStanzaMissing, SealBreak.KeyStanzaDoubled);
        return stanza.Arguments is [var algorithm and (KeyFile.Algorithm or VaultAlgorithm), var keyId]
            ? (algorithm, keyId, stanza.Body)
            : throw new SealBrokenException(
                SealBreak.KeyStanzaMalformed, "The key stanza is not an algorithm we know and a key id.");
    }

    static AgeStanza RequireOne(AgeHeader header, string type, SealBreak missing, SealBreak doubled)
    {
        AgeStanza? found = null;
        foreach (var stanza in header.Stanzas)
        {
            if (!string.Equals(stanza.Type, type, StringComparison.Ordinal))
                continue;
            if (found is not null)
                throw new SealBrokenException(doubled, $"The header has more than one stanza {type}.");
            found = stanza;
        }

        return found ?? throw new SealBrokenException(missing, $"The header has no stanza {type}.");
    }

    static async Task<FileKey> UnwrapAsync(
        IKeyEncryptionKeyResolver keks, string algorithm, string keyId, byte[] wrapped, CancellationToken ct)
    {
        var kek = await Asking(keyId, () => keks.ResolveAsync(keyId, ct));
        byte[] bare;
        try
        {
            bare = await Asking(keyId, () => kek.UnwrapKeyAsync(algorithm, wrapped, ct));
        }
        catch (CryptographicException fault)
        {
            throw new SealBrokenException(
                SealBreak.FileKeyNotUnwrapped, $"The key {keyId} did not wrap the file key in this header.", fault);
        }

        try
        {
            return bare.Length == FileKey.Size
                ? FileKey.Copy(bare)
                : throw new SealBrokenException(
                    SealBreak.FileKeyNotUnwrapped, "The wrapped key is not one of 16 bytes.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bare);
        }
    }

    /// <summary>
    /// Whatever a key service throws means that the key cannot be had; only its "this is not mine"
    /// (<see cref="CryptographicException"/>, the contract for every adapter) says something about the object.
    /// </summary>
    static async Task<T> Asking<T>(string keyId, Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (Exception fault) when (fault is not
            (CryptographicException or KeyUnavailableException or OperationCanceledException))
        {
            throw new KeyUnavailableException(keyId, $"The key {keyId} cannot be had: {fault.GetType().Name}.", fault);
        }
    }
}
