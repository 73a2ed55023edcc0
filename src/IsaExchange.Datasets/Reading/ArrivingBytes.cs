using System.Buffers;

namespace IsaExchange.Datasets.Reading;

/// <summary>
/// The bytes of a file on their way to the CSV reader. It looks at each block once, so that the records of a block
/// that holds only plain ASCII without quotes need no second look; and it ends the input when a record exceeds its
/// limit, so that the reader hands over what it has, with exact positions, instead of growing its buffer.
/// </summary>
sealed class ArrivingBytes(Stream inner, int maxRecordBytes, CancellationToken cancellation) : ForwardStream
{
    // Room for two line ends and a byte of look-ahead around a record of exactly the limit.
    const int Slack = 8;

    static readonly SearchValues<byte> s_suspect =
        SearchValues.Create([0, (byte)'"', .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    readonly byte[] _start = new byte[16];
    int _startLength;
    int _startTaken;

    /// <summary>Bytes that ask for a closer look: NUL, a quote, anything that is not ASCII.</summary>
    public static SearchValues<byte> Suspect => s_suspect;

    /// <summary>A record that begins before this offset may hold a suspect byte; none after it does.</summary>
    public long SuspectUntil { get; private set; }

    /// <summary>Bytes handed to the reader, the byte order mark not counted.</summary>
    public long Delivered { get; private set; }

    /// <summary>Where the last record handed out ended; set by the reader of the records.</summary>
    public long RecordEnd { get; set; }

    /// <summary>The input was ended inside a record that exceeds its limit.</summary>
    public bool Cut { get; private set; }

    public bool SawCarriageReturn { get; private set; }

    public bool SawLineFeed { get; private set; }

    /// <summary>Reads the first bytes, takes a byte order mark off, and says what the file cannot be.</summary>
    public FileStart Open()
    {
        var start = FileStart.Text;
        while (_startLength < _start.Length && Fill() > 0)
        {
        }

        var bytes = _start.AsSpan(0, _startLength);
        start = FileStarts.Recognise(bytes);
        if (start == FileStart.ByteOrderMark)
            _startTaken = 3;
        return start;
    }

    int Fill()
    {
        cancellation.ThrowIfCancellationRequested();
        var read = inner.Read(_start, _startLength, _start.Length - _startLength);
        _startLength += read;
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Delivered - RecordEnd > maxRecordBytes + Slack)
        {
            Cut = true;
            return 0;
        }

        int read;
        if (_startTaken < _startLength)
        {
            var rest = _start.AsSpan(_startTaken, _startLength - _startTaken);
            read = Math.Min(rest.Length, buffer.Length);
            rest[..read].CopyTo(buffer);
            _startTaken += read;
        }
        else
            read = inner.Read(buffer);
        Look(buffer[..read]);
        return read;
    }

    void Look(ReadOnlySpan<byte> block)
    {
        Delivered += block.Length;
        if (block.ContainsAny(s_suspect))
            SuspectUntil = Delivered;
        SawLineFeed = SawLineFeed || block.Contains((byte)'\n');
        SawCarriageReturn = SawCarriageReturn || block.Contains((byte)'\r');
    }
}
