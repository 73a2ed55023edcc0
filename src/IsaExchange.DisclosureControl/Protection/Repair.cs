using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.DisclosureControl.Protection;

/// <summary>
/// Which cells to hide besides, so that those refused find a witness: first the refused cell itself, then, as often
/// as it is refused again, the smallest shown cell that holds it, and after those the smallest beside it.
/// </summary>
sealed class Repair
{
    readonly ExactCells _exact;
    readonly HashSet<int> _hidden = [];
    readonly Dictionary<string, int> _byName;
    readonly List<int>[] _wholes;

    public Repair(ExactCells exact)
    {
        _exact = exact;
        _byName = Enumerable.Range(0, exact.Sums.Count)
            .ToDictionary(i => exact.Sums[i].Name, i => i, StringComparer.Ordinal);
        _wholes = [.. exact.Sums.Select(_ => new List<int>())];
        for (var whole = 0; whole < exact.Sums.Count; whole++)
        {
            foreach (var part in exact.Sums[whole].Splits.SelectMany(split => split).Distinct())
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

    /// <summary>Whether there was anything left to hide.</summary>
    public bool HideMore(IReadOnlyList<RefusedCell> refused, IReadOnlyList<PublishedCell> cells)
    {
        var before = _hidden.Count;
        foreach (var name in refused.Select(r => r.Name))
        {
            if (!_byName.TryGetValue(name, out var cell))
                continue;
            if (cells[cell].Status != CellStatus.Few && _hidden.Add(cell))
                continue;
            if (Smallest(_wholes[cell], cells) is { } whole)
                _hidden.Add(whole);
            else if (Smallest(_wholes[cell].SelectMany(Parts), cells) is { } beside)
                _hidden.Add(beside);
        }

        return _hidden.Count > before;
    }

    IEnumerable<int> Parts(int whole) => _exact.Sums[whole].Splits.SelectMany(split => split);

    /// <summary>A shown cell that is not zero: to hide a zero protects nothing.</summary>
    int? Smallest(IEnumerable<int> candidates, IReadOnlyList<PublishedCell> cells)
    {
        var shown = candidates.Where(c => cells[c].Status != CellStatus.Few && !_hidden.Contains(c)
            && _exact.Counts[c] > 0).ToList();
        return shown.Count == 0 ? null : shown.MinBy(c => _exact.Counts[c]);
    }
}
