namespace IsaExchange.DisclosureControl;

/// <summary>
/// Exact counts on a complete grid, with every total summed from exact counts. CONFIDENTIAL: nothing reads a count
/// out of it but <see cref="TablePublisher"/>, through a disclosure regime. Not safe for concurrent writers.
/// </summary>
public sealed class ExactTable
{
    readonly long[] _counts;
    readonly int[] _strides;
    readonly bool[][] _missing; // by dimension and position; a total is missing when any of its codes is
    readonly int[] _totalled;   // dimensions that have a total

    /// <exception cref="ArgumentException">No dimension, an ambiguous one, or more cells than an array can
    /// hold.</exception>
    public ExactTable(string name, IReadOnlyList<TableDimension> dimensions)
    {
        if (dimensions.Count == 0)
            throw new ArgumentException($"Table {name} has no dimension.", nameof(dimensions));
        Name = name;
        Dimensions = [.. dimensions];
        _strides = new int[dimensions.Count];
        long cells = 1;
        for (var d = dimensions.Count - 1; d >= 0; d--)
        {
            TableDimension.Check(dimensions[d]);
            _strides[d] = (int)cells;
            cells *= dimensions[d].Size;
            if (cells > Array.MaxLength)
                throw new ArgumentException($"Table {name} has more cells than fit in memory.", nameof(dimensions));
        }

        _counts = new long[cells];
        _missing = [.. dimensions.Select(d => new bool[d.Size])];
        _totalled = [.. Enumerable.Range(0, dimensions.Count).Where(d => dimensions[d].TotalCode is not null)];
    }

    public string Name { get; }

    public IReadOnlyList<TableDimension> Dimensions { get; }

    /// <summary>Number of cells, totals included.</summary>
    public int CellCount => _counts.Length;

    /// <summary>Adds to one inner cell and to every total that includes it.</summary>
    /// <param name="position">One 0-based code index for each dimension; totals cannot be added to.</param>
    /// <param name="count">Zero or more events.</param>
    /// <exception cref="ArgumentException">The position is not an inner cell, or the count is negative.</exception>
    public void Add(ReadOnlySpan<int> position, long count)
    {
        if (count < 0)
            throw new ArgumentException("A count cannot be negative.", nameof(count));
        var inner = InnerCell(position);
        // Each subset of the dimensions with a total names one cell that includes this one; the empty set is itself.
        for (var subset = 0; subset < 1 << _totalled.Length; subset++)
        {
            var cell = inner;
            for (var i = 0; i < _totalled.Length; i++)
            {
                var d = _totalled[i];
                if ((subset >> i & 1) == 1)
                    cell += (Dimensions[d].Codes.Count - position[d]) * _strides[d];
            }

            _counts[cell] = checked(_counts[cell] + count);
        }
    }

    /// <summary>
    /// What was owed for this code did not arrive: every cell of the slice is missing, and every total that includes
    /// it. Counts already there, or added later, do not make it less so.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No such dimension or code.</exception>
    public void MarkMissing(int dimension, int code)
    {
        if ((uint)dimension >= (uint)Dimensions.Count)
            throw new ArgumentOutOfRangeException(nameof(dimension));
        if ((uint)code >= (uint)Dimensions[dimension].Codes.Count)
            throw new ArgumentOutOfRangeException(nameof(code));
        _missing[dimension][code] = true;
        if (Dimensions[dimension].TotalCode is not null)
            _missing[dimension][^1] = true;
    }

    internal long CountAt(int cell) => _counts[cell];

    internal bool IsMissing(int cell)
    {
        for (var d = 0; d < _strides.Length; d++)
        {
            if (_missing[d][cell / _strides[d] % Dimensions[d].Size])
                return true;
        }

        return false;
    }

    int InnerCell(ReadOnlySpan<int> position)
    {
        if (position.Length != _strides.Length)
            throw new ArgumentException($"Table {Name} has {_strides.Length} dimensions.", nameof(position));
        var cell = 0;
        for (var d = 0; d < _strides.Length; d++)
        {
            if ((uint)position[d] >= (uint)Dimensions[d].Codes.Count)
                throw new ArgumentException($"No such code in dimension {Dimensions[d].Name}.", nameof(position));
            cell += position[d] * _strides[d];
        }

        return cell;
    }
}
