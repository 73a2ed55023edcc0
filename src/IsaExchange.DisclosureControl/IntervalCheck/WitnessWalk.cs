namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// Finds tables by steps: one count moves by one, and while a sum does not allow it another of its counts moves the
/// other way, until every sum is content or the chain has become too long and is taken back. Every table kept is of
/// whole numbers and agrees with everything known, so each is a witness without any solver.
/// </summary>
/// <remarks>What a step costs does not grow with the table: only what has moved is looked at.</remarks>
sealed class WitnessWalk
{
    /// <summary>All cells together, as long as one of so many open ones is decided in a round.</summary>
    const int OpenForEachDecided = 25;

    const int IdleRoundsMax = 3;

    const int RoundsMax = 60;

    /// <summary>Steps of a chain. The shortest that three crossed exact sums allow has eight.</summary>
    const int ChainMax = 40;

    /// <summary>Of a cell that is left, by turns up to so many more.</summary>
    const int ChainMore = 24;

    /// <summary>Counts of a discontent sum that are looked at for the next step of a chain.</summary>
    const int CandidatesMax = 20;

    /// <summary>How often a cell is moved in one round at least: a little further than it needs helps its
    /// neighbours.</summary>
    const int StepsMin = 6;

    /// <summary>Climbs for each cell that is left, alone.</summary>
    const int AttemptsMax = 256;

    readonly Component _component;
    readonly Random _random;
    readonly long[] _table;
    readonly long[] _sums;
    readonly int[] _pull;  // by column: how many protected cells want it up, less those that want it down
    readonly List<int> _discontent = [];
    readonly int[] _discontentAt;  // by row: place in that list, -1 when it is content
    readonly List<(int Column, int By)> _chain = [];
    readonly List<int> _touched = [];
    readonly bool[] _isTouched;  // by column: whether it is in that list
    int _chainMax = ChainMax;

    public WitnessWalk(Component component, int seed)
    {
        (_component, _random) = (component, new Random(seed));
        (_table, _sums) = (new long[component.Columns], new long[component.Rows.Count]);
        (_pull, _discontentAt) = (new int[component.Columns], new int[component.Rows.Count]);
        _isTouched = new bool[component.Columns];
        Array.Fill(_discontentAt, -1);
    }

    public void Run(CancellationToken ct)
    {
        var (idle, open) = (0, _component.Undecided.ToList());
        for (var round = 0; round < RoundsMax && idle < IdleRoundsMax && open.Count > 0; round++)
        {
            var before = open.Count;
            Climb(open, ct);
            open.RemoveAll(t => !t.IsOpen);
            idle = (before - open.Count) * OpenForEachDecided >= before ? 0 : idle + 1;
        }

        foreach (var target in open)
        {
            for (var attempt = 0; attempt < AttemptsMax && target.IsOpen; attempt++)
            {
                _chainMax = ChainMax + (attempt % ChainMore);
                Climb([target], ct);
            }
        }
    }

    /// <summary>From the truth as far as it goes.</summary>
    void Climb(List<Target> open, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Return();
        Aim(open, 1);
        var steps = StepsMin + (int)open.Max(t => t.IsPulledUp ? t.Cell.Needed.High : -t.Cell.Needed.Low);
        var left = open.ToArray();
        for (var step = 0; step < steps && left.Length > 0; step++)
        {
            _random.Shuffle(left);
            left = Array.FindAll(left, t => Move(t.Columns[_random.Next(t.Columns.Length)], t.IsPulledUp ? 1 : -1));
        }

        _component.Learn(_table, _touched, ProvedBy.Walk);
        Aim(open, 0);
    }

    void Return()
    {
        foreach (var column in _touched)
        {
            (_table[column], _isTouched[column]) = (0, false);
            foreach (var row in _component.RowsOf[column])
                _sums[row] = 0;
        }

        _touched.Clear();
    }

    /// <param name="by">1 to pull them from now on; 0 to let go of them.</param>
    void Aim(List<Target> open, int by)
    {
        foreach (var target in open)
        {
            if (by != 0)
                target.IsPulledUp = IsUp(target);
            foreach (var column in target.Columns)
                _pull[column] = by == 0 ? 0 : _pull[column] + (target.IsPulledUp ? by : -by);
        }
    }

    /// <summary>Where it has not been and must be; else up and down by turns at random.</summary>
    bool IsUp(Target target)
    {
        if (_component.WaysOf(target) is var (down, up) && down != up)
            return up;
        var (low, high) = target.Cell.Needed;
        var (isLowLeft, isHighLeft) = (target.Low > low, target.High < high);
        if (isLowLeft != isHighLeft && _random.Next(4) > 0)
            return isHighLeft;
        return target.High == -target.Low || _random.Next(3) == 0
            ? _random.Next(2) == 0 : target.High < -target.Low;
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
            var next = _chain.Count < _chainMax ? Best(_component.Rows[row].Columns, back) : -1;
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
            var cost = (Discontent(column, by) * Weight) - Math.Sign(_pull[column] * by) + _random.Next(Noise);
            if (cost < least)
                (best, least) = (column, cost);
        }

        return best;
    }

    /// <summary>What one more discontent sum counts against moving a cell the way it is pulled.</summary>
    const int Weight = 4;

    /// <summary>More than one discontent sum weighs: now and then a step is taken that is not the best.</summary>
    const int Noise = 6;

    bool Stays(int column, int by) =>
        _table[column] + by >= _component.Lower[column] && _table[column] + by <= _component.Upper[column];

    /// <summary>By how much more the sums of a column would miss what they may be.</summary>
    long Discontent(int column, int by)
    {
        var more = 0L;
        foreach (var r in _component.RowsOf[column])
        {
            var row = _component.Rows[r];
            more += Excess(row, _sums[r] + by) - Excess(row, _sums[r]);
        }

        return more;
    }

    static long Excess(ReducedRow row, long sum) => sum > row.Hi ? sum - row.Hi : sum < row.Lo ? row.Lo - sum : 0;

    void Apply(int column, int by)
    {
        if (!_isTouched[column])
        {
            _isTouched[column] = true;
            _touched.Add(column);
        }

        _table[column] += by;
        foreach (var r in _component.RowsOf[column])
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
