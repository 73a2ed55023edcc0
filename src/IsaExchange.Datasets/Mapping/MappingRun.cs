using System.Text;
using System.Text.Unicode;
using CsvHelper;
using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// Runs a mapping: source CSV in, the dataset's CSV out (RFC 4180, UTF-8, LF). One pass, memory independent of size.
/// Records are never dropped silently and never reordered; equal records are all kept.
/// </summary>
public sealed class MappingRun
{
    /// <summary>Longest record, in bytes. Beyond it an unclosed quote is likelier than a record.</summary>
    public const int MaxRecordBytes = 1 << 20;

    readonly ColumnMapping _mapping;
    readonly MappingFaults _faults;
    readonly CsvWriter _writer;
    readonly RecordMapping _record;
    readonly List<CountedInput> _inputs = [];

    SourceHeader? _header;
    string _input = "";
    long _records;
    long _read;
    long _emptyLines;
    bool _badHeader;

    MappingRun(ColumnMapping mapping, CsvWriter writer, MappingFaults faults, RecordMapping record)
    {
        _mapping = mapping;
        _writer = writer;
        _faults = faults;
        _record = record;
    }

    /// <summary>Joins the inputs in the order given, all of one header, and maps every record.</summary>
    /// <param name="inputs">CSV with a header, UTF-8; read once, forward, and left open.</param>
    /// <param name="inputNames">What the report calls each input.</param>
    /// <param name="output">Left open. With any fault its content is incomplete and the caller must discard it.</param>
    /// <param name="bytesRead">Told the bytes read of all inputs together, from time to time.</param>
    /// <param name="second">The second file, when the mapping has one; read once, first, and left open.</param>
    /// <param name="period">Null takes records of every day.</param>
    /// <exception cref="IOException">An input cannot be read or the output cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; discard the output.</exception>
    public static MappingReport Run(
        ColumnMapping mapping,
        IReadOnlyList<Stream> inputs,
        IReadOnlyList<string> inputNames,
        Stream output,
        CancellationToken ct,
        IProgress<long>? bytesRead = null,
        MappingSecond? second = null,
        MappingPeriod? period = null)
    {
        if (inputs.Count != inputNames.Count)
            throw new ArgumentException("Every input needs one name.", nameof(inputNames));
        var total = 0L;
        var options = new CsvWriterOptions { Separator = ',', NewLine = "\n", ValidateFieldCount = false };
        using var writer = CsvWriter.Create(output, options, leaveOpen: true);
        var faults = new MappingFaults();
        if ((second is null) != (mapping.Second is null))
            faults.AddForRecord(MappingFaultKind.SecondFile, second?.Name ?? "", 0, 0,
                second is null
                    ? $"the file of the {mapping.Second!.Title} is missing"
                    : "the mapping has no second file",
                second is null ? "Name it with --second." : "Leave --second out.");
        var counts = second is null || mapping.Second is null
            ? null
            : SecondFileCounts.Read(mapping, new MappingInput(second.Csv, Arrived, ct), second.Name, faults);
        var run = new MappingRun(
            mapping, writer, faults, new RecordMapping(mapping, writer, faults, counts, period));
        run.WriteHeader();
        for (var i = 0; i < inputs.Count; i++)
        {
            var source = new MappingInput(inputs[i], Arrived, ct);
            run.ReadInput(source, inputNames[i]);
        }

        if (inputs.Count == 0)
            run._faults.AddForRecord(MappingFaultKind.NoInput, "", 0, 0, "no input was named", "Name source files.");
        counts?.CheckAllSeen();
        writer.Flush();
        return run.Report();

        void Arrived(int bytes)
        {
            total += bytes;
            bytesRead?.Report(total);
        }
    }

    void WriteHeader()
    {
        foreach (var column in _mapping.Columns)
            _writer.WriteField(column.Name);
        if (_mapping.Columns.Count > 0)
            _writer.EndRecord();
    }

