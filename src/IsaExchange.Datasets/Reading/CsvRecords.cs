using System.Text.Unicode;
using CsvHelper;

namespace IsaExchange.Datasets.Reading;

/// <summary>
/// The records of a CSV file (RFC 4180, comma, UTF-8) in one pass over a stream, strictly and without allocation.
/// The header is an ordinary record, number 0. A fault is reported once per record, with its place and never its
/// content. After a fault that leaves no way to go on, <see cref="Stopped"/> is set and reading ends.
/// The stream stays open.
/// </summary>
public sealed class CsvRecords : IDisposable
{
    readonly ArrivingBytes _bytes;
    readonly CsvReader _reader;
    readonly int _maxRecordBytes;
    readonly int _maxColumns;
    bool _opened;
    long _nextLine = 1;
    long _end;
    long _lineEnd;
    bool _carriageReturnInside;

    /// <param name="utf8">Read forward only, once; reads may be short and may block.</param>
    /// <param name="maxRecordBytes">A longer record ends the reading.</param>
    /// <param name="maxColumns">In a record of more fields the quotes are not looked at one by one.</param>
    /// <param name="maxUnpackedBytes">A packed file with more in it is given up.</param>
    /// <param name="cancellation">Asked before each read of the stream.</param>
    public CsvRecords(Stream utf8, int maxRecordBytes = 64 * 1024, int maxColumns = 200,
        long maxUnpackedBytes = PackedLimits.ContentBytesMax, CancellationToken cancellation = default)
    {
        _bytes = new ArrivingBytes(utf8, maxRecordBytes, maxUnpackedBytes, cancellation);
        _maxRecordBytes = maxRecordBytes;
        _maxColumns = maxColumns;
        _reader = CsvReader.Create(_bytes, new CsvReaderOptions
        {
            Separator = ',',
            // With it on, Excel's sep= line is taken away silently although the separator is set (34.0.0).
            DetectSeparatorHint = false,
            HasHeader = false,
            SkipEmptyLines = false,
            // Faults are found here, with the column and without the record's text, which the library's callback holds.
            MalformedData = CsvMalformedDataHandling.Recover,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            IncludeValuesInExceptions = false,
            // A backstop: ArrivingBytes ends the input long before.
            MaxRecordSize = 4 * Math.Max(maxRecordBytes, ArrivingBytes.ReadAhead),
        });
    }

    /// <summary>Number of the current record: the header is 0; -1 before it. Blank lines are not counted.</summary>
    public long Number { get; private set; } = -1;

    /// <summary>Physical line (1-based) on which the current record begins.</summary>
    public long Line { get; private set; }

    /// <summary>
    /// What is wrong with the current record, at <see cref="FaultLine"/> and <see cref="FaultField"/>.
    /// </summary>
    public CsvFault Fault { get; private set; }

    /// <summary>Physical line of the fault; 0 when it is the file as a whole.</summary>
    public long FaultLine { get; private set; }

    /// <summary>Field of the fault, -1 when it is the whole record.</summary>
    public int FaultField { get; private set; }

    /// <summary>Reading ended before the end of the file, because of <see cref="Fault"/>.</summary>
    public bool Stopped { get; private set; }

    public bool ByteOrderMarkRemoved { get; private set; }

    /// <summary>
    /// First line that ends otherwise than the line before; 0 when there is none, or its place is unknown.
    /// </summary>
    public long MixedLine { get; private set; }

    /// <summary>Complete only when the file has been read to its end.</summary>
    public CsvLineEnds LineEnds
    {
        get
        {
            if (MixedLine > 0)
                return CsvLineEnds.Mixed;
            if (_lineEnd != 1)
                return _lineEnd == 2 ? CsvLineEnds.CarriageReturnLineFeed : CsvLineEnds.None;
            if (!_bytes.SawLineFeed)
                return CsvLineEnds.CarriageReturn;
            // A carriage return that lies in no record ends a line.
            return _bytes.SawCarriageReturn && !_carriageReturnInside ? CsvLineEnds.Mixed : CsvLineEnds.LineFeed;
        }
    }

    /// <summary>The current record as it came, without its line end; valid until the next read.</summary>
    internal ReadOnlySpan<byte> Raw => _reader.RawRecord;

    public int FieldCount => _reader.FieldCount;

    /// <summary>The value of a field without its quotes; valid until the next read.</summary>
    public ReadOnlySpan<byte> Field(int index) => _reader.GetSpan(index);

