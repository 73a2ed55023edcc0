using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Validation;

/// <summary>One file on its way through the checks. Its buffers are made once and used for every record.</summary>
sealed class ValidationRun : IDisposable
{
    const int MostDigitsOfASequence = 8;

    readonly ValidationPlan _plan;
    readonly IRecordSink _sink;
    readonly CsvRecords _records;
    readonly ReportBuilder _report;
    readonly FieldCheck[] _fields;
    readonly int[] _values;
    readonly int[] _dimensions;
    readonly long[] _byArea;
    readonly CountedCells? _counted;
    readonly LastValue?[] _last;
    readonly LastRecord _lastRecord;
    readonly RecordNumbers _numbers = new();
    readonly RecordHabits _habits;
    HeaderReading? _header;
    CanonicalRecord? _canonical;
    ColumnWatch? _columns;
    SmallGroups? _groups;
    int[] _columnOf = [];
    bool _headerInOrder;
    long _accepted;
    long _outside;

    public ValidationRun(ValidationPlan plan, Stream utf8, IRecordSink sink, CancellationToken cancellation)
    {
        _plan = plan;
        _sink = sink;
        _records = new CsvRecords(
            utf8, plan.Limits.MaxRecordBytes, plan.Limits.MaxColumns, plan.Limits.MaxUnpackedBytes, cancellation);
        _report = new ReportBuilder(plan);
        _fields = plan.Fields;
        _values = new int[_fields.Length];
        _dimensions = new int[plan.Cube.Length];
        _lastRecord = new LastRecord(_fields.Sum(f => f.MaxLength + 1));
        _last = [.. _fields.Select(LastValue.Of)];
        _byArea = new long[plan.Areas.Count];
        _counted = plan.CountField < 0 ? null : new CountedCells(plan);
        _habits = new RecordHabits(plan);
    }

    public void Dispose() => _records.Dispose();

    public ValidationReport ToEnd()
    {
        var stopped = false;
        while (!stopped && _records.Read())
        {
            if (_records.Fault != CsvFault.None)
                stopped = Malformed();
            else if (_header is null)
                stopped = !Header();
            else
                Record();
        }

        if (_records.Fault is CsvFault.PackedDamaged or CsvFault.PackedTooLarge)
            return Unusable(Rules.Of(_records.Fault));
        if (!stopped)
            EndOfFile();
        return _report.Build(Math.Max(0, _records.Number), _accepted, _outside, _byArea, stopped) with
        {
            Locations = _habits.Locations,
            Risk = _groups?.Risk,
        };
    }

    /// <summary>
    /// How much came out of a packed file before it had to be given up depends on how it arrived, and none of it is to
    /// be used: the report says that alone.
    /// </summary>
    ValidationReport Unusable(RuleDefinition rule)
    {
        var report = new ReportBuilder(_plan);
        report.Add(rule, 0, -1, 0, ReportBuilder.WholeRecord);
        return report.Build(0, 0, 0, new long[_byArea.Length], stoppedEarly: true);
    }

    /// <returns>Whether nothing after this place can be understood.</returns>
    bool Malformed()
    {
        var record = _records.FaultLine == 0 ? -1 : Math.Max(0, _records.Number);
        var field = FieldOf(_records.FaultField);
        _report.Add(Rules.Of(_records.Fault), _records.FaultLine, record, _records.FaultField + 1, field);
        if (_records.Fault == CsvFault.BlankLine)
            return false;
        _numbers.Advance();
        return _records.Stopped || _header is null;
    }

    int FieldOf(int column)
    {
        if (column < 0 || column >= _plan.Limits.MaxColumns)
            return ReportBuilder.WholeRecord;
        var known = Array.IndexOf(_columnOf, column);
        return known >= 0 ? known : _fields.Length + column;
    }

