using System.Buffers;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>
/// The sealed payload of a blob, read in ranges of one state of it. When the state is gone the object is looked at
/// again: a header that was exchanged moves the payload, and reading goes on; another object is a fault.
/// </summary>
sealed class BlobPayloadStream : Stream
{
    /// <summary>Bytes asked for at once.</summary>
    public const int RangeLength = 4 << 20;

    const int LooksMax = 20;

    readonly BlobCalls _calls;
    readonly ObjectName _name;
    readonly long _length;
    BlobSeen _seen;
    byte[] _window;
    int _windowStart;
    int _windowLength;
    long _windowAt;
    bool _isRented;
    bool _disposed;

    /// <param name="calls">The way to the blob.</param>
    /// <param name="name">The object.</param>
    /// <param name="seen">The state to read.</param>
    /// <param name="first">The first bytes of the blob, header and beginning of the payload.</param>
    public BlobPayloadStream(BlobCalls calls, ObjectName name, BlobSeen seen, ReadOnlyMemory<byte> first)
    {
        (_calls, _name, _seen) = (calls, name, seen);
        _length = seen.Length - HeaderLength;
        _window = first[HeaderLength..].ToArray();
        _windowLength = _window.Length;
    }

    public override bool CanRead => !_disposed;

    public override bool CanSeek => !_disposed;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get; set; }

    int HeaderLength => _seen.Mark?.HeaderLength ?? 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (buffer.IsEmpty || Position >= _length)
            return 0;
        if (Position < _windowAt || Position >= _windowAt + _windowLength)
            await FetchAsync(cancellationToken);
        var at = (int)(Position - _windowAt);
        var handed = Math.Min(buffer.Length, _windowLength - at);
        _window.AsSpan(_windowStart + at, handed).CopyTo(buffer.Span);
        Position += handed;
        return handed;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Waits: readers that parse are synchronous, and have a thread for it.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        Task.Run(() => ReadAsync(buffer.AsMemory(offset, count)).AsTask()).GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            GiveBack();
        }

        base.Dispose(disposing);
    }

    async Task FetchAsync(CancellationToken ct)
    {
        if (!_isRented)
            (_window, _isRented) = (ArrayPool<byte>.Shared.Rent(RangeLength), true);
        _windowLength = 0;
        var wanted = (int)Math.Min(RangeLength, _length - Position);
        for (var look = 0; look < LooksMax; look++)
        {
            var part = await _calls.ReadAsync(
                _name, _seen.ETag, HeaderLength + Position, _window.AsMemory(0, wanted), ct);
            if (part is not null && part.Length < wanted)
                throw StorageFaultException.Because($"{_name} is shorter than it was when it was opened.", "SHORT");
            if (part is not null)
            {
                (_windowAt, _windowStart, _windowLength) = (Position, 0, part.Length);
                return;
            }

            await LookAgainAsync(ct);
        }

        throw StorageFaultException.Because($"{_name} changed as often as it was read.", "CONTENDED");
    }

    async Task LookAgainAsync(CancellationToken ct)
    {
        var now = await _calls.LookAsync(_name, ct)
            ?? throw StorageFaultException.Because($"{_name} was deleted while it was read.", "BlobNotFound");
        var isSame = _seen.Mark is { } was && now.Mark is { } mark && mark.Object == was.Object
            && now.Length - mark.HeaderLength >= _length;
        if (!isSame)
            throw StorageFaultException.Because($"{_name} became another object while it was read.", "REPLACED");
        _seen = now;
    }

    void GiveBack()
    {
        if (_isRented)
            ArrayPool<byte>.Shared.Return(_window);
        (_window, _isRented, _windowLength) = ([], false, 0);
    }
}
