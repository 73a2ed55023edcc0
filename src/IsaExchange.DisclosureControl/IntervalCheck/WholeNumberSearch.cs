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
    readonly int _seed;
    readonly CpModel _model = new();
    readonly IntVar[] _columns;
    readonly long[] _table;
    readonly bool _isWhole;

    public WholeNumberSearch(Component component, int seed)
    {
        (_component, _random, _seed) = (component, new Random(seed), seed);
        _table = new long[component.Columns];
        _columns = new IntVar[component.Columns];
        _isWhole = true;
        for (var c = 0; c < _columns.Length; c++)
        {
            var upper = Math.Min(component.Upper[c], Greatest(component, c));
            _isWhole &= upper <= DeviationMax;
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
    public void Push(CancellationToken ct)
    {
        var idle = 0;
        for (var round = 0; round < RoundsMax && idle < IdleRoundsMax; round++)
        {
            var open = _component.Undecided.ToList();
            if (open.Count == 0)
                return;
            ct.ThrowIfCancellationRequested();
            var tables = _component.Tables.Count;
            Solve(open.Select(t => (t, Sign(t) * (1 + _random.Next(3)))), RoundWork);
            idle = _component.Tables.Count > tables ? 0 : idle + 1;
        }
    }

    /// <summary>Each cell that is left, as far down and as far up as whole numbers go.</summary>
    public void Stretch(CancellationToken ct)
    {
        foreach (var target in _component.Undecided.ToList())
        {
            ct.ThrowIfCancellationRequested();
            var isLowest = Solve([(target, -1)], CellWork) == CpSolverStatus.Optimal;
            if (!target.Cell.IsOpen)
                continue;
            var isHighest = Solve([(target, 1)], CellWork) == CpSolverStatus.Optimal;
            if (target.Cell.IsOpen && isLowest && isHighest && _isWhole)
                target.ProveNarrow(target.High - target.Low, CellVerdict.NarrowInWholeNumbers);
        }
    }

    int Sign(Target target) =>
        target.High == -target.Low ? (_random.Next(2) * 2) - 1 : target.High < -target.Low ? 1 : -1;

    CpSolverStatus Solve(IEnumerable<(Target Target, int Weight)> objective, double work)
    {
        var weights = new long[_columns.Length];
        foreach (var (target, weight) in objective)
        {
            foreach (var column in target.Columns)
                weights[column] += weight;
        }

        _model.Maximize(LinearExpr.WeightedSum(_columns, weights));
        var terms = string.Create(
            CultureInfo.InvariantCulture, $"num_workers:1 random_seed:{_seed} max_deterministic_time:{work}");
        using var found = new Found(this);
        return new CpSolver { StringParameters = terms }.Solve(_model, found);
    }

    void Look(Func<IntVar, long> value)
    {
        for (var c = 0; c < _table.Length; c++)
            _table[c] = value(_columns[c]);
        if (_component.Agrees(_table))
            _component.Learn(_table);
    }

    /// <summary>No more than the least sum that holds the column, were all others at their least.</summary>
    static long Greatest(Component component, int column)
    {
        var greatest = Component.Unbounded;
        foreach (var row in component.Rows)
        {
            if (row.Hi == Component.Unbounded || Array.BinarySearch(row.Columns, column) < 0)
                continue;
            var others = row.Columns.Sum(c => c == column ? 0 : component.Lower[c]);
            greatest = Math.Min(greatest, row.Hi - others);
        }

        return greatest;
    }

    sealed class Found(WholeNumberSearch search) : CpSolverSolutionCallback
    {
        public override void OnSolutionCallback() => search.Look(Value);
    }
}
