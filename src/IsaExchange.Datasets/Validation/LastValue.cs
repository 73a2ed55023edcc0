namespace IsaExchange.Datasets.Validation;

/// <summary>
/// The last value of a field that was in order. Files come sorted by month, category or area (of a real police quarter
/// 91 % of the records follow one of the same small area): a value that is written like the one before it need not be
/// looked up again.
/// </summary>
sealed class LastValue(int maxLength)
{
    readonly byte[] _bytes = new byte[maxLength];
    int _length;

    public int Value { get; private set; }

    /// <summary>Null where reading a value costs no more than comparing it.</summary>
    public static LastValue? Of(FieldCheck field) =>
        field is DateCheck or CodeCheck ? new LastValue(field.MaxLength) : null;

    /// <param name="value">Not empty.</param>
    public bool Is(ReadOnlySpan<byte> value) => value.SequenceEqual(_bytes.AsSpan(0, _length));

    public void Keep(ReadOnlySpan<byte> value, int read)
    {
        value.CopyTo(_bytes);
        (_length, Value) = (value.Length, read);
    }
}
