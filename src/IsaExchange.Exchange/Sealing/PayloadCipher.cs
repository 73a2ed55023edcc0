using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// The STREAM of one payload (C2SP age v1, "Payload"): ChaCha20-Poly1305 per chunk under a key derived from file key
/// and nonce; the chunk's nonce is an 11-byte counter and a byte that marks the final chunk. That byte is why
/// truncation cannot go unnoticed.
/// </summary>
sealed class PayloadCipher : IDisposable
{
    internal const int TagSize = 16;

    /// <summary>256 TiB; far below the counter, far above any limit of the exchange.</summary>
    const ulong MaxChunks = 1UL << 32;

    readonly ChaCha20Poly1305 seal;

    internal PayloadCipher(FileKey key, ReadOnlySpan<byte> nonce)
    {
        Span<byte> payloadKey = stackalloc byte[32];
        key.Derive(nonce, "payload"u8, payloadKey);
        seal = new ChaCha20Poly1305(payloadKey);
        CryptographicOperations.ZeroMemory(payloadKey);
    }

    /// <summary>Chunks sealed or opened so far: the index of the next one.</summary>
    internal ulong Index { get; private set; }

    /// <summary>Seals the next chunk. The counter moves first: an index is never used twice, not even after an
    /// error.</summary>
    internal void Seal(ReadOnlySpan<byte> plaintext, bool final, Span<byte> sealedChunk)
    {
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce, final);
        Index++;
        seal.Encrypt(nonce, plaintext, sealedChunk[..plaintext.Length], sealedChunk[plaintext.Length..]);
    }

    /// <summary>Opens the next chunk; false, and the plaintext zeroed, when it is not authentic as that
    /// chunk.</summary>
    internal bool TryOpen(ReadOnlySpan<byte> sealedChunk, bool final, Span<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce, final);
        try
        {
            seal.Decrypt(nonce, sealedChunk[..^TagSize], sealedChunk[^TagSize..], plaintext);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        Index++;
        return true;
    }

    public void Dispose() => seal.Dispose();

    void WriteNonce(Span<byte> nonce, bool final)
    {
        if (Index >= MaxChunks)
            throw new InvalidOperationException(
                "A payload has at most 2^32 chunks; the size limits end it long before.");
        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[3..11], Index);
        nonce[11] = final ? (byte)1 : (byte)0;
    }
}
