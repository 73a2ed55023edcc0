using System.Security.Cryptography;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// The verifying stream of <see cref="PayloadOpener.OpenStream"/>. Holds one chunk. After a refusal every further read
/// repeats it: a caller that swallows the first exception never sees a clean end.
/// </summary>
sealed class OpenedPayloadStream : Stream
{
    readonly Stream source;
    readonly bool leaveOpen;
    readonly string? objectName;
    readonly FileKey key;
    readonly byte[] sealedChunk = new byte[PayloadSealer.SealedChunkSize];
    readonly byte[] plaintext = new byte[PayloadSealer.ChunkSize];
    PayloadCipher? cipher;
    SealBrokenException? broken;
    int start;
    int end;
    bool final;
    bool ended;
    bool disposed;

    internal OpenedPayloadStream(Stream source, FileKey key, bool leaveOpen, string? objectName)
    {
        this.source = source;
        this.objectName = objectName;
        this.key = FileKey.Copy(key.Bytes);
        this.leaveOpen = leaveOpen;
    }

    public override bool CanRead => !disposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (!HasPlaintext())
        {
            var wanted = Wanted();
            Take(source.ReadAtLeast(wanted.Span, wanted.Length, throwOnEndOfStream: false));
        }

        return Hand(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (!HasPlaintext())
        {
            var wanted = Wanted();
            Take(await source.ReadAtLeastAsync(wanted, wanted.Length, throwOnEndOfStream: false, cancellationToken));
        }

        return Hand(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            key.Dispose();
            cipher?.Dispose();
            CryptographicOperations.ZeroMemory(plaintext);
            if (!leaveOpen)
                source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>True when a read can be answered: plaintext is there, or the verified end.</summary>
    bool HasPlaintext()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (broken is not null)
            throw broken;
        return start < end || ended;
    }

    int Hand(Span<byte> buffer)
    {
        var handed = Math.Min(buffer.Length, end - start);
        plaintext.AsSpan(start, handed).CopyTo(buffer);
        start += handed;
        return handed;
    }

    /// <summary>What is needed next: the nonce, a chunk, or proof that nothing follows the final chunk.</summary>
    Memory<byte> Wanted()
    {
        if (cipher is null)
            return sealedChunk.AsMemory(0, PayloadSealer.NonceSize);
        return final ? sealedChunk.AsMemory(0, 1) : sealedChunk;
    }

    void Take(int length)
    {
        try
        {
            if (cipher is null)
                TakeNonce(length);
            else if (final)
                TakeEnd(length);
            else
                TakeChunk(cipher, sealedChunk.AsSpan(0, length));
        }
        catch (SealBrokenException refusal)
        {
            refusal.ObjectName = objectName;
            broken = refusal;
            throw;
        }
    }

    void TakeNonce(int length)
    {
        if (length < PayloadSealer.NonceSize)
            throw new SealBrokenException(SealBreak.PayloadTruncated, "The payload ends within its nonce.");
        cipher = new PayloadCipher(key, sealedChunk.AsSpan(0, PayloadSealer.NonceSize));
        key.Dispose();
    }

    void TakeEnd(int length)
    {
        if (length > 0)
            throw new SealBrokenException(SealBreak.TrailingBytes, "There are bytes after the final chunk.");
        ended = true;
    }

    void TakeChunk(PayloadCipher opening, ReadOnlySpan<byte> chunk)
    {
        var index = opening.Index;
        if (chunk.Length < PayloadCipher.TagSize)
            throw new SealBrokenException(
                SealBreak.PayloadTruncated, $"The payload ends in chunk {index}, before the final one.");
        if (chunk.Length == PayloadCipher.TagSize && index > 0)
            throw new SealBrokenException(
                SealBreak.EmptyLastChunk, $"Chunk {index} is empty: only that of an empty payload is.");
        var length = chunk.Length - PayloadCipher.TagSize;
        // A whole chunk may be the final one; a shorter one can be nothing else.
        if (length == PayloadSealer.ChunkSize && opening.TryOpen(chunk, final: false, plaintext))
            (start, end) = (0, length);
        else if (opening.TryOpen(chunk, final: true, plaintext.AsSpan(0, length)))
            (start, end, final) = (0, length, true);
        else
            throw new SealBrokenException(
                SealBreak.ChunkAltered, $"Chunk {index} is not the one that was sealed here.");
    }
}
