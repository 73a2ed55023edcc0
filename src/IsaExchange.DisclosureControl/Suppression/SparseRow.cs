namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>Some coordinates, ascending, each with a coefficient of the field that is not 0.</summary>
sealed class SparseRow
{
    int[] _at = [];
    ulong[] _coefficients = [];

    public int Count { get; private set; }

    public ReadOnlySpan<int> At => _at.AsSpan(0, Count);

    public ReadOnlySpan<ulong> Coefficients => _coefficients.AsSpan(0, Count);

    /// <summary>0 where there is none.</summary>
    public ulong this[int at]
    {
        get
        {
            var found = Array.BinarySearch(_at, 0, Count, at);
            return found < 0 ? 0 : _coefficients[found];
        }
    }

    /// <summary>Keeps its arrays, to be filled again.</summary>
    public void Clear() => Count = 0;

    public void Append(int at, ulong coefficient)
    {
        if (Count == _at.Length)
        {
            var capacity = Math.Max(4, Count * 2);
            Array.Resize(ref _at, capacity);
            Array.Resize(ref _coefficients, capacity);
        }

        _at[Count] = at;
        _coefficients[Count++] = coefficient;
    }

    /// <summary>Copies into arrays of just the size: rows that stay are many.</summary>
    public void Set(SparseRow other)
    {
        if (_at.Length < other.Count || _at.Length > (other.Count * 2) + 8)
            (_at, _coefficients) = (new int[other.Count], new ulong[other.Count]);
        other.At.CopyTo(_at);
        other.Coefficients.CopyTo(_coefficients);
        Count = other.Count;
    }
}
