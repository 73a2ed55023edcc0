using System.Buffers.Binary;
using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Validation;

/// <summary>The current record in the one form that equal records share, in a buffer made once.</summary>
sealed class CanonicalRecord
{
    readonly CsvRecords _records;
    readonly int[] _columns;
    readonly byte[] _bytes;

    /// <param name="records">Stands at the record.</param>
    /// <param name="plan">Its fields.</param>
    /// <param name="columnOf">For each field its column, -1 where the file has none.</param>
    public CanonicalRecord(CsvRecords records, ValidationPlan plan, int[] columnOf)
    {
        _records = records;
        _columns = [.. columnOf.Where((column, field) => column >= 0 && field != plan.SequenceField)];
        _bytes = new byte[plan.Fields.Sum(f => f.MaxLength + sizeof(uint))];
    }

    /// <summary>Of a record without an error only: its fields are no longer than they may be.</summary>
    public ReadOnlySpan<byte> Write()
    {
        var length = 0;
        foreach (var column in _columns)
        {
            var value = _records.Field(column);
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(length), value.Length);
            value.CopyTo(_bytes.AsSpan(length + sizeof(uint)));
            length += sizeof(uint) + value.Length;
        }

        return _bytes.AsSpan(0, length);
    }
}