    void ReadInput(MappingInput source, string name)
    {
        _input = name;
        _records = -1;
        _badHeader = false;
        // The header is read as a record: the library's header handling would pass over a malformed one.
        var options = new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            SkipEmptyLines = false,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MaxRecordSize = MaxRecordBytes,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = OnMalformed,
        };
        using var reader = CsvReader.Create(source, options, leaveOpen: true);
        try
        {
            while (!_badHeader && reader.Read())
                ReadRecord(reader, source);
        }
        catch (PackedContentException packed)
        {
            _faults.Add(MappingFaults.Packed(_input, packed));
        }
        catch (CsvFormatException e)
        {
            _faults.AddForRecord(MappingFaultKind.TooLong, _input, e.LineNumber, Math.Max(0, _records + 1),
                "the record is longer than 1 MiB", "Look for a quote that is never closed.");
        }

        if (_records < 0 && !_badHeader)
            _faults.AddForHeader(MappingFaultKind.NoHeader, _input, null, 0, "the input is empty", "Export it again.");
        _inputs.Add(new CountedInput(name, Math.Max(0, _records)));
        _read += Math.Max(0, _records);
    }

    void ReadRecord(CsvReader reader, MappingInput source)
    {
        // A malformed header was passed over by the same call that found this record.
        if (_badHeader)
            return;
        _records++;
        if (source.IsOtherEncoding || !Utf8.IsValid(reader.RawRecord) || reader.RawRecord.Contains((byte)0))
        {
            _badHeader = _records == 0 || source.IsOtherEncoding;
            _faults.AddForRecord(MappingFaultKind.NotText, _input, reader.LineNumber, _records,
                "the bytes are not UTF-8 text", "Export the file as 'CSV UTF-8'.");
        }
        else if (_records == 0)
        {
            ReadHeader(reader);
        }
        else
        {
            _record.Map(reader, _input, _records);
        }
    }

    void ReadHeader(CsvReader reader)
    {
        var names = new string[reader.FieldCount];
        for (var field = 0; field < names.Length; field++)
            names[field] = Encoding.UTF8.GetString(reader.GetSpan(field));
        if (_header is null)
        {
            _header = SourceHeader.Read(_mapping, names, _input, _faults);
            _badHeader = _header is null;
            if (_header is not null)
                _record.Use(_header);
        }
        else if (!names.SequenceEqual(_header.Names, StringComparer.Ordinal))
        {
            _badHeader = true;
            _faults.AddForHeader(MappingFaultKind.OtherHeader, _input, null, 0,
                "the header differs from that of the first input", "Join only files of one layout.");
        }
    }

    void OnMalformed(CsvMalformedRecord malformed)
    {
        if (_badHeader)
            return;
        if (malformed.Reason == CsvMalformedReason.FieldCountMismatch && malformed.RawRecord.Length == 0)
        {
            _emptyLines++;
            return;
        }

        _records++;
        _badHeader = _records == 0;
        if (malformed.Reason == CsvMalformedReason.FieldCountMismatch)
            _faults.AddForRecord(MappingFaultKind.FieldCount, _input, malformed.LineNumber, _records,
                "the record has more or fewer fields than the header",
                "Quote fields that hold commas or line breaks.");
        else
            _faults.AddForRecord(MappingFaultKind.Quotes, _input, malformed.LineNumber, _records,
                malformed.Reason == CsvMalformedReason.UnterminatedQuote
                    ? "a quoted field is never closed"
                    : "a quote stands where RFC 4180 does not allow one",
                "Double every quote inside a quoted field, and quote fields that hold quotes.");
    }

    MappingReport Report() => _record.Report(_read) with { Inputs = _inputs, EmptyLines = _emptyLines };
}

/// <summary>The second file of a run.</summary>
/// <param name="Csv">CSV with a header, UTF-8.</param>
/// <param name="Name">What the report calls it.</param>
public sealed record MappingSecond(Stream Csv, string Name);