    /// <summary>Moves to the next record, or to a fault that stands in its place.</summary>
    /// <returns>False at the end of the file, and after <see cref="Stopped"/>.</returns>
    public bool Read()
    {
        if (Stopped)
            return false;
        Fault = CsvFault.None;
        if (!_opened && !Open())
            return true;
        var isRecord = _reader.Read();
        if (_bytes.EndedBy != CsvFault.None)
        {
            // The record before it may be half of one.
            Stop(_bytes.EndedBy, 0, -1);
            return true;
        }

        if (!isRecord)
        {
            if (_bytes.Cut)
                throw new InvalidOperationException("The input was cut, but no record exceeded its limit.");
            LineEnd(_bytes.Delivered - _end, Line);
            return false;
        }

        var start = _reader.ByteOffset;
        var raw = _reader.RawRecord;
        Line = _nextLine++;
        if (start > 0)
            LineEnd(start - _end, Line - 1);
        _end = start + raw.Length;
        _bytes.RecordEnd = _end;
        if (raw.Length == 0)
        {
            Report(CsvFault.BlankLine, Line, -1);
            return true;
        }

        Number++;
        if (start < _bytes.SuspectUntil || raw.Length > _maxRecordBytes)
            Look(raw);
        return true;
    }

    /// <summary>Physical line on which a field of the current record begins.</summary>
    public long LineOf(int field) => Line + LineBreaks(_reader.RawRecord[..OffsetOf(field)]);

    public void Dispose()
    {
        _reader.Dispose();
        _bytes.Dispose();
    }

    bool Open()
    {
        _opened = true;
        var fault = CsvFault.None;
        switch (_bytes.Open())
        {
            case FileStart.ByteOrderMark:
                ByteOrderMarkRemoved = true;
                break;
            case FileStart.SecondByteOrderMark:
                fault = CsvFault.SecondByteOrderMark;
                break;
            case FileStart.WideEncoding:
                fault = CsvFault.WideEncoding;
                break;
            case FileStart.NotText:
                fault = CsvFault.NotText;
                break;
        }

        if (fault != CsvFault.None)
            Stop(fault, 0, -1);
        return fault == CsvFault.None;
    }

    /// <summary>The bytes between two records, or after the last, are the end of a line.</summary>
    void LineEnd(long length, long line)
    {
        if (_lineEnd == 0)
            _lineEnd = length;
        else if (length != 0 && length != _lineEnd && MixedLine == 0)
            MixedLine = line;
    }

    /// <summary>The slow path: the block of this record holds a quote, a NUL or something that is not ASCII.</summary>
    void Look(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > _maxRecordBytes)
        {
            // Only the part that is there however the bytes arrived, so that the report is always the same.
            TooLong(raw[.._maxRecordBytes]);
            return;
        }

        if (!raw.ContainsAny(ArrivingBytes.Suspect))
            return;
        if (raw.IndexOf((byte)0) is var nul and >= 0)
            Stop(CsvFault.Nul, nul, raw);
        else if (!Utf8.IsValid(raw))
            Stop(Utf8Fault.IsLikelyWindows1252(raw, out var at) ? CsvFault.Windows1252 : CsvFault.NotUtf8, at, raw);
        else if (raw.Contains((byte)'"'))
            Quotes(raw);
    }

    void Quotes(ReadOnlySpan<byte> raw)
    {
        _carriageReturnInside |= raw.Contains((byte)'\r');
        _nextLine += LineBreaks(raw);
        if (FieldCount > _maxColumns)
            return;
        for (var field = 0; field < FieldCount; field++)
        {
            var fault = QuotedField.Check(_reader.GetRawSpan(field));
            if (fault == CsvFault.QuoteNeverClosed)
                Stop(fault, LineOf(field), field);
            else if (fault != CsvFault.None)
                Report(fault, LineOf(field), field);
            if (fault != CsvFault.None)
                return;
        }
    }

    void TooLong(ReadOnlySpan<byte> head)
    {
        var opened = QuotedField.OpenAt(head, out var field);
        if (opened >= 0)
            Stop(CsvFault.QuoteNeverClosed, Line + LineBreaks(head[..opened]), field);
        else
            Stop(CsvFault.RecordTooLong, Line, -1);
    }

    void Stop(CsvFault fault, int at, ReadOnlySpan<byte> raw)
    {
        var field = 0;
        for (var end = 0; field < FieldCount - 1; field++)
        {
            end += _reader.GetRawSpan(field).Length + 1;
            if (end > at)
                break;
        }

        Stop(fault, Line + LineBreaks(raw[..at]), field);
    }

    void Stop(CsvFault fault, long line, int field)
    {
        Report(fault, line, field);
        Stopped = true;
    }

    void Report(CsvFault fault, long line, int field)
    {
        Fault = fault;
        FaultLine = line;
        FaultField = field;
    }

    /// <summary>Bytes of <see cref="Raw"/> in front of a field.</summary>
    internal int OffsetOf(int field)
    {
        var offset = 0;
        for (var i = 0; i < field; i++)
            offset += _reader.GetRawSpan(i).Length + 1;
        return offset;
    }

    /// <summary>CR, LF and CR LF each end one line.</summary>
    static int LineBreaks(ReadOnlySpan<byte> text)
    {
        var breaks = 0;
        for (var at = text.IndexOfAny((byte)'\r', (byte)'\n'); at >= 0;)
        {
            breaks++;
            var pair = text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
            text = text[(at + (pair ? 2 : 1))..];
            at = text.IndexOfAny((byte)'\r', (byte)'\n');
        }

        return breaks;
    }
}
