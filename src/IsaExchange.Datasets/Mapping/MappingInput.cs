using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// The bytes of one input on their way to the reader: counts them, stops when the caller cancels, and notices UTF-16
/// and UTF-32, which the reader would otherwise transcode and so hide what is not text. The source stays open.
/// </summary>
sealed class MappingInput(Stream source, Action<int> arrived, CancellationToken ct) : ForwardStream
{
    readonly byte[] _first = new byte[2];
    int _firstLength;

    public bool IsOtherEncoding => _firstLength == 2 && (_first is [0xFF, 0xFE] or [0xFE, 0xFF] or [0, 0]);

    public override int Read(Span<byte> buffer)
    {
        ct.ThrowIfCancellationRequested();
        var length = source.Read(buffer);
        for (var i = 0; i < length && _firstLength < 2; i++)
            _first[_firstLength++] = buffer[i];
        arrived(length);
        return length;
    }
}
