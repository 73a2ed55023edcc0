namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// Which cells to hide beside the protected ones, over all tables at once, so that no protected cell follows from sums
/// and differences of what is shown, and no sum follows of cells that can only be at their least count.
/// </summary>
/// <remarks>
/// That a cell does not follow from sums does not say how far off its bounds are, nor what whole numbers leave open:
/// nothing chosen here may be published before the interval check has proved it, which shares no code with this.
/// The same problem has the same answer on every machine, whatever its seed: that one is constant.
/// </remarks>
public static class JointSuppression
{
    const int RefinementsMax = 3;
    const int ColumnsTriedMax = 2_000;
    const int TriedColumnsMax = 100_000;
    const int TriesMax = 150;

    /// <remarks>Several orders are tried, each in one pass, and the one that hides the fewest cells is gone over again.
    /// </remarks>
    /// <returns>By cell: whether it is hidden, protected ones included.</returns>
    /// <exception cref="ArgumentException">Atoms out of range, or not ascending.</exception>
    /// <exception cref="SuppressionImpossibleException">Protected cells follow from forced or public ones.</exception>
    public static bool[] Choose(SuppressionProblem problem, CancellationToken cancellationToken)
    {
        var merged = MergedProblem.Of(problem);
        var patterns = CandidateOrder.AllOf(merged)
            .Select(order => Pass(problem, merged, order, cancellationToken));
        var best = patterns.MinBy(hidden => LossOf(merged, hidden))!;
        for (var round = 0; round < RefinementsMax; round++)
        {
            var refined = Pass(problem, merged, CandidateOrder.After(merged, best), cancellationToken);
            if (LossOf(merged, refined).CompareTo(LossOf(merged, best)) >= 0)
                break;
            best = refined;
        }

        // Small tables have the time to be tried in many ways, large ones gain next to nothing by it.
        var tries = merged.Columns.Length <= ColumnsTriedMax ? TriedColumnsMax / Math.Max(1, merged.Columns.Length) : 0;
        for (var number = 0; number < Math.Min(tries, TriesMax); number++)
        {
            var beside = Pass(problem, merged, CandidateOrder.Beside(merged, best, number), cancellationToken);
            if (LossOf(merged, beside).CompareTo(LossOf(merged, best)) <= 0)
                best = beside;
        }

        return ByCell(problem, merged, best);
    }

    /// <summary>
    /// Repairs a pattern: the problem has come to protect more cells. What was shown stays so wherever it can, and
    /// what need not be hidden any longer is shown. One pass instead of several.
    /// </summary>
    /// <param name="earlier">By cell: what was hidden.</param>
    /// <returns>As <see cref="Choose(SuppressionProblem, CancellationToken)"/>.</returns>
    /// <exception cref="ArgumentException">Atoms out of range or not ascending, or a pattern of another
    /// problem.</exception>
    /// <exception cref="SuppressionImpossibleException">Protected cells follow from forced or public ones.</exception>
    public static bool[] Choose(
        SuppressionProblem problem, IReadOnlyList<bool> earlier, CancellationToken cancellationToken)
    {
        if (earlier.Count != problem.Cells.Count)
            throw new ArgumentException("The pattern is of another problem.", nameof(earlier));
        var merged = MergedProblem.Of(problem);
        var wasHidden = new bool[merged.Columns.Length];
        for (var cell = 0; cell < earlier.Count; cell++)
            wasHidden[merged.ColumnOf(cell)] |= earlier[cell];
        var order = CandidateOrder.After(merged, wasHidden);
        return ByCell(problem, merged, Pass(problem, merged, order, cancellationToken));
    }

    static bool[] Pass(
        SuppressionProblem problem, MergedProblem merged, int[] order, CancellationToken cancellationToken)
    {
        var elimination = new Elimination(merged);
        var forced = merged.Columns.Where(column => column.IsForcedShown).Select(column => column.Atoms);
        foreach (var atoms in merged.PublicSums.Concat(forced))
            elimination.Force(atoms);
        var revealed = elimination.Revealed.ToHashSet();
        if (revealed.Count > 0)
            throw new SuppressionImpossibleException(merged.ProtectedCells(problem, revealed));
        bool[] hidden = [.. merged.Columns.Select(column => column.IsProtected)];
        foreach (var column in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hidden[column] = !elimination.TryShow(merged.Columns[column].Atoms);
        }

        return hidden;
    }

    static (long Cells, double Cost) LossOf(MergedProblem merged, bool[] hidden)
    {
        var (cells, cost) = (0L, 0.0);
        foreach (var (column, isHidden) in merged.Columns.Zip(hidden))
        {
            if (isHidden && !column.IsProtected)
                (cells, cost) = (cells + column.CellCount, cost + ((double)column.Cost * column.CellCount));
        }

        return (cells, cost);
    }

    static bool[] ByCell(SuppressionProblem problem, MergedProblem merged, bool[] hidden) =>
        [.. Enumerable.Range(0, problem.Cells.Count).Select(cell => hidden[merged.ColumnOf(cell)])];
}
