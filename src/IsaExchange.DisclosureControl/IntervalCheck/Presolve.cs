namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// Makes the system small without changing what it says: what follows by subtraction is taken out, a sum whose parts
/// are known exactly is left with the rest, sums that say nothing more are dropped, counts that nobody can tell apart
/// become one column, and what shares nothing falls into components.
/// </summary>
/// <remarks>
/// Single cells and zeros are settled before anything else: a hidden cell is at least 1 only where its zero would have
/// been shown, and taking that for true of a cell that is known would find disclosures that are none.
/// </remarks>
sealed class Presolve
{
    readonly AttackerKnowledge _known;
    readonly bool[] _isExact;   // by sum
    readonly bool[] _settled;   // by unknown: it cannot deviate from the truth
    readonly int[]?[] _rest;    // by sum: what may deviate in it once exact parts are taken off
    readonly int[]?[] _taken;   // by sum: the split by which they were taken off
    readonly long[] _lower;
    readonly long[] _upper;
    readonly int[] _settledBy;  // by unknown: the sum that settled it, -1 none
    readonly int[]?[] _takenAt; // by sum that settled something: the exact sums that were taken off it then
    readonly CancellationToken _ct;

    Presolve(AttackerKnowledge known, int assumedFrom, CancellationToken ct)
    {
        (_known, _ct, _takenAt) = (known, ct, new int[known.Sums.Count][]);
        _isExact = [.. known.Sums.Select(s => s.IsExact || s.Unknowns.Length >= assumedFrom)];
        var unknowns = known.Truth.Length;
        (_settled, _settledBy) = (new bool[unknowns], new int[unknowns]);
        (_lower, _upper) = (new long[unknowns], new long[unknowns]);
        (_rest, _taken) = (new int[known.Sums.Count][], new int[known.Sums.Count][]);
        Array.Fill(_settledBy, -1);
        Array.Fill(_upper, Component.Unbounded);
        for (var u = 0; u < unknowns; u++)
            _lower[u] = -known.Truth[u];
    }

    /// <summary>Cells that follow by subtraction are decided.</summary>
    public static List<Component> Run(
        AttackerKnowledge known, IReadOnlyList<ProtectedCell> cells, CancellationToken ct)
    {
        var presolve = new Presolve(known, int.MaxValue, ct);
        presolve.SettleAll();
        foreach (var cell in cells.Where(c => c.IsOpen && presolve.Rest(c.Sum).Length == 0))
            cell.Refuse(CellVerdict.Derived, cell.Lacking(0, 0), presolve.Derivation(cell.Sum));
        return presolve.ToComponents(cells);
    }

    /// <summary>
    /// As if an attacker knew more: every sum of so many unknowns exactly. What is found so is a witness all the same,
    /// and what knows no way from one district to the next falls apart into districts. Nothing is decided against a
    /// cell.
    /// </summary>
    /// <param name="assumedFrom">Number of unknowns.</param>
    public static List<Component> RunAssuming(
        AttackerKnowledge known, IReadOnlyList<ProtectedCell> cells, int assumedFrom, CancellationToken ct)
    {
        var presolve = new Presolve(known, assumedFrom, ct);
        presolve.SettleAll();
        return presolve.ToComponents(cells);
    }

    List<Component> ToComponents(IReadOnlyList<ProtectedCell> cells)
    {
        var targets = cells.Where(c => c.IsOpen).Select(c => (c, Rest(c.Sum))).Where(t => t.Item2.Length > 0).ToList();
        return Components.Of(Rows(), targets, _lower, _upper, _settled, _ct);
    }

    void SettleAll()
    {
        BoundSingles();
        while (Settle())
        {
            Array.Clear(_rest);
            Array.Clear(_taken);
        }
    }

    void BoundSingles()
    {
        foreach (var sum in _known.Sums)
        {
            if (sum.Unknowns is [var u])
                Bound(u, sum.Lo - _known.Truth[u], sum.Hi is { } hi ? hi - _known.Truth[u] : Component.Unbounded);
        }
    }

    void Bound(int unknown, long lo, long hi) =>
        (_lower[unknown], _upper[unknown]) = (Math.Max(_lower[unknown], lo), Math.Min(_upper[unknown], hi));

    /// <summary>One pass over all exact sums; whether it settled anything.</summary>
    bool Settle()
    {
        var any = false;
        for (var s = 0; s < _known.Sums.Count; s++)
        {
            if (!_isExact[s])
                continue;
            _ct.ThrowIfCancellationRequested();
            var rest = Rest(s);
            if (rest.Length == 0 || (rest.Length > 1 && !IsAtEnd(rest)))
                continue;
            _takenAt[s] ??= [.. TakenOff(s)];
            foreach (var u in rest)
            {
                any |= !_settled[u];
                if (!_settled[u])
                    (_settled[u], _settledBy[u]) = (true, s);
            }
        }

        return any;
    }

