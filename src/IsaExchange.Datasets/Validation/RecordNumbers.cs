using System.Buffers.Text;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// The number that a record must bear, and how it is written: comparing the text with what comes is cheaper than
/// reading a number from it.
/// </summary>
sealed class RecordNumbers
{
    readonly byte[] _digits = new byte[11];
    int _start;

    public RecordNumbers() => Restart(0);

    public int Number { get; private set; }

    /// <summary>As it is written; empty behind the largest number.</summary>
    public ReadOnlySpan<byte> Digits => Number > 0 ? _digits.AsSpan(_start) : [];

    /// <summary>False also behind the largest number, where the reader of numbers has to say so.</summary>
    public bool IsWritten(ReadOnlySpan<byte> value) => Number > 0 && value.SequenceEqual(Digits);

    public void Advance()
    {
        Number = unchecked(Number + 1);
        var at = _digits.Length - 1;
        while (at >= _start && _digits[at] == '9')
            _digits[at--] = (byte)'0';
        if (at >= _start)
            _digits[at]++;
        else
            _digits[_start = at] = (byte)'1';
    }

    /// <summary>Goes on from this number.</summary>
    public void Restart(int number)
    {
        Number = number;
        Span<byte> text = stackalloc byte[_digits.Length];
        Utf8Formatter.TryFormat(number, text, out var length);
        _start = _digits.Length - length;
        text[..length].CopyTo(_digits.AsSpan(_start));
    }
}
