namespace IsaExchange.Tests.Datasets;

/// <summary>A head and then the same row so many times, without being in memory.</summary>
sealed class RepeatingStream(byte[] head, byte[] row, long rows) : Stream
{
    long _at;

    public override int Read(Span<byte> buffer)
    {
        var written = 0;
        var end = head.Length + (rows * row.Length);
        while (written < buffer.Length && _at < end)
        {
            var source = _at < head.Length
                ? head.AsSpan((int)_at)
                : row.AsSpan((int)((_at - head.Length) % row.Length));
            var count = Math.Min(source.Length, buffer.Length - written);
            source[..count].CopyTo(buffer[written..]);
            written += count;
            _at += count;
        }

        return written;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
