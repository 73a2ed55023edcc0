using System.Buffers;
using System.Globalization;
using System.Text;
using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Datasets.Selecting;

/// <summary>
/// Reads a file that once passed validation and writes, as CSV, those of its records that lie in the areas of a plan
/// and between two days, with some of its columns. One pass; allocates nothing per record; values are not changed.
/// The stream stays open.
/// </summary>
public sealed class RecordSelection : IDisposable
{
    readonly ValidationPlan _plan;
    readonly CsvRecords _records;
    readonly int[] _wanted;
    readonly int[] _columnOf;
    readonly int _periodField;
    readonly byte[] _start;
    readonly byte[] _end;
    bool _hasHeader;

    /// <param name="plan">Of the period the file was validated for, with the areas that are wanted.</param>
    /// <param name="start">The first day wanted.</param>
    /// <param name="endExclusive">The day after the last.</param>
    /// <param name="columns">Names of fields, in the order in which they are written.</param>
    /// <param name="utf8">The file from its first byte; reads may be short and may block.</param>
    public RecordSelection(
        ValidationPlan plan, DateOnly start, DateOnly endExclusive, IReadOnlyList<string> columns, Stream utf8)
    {
        _plan = plan;
        // What was accepted is read, whatever the budget for what comes in is by now.
        _records = new CsvRecords(utf8, plan.Limits.MaxRecordBytes, plan.Limits.MaxColumns, long.MaxValue);
        _wanted = [.. columns.Select(plan.Spec.IndexOf)];
        if (_wanted.Contains(-1))
            throw new ArgumentException("A column that the dataset does not have.", nameof(columns));
        _columnOf = new int[plan.Spec.Fields.Count];
        _periodField = plan.Spec.IndexOf(plan.Spec.PeriodField);

        // Dates and months are written so that they sort as text.
        var form = plan.Spec.Fields[_periodField].Type == FieldType.Month ? "yyyy-MM" : "yyyy-MM-dd";
        _start = Encoding.ASCII.GetBytes(start.ToString(form, CultureInfo.InvariantCulture));
        _end = Encoding.ASCII.GetBytes(endExclusive.ToString(form, CultureInfo.InvariantCulture));
    }

    /// <summary>Records read so far, wanted or not.</summary>
    public long Read { get; private set; }

    /// <summary>Records written so far.</summary>
    public long Written { get; private set; }

    /// <summary>The header row of these columns.</summary>
    public static void WriteHeader(IReadOnlyList<string> columns, IBufferWriter<byte> to)
    {
        for (var i = 0; i < columns.Count; i++)
            CsvField.Write(Encoding.UTF8.GetBytes(columns[i]), isFirst: i == 0, to);
        to.Write("\n"u8);
    }

    /// <summary>Writes records until there are <paramref name="enough"/> bytes, or no more records.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InvalidDataException">The file is not one that passed validation.</exception>
    public bool Write(ArrayBufferWriter<byte> to, int enough)
    {
        while (to.WrittenCount < enough)
        {
            if (!_records.Read())
                return false;
            if (_records.Fault != CsvFault.None)
                throw NotAsValidated();
            if (!_hasHeader)
                Header();
            else if (IsWanted())
                Copy(to);
        }

        return true;
    }

    void Header()
    {
        _hasHeader = true;
        for (var field = 0; field < _columnOf.Length; field++)
        {
            _columnOf[field] = Column(Encoding.UTF8.GetBytes(_plan.Spec.Fields[field].Name));
            if (_columnOf[field] < 0)
                throw NotAsValidated();
        }
    }

    int Column(ReadOnlySpan<byte> name)
    {
        for (var column = 0; column < _records.FieldCount; column++)
        {
            if (_records.Field(column).SequenceEqual(name))
                return column;
        }

        return -1;
    }

    bool IsWanted()
    {
        if (_records.FieldCount != _columnOf.Length)
            throw NotAsValidated();
        Read++;
        var day = _records.Field(_columnOf[_periodField]);
        if (day.SequenceCompareTo(_start) < 0 || day.SequenceCompareTo(_end) >= 0)
            return false;

        // What leads to none of the areas, or has no location, was asked for by nobody.
        var location = _records.Field(_columnOf[_plan.RoutingField]);
        if (location.IsEmpty)
            return false;
        if (_plan.Fields[_plan.RoutingField].Read(location, out var code) is not null)
            throw NotAsValidated();
        return _plan.AreaOf[code] >= 0;
    }

    void Copy(ArrayBufferWriter<byte> to)
    {
        for (var i = 0; i < _wanted.Length; i++)
            CsvField.Write(_records.Field(_columnOf[_wanted[i]]), isFirst: i == 0, to);
        to.Write("\n"u8);
        Written++;
    }

    InvalidDataException NotAsValidated() => new(
        string.Create(
            CultureInfo.InvariantCulture, $"Record {_records.Number} does not read as it did when it was validated."));

    public void Dispose() => _records.Dispose();
}

/// <summary>One field of RFC 4180, quoted only where it must be.</summary>
static class CsvField
{
    static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    public static void Write(ReadOnlySpan<byte> value, bool isFirst, IBufferWriter<byte> to)
    {
        if (!isFirst)
            to.Write(","u8);
        if (!value.ContainsAny(Special))
        {
            to.Write(value);
            return;
        }

        to.Write("\""u8);
        for (var quote = value.IndexOf((byte)'"'); quote >= 0; quote = value.IndexOf((byte)'"'))
        {
            to.Write(value[..(quote + 1)]);
            to.Write("\""u8);
            value = value[(quote + 1)..];
        }

        to.Write(value);
        to.Write("\""u8);
    }
}
