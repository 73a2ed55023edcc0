using System.Text;

namespace IsaExchange.Tests.Datasets.Mapping;

/// <summary>A header and then one record again and again, made while it is read.</summary>
sealed class RepeatedRecords(string record, string header, long length) : Stream
{
    readonly byte[] _record = Encoding.UTF8.GetBytes(record);
    byte[] _now = Encoding.UTF8.GetBytes(header);
    int _at;
    long _given;

    public override int Read(Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            if (_at == _now.Length)
            {
                if (_given >= length)
                    break;
                _now = _record;
                _at = 0;
            }

            var part = Math.Min(buffer.Length - filled, _now.Length - _at);
            _now.AsSpan(_at, part).CopyTo(buffer[filled..]);
            _at += part;
            filled += part;
            _given += part;
        }

        return filled;
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
        // Read only.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
