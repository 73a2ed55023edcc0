using System.Buffers;
using System.Security.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// Seals a payload while it arrives. Output: a 16-byte nonce, then chunks of 64 KiB plaintext and 16 bytes tag, the
/// last one shorter or equal. A chunk leaves only when it is known not to be the last, so at least the last byte
/// written is always pending. For one thread.
/// </summary>
public sealed class PayloadSealer : IDisposable
{
    /// <summary>Plaintext bytes in every chunk but the last.</summary>
    public const int ChunkSize = 65536;

    /// <summary>Sealed bytes of a whole chunk.</summary>
    public const int SealedChunkSize = ChunkSize + PayloadCipher.TagSize;

    /// <summary>Bytes of the payload nonce, the first output.</summary>
    public const int NonceSize = 16;

    readonly byte[] nonce = RandomNumberGenerator.GetBytes(NonceSize);
    readonly byte[] pending = new byte[ChunkSize];
    readonly PayloadCipher cipher;
    int pendingLength;
    bool nonceWritten;
    bool finished;

    /// <summary>The key is used here and not kept. One payload per key, for ever.</summary>
    public PayloadSealer(FileKey key) => cipher = new PayloadCipher(key, nonce);

    /// <summary>Plaintext bytes in the chunks that left; a multiple of <see cref="ChunkSize"/> before
    /// <see cref="Finish"/>.</summary>
    public long PlaintextSealed { get; private set; }

    /// <summary>Plaintext not yet sealed.</summary>
    public ReadOnlySpan<byte> Pending => pending.AsSpan(0, pendingLength);

    /// <summary>Takes plaintext; puts out the nonce (first call) and every chunk that is now known not to be the
    /// last.</summary>
    public void Write(ReadOnlySpan<byte> plaintext, IBufferWriter<byte> sealedOutput)
    {
        Begin(sealedOutput);
        while (!plaintext.IsEmpty)
        {
            if (pendingLength == ChunkSize)
                SealPending(final: false, sealedOutput);
            if (pendingLength == 0 && plaintext.Length > ChunkSize)
            {
                Seal(plaintext[..ChunkSize], final: false, sealedOutput);
                plaintext = plaintext[ChunkSize..];
                continue;
            }

            var taken = Math.Min(plaintext.Length, ChunkSize - pendingLength);
            plaintext[..taken].CopyTo(pending.AsSpan(pendingLength));
            pendingLength += taken;
            plaintext = plaintext[taken..];
        }
    }

    /// <summary>Puts out the final chunk, which is empty only when the payload is. Nothing can be written after
    /// it.</summary>
    public void Finish(IBufferWriter<byte> sealedOutput)
    {
        Begin(sealedOutput);
        SealPending(final: true, sealedOutput);
        finished = true;
    }

    public void Dispose()
    {
        finished = true;
        cipher.Dispose();
        CryptographicOperations.ZeroMemory(pending);
        pendingLength = 0;
    }

    void Begin(IBufferWriter<byte> sealedOutput)
    {
        if (finished)
            throw new InvalidOperationException("The payload is finished: its final chunk is sealed.");
        if (nonceWritten)
            return;
        sealedOutput.Write(nonce);
        nonceWritten = true;
    }

    void SealPending(bool final, IBufferWriter<byte> sealedOutput)
    {
        Seal(Pending, final, sealedOutput);
        pendingLength = 0;
    }

    void Seal(ReadOnlySpan<byte> plaintext, bool final, IBufferWriter<byte> sealedOutput)
    {
        var size = plaintext.Length + PayloadCipher.TagSize;
        cipher.Seal(plaintext, final, sealedOutput.GetSpan(size)[..size]);
        sealedOutput.Advance(size);
        PlaintextSealed += plaintext.Length;
    }
}
