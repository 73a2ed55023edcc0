using System.Security.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// The 16 random bytes that seal one object version. Lives in memory only, pinned so that the collector leaves no
/// copies, and zeroed on dispose; at rest it exists only wrapped, in the header.
/// </summary>
public sealed class FileKey : IDisposable
{
    /// <summary>Bytes in a file key (C2SP age v1, "File key").</summary>
    public const int Size = 16;

    readonly byte[] bytes = GC.AllocateArray<byte>(Size, pinned: true);
    bool disposed;

    FileKey()
    {
    }

    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return bytes;
        }
    }

    /// <summary>A new key. Never seal two payloads with one.</summary>
    public static FileKey Generate()
    {
        var key = new FileKey();
        RandomNumberGenerator.Fill(key.bytes);
        return key;
    }

    /// <summary>Takes over exactly 16 unwrapped bytes; the caller wipes the source.</summary>
    internal static FileKey Copy(ReadOnlySpan<byte> unwrapped)
    {
        if (unwrapped.Length != Size)
            throw new InvalidOperationException("A file key has 16 bytes; the length is checked when it is unwrapped.");
        var key = new FileKey();
        unwrapped.CopyTo(key.bytes);
        return key;
    }

    /// <summary>Derives 32 bytes for one use (C2SP age v1: HKDF-SHA-256, <paramref name="info"/> names the
    /// use).</summary>
    internal void Derive(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> derived) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, derived, salt, info);

    public void Dispose()
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(bytes);
    }
}
