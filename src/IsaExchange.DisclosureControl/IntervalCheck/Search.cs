namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// From the cheap to the thorough: steps find most witnesses; then the whole falls into parts as if more were known,
/// and most others are found there; then as if all were known but what is near a cell; what is left is looked for in
/// the whole, and only there a cell is refused.
/// </summary>
/// <remarks>
/// What is searched side by side shares nothing that is written, and is put together in a fixed order: how many
/// processors there are changes the time and nothing else.
/// </remarks>
sealed class Search(AttackerKnowledge known, CheckLimits limits, CheckBudget budget)
{
    /// <summary>Beyond so many entries linear programs take longer than the answer is worth.</summary>
    const int LinearEntriesMax = 400_000;

    /// <summary>So few columns are searched by solvers whatever their sums are.</summary>
    const int FewColumnsMax = 600;

    /// <summary>A component of so many columns is searched in seconds.</summary>
    const int SmallColumnsMax = 1_500;

    /// <summary>Cells of one component that are searched together while others are searched beside them.</summary>
    const int TogetherMax = 256;

    readonly List<ProtectedCell> _cells = [.. Enumerable.Range(0, known.Sums.Count)
        .Where(s => known.Sums[s].Required.IsRequired)
        .Select(s => new ProtectedCell(s, known.Sums[s].Required, known.TrueSum(known.Sums[s])))];

    List<Component> _whole = [];

    public void Run(IReadOnlyList<WitnessTable> earlier)
    {
        foreach (var cell in _cells)
            LookAtItself(cell);
        _whole = Presolve.Run(known, _cells, budget.Token);
        Begin(earlier);
        CombineAll();
        Each(_whole.SelectMany(Beside), Walk);
        CombineAll();
        if (_whole.Exists(c => c.Columns > SmallColumnsMax && c.Undecided.Any() && IsSolvable(c)))
            Each(Districts(), Push);
        CombineAll();
        Each(_whole.Where(c => c.Columns > SmallColumnsMax && IsSolvable(c)).SelectMany(Beside), SearchNearby);
        CombineAll();
        Each(limits.IsHasty ? _whole.Where(c => c.Columns <= SmallColumnsMax) : _whole, Solve);
    }

    /// <summary>What its own statement says, and the truth alone.</summary>
    void LookAtItself(ProtectedCell cell)
    {
        var sum = known.Sums[cell.Sum];
        if (cell.IsMet(0, 0))
            cell.Protect(0, ProvedBy.Walk, []);
        else if (cell.Required.Lacking(sum.Lo, sum.Hi ?? Component.Unbounded) is not RequiredPart.Nothing and var lacks)
            cell.Refuse(sum.IsExact ? CellVerdict.Derived : CellVerdict.Narrow, lacks, [(cell.Sum, 1)]);
    }

    /// <summary>Each component takes of earlier tables what lies within it; it looks whether that agrees.</summary>
    void Begin(IReadOnlyList<WitnessTable> earlier)
    {
        if (earlier.All(t => t.Unknowns.Length == 0))
            return;
        var (componentOf, columnOf) = (new int[known.Truth.Length], new int[known.Truth.Length]);
        Array.Fill(componentOf, -1);
        for (var i = 0; i < _whole.Count; i++)
        {
            for (var c = 0; c < _whole[i].Columns; c++)
            {
                foreach (var unknown in _whole[i].Members[c])
                    (componentOf[unknown], columnOf[unknown]) = (i, c);
            }
        }

        var dense = _whole.ConvertAll(c => new long[c.Columns]);
        foreach (var table in earlier)
        {
            budget.Token.ThrowIfCancellationRequested();
            var within = Enumerable.Range(0, table.Unknowns.Length)
                .Where(i => table.Unknowns[i] < componentOf.Length && componentOf[table.Unknowns[i]] >= 0)
                .GroupBy(i => componentOf[table.Unknowns[i]]);
            foreach (var part in within)
            {
                var columns = part.Select(i => columnOf[table.Unknowns[i]]).Distinct().ToList();
                foreach (var i in part)
                    dense[part.Key][columnOf[table.Unknowns[i]]] += table.Deviations[i];
                _whole[part.Key].Learn(dense[part.Key], columns, ProvedBy.Earlier);
                foreach (var column in columns)
                    dense[part.Key][column] = 0;
            }
        }
    }

    /// <summary>Assumes as few sums as make all parts small.</summary>
    List<Component> Districts()
    {
        var parts = _whole;
        for (var from = known.Truth.Length / 2; from > 1 && parts.Exists(c => c.Columns > SmallColumnsMax); from /= 2)
            parts = Presolve.RunAssuming(known, _cells, from, budget.Token);
        return parts;
    }

    /// <summary>The open cells of a large component in some groups, which are searched side by side.</summary>
    static IEnumerable<Component> Beside(Component component)
    {
        var open = component.Undecided.ToList();
        return open.Count <= TogetherMax ? [component] : open.Chunk(TogetherMax).Select(component.For);
    }

