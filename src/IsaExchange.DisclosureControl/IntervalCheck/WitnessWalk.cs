namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// Finds tables by steps: one count moves by one, and while a sum does not allow it another of its counts moves the
/// other way, until every sum is content or the chain has become too long and is taken back. Every table kept is of
/// whole numbers and agrees with everything known, so each is a witness without any solver.
/// </summary>
sealed class WitnessWalk
{
    /// <summary>Rounds that move no protected cell further before the walk ends.</summary>
    const int IdleRoundsMax = 6;

    const int RoundsMax = 300;

    /// <summary>Steps of a chain. The shortest that three crossed exact sums allow has eight.</summary>
    const int ChainMax = 16;

    /// <summary>Counts of a discontent sum that are looked at for the next step of a chain.</summary>
    const int CandidatesMax = 20;

    /// <summary>How often a cell is moved in one round: a little further than it needs helps its neighbours.</summary>
    const int StepsMax = 6;

    /// <summary>Climbs for each cell that is left, alone.</summary>
    const int AttemptsMax = 24;

    readonly Component _component;
    readonly Random _random;
    readonly int[][] _rowsOf;
    readonly long[] _table;
    readonly long[] _sums;
    readonly int[] _pull;  // by column: how many protected cells want it up, less those that want it down
    readonly List<int> _discontent = [];
    readonly int[] _discontentAt;  // by row: place in that list, -1 when it is content
    readonly List<(int Column, int By)> _chain = [];

    public WitnessWalk(Component component, int seed)
    {
        (_component, _random) = (component, new Random(seed));
        var rowsOf = new List<int>[component.Columns];
        for (var c = 0; c < rowsOf.Length; c++)
            rowsOf[c] = [];
        for (var r = 0; r < component.Rows.Count; r++)
        {
            foreach (var column in component.Rows[r].Columns)
                rowsOf[column].Add(r);
        }

        _rowsOf = [.. rowsOf.Select(list => list.ToArray())];
        (_table, _sums) = (new long[component.Columns], new long[component.Rows.Count]);
        (_pull, _discontentAt) = (new int[component.Columns], new int[component.Rows.Count]);
        Array.Fill(_discontentAt, -1);
    }

    public void Run(CancellationToken ct)
    {
        var idle = 0;
        for (var round = 0; round < RoundsMax && idle < IdleRoundsMax; round++)
        {
            var open = _component.Undecided.ToList();
            if (open.Count == 0)
                return;
            Aim(open);
            idle = Climb(open, ct) ? 0 : idle + 1;
        }

        foreach (var target in _component.Undecided.ToList())
        {
            for (var attempt = 0; attempt < AttemptsMax && target.Cell.IsOpen; attempt++)
            {
                Aim([target]);
                Climb([target], ct);
            }
        }
    }

    void Aim(List<Target> open)
    {
        Array.Clear(_pull);
        foreach (var target in open)
        {
            // Up and down by turns at random, but first where it has not been.
            target.IsPulledUp = target.High == -target.Low ? _random.Next(2) == 0 : target.High < -target.Low;
            foreach (var column in target.Columns)
                _pull[column] += target.IsPulledUp ? 1 : -1;
        }
    }

    /// <summary>From the truth as far as it goes; whether that was further than before.</summary>
    bool Climb(List<Target> open, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Array.Clear(_table);
        Array.Clear(_sums);
        var left = open.ToArray();
        for (var step = 0; step < StepsMax && left.Length > 0; step++)
        {
            _random.Shuffle(left);
            left = Array.FindAll(left, t => Move(t.Columns[_random.Next(t.Columns.Length)], t.IsPulledUp ? 1 : -1));
        }

        return _component.Learn(_table);
    }

    bool Move(int column, int by)
    {
        if (!Stays(column, by))
            return false;
        _chain.Clear();
        Apply(column, by);
        _chain.Add((column, by));
        while (_discontent.Count > 0)
        {
            var row = _discontent[_random.Next(_discontent.Count)];
            var back = _sums[row] > _component.Rows[row].Hi ? -1 : 1;
            var next = _chain.Count < ChainMax ? Best(_component.Rows[row].Columns, back) : -1;
            if (next < 0)
            {
                TakeBack();
                return false;
            }

            Apply(next, back);
            _chain.Add((next, back));
        }

        return true;
    }

    /// <summary>Of some counts of a sum the one whose step leaves the sums most content; -1: none may move.</summary>
    int Best(int[] columns, int by)
    {
        var (best, least) = (-1, long.MaxValue);
        for (var i = 0; i < CandidatesMax; i++)
        {
            var column = columns.Length <= CandidatesMax
                ? i < columns.Length ? columns[i] : -1
                : columns[_random.Next(columns.Length)];
            if (column < 0)
                break;
            if (!Stays(column, by) || _chain.Contains((column, -by)))
                continue;
            var cost = (Discontent(column, by) * Weight) - Math.Sign(_pull[column] * by) + _random.Next(2);
            if (cost < least)
                (best, least) = (column, cost);
        }

        return best;
    }

    /// <summary>What one more discontent sum counts against moving a cell the way it is pulled.</summary>
    const int Weight = 4;

    bool Stays(int column, int by) =>
        _table[column] + by >= _component.Lower[column] && _table[column] + by <= _component.Upper[column];

    /// <summary>By how much more the sums of a column would miss what they may be.</summary>
    long Discontent(int column, int by)
    {
        var more = 0L;
        foreach (var r in _rowsOf[column])
        {
            var row = _component.Rows[r];
            more += Excess(row, _sums[r] + by) - Excess(row, _sums[r]);
        }

        return more;
    }

    static long Excess(ReducedRow row, long sum) => sum > row.Hi ? sum - row.Hi : sum < row.Lo ? row.Lo - sum : 0;

    void Apply(int column, int by)
    {
        _table[column] += by;
        foreach (var r in _rowsOf[column])
        {
            _sums[r] += by;
            var isContent = Excess(_component.Rows[r], _sums[r]) == 0;
            if (isContent == _discontentAt[r] < 0)
                continue;
            if (isContent)
                RemoveDiscontent(r);
            else
                AddDiscontent(r);
        }
    }

    void AddDiscontent(int row)
    {
        _discontentAt[row] = _discontent.Count;
        _discontent.Add(row);
    }

    void RemoveDiscontent(int row)
    {
        var last = _discontent[^1];
        (_discontent[_discontentAt[row]], _discontentAt[last]) = (last, _discontentAt[row]);
        _discontent.RemoveAt(_discontent.Count - 1);
        _discontentAt[row] = -1;
    }

    void TakeBack()
    {
        for (var i = _chain.Count - 1; i >= 0; i--)
            Apply(_chain[i].Column, -_chain[i].By);
    }
}