    bool Header()
    {
        if (_records.ByteOrderMarkRemoved)
            _report.Add(Rules.ByteOrderMark, 1, -1, 0, ReportBuilder.WholeRecord);
        _header = HeaderReading.Read(_records, _plan, _report);
        _columnOf = _header?.ColumnOf ?? [];
        _canonical = new CanonicalRecord(_records, _plan, _columnOf);
        _headerInOrder = _report.Errors == 0;
        _numbers.Restart(0);
        if (_header is not null)
            Watch(_header);
        return _header is not null;
    }

    /// <summary>Groups are counted only where no column of theirs is missing, which is an error by itself.</summary>
    void Watch(HeaderReading header)
    {
        _columns = new ColumnWatch(header.ColumnCount);
        if (_plan.QuasiIdentifiers is { } quasi && Array.TrueForAll(quasi.Fields, f => header.ColumnOf[f] >= 0))
            _groups = new SmallGroups(quasi, _plan.Limits);
    }

    void EndOfFile()
    {
        _columns?.Report(_report, FieldOf);
        _groups?.Report(_report);
        _habits.Report(_report, field => _columnOf[field]);
        if (_header is null)
            _report.Add(Rules.EmptyFile, 0, -1, 0, ReportBuilder.WholeRecord);
        else if (_records.Number == 0)
            _report.Add(Rules.NoRecords, 0, -1, 0, ReportBuilder.WholeRecord);
        if (_records.LineEnds == CsvLineEnds.Mixed)
            _report.Add(Rules.MixedLineEnds, _records.MixedLine, -1, 0, ReportBuilder.WholeRecord);
        else if (_records.LineEnds == CsvLineEnds.CarriageReturn)
            _report.Add(Rules.CarriageReturnOnly, 0, -1, 0, ReportBuilder.WholeRecord);
    }

    void Record()
    {
        _numbers.Advance();
        if (_lastRecord.IsRepeatedBy(_records.Raw, NumberWritten))
        {
            // All that was read of it stands in its place still.
            if (_plan.SequenceField >= 0)
                _values[_plan.SequenceField] = _numbers.Number;
            _groups?.Add(_values, _records.Number, _records.Line);
            Count();
        }
        else if (_records.FieldCount == _header!.ColumnCount)
            Fresh(_header);
        else
        {
            var rule = _records.FieldCount < _header.ColumnCount ? Rules.TooFewFields : Rules.TooManyFields;
            _report.Add(rule, _records.Line, _records.Number, 0, ReportBuilder.WholeRecord);
        }
    }

    ReadOnlySpan<byte> NumberWritten => _plan.SequenceField < 0 ? [] : _numbers.Digits;

    void Fresh(HeaderReading header)
    {
        var queries = _report.Queries;
        _lastRecord.Forget();
        var inOrder = Fields();
        _groups?.Add(_values, _records.Number, _records.Line);
        foreach (var column in header.Unknown)
            inOrder &= OutsideSpecification(column);
        if (!inOrder || !_headerInOrder || !CrossChecks())
            return;
        for (var i = 0; i < _dimensions.Length; i++)
            _dimensions[i] = _plan.Cube[i].PositionOf(_values);
        if (_report.Queries == queries)
            _lastRecord.Keep(_records, NumberColumn, NumberWritten);
        Count();
    }

    int NumberColumn => _plan.SequenceField < 0 ? -1 : _columnOf[_plan.SequenceField];

    void Count()
    {
        if (_counted is null || _counted.IsFirst(_values[_plan.RoutingField], _dimensions))
            Deliver();
        else
            Add(Rules.CountedTwice, _plan.CountField);
    }

    bool Fields()
    {
        var inOrder = true;
        for (var i = 0; i < _fields.Length; i++)
        {
            if (_columnOf[i] < 0)
                continue;
            var field = _fields[i];
            var value = _records.Field(_columnOf[i]);
            if (value.IsEmpty)
            {
                _values[i] = field.Required ? FieldCheck.Refused : FieldCheck.Absent;
                if (field.Required)
                    inOrder = Add(Rules.ValueMissing, i);
            }
            else if (i == _plan.SequenceField && _numbers.IsWritten(value))
                _values[i] = _numbers.Number;
            else if (_last[i] is { } last && last.Is(value))
                _values[i] = last.Value;
            else
                inOrder &= Field(i, value);
        }

        return inOrder;
    }

