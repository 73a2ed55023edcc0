using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>Opens sealed payloads. Nothing leaves that was not authenticated as this chunk of this payload.</summary>
public static class PayloadOpener
{
    /// <summary>
    /// The plaintext, as a read-only stream without seeking. The first bad, missing or surplus byte is a
    /// <see cref="SealBrokenException"/> from Read; the end of the stream is only reported behind an authentic final
    /// chunk.
    /// </summary>
    /// <param name="sealedPayload">The payload from its nonce on.</param>
    /// <param name="key">The file key; copied, so the caller may dispose it at once.</param>
    /// <param name="leaveOpen">Keeps <paramref name="sealedPayload"/> open when the plaintext stream is
    /// disposed.</param>
    /// <param name="objectName">Named by whatever is thrown.</param>
    public static Stream OpenStream(
        Stream sealedPayload, FileKey key, bool leaveOpen = false, string? objectName = null) =>
        new OpenedPayloadStream(sealedPayload, key, leaveOpen, objectName);

    /// <summary>
    /// Replays a torn staged payload: the plaintext of each whole, authentic chunk that is not the final one, in order.
    /// Ends without a complaint at the first chunk that is missing, torn, not authentic or final. Each memory is valid
    /// until the next one is asked for.
    /// </summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> OpenDurableChunksAsync(
        Stream sealedPayload, FileKey key, [EnumeratorCancellation] CancellationToken ct)
    {
        var nonce = new byte[PayloadSealer.NonceSize];
        if (await ReadFullyAsync(sealedPayload, nonce, ct) < nonce.Length)
            yield break;
        using var cipher = new PayloadCipher(key, nonce);
        var sealedChunk = new byte[PayloadSealer.SealedChunkSize];
        var plaintext = new byte[PayloadSealer.ChunkSize];
        try
        {
            while (await ReadFullyAsync(sealedPayload, sealedChunk, ct) == sealedChunk.Length
                && cipher.TryOpen(sealedChunk, final: false, plaintext))
                yield return plaintext;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    static ValueTask<int> ReadFullyAsync(Stream stream, Memory<byte> into, CancellationToken ct) =>
        stream.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, ct);
}
