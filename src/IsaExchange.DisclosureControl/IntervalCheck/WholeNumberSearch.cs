using System.Globalization;
using Google.OrTools.Sat;

namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// Whole-number tables of one component, by CP-SAT on one thread with a fixed seed and a limit of work, not of time:
/// the same component is searched in the same way on every machine. Each table found is added up again before it
/// counts.
/// </summary>
sealed class WholeNumberSearch
{
    const int RoundsMax = 120;
    const int IdleRoundsMax = 3;

    /// <summary>Work of one round over all undecided cells, in the solver's deterministic seconds.</summary>
    const double RoundWork = 1;

    /// <summary>Work for one cell alone.</summary>
    const double CellWork = 4;

    /// <summary>No count needs to deviate further; a bound of the search, never of what is possible.</summary>
    const long DeviationMax = 1_000;

    readonly Component _component;
    readonly Random _random;
    readonly CheckBudget _budget;
    readonly int _seed;
    readonly CpModel _model = new();
    readonly IntVar[] _columns;
    readonly long[] _table;
    readonly bool _isWhole;  // no bound of the search leaves out a table that goes further
    readonly bool[] _isEndless;  // by column: nothing bounds it above
    IReadOnlyList<(Target Target, int Weight)> _aim = [];
    bool _hasLearnt;

    public WholeNumberSearch(Component component, int seed, CheckBudget budget)
    {
        (_component, _random, _seed, _budget) = (component, new Random(seed), seed, budget);
        _table = new long[component.Columns];
        _columns = new IntVar[component.Columns];
        (_isWhole, _isEndless) = (true, new bool[component.Columns]);
        for (var c = 0; c < _columns.Length; c++)
        {
            var upper = Math.Min(component.Upper[c], Greatest(component, c));
            _isEndless[c] = upper == Component.Unbounded;
            _isWhole &= (_isEndless[c] ? Sufficient(component, c) : upper) <= DeviationMax;
            _columns[c] = _model.NewIntVar(component.Lower[c], Math.Min(upper, DeviationMax), "");
            _model.AddHint(_columns[c], 0);
        }

        foreach (var row in component.Rows)
        {
            var sum = LinearExpr.Sum(row.Columns.Select(c => _columns[c]));
            _model.AddLinearConstraint(sum, row.Lo, Math.Min(row.Hi, long.MaxValue / 4));
        }
    }

    /// <summary>Random signed sums of all undecided cells; every improving table is looked at.</summary>
    public void Push()
    {
        var idle = 0;
        for (var round = 0; round < RoundsMax && idle < IdleRoundsMax; round++)
        {
            var open = _component.Undecided.ToList();
            if (open.Count == 0)
                return;
            _budget.Token.ThrowIfCancellationRequested();
            _hasLearnt = false;
            Solve([.. open.Select(t => (t, Sign(t) * (1 + _random.Next(3))))], RoundWork);
            idle = _hasLearnt ? 0 : idle + 1;
        }
    }

    /// <summary>Each cell that is left, as far down and as far up as whole numbers go.</summary>
    public void Stretch()
    {
        foreach (var target in _component.Undecided.ToList())
        {
            _budget.Token.ThrowIfCancellationRequested();
            var isLowest = Solve([(target, -1)], CellWork) == CpSolverStatus.Optimal;
            if (!target.IsOpen)
                continue;
            var isHighest = Solve([(target, 1)], CellWork) == CpSolverStatus.Optimal;
            if (target.IsOpen && isLowest && isHighest && _isWhole)
                target.ProveEnds(target.Low, HighOf(target), CellVerdict.NarrowInWholeNumbers, []);
        }
    }

    long HighOf(Target target) =>
        target.Columns.Any(c => _isEndless[c]) ? Component.Endless : target.High;

    int Sign(Target target)
    {
        if (_component.WaysOf(target) is var (down, up) && down != up)
            return up ? 1 : -1;
        var (isLowLeft, isHighLeft) = (target.Low > target.Cell.Needed.Low, target.High < target.Cell.Needed.High);
        if (isLowLeft != isHighLeft)
            return isHighLeft ? 1 : -1;
        return target.High == -target.Low ? (_random.Next(2) * 2) - 1 : target.High < -target.Low ? 1 : -1;
    }

    CpSolverStatus Solve(IReadOnlyList<(Target Target, int Weight)> objective, double work)
    {
        _aim = objective;
        var weights = new long[_columns.Length];
        foreach (var (target, weight) in objective)
        {
            foreach (var column in target.Columns)
                weights[column] += weight;
        }

        _model.Maximize(LinearExpr.WeightedSum(_columns, weights));
        var terms = string.Create(
            CultureInfo.InvariantCulture,
            $"num_workers:1 random_seed:{_seed} cp_model_probing_level:0 max_deterministic_time:{work} "
            + $"max_time_in_seconds:{_budget.SecondsLeft}");
        using var found = new Found(this);
        return new CpSolver { StringParameters = terms }.Solve(_model, found);
    }

    void Look(Func<IntVar, long> value)
    {
        for (var c = 0; c < _table.Length; c++)
            _table[c] = value(_columns[c]);
        _hasLearnt |= _component.Learn(_table, Enumerable.Range(0, _table.Length), ProvedBy.Solver);
    }

    /// <summary>No more than the least sum that holds the column, were all others at their least.</summary>
    static long Greatest(Component component, int column)
    {
        var greatest = Component.Unbounded;
        foreach (var row in component.RowsOf[column].Select(r => component.Rows[r]))
        {
            if (row.Hi == Component.Unbounded)
                continue;
            var others = row.Columns.Sum(c => c == column ? 0 : component.Lower[c]);
            greatest = Math.Min(greatest, row.Hi - others);
        }

        return greatest;
    }

    /// <summary>
    /// So much of a column that nothing bounds above is all that its sums can ask for, were all others at their least:
    /// where there is a table with more of it, there is one with this that goes as far down, and as far up but where
    /// the column is itself of what is moved.
    /// </summary>
    static long Sufficient(Component component, int column) => component.RowsOf[column]
        .Select(r => component.Rows[r])
        .Max(row => (long?)(row.Lo - row.Columns.Sum(c => c == column ? 0 : component.Lower[c]))) ?? 0;

    sealed class Found(WholeNumberSearch search) : CpSolverSolutionCallback
    {
        public override void OnSolutionCallback()
        {
            search.Look(Value);
            if (search._aim.All(a => !a.Target.IsOpen))
                StopSearch();
        }
    }
}
