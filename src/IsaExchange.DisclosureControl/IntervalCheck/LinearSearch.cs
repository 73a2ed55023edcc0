using Google.OrTools.LinearSolver;

namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// Linear programs over one component, by CLP: it keeps its basis when only the objective changes. Vertices of whole
/// numbers are witnesses; bounds that leave too little are proofs once verified in rational arithmetic. Whatever the
/// solver says beyond that is a hint and never a verdict.
/// </summary>
sealed class LinearSearch : IDisposable
{
    /// <summary>Objectives over all undecided cells at once: one vertex moves hundreds of them.</summary>
    const int PushesMax = 60;

    const int IdlePushesMax = 6;

    /// <summary>A vertex coordinate as near as this to a whole number is tried as that number.</summary>
    const double WholeTolerance = 1e-6;

    /// <summary>One program alone; without an answer by then it counts as none.</summary>
    const double ProgramSecondsMax = 60;

    /// <summary>How far a count goes that nothing bounds. A bound of the search, never of what is possible: what is
    /// proved rests on the bounds of the component.</summary>
    const long DeviationMax = 10_000;

    readonly Component _component;
    readonly Random _random;
    readonly CheckBudget _budget;
    readonly Solver _solver;
    readonly Variable[] _columns;
    readonly Constraint[] _rows;
    readonly Objective _objective;
    readonly long[] _table;
    bool _isDead;

    public LinearSearch(Component component, int seed, CheckBudget budget)
    {
        (_component, _random, _budget) = (component, new Random(seed), budget);
        _solver = Solver.CreateSolver("CLP") ?? throw new InvalidOperationException("CLP is not in this OR-Tools.");
        _table = new long[component.Columns];
        _columns = new Variable[component.Columns];
        for (var c = 0; c < _columns.Length; c++)
            _columns[c] = _solver.MakeNumVar(component.Lower[c], Math.Min(component.Upper[c], DeviationMax), "");
        _rows = new Constraint[component.Rows.Count];
        for (var r = 0; r < _rows.Length; r++)
        {
            var row = component.Rows[r];
            _rows[r] = _solver.MakeConstraint(row.Lo, Bound(row.Hi), "");
            foreach (var column in row.Columns)
                _rows[r].SetCoefficient(_columns[column], 1);
        }

        _objective = _solver.Objective();
    }

    public void Dispose() => _solver.Dispose();

    /// <summary>Random signed sums of all cells that are not yet known to move far enough.</summary>
    public void Push()
    {
        var idle = 0;
        for (var push = 0; push < PushesMax && idle < IdlePushesMax && !_isDead; push++)
        {
            var still = _component.Undecided.Where(IsStill).ToList();
            if (still.Count == 0)
                return;
            _budget.Token.ThrowIfCancellationRequested();
            _objective.Clear();
            var weights = new Dictionary<int, double>();
            foreach (var target in still)
            {
                var weight = Sign(target) * (1 + _random.NextDouble());
                foreach (var column in target.Columns)
                    weights[column] = weights.GetValueOrDefault(column) + weight;
            }

            foreach (var (column, weight) in weights)
                _objective.SetCoefficient(_columns[column], weight);
            _objective.SetMaximization();
            idle = Solve() && Learn() ? 0 : idle + 1;
        }
    }

    /// <summary>Least and greatest of each cell that no vertex has moved; the verdict where that is a proof.</summary>
    public void Bound(AttackerKnowledge known)
    {
        foreach (var target in _component.Undecided.Where(IsStill).ToList())
        {
            _budget.Token.ThrowIfCancellationRequested();
            if (_isDead)
                return;
            var high = Extreme(target, isMaximum: true);
            var low = Extreme(target, isMaximum: false);
            target.ProveEnds(
                Whole(low?.Ceiling ?? -Component.Endless), Whole(high?.Floor ?? Component.Endless), CellVerdict.Narrow,
                ProofOf(target, low, high, known));
        }
    }

    /// <summary>Not even fractions have moved it as far as it must.</summary>
    static bool IsStill(Target target)
    {
        var ((low, high), needed) = (target.Reached, target.Cell.Needed);
        return target.IsOpen && (high - low < target.Cell.Required.Width - WholeTolerance
            || low > needed.Low + WholeTolerance || high < needed.High - WholeTolerance);
    }

    int Sign(Target target)
    {
        if (_component.WaysOf(target) is var (down, up) && down != up)
            return up ? 1 : -1;
        var ((low, high), needed) = (target.Reached, target.Cell.Needed);
        var (isLowLeft, isHighLeft) = (low > needed.Low + WholeTolerance, high < needed.High - WholeTolerance);
        if (isLowLeft != isHighLeft)
            return isHighLeft ? 1 : -1;
        return Math.Abs(high + low) < WholeTolerance ? (_random.Next(2) * 2) - 1 : high < -low ? 1 : -1;
    }

    static double Bound(long value) => value == Component.Unbounded ? double.PositiveInfinity : value;

    bool Solve()
    {
        _solver.SetTimeLimit(1 + (long)(1_000 * Math.Min(ProgramSecondsMax, _budget.SecondsLeft)));
        var status = _solver.Solve();

        // The truth is feasible, so anything else is the solver's failing: its word counts for nothing from here on.
        _isDead = status is Solver.ResultStatus.ABNORMAL or Solver.ResultStatus.INFEASIBLE
            or Solver.ResultStatus.MODEL_INVALID;
        return status == Solver.ResultStatus.OPTIMAL;
    }

    bool Learn()
    {
        var isWhole = true;
        var values = new double[_columns.Length];
        for (var c = 0; c < values.Length; c++)
        {
            values[c] = _columns[c].SolutionValue();
            _table[c] = (long)Math.Round(values[c]);
            isWhole &= Math.Abs(values[c] - _table[c]) < WholeTolerance;
        }

        var moved = false;
        foreach (var target in _component.Undecided)
        {
            var at = target.Columns.Sum(c => values[c]);
            var (low, high) = target.Reached;
            moved |= at < low - WholeTolerance || at > high + WholeTolerance;
            target.Reached = (Math.Min(low, at), Math.Max(high, at));
        }

        if (isWhole)
            _component.Learn(_table, Enumerable.Range(0, _table.Length), ProvedBy.LinearProgram);
        return moved;
    }

    VerifiedBound? Extreme(Target target, bool isMaximum)
    {
        _objective.Clear();
        foreach (var column in target.Columns)
            _objective.SetCoefficient(_columns[column], 1);
        _objective.SetOptimizationDirection(isMaximum);
        if (!Solve())
            return null;
        Learn();
        var duals = Array.ConvertAll(_rows, r => r.DualValue());
        return VerifiedBound.Of(_component, target, duals, isMaximum);
    }

    static List<(int, Rational)> ProofOf(
        Target target, VerifiedBound? low, VerifiedBound? high, AttackerKnowledge known) =>
        [.. (low?.Weights ?? []).Concat(high?.Weights ?? [])
            .Where(w => w.Sum == target.Cell.Sum || !known.Sums[w.Sum].Required.IsRequired || known.Sums[w.Sum].IsExact)
            .DistinctBy(w => w.Sum)];

    /// <summary>No count comes near these ends.</summary>
    static long Whole(System.Numerics.BigInteger number) =>
        (long)System.Numerics.BigInteger.Clamp(number, -Component.Endless, Component.Endless);
}
