using System.Globalization;
using System.Text;
using CsvHelper;

namespace IsaExchange.Datasets.Mapping;

/// <summary>What becomes of one record of the source; its buffers are made once and used for every record.</summary>
sealed class RecordMapping
{
    readonly ColumnMapping _mapping;
    readonly CsvWriter _writer;
    readonly MappingFaults _faults;
    readonly SecondFileCounts? _second;
    readonly byte[][][] _skipValues;
    readonly byte[][] _nullValues;
    readonly byte[][] _suppressedValues;
    readonly long[] _skipped;
    readonly long[] _replaced;
    readonly long[] _filled;
    readonly int[] _tallyOf;
    readonly byte[] _room = new byte[FieldConversion.Room];
    readonly byte[] _category = new byte[3];
    readonly byte[] _blockCodes;
    readonly int _periodColumn = -1;
    readonly byte[] _first = [];
    readonly byte[] _last = [];
    byte[] _joined = new byte[256];
    long[] _nulls = [];
    long[] _suppressed = [];
    bool[] _isMapped = [];
    SourceHeader? _header;
    string _input = "";
    long _record;
    long _line;
    long _outsideBlocks;
    long _outsidePeriod;

    public RecordMapping(
        ColumnMapping mapping, CsvWriter writer, MappingFaults faults, SecondFileCounts? second, MappingPeriod? period)
    {
        (_mapping, _writer, _faults, _second) = (mapping, writer, faults, second);
        _skipValues = [.. mapping.SkipWhen.Select(rule => Bytes(rule.Values))];
        _nullValues = Bytes(mapping.NullValues);
        _suppressedValues = Bytes(mapping.Suppressed);
        _skipped = new long[mapping.SkipWhen.Count];
        _replaced = new long[mapping.Columns.Count];
        _filled = new long[mapping.Columns.Count];
        _blockCodes = new byte[3 * (mapping.Blocks?.Count ?? 0)];
        if (period is { } days && mapping.PeriodColumn is { } decides)
        {
            _periodColumn = mapping.Columns.ToList().FindIndex(c => c.Name == decides);
            (_first, _last) = (Iso(days.First), Iso(days.Last));
        }

        var tallies = 0;
        _tallyOf = [.. mapping.Columns.Select(c => c.Origin == ColumnOrigin.Tally ? tallies++ : -1)];
    }

    public long Written { get; private set; }

    public void Use(SourceHeader header)
    {
        _header = header;
        _nulls = new long[header.Names.Length];
        _suppressed = new long[header.Names.Length];
        _isMapped = [.. header.Names.Select((_, field) => header.IsMapped(field))];
    }

    public void Map(CsvReader reader, string input, long record)
    {
        (_input, _record, _line) = (input, record, reader.LineNumber);
        _second?.See(reader.GetSpan(_header!.Key));
        if (IsSkipped(reader))
            return;
        if (_periodColumn >= 0 && IsOutsidePeriod(reader))
        {
            _outsidePeriod++;
            return;
        }

        if (_suppressedValues.Length > 0 && HoldsSuppressed(reader))
            return;
        CountNulls(reader);
        ReadOnlySpan<int> counts = default;
        if (_second is not null && !_second.TryTake(reader.GetSpan(_header!.Key), out counts))
        {
            _faults.AddForRecord(MappingFaultKind.RepeatedKey, _input, _line, _record,
                $"a record above has the same key, and the {_mapping.Second!.Title} were counted for it",
                "Remove the repeated record, or the input that was named twice.");
            return;
        }

        if (_mapping.Blocks is null)
            Write(reader, counts, default);
        else
            WriteBlocks(reader, counts, _mapping.Blocks);
    }

