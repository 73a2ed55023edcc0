using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// The last record that had nothing wrong and nothing to ask in its fields. Where records say little, every second one
/// of a real file is the one before it again under the next number; what was read of it then holds.
/// </summary>
sealed class LastRecord(int maxBytes)
{
    readonly byte[] _bytes = new byte[maxBytes];
    int _length = -1;
    int _numberStart;
    int _numberEnd;

    /// <param name="raw">The record as it came.</param>
    /// <param name="number">How the number that it must bear is written; empty where records bear none.</param>
    public bool IsRepeatedBy(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> number)
    {
        var rest = _length - _numberEnd;
        return _length >= 0 && number.IsEmpty == (_numberEnd == _numberStart)
            && raw.Length == _numberStart + number.Length + rest
            && raw[^rest..].SequenceEqual(_bytes.AsSpan(_numberEnd, rest))
            && raw.Slice(_numberStart, number.Length).SequenceEqual(number)
            && raw[.._numberStart].SequenceEqual(_bytes.AsSpan(0, _numberStart));
    }

    /// <param name="records">Stands at the record.</param>
    /// <param name="numberColumn">Column of its number, -1 where it bears none.</param>
    /// <param name="number">As it is written.</param>
    public void Keep(CsvRecords records, int numberColumn, ReadOnlySpan<byte> number)
    {
        var raw = records.Raw;
        _length = -1;
        if (raw.Length > _bytes.Length)
            return;
        _numberStart = numberColumn < 0 ? 0 : records.OffsetOf(numberColumn);
        _numberEnd = _numberStart + number.Length;

        // A number in quotes is as good, but the next one is then not told by its digits alone.
        if (!raw[_numberStart..].StartsWith(number))
            return;
        raw.CopyTo(_bytes);
        _length = raw.Length;
    }

    public void Forget() => _length = -1;
}
