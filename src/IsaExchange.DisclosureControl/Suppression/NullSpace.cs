namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// In which ways the atoms can still differ from their true counts while everything shown stays as it is. Each way has
/// a free atom that moves by 1 and belongs to no other way; how far each atom moves in each way is kept by atom.
/// At first every atom moves by itself; each sum shown takes one way, and the others are bent around it.
/// Memory: one entry for each atom and way in which it moves, 12 bytes each, and the way's list of its atoms.
/// </summary>
sealed class NullSpace
{
    readonly SparseRow[] _movesOf; // by atom: ways, and how far
    readonly List<int>[] _movedBy; // by way: atoms, some of them no longer
    readonly bool[] _isAlive;      // by way
    readonly ulong[] _drawn;       // by way: how much of it is in the random difference
    readonly ulong[] _difference;  // by atom
    readonly ulong[] _sums;        // by way, while a sum is reduced
    readonly int[] _stamps;
    readonly int[] _atomStamps;
    readonly SparseRow _merged = new();
    int _stamp;
    int _atomStamp;

    /// <param name="companions">By atom: those that it makes room for, so that their sum stays.</param>
    public NullSpace(int[][] companions)
    {
        var atoms = companions.Length;
        _movesOf = new SparseRow[atoms];
        _movedBy = new List<int>[atoms];
        _isAlive = new bool[atoms];
        _drawn = new ulong[atoms];
        _difference = new ulong[atoms];
        _sums = new ulong[atoms];
        _stamps = new int[atoms];
        _atomStamps = new int[atoms];
        for (var atom = 0; atom < atoms; atom++)
        {
            _movesOf[atom] = new SparseRow();
            _movedBy[atom] = [];
            _isAlive[atom] = true;
            _drawn[atom] = Fingerprint.FieldElement(atom);
        }

        for (var atom = 0; atom < atoms; atom++)
        {
            foreach (var way in companions[atom].Append(atom).Order())
            {
                var by = way == atom ? 1 : MersenneField.Negate(1);
                _movesOf[atom].Append(way, by);
                _movedBy[way].Add(atom);
                _difference[atom] =
                    MersenneField.Add(_difference[atom], MersenneField.Multiply(by, _drawn[way]));
            }
        }
    }

    /// <summary>How many atoms move in this way, or did.</summary>
    public int SizeOf(int way) => _movedBy[way].Count;

    /// <summary>How much of a way is in the random difference of all ways together.</summary>
    public ulong DrawnOf(int way) => _drawn[way];

    /// <summary>
    /// By how much the random difference moves the sum of these atoms. Where it does not, the sum follows from what is
    /// shown, but for a chance of 1 in 2^61.
    /// </summary>
    public ulong DifferenceOf(ReadOnlySpan<int> atoms)
    {
        var sum = 0UL;
        foreach (var atom in atoms)
            sum = MersenneField.Add(sum, _difference[atom]);
        return sum;
    }

    /// <summary>The same for a sum that was reduced.</summary>
    public ulong DifferenceOf(SparseRow reduced)
    {
        var sum = 0UL;
        for (var i = 0; i < reduced.Count; i++)
            sum = MersenneField.Add(sum, MersenneField.Multiply(reduced.Coefficients[i], _drawn[reduced.At[i]]));
        return sum;
    }

    /// <summary>How far the sum of these atoms moves in each way, ascending; empty when it follows from what is
    /// shown.</summary>
    public void Reduce(ReadOnlySpan<int> atoms, SparseRow reduced, List<int> scratch)
    {
        scratch.Clear();
        _stamp++;
        foreach (var atom in atoms)
        {
            var row = _movesOf[atom];
            var at = row.At;
            var coefficients = row.Coefficients;
            for (var i = 0; i < at.Length; i++)
            {
                var way = at[i];
                if (_stamps[way] != _stamp)
                {
                    _stamps[way] = _stamp;
                    _sums[way] = coefficients[i];
                    if (_isAlive[way])
                        scratch.Add(way);
                }
                else
                {
                    _sums[way] = MersenneField.Add(_sums[way], coefficients[i]);
                }
            }
        }

        scratch.Sort();
        reduced.Clear();
        foreach (var way in scratch)
        {
            if (_sums[way] != 0)
                reduced.Append(way, _sums[way]);
        }
    }

    /// <summary>The atoms that this way moves, each once, and how far.</summary>
    public void MovedBy(int way, List<(int Atom, ulong By)> moved)
    {
        moved.Clear();
        _atomStamp++;
        var atoms = _movedBy[way];
        var kept = 0;
        for (var i = 0; i < atoms.Count; i++)
        {
            var atom = atoms[i];
            if (_atomStamps[atom] == _atomStamp || _movesOf[atom][way] is not (> 0 and var by))
                continue;
            _atomStamps[atom] = _atomStamp;
            atoms[kept++] = atom;
            moved.Add((atom, by));
        }

        atoms.RemoveRange(kept, atoms.Count - kept);
    }

    /// <summary>Nothing may move this sum any more: the way goes, and takes its part out of the others.</summary>
    /// <param name="moved">The atoms that the way moves.</param>
    public void Fix(SparseRow reduced, int way, List<(int Atom, ulong By)> moved)
    {
        var difference = DifferenceOf(reduced);
        var scale = MersenneField.Inverse(reduced[way]);
        foreach (var (atom, by) in moved)
        {
            var factor = MersenneField.Negate(MersenneField.Multiply(by, scale));
            _difference[atom] = MersenneField.Add(_difference[atom], MersenneField.Multiply(factor, difference));
            // A way that goes by itself is passed over from now on, and left out when its row is next written.
            if (reduced.Count > 1)
                AddMultiple(atom, reduced, factor, way);
        }

        _isAlive[way] = false;
        _movedBy[way] = [];
    }

    /// <summary>Row += factor × reduced, without the ways that are gone.</summary>
    void AddMultiple(int atom, SparseRow reduced, ulong factor, int way)
    {
        var row = _movesOf[atom];
        var a = row.At;
        var b = reduced.At;
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            if (j == b.Length || (i < a.Length && a[i] < b[j]))
            {
                if (_isAlive[a[i]])
                    _merged.Append(a[i], row.Coefficients[i]);
                i++;
                continue;
            }

            var coefficient = MersenneField.Multiply(factor, reduced.Coefficients[j]);
            if (i < a.Length && a[i] == b[j])
            {
                coefficient = MersenneField.Add(coefficient, row.Coefficients[i]);
                i++;
            }
            else
            {
                _movedBy[b[j]].Add(atom);
            }

            if (coefficient != 0 && b[j] != way)
                _merged.Append(b[j], coefficient);
            j++;
        }

        row.Set(_merged);
        _merged.Clear();
    }
}