    /// <summary>One record for each block that a code lies in, in the order of the blocks in the mapping.</summary>
    void WriteBlocks(CsvReader reader, ReadOnlySpan<int> counts, RecordBlocks blocks)
    {
        var codes = _blockCodes.AsSpan();
        codes.Clear();
        var any = false;
        foreach (var field in _header!.Codes)
        {
            var code = reader.GetSpan(field);
            if (IsOneOf(code, _nullValues))
                continue;
            if (!blocks.TryFind(code, _category, out var block))
            {
                NotConverted(field, "a code of ICD-10", "Correct it in the source.");
                return;
            }

            if (block < 0 || codes[block * 3] != 0)
                continue;
            _category.CopyTo(codes[(block * 3)..]);
            any = true;
        }

        if (!any)
            _outsideBlocks++;
        for (var block = 0; block < blocks.Count; block++)
        {
            if (codes[block * 3] != 0)
                Write(reader, counts, codes.Slice(block * 3, 3));
        }
    }

    bool IsSkipped(CsvReader reader)
    {
        for (var rule = 0; rule < _skipValues.Length; rule++)
        {
            if (!IsOneOf(reader.GetSpan(_header!.Skips[rule]), _skipValues[rule]))
                continue;
            _skipped[rule]++;
            return true;
        }

        return false;
    }

    /// <summary>A day or month as it would be written; one that cannot be is a fault of its own later.</summary>
    bool IsOutsidePeriod(CsvReader reader)
    {
        if (!TryConvert(reader, _periodColumn, out var day, out _) || day.IsEmpty)
            return false;
        return day.SequenceCompareTo(_first.AsSpan(0, Math.Min(day.Length, _first.Length))) < 0
            || day.SequenceCompareTo(_last.AsSpan(0, Math.Min(day.Length, _last.Length))) > 0;
    }

    /// <summary>A number that is kept back is counted wherever it stands, and a fault where one is needed.</summary>
    bool HoldsSuppressed(CsvReader reader)
    {
        var needed = false;
        for (var field = 0; field < _suppressed.Length; field++)
        {
            if (!IsOneOf(reader.GetSpan(field), _suppressedValues))
                continue;
            _suppressed[field]++;
            if (!_isMapped[field])
                continue;
            needed = true;
            _faults.Add(new MappingFault(MappingFaultKind.Suppressed, _input, _line, _record,
                _header!.Titles[field], field + 1, "the source keeps this number back",
                "It is neither 0 nor empty: ask whoever published it, or leave the column out."));
        }

        return needed;
    }

    /// <summary>Once a record: several columns, or several records, may be written from one field.</summary>
    void CountNulls(CsvReader reader)
    {
        if (_nullValues.Length == 0)
            return;
        for (var field = 0; field < _nulls.Length; field++)
        {
            if (_isMapped[field] && IsOneOf(reader.GetSpan(field), _nullValues))
                _nulls[field]++;
        }
    }

    void Write(CsvReader reader, ReadOnlySpan<int> counts, ReadOnlySpan<byte> blockCode)
    {
        for (var i = 0; i < _mapping.Columns.Count; i++)
        {
            var column = _mapping.Columns[i];
            if (column.Origin == ColumnOrigin.Source)
                WriteField(reader, i, column);
            else if (_faults.Count > 0)
                continue;
            else if (column.Origin == ColumnOrigin.Sequence)
                WriteNumber(Written + 1);
            else if (column.Origin == ColumnOrigin.Tally)
                WriteNumber(counts.IsEmpty ? 0 : counts[_tallyOf[i]]);
            else
                _writer.WriteField(column.Origin == ColumnOrigin.BlockCode ? blockCode : column.Constant);
        }

        // After the first fault the output is lost, so nothing more is written; reading goes on to find every fault.
        if (_faults.Count > 0 || _mapping.Columns.Count == 0)
            return;
        _writer.EndRecord();
        Written++;
    }

    void WriteNumber(long number) => _writer.WriteField(number, default, CultureInfo.InvariantCulture);