    void Each(IEnumerable<Component> components, Action<Component> look)
    {
        var parallel = new ParallelOptions
        {
            CancellationToken = budget.Token,
            MaxDegreeOfParallelism = limits.Threads > 0 ? limits.Threads : Environment.ProcessorCount,
        };
        Parallel.ForEach(
            components.Where(c => c.Undecided.Any()).OrderByDescending(c => c.Columns), parallel, look);
    }

    void Walk(Component component) => new WitnessWalk(component, limits.Seed).Run(budget.Token);

    void SearchNearby(Component component) => new NearbySearch(component, limits.Seed, budget).Run();

    void Push(Component component)
    {
        Walk(component);
        if (!component.Undecided.Any() || !IsSolvable(component))
            return;
        using var linear = new LinearSearch(component, limits.Seed, budget);
        linear.Push();
        if (component.Undecided.Any())
            new WholeNumberSearch(component, limits.Seed, budget).Push();
    }

    void Solve(Component component)
    {
        if (!IsSolvable(component))
            return;
        using (var linear = new LinearSearch(component, limits.Seed, budget))
        {
            linear.Push();
            linear.Bound(known);
        }

        if (!component.Undecided.Any())
            return;
        var whole = new WholeNumberSearch(component, limits.Seed, budget);
        whole.Push();
        whole.Stretch();
    }

    /// <summary>
    /// Exact sums leave few ways, and solvers follow them. Sums known within bounds leave so many that steps find what
    /// there is, and solvers end no sooner for having looked.
    /// </summary>
    static bool IsSolvable(Component component) =>
        component.Columns <= FewColumnsMax
        || (component.Rows.Count(r => r.Lo == r.Hi || r.Hi == Component.Unbounded) * 2 >= component.Rows.Count
            && component.Rows.Sum(r => (long)r.Columns.Length) <= LinearEntriesMax);

    void CombineAll()
    {
        var spread = _whole.SelectMany(c => c.Targets, (c, t) => (Component: c, Target: t))
            .Where(p => p.Target.IsPart && p.Target.Cell.IsOpen).GroupBy(p => p.Target.Cell).ToList();
        foreach (var parts in spread)
            Combine(parts.Key, [.. parts]);
    }

    /// <summary>Components move independently: a cell that several hold moves as far as all together.</summary>
    static void Combine(ProtectedCell cell, List<(Component Component, Target Target)> parts)
    {
        var (low, high) = (parts.Sum(p => p.Target.Low), parts.Sum(p => p.Target.High));
        if (cell.IsMet(low, high))
        {
            var one = parts.FindIndex(p => cell.IsMet(p.Target.Low, p.Target.High));
            var witness = one < 0 ? parts : parts.GetRange(one, 1);
            cell.Protect(
                witness.Sum(p => p.Target.High - p.Target.Low), ProvedBy.Walk,
                witness.ConvertAll(p => p.Target.Piece(p.Component)));
        }
        else if (parts.TrueForAll(p => p.Target.Proved is not null))
        {
            var lacks = cell.Lacking(
                parts.Sum(p => p.Target.Proved!.Value.Low), parts.Sum(p => p.Target.Proved!.Value.High));
            if (lacks != RequiredPart.Nothing)
                cell.Refuse(
                    parts.Exists(p => p.Target.Proof.Count == 0)
                        ? CellVerdict.NarrowInWholeNumbers : CellVerdict.Narrow,
                    lacks,
                    [.. parts.SelectMany(p => p.Target.Proof).DistinctBy(w => w.Sum)]);
        }
    }

    public CheckResult ToResult(double seconds)
    {
        CombineAll();
        var certificate = Certificate.Of(_cells);
        var proved = _cells.Where(c => c.Verdict == CellVerdict.Protected).ToList();
        int By(ProvedBy way) => proved.Count(c => c.ProvedBy == way);
        var figures = new CheckFigures(
            _whole.Count, _whole.Sum(c => c.Columns), _whole.Sum(c => c.Rows.Count), By(ProvedBy.Walk),
            By(ProvedBy.LinearProgram), By(ProvedBy.Solver), limits.Seed,
            "OR-Tools " + Google.OrTools.Init.OrToolsVersion.VersionString())
        {
            ByEarlierTables = By(ProvedBy.Earlier),
        };
        var refused = _cells.Where(c => c.Verdict != CellVerdict.Protected)
            .Select(c => new RefusedCell(known.Sums[c.Sum].Name, c.Verdict, Explanation.Of(known, c))
            {
                Sum = c.Sum,
                Proof = [.. c.Proof.Select(w => w.Sum)],
            });
        var report = new CheckReport(
            known.Sums.Count, _cells.Count, [.. refused], proved.Count == 0 ? 0 : proved.Min(c => c.Found),
            certificate.Tables.Count, figures, seconds);
        return new CheckResult(report, certificate);
    }
}
