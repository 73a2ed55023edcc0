using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>
/// Which cells to hide besides, so that those refused find a witness: first the refused cell itself, then, as often
/// as it is refused again, the smallest shown cell that the refusal rests on, or that holds it, or that stands beside
/// it. What is hidden stays so: with every round an attacker knows less.
/// </summary>
sealed class Repair
{
    readonly bool _hidesZerosBeside;
    readonly ExactCells _exact;
    readonly HashSet<int> _hidden = [];
    readonly List<int>[] _wholes;

    public Repair(ExactCells exact, bool hidesZerosBeside)
    {
        (_exact, _hidesZerosBeside) = (exact, hidesZerosBeside);
        _wholes = [.. exact.Sums.Select(_ => new List<int>())];
        for (var whole = 0; whole < exact.Sums.Count; whole++)
        {
            foreach (var part in exact.Sums[whole].SplitsInto(exact.Sums).SelectMany(split => split).Distinct())
                _wholes[part].Add(whole);
        }
    }

    public IReadOnlySet<int> Hidden => _hidden;

    public void Keep(IReadOnlySet<string> identities)
    {
        for (var i = 0; i < _exact.Sums.Count; i++)
        {
            if (identities.Contains(_exact.Sums[i].Identity))
                _hidden.Add(i);
        }
    }

    /// <param name="refused">Positions among the cells of the release, and behind them what was published
    /// before.</param>
    /// <param name="cells">The release as it was refused.</param>
    /// <param name="before">What was published before: nothing of it can be hidden any more.</param>
    /// <returns>Whether there was anything left to hide.</returns>
    public bool HideMore(
        IReadOnlyList<RefusedCell> refused, IReadOnlyList<PublishedCell> cells, IReadOnlyList<KnownSum> before)
    {
        var hidden = _hidden.Count;
        foreach (var refusal in refused)
        {
            var cell = refusal.Sum;
            if (cell >= _exact.Sums.Count)
                HideFor(refusal, before[cell - _exact.Sums.Count], cells);
            else if (cells[cell].Status != CellStatus.Few)
                Hide(cell);
            else if (Smallest(refusal.Proof.Where(s => s < _exact.Sums.Count), cells) is { } ground)
                Hide(ground);
            else if (Near(cell, cells) is { } near)
                Hide(near);
        }

        return _hidden.Count > hidden;
    }

    /// <summary>
    /// For a cell of another release this one hides what the proof rests on of it, or of the cells that share counts
    /// with it the smallest that are shown.
    /// </summary>
    void HideFor(RefusedCell refusal, KnownSum earlier, IReadOnlyList<PublishedCell> cells)
    {
        var ground = Smallest(refusal.Proof.Where(s => s < _exact.Sums.Count), cells);
        if (ground is null)
        {
            var counts = earlier.Unknowns.ToHashSet();
            ground = Smallest(
                Enumerable.Range(0, _exact.Sums.Count).Where(i => _exact.Sums[i].Unknowns.Any(counts.Contains)), cells);
        }

        if (ground is { } cell)
            Hide(cell);
    }

    /// <summary>
    /// And an empty cell beside it, where zeros are shown otherwise: if only cells that hold something were hidden, the
    /// mark would say so.
    /// </summary>
    void Hide(int cell)
    {
        if (!_hidden.Add(cell) || !_hidesZerosBeside)
            return;
        var beside = _wholes[cell].SelectMany(Parts).Where(c => _exact.Counts[c] == 0 && !_hidden.Contains(c));
        foreach (var empty in beside.Take(1).ToList())
            _hidden.Add(empty);
    }

    /// <summary>Of the cells that hold it the next larger ones first, then of those beside it.</summary>
    int? Near(int cell, IReadOnlyList<PublishedCell> cells)
    {
        var around = new List<List<int>>();
        for (var wholes = _wholes[cell]; wholes.Count > 0; wholes = [.. wholes.SelectMany(w => _wholes[w]).Distinct()])
        {
            if (Smallest(wholes, cells) is { } whole)
                return whole;
            around.Add(wholes);
        }

        return around.Select(wholes => Smallest(wholes.SelectMany(Parts), cells)).FirstOrDefault(c => c is not null);
    }

    IEnumerable<int> Parts(int whole) => _exact.Sums[whole].Splits.SelectMany(split => split);

    /// <summary>A shown cell that is not zero: to hide a zero protects nothing.</summary>
    int? Smallest(IEnumerable<int> candidates, IReadOnlyList<PublishedCell> cells)
    {
        var shown = candidates.Where(c => cells[c].Status is not (CellStatus.Few or CellStatus.Missing)
            && !_hidden.Contains(c)
            && _exact.Counts[c] > 0).ToList();
        return shown.Count == 0 ? null : shown.MinBy(c => _exact.Counts[c]);
    }
}