    void WriteField(CsvReader reader, int i, MappedColumn column)
    {
        if (!TryConvert(reader, i, out var converted, out var filled))
        {
            if (column.Otherwise is null)
            {
                NotConverted(_header!.Columns[i][0], column.Conversion.Expected,
                    $"Correct it in the source, or the mapping of '{column.Name}'.");
                return;
            }

            _replaced[i]++;
            converted = column.Otherwise;
        }
        else if (filled)
            _filled[i]++;

        if (_faults.Count == 0)
            _writer.WriteField(converted);
    }

    bool TryConvert(CsvReader reader, int i, out ReadOnlySpan<byte> converted, out bool filled)
    {
        var (column, fields) = (_mapping.Columns[i], _header!.Columns[i]);
        var value = fields.Length == 1 ? Value(reader, fields[0]) : Joined(reader, fields, column.Joint);
        filled = false;
        converted = default;
        if (column.Part is { } part && !value.IsEmpty && !part.TryTake(value, out value))
            return false;
        filled = value.IsEmpty && column.Empty is not null;
        converted = column.Empty;
        return filled || column.Conversion.TryConvert(value, _room, out converted);
    }

    ReadOnlySpan<byte> Value(CsvReader reader, int field)
    {
        var value = reader.GetSpan(field);
        return _nullValues.Length == 0 || !IsOneOf(value, _nullValues) ? value : default;
    }

    /// <summary>The values that are not empty, with the joint between them.</summary>
    ReadOnlySpan<byte> Joined(CsvReader reader, int[] fields, byte[] joint)
    {
        var length = 0;
        foreach (var field in fields)
        {
            var value = Value(reader, field);
            if (value.IsEmpty)
                continue;
            var before = length == 0 ? [] : joint;
            while (_joined.Length < length + before.Length + value.Length)
                Array.Resize(ref _joined, _joined.Length * 2);
            before.CopyTo(_joined, length);
            value.CopyTo(_joined.AsSpan(length + before.Length));
            length += before.Length + value.Length;
        }

        return _joined.AsSpan(0, length);
    }

    void NotConverted(int field, string expected, string remedy) =>
        _faults.Add(new MappingFault(MappingFaultKind.NotConverted, _input, _line, _record,
            _header!.Titles[field], field + 1, $"the value is not {expected}", remedy));

    public MappingReport Report(long read) =>
        new(read, Written, _faults.Listed, _header?.Dropped ?? [])
        {
            FaultCount = _faults.Count,
            Skipped = [.. _mapping.SkipWhen.Select((r, i) => new CountedSkip(r.Column, r.Reason, _skipped[i]))],
            Replaced = Counted(_mapping.Columns.Select(c => c.Name), _replaced),
            Filled = Counted(_mapping.Columns.Select(c => c.Name), _filled),
            Nulls = Counted(_header?.Titles ?? [], _nulls),
            Suppressed = Counted(_header?.Titles ?? [], _suppressed),
            Lacking = _mapping.Lacking,
            OutsideBlocks = _mapping.Blocks is null ? null : _outsideBlocks,
            OutsidePeriod = _periodColumn < 0 ? null : _outsidePeriod,
            Second = _second is null
                ? null
                : new(_mapping.Second!.Title, _second.Records, _second.WithoutRecords, _second.LeftBehind),
        };

    static CountedColumn[] Counted(IEnumerable<string> names, long[] counts) =>
        [.. names.Zip(counts, (name, count) => new CountedColumn(name, count)).Where(c => c.Values > 0)];

    static bool IsOneOf(ReadOnlySpan<byte> field, byte[][] values)
    {
        foreach (var value in values)
        {
            if (field.SequenceEqual(value))
                return true;
        }

        return false;
    }

    static byte[] Iso(DateOnly day) =>
        Encoding.ASCII.GetBytes(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    static byte[][] Bytes(IEnumerable<string> values) => [.. values.Select(Encoding.UTF8.GetBytes)];
}
