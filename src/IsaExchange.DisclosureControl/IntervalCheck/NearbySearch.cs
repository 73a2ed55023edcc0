using System.Globalization;
using Google.OrTools.Sat;

namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// Whole-number tables that deviate near one protected cell and are as they truly are everywhere else, by CP-SAT: what
/// moves one cell of a large table seldom needs more than the counts that share a short sum with it. A table found is
/// one of the whole component; that none is found says nothing.
/// </summary>
/// <remarks>One thread, a fixed seed and a limit of work, as <see cref="WholeNumberSearch"/> has them.</remarks>
sealed class NearbySearch(Component component, int seed, CheckBudget budget)
{
    /// <summary>Counts that may deviate, in one attempt after another.</summary>
    static readonly int[] Sizes = [150, 500, 1_500, 4_000];

    /// <summary>Work of one attempt, in the solver's deterministic seconds for each thousand counts.</summary>
    const double WorkPerThousand = 1;

    /// <summary>No count needs to deviate further here; a bound of the search, never of what is possible.</summary>
    const long DeviationMax = 30;

    /// <summary>What the cell itself is worth beside the others nearby.</summary>
    const int OwnWeight = 50;

    readonly long[] _table = new long[component.Columns];
    readonly Target[][] _openOf = OpenOf(component);

    public void Run()
    {
        foreach (var size in Sizes)
        {
            foreach (var target in component.Undecided.ToList())
            {
                budget.Token.ThrowIfCancellationRequested();
                if (target.IsOpen)
                    Look(target, Nearest(target, size));
            }
        }
    }

    static Target[][] OpenOf(Component component)
    {
        var open = new List<Target>[component.Columns];
        foreach (var target in component.Undecided)
        {
            foreach (var column in target.Columns)
                (open[column] ??= []).Add(target);
        }

        return Array.ConvertAll(open, list => list?.ToArray() ?? []);
    }

    /// <summary>By the sums that lead there: a step within a sum of many counts is a long one.</summary>
    List<int> Nearest(Target target, int size)
    {
        var (near, queue, seen) = (new List<int>(size), new PriorityQueue<int, double>(), new HashSet<int>());
        var rows = new HashSet<int>();
        foreach (var column in target.Columns.Take(size))
            queue.Enqueue(column, 0);
        while (near.Count < size && queue.TryDequeue(out var column, out var way))
        {
            if (!seen.Add(column))
                continue;
            near.Add(column);
            foreach (var row in component.RowsOf[column])
            {
                if (!rows.Add(row))
                    continue;
                var columns = component.Rows[row].Columns;
                foreach (var next in columns)
                {
                    if (!seen.Contains(next))
                        queue.Enqueue(next, way + 1 + Math.Log2(columns.Length));
                }
            }
        }

        near.Sort();
        return near;
    }

    void Look(Target target, List<int> near)
    {
        var model = new CpModel();
        var variables = new Dictionary<int, IntVar>(near.Count);
        foreach (var column in near)
        {
            variables[column] = model.NewIntVar(
                Math.Max(component.Lower[column], -DeviationMax), Math.Min(component.Upper[column], DeviationMax), "");
        }

        foreach (var row in near.SelectMany(c => component.RowsOf[c]).Distinct().Select(r => component.Rows[r]))
        {
            var sum = LinearExpr.Sum(row.Columns.Where(variables.ContainsKey).Select(c => variables[c]));
            model.AddLinearConstraint(sum, row.Lo, Math.Min(row.Hi, long.MaxValue / 4));
        }

        var (isUp, weights) = (IsUp(target), new Dictionary<int, long>());
        foreach (var (other, sign) in near.SelectMany(c => _openOf[c]).Distinct()
            .Where(t => t.IsOpen).Select(t => (t, IsUp(t) ? 1 : -1)))
        {
            foreach (var column in other.Columns.Where(variables.ContainsKey))
                weights[column] = weights.GetValueOrDefault(column) + (other == target ? sign * OwnWeight : sign);
        }

        var own = LinearExpr.Sum(target.Columns.Where(variables.ContainsKey).Select(c => variables[c]));
        if (isUp)
            model.Add(own >= target.High + 1);
        else
            model.Add(own <= target.Low - 1);
        model.Maximize(LinearExpr.WeightedSum(
            weights.Keys.Select(c => variables[c]), weights.Values));
        Solve(model, near, variables);
    }

    void Solve(CpModel model, List<int> near, Dictionary<int, IntVar> variables)
    {
        var terms = string.Create(
            CultureInfo.InvariantCulture,
            $"num_workers:1 random_seed:{seed} cp_model_probing_level:0 "
            + $"max_deterministic_time:{WorkPerThousand * near.Count / 1_000} "
            + $"max_time_in_seconds:{budget.SecondsLeft}");
        using var found = new Found(value =>
        {
            foreach (var column in near)
                _table[column] = value(variables[column]);
            component.Learn(_table, near, ProvedBy.Solver);
        });
        new CpSolver { StringParameters = terms }.Solve(model, found);
        foreach (var column in near)
            _table[column] = 0;
    }

    bool IsUp(Target target)
    {
        if (component.WaysOf(target) is var (down, up) && down != up)
            return up;
        return target.High < target.Cell.Needed.High || target.Low <= target.Cell.Needed.Low;
    }

    sealed class Found(Action<Func<IntVar, long>> look) : CpSolverSolutionCallback
    {
        public override void OnSolutionCallback() => look(Value);
    }
}
