using System.Globalization;
using Google.OrTools.Sat;

namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// Whole-number tables that differ from the truth near one cell alone: some hundred columns around it may move, all
/// others stay. What is found agrees with everything known; that nothing is found says nothing. In a large component
/// a cell needs few others, and a solver is done with few in no time.
/// </summary>
sealed class NeighbourhoodSearch
{
    /// <summary>Columns of the first neighbourhood of a cell, and of the second.</summary>
    static readonly int[] Sizes = [150, 400];

    /// <summary>Columns of a sum that a neighbourhood has, so that one may move for another.</summary>
    const int OfSum = 5;

    /// <summary>Columns of a sum that are looked at for it.</summary>
    const int CandidatesMax = 40;

    /// <summary>Work of one search, in the solver's deterministic seconds.</summary>
    const double Work = 0.1;

    readonly Component _component;
    readonly Random _random;
    readonly CheckBudget _budget;
    readonly int _seed;
    readonly long[] _table;
    readonly int[] _rank;  // by column: place in the neighbourhood, -1 outside
    readonly int[] _inRow;  // by row: columns that the neighbourhood has of it
    readonly List<int> _columns = [];

    public NeighbourhoodSearch(Component component, int seed, CheckBudget budget)
    {
        (_component, _random, _seed, _budget) = (component, new Random(seed), seed, budget);
        (_table, _rank) = (new long[component.Columns], new int[component.Columns]);
        _inRow = new int[component.Rows.Count];
        Array.Fill(_rank, -1);
    }

    public void Run()
    {
        foreach (var target in _component.Undecided.ToList())
        {
            foreach (var size in Sizes)
            {
                _budget.Token.ThrowIfCancellationRequested();
                if (target.IsOpen && target.Columns.Length < size)
                    Look(target, size);
            }
        }
    }

    void Look(Target target, int size)
    {
        Gather(target, size);
        foreach (var sign in (int[])[1, -1])
        {
            if (target.IsOpen)
                Solve(target, sign);
        }

        foreach (var column in _columns)
        {
            _rank[column] = -1;
            foreach (var row in _component.RowsOf[column])
                _inRow[row] = 0;
        }

        _columns.Clear();
    }

    void Gather(Target target, int size)
    {
        foreach (var column in target.Columns)
            Add(column);
        for (var next = 0; next < _columns.Count && _columns.Count < size; next++)
        {
            foreach (var row in _component.RowsOf[_columns[next]])
                Fill(row, size);
        }
    }

    /// <summary>Those first whose other sums are in the neighbourhood already: they close a circle.</summary>
    void Fill(int row, int size)
    {
        var columns = _component.Rows[row].Columns;
        var wanted = Math.Min(OfSum - _inRow[row], size - _columns.Count);
        if (wanted <= 0)
            return;
        var candidates = new List<(int Known, int Order, int Column)>();
        for (var i = 0; i < Math.Min(columns.Length, CandidatesMax); i++)
        {
            var column = columns.Length <= CandidatesMax ? columns[i] : columns[_random.Next(columns.Length)];
            if (_rank[column] < 0)
                candidates.Add((-_component.RowsOf[column].Count(r => _inRow[r] > 0), _random.Next(), column));
        }

        candidates.Sort();
        foreach (var (_, _, column) in candidates.Take(wanted))
            Add(column);
    }

    void Add(int column)
    {
        if (_rank[column] >= 0)
            return;
        _rank[column] = _columns.Count;
        _columns.Add(column);
        foreach (var row in _component.RowsOf[column])
            _inRow[row]++;
    }

    void Solve(Target target, int sign)
    {
        var model = new CpModel();
        var variables = _columns.ConvertAll(c => model.NewIntVar(
            Math.Max(_component.Lower[c], -DeviationMax), Math.Min(_component.Upper[c], DeviationMax), ""));
        foreach (var row in _columns.SelectMany(c => _component.RowsOf[c]).Distinct())
        {
            var (columns, lo, hi) = (_component.Rows[row].Columns, _component.Rows[row].Lo, _component.Rows[row].Hi);
            var terms = columns.Where(c => _rank[c] >= 0).Select(c => variables[_rank[c]]);
            model.AddLinearConstraint(LinearExpr.Sum(terms), lo, Math.Min(hi, long.MaxValue / 4));
        }

        var moved = LinearExpr.Sum(target.Columns.Select(c => variables[_rank[c]]));
        model.Maximize(moved * sign);
        var limits = string.Create(
            CultureInfo.InvariantCulture,
            $"num_workers:1 random_seed:{_seed} max_deterministic_time:{Work} max_time_in_seconds:{_budget.SecondsLeft}");
        using var found = new Found(this, target, variables);
        new CpSolver { StringParameters = limits }.Solve(model, found);
    }

    /// <summary>So far a count moves at most, within a search.</summary>
    const long DeviationMax = 100;

    sealed class Found(NeighbourhoodSearch search, Target target, List<IntVar> variables) : CpSolverSolutionCallback
    {
        public override void OnSolutionCallback()
        {
            for (var i = 0; i < variables.Count; i++)
                search._table[search._columns[i]] = Value(variables[i]);
            search._component.Learn(search._table, search._columns, ProvedBy.Solver);
            foreach (var column in search._columns)
                search._table[column] = 0;
            if (!target.IsOpen)
                StopSearch();
        }
    }
}
