namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// From the cheap to the thorough: the whole falls into parts as if more were known, and most cells find their
/// witnesses there; what is left is looked for in the whole, and only there a cell is refused.
/// </summary>
sealed class Search(AttackerKnowledge known, int seed)
{
    /// <summary>Beyond so many entries linear programs take longer than the answer is worth.</summary>
    const int LinearEntriesMax = 400_000;

    /// <summary>A component of so many columns is searched in seconds.</summary>
    const int SmallColumnsMax = 1_500;

    /// <summary>So few columns are searched by solvers whatever their sums are.</summary>
    const int FewColumnsMax = 600;

    readonly List<ProtectedCell> _cells = [.. Enumerable.Range(0, known.Sums.Count)
        .Where(s => known.Sums[s].ProtectedWidth > 0)
        .Select(s => new ProtectedCell(s, known.Sums[s].ProtectedWidth))];

    readonly List<IReadOnlyList<Component>> _passes = [];
    List<Component> _whole = [];
    int _byWalk;
    int _byLinearProgram;
    int _bySolver;

    public void Run(CancellationToken ct)
    {
        _whole = Presolve.Run(known, _cells);
        _passes.Add(_whole);
        Each(_whole, c => Walk(c, ct), ct);
        if (_whole.Any(c => c.Columns > SmallColumnsMax && c.Undecided.Any() && IsSolvable(c)))
        {
            var parts = InParts();
            _passes.Add(parts);
            Each(parts, c => Look(c, isWhole: false, ct), ct);
        }

        Each(_whole, c => Look(c, isWhole: true, ct), ct);
    }

    /// <summary>Components move independently: a cell that several hold moves as far as all together.</summary>
    static void Combine(ProtectedCell cell, List<(Component Component, Target Target)> parts)
    {
        cell.Found = parts.Sum(p => p.Target.High - p.Target.Low);
        if (cell.Found >= cell.Width)
            (cell.Verdict, cell.Witness, cell.IsSpread) =
                (CellVerdict.Protected, [.. parts.Select(p => p.Target.Piece(p.Component))], true);
        else if (parts.TrueForAll(p => p.Target.Proved is not null) && parts.Sum(p => p.Target.Proved) < cell.Width)
            cell.Verdict = CellVerdict.Narrow;
    }

    /// <summary>Assumes as few sums as make all parts small.</summary>
    IReadOnlyList<Component> InParts()
    {
        IReadOnlyList<Component> parts = _whole;
        var assumedFrom = known.Truth.Length;
        while (assumedFrom > 2 && parts.Any(c => c.Columns > SmallColumnsMax))
        {
            assumedFrom /= 2;
            parts = Presolve.RunAssuming(known, _cells, assumedFrom);
        }

        return parts;
    }

    static void Each(IReadOnlyList<Component> components, Action<Component> look, CancellationToken ct)
    {
        var parallel = new ParallelOptions
        {
            CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount,
        };
        Parallel.ForEach(
            components.Where(c => c.Undecided.Any()).OrderByDescending(c => c.Columns), parallel, look);
    }

    void Walk(Component component, CancellationToken ct)
    {
        var open = component.Undecided.Count();
        new WitnessWalk(component, seed).Run(ct);
        Interlocked.Add(ref _byWalk, open - component.Undecided.Count());
    }

    void Look(Component component, bool isWhole, CancellationToken ct)
    {
        Walk(component, ct);
        var open = component.Undecided.Count();
        void Count(ref int place)
        {
            var still = component.Undecided.Count();
            Interlocked.Add(ref place, open - still);
            open = still;
        }

        if (open > 0 && IsSolvable(component))
        {
            using var linear = new LinearSearch(component, seed);
            linear.Push(ct);
            if (isWhole)
                linear.Bound(known, ct);
        }

        Count(ref _byLinearProgram);
        if (open > 0 && IsSolvable(component))
        {
            var whole = new WholeNumberSearch(component, seed);
            whole.Push(ct);
            if (isWhole)
                whole.Stretch(ct);
        }

        Count(ref _bySolver);
    }

    /// <summary>
    /// Exact sums leave few ways, and solvers follow them. Sums known within bounds leave so many that steps find what
    /// there is, and solvers end no sooner for having looked.
    /// </summary>
    static bool IsSolvable(Component component) =>
        component.Columns <= FewColumnsMax
        || (component.Rows.Count(r => r.Lo == r.Hi || r.Hi == Component.Unbounded) * 2 >= component.Rows.Count
            && component.Rows.Sum(r => (long)r.Columns.Length) <= LinearEntriesMax);

    public CheckResult ToResult(double seconds)
    {
        var spread = _whole.SelectMany(c => c.Undecided, (c, t) => (Component: c, Target: t))
            .Where(p => p.Target.IsPart).GroupBy(p => p.Target.Cell);
        foreach (var parts in spread.ToList())
            Combine(parts.Key, [.. parts]);
        var certificate = Certificate.Of(known, _passes, _cells);
        var proved = _cells.Where(c => c.Verdict == CellVerdict.Protected).ToList();
        var figures = new CheckFigures(
            _whole.Count, _whole.Sum(c => c.Columns), _whole.Sum(c => c.Rows.Count), _byWalk, _byLinearProgram,
            _bySolver, seed, "OR-Tools " + Google.OrTools.Init.OrToolsVersion.VersionString());
        var refused = _cells.Where(c => c.Verdict != CellVerdict.Protected)
            .Select(c => new RefusedCell(known.Sums[c.Sum].Name, c.Verdict, Explanation.Of(known, c))
            {
                Proof = [.. c.Proof.Select(w => w.Sum)],
            });
        var report = new CheckReport(
            known.Sums.Count, _cells.Count, [.. refused], proved.Count == 0 ? 0 : proved.Min(c => c.Found),
            certificate.Tables.Count, figures, seconds);
        return new CheckResult(report, certificate);
    }
}
