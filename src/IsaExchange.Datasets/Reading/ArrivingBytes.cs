using System.Buffers;

namespace IsaExchange.Datasets.Reading;

/// <summary>
/// The bytes of a file on their way to the CSV reader. It looks at each block once, so that the records of a block
/// that holds only plain ASCII without quotes need no second look; and it ends the input when a record exceeds its
/// limit, so that the reader hands over what it has, with exact positions, instead of growing its buffer.
/// </summary>
sealed class ArrivingBytes(
    Stream arriving, int maxRecordBytes, long maxUnpackedBytes, CancellationToken cancellation) : ForwardStream
{
    // Room around a record of exactly the limit: two line ends, and blocks of 64 bytes, of which the library wants
    // whole ones before it says where a record ends.
    const int Slack = 256;

    // The reader of the library asks for more until it holds so much, whether or not records are among it (34.0.0).
    public const int ReadAhead = 64 * 1024;

    static readonly SearchValues<byte> s_suspect =
        SearchValues.Create([0, (byte)'"', .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    readonly long _cutAfter = Math.Max(maxRecordBytes, ReadAhead) + Slack;
    readonly byte[] _start = new byte[16];
    GzipContent? _unpacked;
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

    /// <summary>The packed file ended in this way, and not at its end; None otherwise.</summary>
    public CsvFault EndedBy { get; private set; }

    public bool SawCarriageReturn { get; private set; }

    public bool SawLineFeed { get; private set; }

    /// <summary>Reads the first bytes, unpacks a gzip file, takes a byte order mark off, and says what the file cannot
    /// be.</summary>
    public FileStart Open()
    {
        FillStart();
        if (GzipContent.Is(_start.AsSpan(0, _startLength)))
        {
            _unpacked = new GzipContent(new StartedStream(_start[.._startLength], arriving), maxUnpackedBytes);
            _startLength = 0;
            FillStart();
        }

        var bytes = _start.AsSpan(0, _startLength);
        var start = FileStarts.Recognise(bytes);
        if (start == FileStart.ByteOrderMark)
            _startTaken = 3;
        return start;
    }

    void FillStart()
    {
        int read;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            read = Arrive(_start.AsSpan(_startLength));
            _startLength += read;
        }
        while (read > 0 && _startLength < _start.Length);
    }

    int Arrive(Span<byte> buffer)
    {
        if (EndedBy != CsvFault.None)
            return 0;
        try
        {
            return _unpacked is null ? arriving.Read(buffer) : _unpacked.Read(buffer);
        }
        catch (PackedContentException ended)
        {
            EndedBy = ended.Fault;
            return 0;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Delivered - RecordEnd > _cutAfter)
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
            read = Arrive(buffer);
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What was read already, and then the rest.</summary>
    sealed class StartedStream(byte[] start, Stream rest) : ForwardStream
    {
        int _taken;

        public override int Read(Span<byte> buffer)
        {
            if (_taken == start.Length)
                return rest.Read(buffer);
            var count = Math.Min(buffer.Length, start.Length - _taken);
            start.AsSpan(_taken, count).CopyTo(buffer);
            _taken += count;
            return count;
        }
    }
}