    bool Field(int i, ReadOnlySpan<byte> value)
    {
        var field = _fields[i];
        if (value.Length > field.MaxLength)
            return Refuse(Rules.TooLong, i, value);
        if (field.Read(value, out _values[i]) is { } rule)
            return rule.Severity == Severity.Query ? Ask(rule, i) : Refuse(rule, i, value);
        if (i == _plan.SequenceField && _values[i] != _numbers.Number)
            return OutOfSequence(i, value);
        _last[i]?.Keep(value, _values[i]);
        return true;
    }

    /// <summary>One gap is one fault: counting goes on from the number that was sent.</summary>
    bool OutOfSequence(int field, ReadOnlySpan<byte> value)
    {
        _numbers.Restart(_values[field]);
        return Add(Forbidden(value) ?? Rules.SequenceBroken, field);
    }

    bool CrossChecks()
    {
        var inOrder = true;
        foreach (var check in _plan.CrossChecks)
        {
            if (check.Broken(_values) is not { } rule)
                continue;
            AddAt(rule, check.Field, _columnOf[check.Field], check.Detail);
            inOrder &= rule.Severity == Severity.Query;
        }

        return inOrder;
    }

    void Deliver()
    {
        var routed = _values[_plan.RoutingField];
        var area = routed == FieldCheck.Absent ? -1 : _plan.AreaOf[routed];
        if (area >= 0)
            _byArea[area]++;
        else
        {
            _outside++;
            Ask(routed == FieldCheck.Absent ? Rules.NoLocation : Rules.OutsideAreas, _plan.RoutingField);
        }

        _accepted++;
        _habits.Add(_values);
        var count = _plan.CountField < 0 ? 1 : _values[_plan.CountField];
        _sink.Accept(new ValidRecord(area, _dimensions, _canonical!, _records.Number, count));
    }

    /// <summary>Says what a column that nobody asked for holds, when it is an identifier.</summary>
    bool OutsideSpecification(int column)
    {
        var value = _records.Field(column);
        if (value.Length <= _plan.Limits.MaxFieldBytes)
            _columns!.Add(column, value);
        var rule = Forbidden(value);
        if (rule is null || ReferenceEquals(rule, Rules.ControlCharacter))
            return true;
        AddAt(rule, _fields.Length + column, column, "");
        return false;
    }

    /// <summary>A value that broke its rule: what it seems to be instead weighs more than the rule.</summary>
    bool Refuse(RuleDefinition rule, int field, ReadOnlySpan<byte> value)
    {
        _values[field] = FieldCheck.Refused;
        if (value.Length > _plan.Limits.MaxFieldBytes)
            return Add(Rules.FieldTooLong, field);
        // A number of the record that is written in another way is nearly unique, and rightly so; and a file of many
        // years has days of many years, which is no sign of births.
        if ((field != _plan.SequenceField || value.Length > MostDigitsOfASequence)
            && !ReferenceEquals(rule, Rules.OutsidePeriod))
            _columns!.Add(_columnOf[field], value);
        return Add(Forbidden(value) ?? rule, field);
    }

    RuleDefinition? Forbidden(ReadOnlySpan<byte> value) => value.Length > _plan.Limits.MaxFieldBytes
        ? null
        : GateRules.Of(_plan.Identifiers.Recognise(value));

    /// <returns>True: a query leaves the record in order.</returns>
    bool Ask(RuleDefinition rule, int field) => !Add(rule, field);

    /// <returns>False, for the record is no longer in order.</returns>
    bool Add(RuleDefinition rule, int field)
    {
        AddAt(rule, field, _columnOf[field], _fields[field].DetailOf(rule));
        return false;
    }

    void AddAt(RuleDefinition rule, int field, int column, string detail)
    {
        if (_report.CountOnly(rule, field))
            return;
        _report.Add(rule, _records.LineOf(column), _records.Number, column + 1, field, detail);
    }
}