    /// <summary>The sum is as small or as great as its parts can make it, so each of them is.</summary>
    bool IsAtEnd(int[] rest)
    {
        var (isLeast, isMost) = (true, true);
        foreach (var u in rest)
        {
            isLeast &= _lower[u] == 0;
            isMost &= _upper[u] == 0;
        }

        return isLeast || isMost;
    }

    /// <summary>What may deviate in a sum, exact parts taken off by whichever split leaves least.</summary>
    int[] Rest(int s)
    {
        if (_rest[s] is { } known)
            return known;
        var sum = _known.Sums[s];
        var best = Array.FindAll(sum.Unknowns, u => !_settled[u]);
        foreach (var split in sum.SplitsInto(_known.Sums))
        {
            var length = 0;
            foreach (var part in split)
                length += _isExact[part] ? 0 : Rest(part).Length;
            if (length >= best.Length)
                continue;
            var rest = new List<int>(length);
            foreach (var part in split)
            {
                if (!_isExact[part])
                    rest.AddRange(Rest(part));
            }

            rest.Sort();
            (best, _taken[s]) = ([.. rest], split);
        }

        // The same unknowns through two passes: what has been settled meanwhile deviates no more.
        return _rest[s] = Array.FindAll(best, u => !_settled[u]);
    }

    List<ReducedRow> Rows()
    {
        var rows = new Dictionary<Columns, ReducedRow>();
        for (var s = 0; s < _known.Sums.Count; s++)
        {
            _ct.ThrowIfCancellationRequested();
            var sum = _known.Sums[s];
            var truth = _known.TrueSum(sum);
            var (lo, hi) = _isExact[s]
                ? (0, 0) : (sum.Lo - truth, sum.Hi is { } top ? top - truth : Component.Unbounded);
            var rest = Rest(s);
            if (rest is [var single])
                Bound(single, lo, hi);
            if (rest.Length < 2 || SaysNothing(sum, rest, lo, hi))
                continue;
            var key = new Columns(rest);
            rows[key] = rows.TryGetValue(key, out var other)
                ? other with { Lo = Math.Max(lo, other.Lo), Hi = Math.Min(hi, other.Hi) }
                : new ReducedRow(s, rest, lo, hi);
        }

        return [.. rows.Values];
    }

    bool SaysNothing(KnownSum sum, int[] rest, long lo, long hi)
    {
        if (hi != Component.Unbounded)
            return false;
        var least = 0L;
        foreach (var u in rest)
            least = checked(least + _lower[u]);

        // A part that is at least as much says it already.
        return lo <= least
            || sum.SplitsInto(_known.Sums).Any(split => split.Sum(part => _known.Sums[part].Lo) >= sum.Lo);
    }

    /// <summary>
    /// The sums, with signs, whose combination is the cell: its exact parts, and for every other count the sum that
    /// settled it, less what was known of that by then, which is taken apart in the same way.
    /// </summary>
    List<(int, Rational)> Derivation(int s)
    {
        var weights = new SortedDictionary<int, Rational>();
        var left = new Queue<(int Sum, long Weight)>();
        Expand(s, [.. TakenOff(s)], 1);
        for (var steps = 0; steps < DerivationStepsMax && left.TryDequeue(out var next); steps++)
        {
            Add(next.Sum, next.Weight);
            Expand(next.Sum, _takenAt[next.Sum] ?? [], -next.Weight);
        }

        return [.. weights.Where(w => w.Value.Sign != 0 && w.Key != s).Select(w => (w.Key, w.Value))];

        void Add(int sum, long weight) => weights[sum] = weights.GetValueOrDefault(sum) + weight;

        // What a sum has besides the counts that it settled itself.
        void Expand(int sum, int[] taken, long weight)
        {
            var covered = new HashSet<int>();
            foreach (var part in taken)
            {
                Add(part, weight);
                covered.UnionWith(_known.Sums[part].Unknowns);
            }

            var by = _known.Sums[sum].Unknowns.Where(u => !covered.Contains(u)).Select(u => _settledBy[u]);
            foreach (var settling in by.Where(b => b >= 0 && b != sum).Distinct())
                left.Enqueue((settling, weight));
        }
    }

    /// <summary>Nobody reads further, and of such a derivation eight names are told.</summary>
    const int DerivationStepsMax = 64;

    /// <summary>The exact sums that were taken off one to leave its rest.</summary>
    IEnumerable<int> TakenOff(int s) => _taken[s] is not { } split
        ? []
        : split.SelectMany(part => _isExact[part] ? [part] : TakenOff(part));

    /// <summary>A list of unknowns as a key.</summary>
    readonly struct Columns(int[] unknowns) : IEquatable<Columns>
    {
        readonly int[] _unknowns = unknowns;

        public bool Equals(Columns other) => _unknowns.AsSpan().SequenceEqual(other._unknowns);

        public override bool Equals(object? obj) => obj is Columns other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_unknowns.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
