using System.Runtime.InteropServices;

namespace IsaExchange.Datasets.Plausibility;

/// <summary>
/// What one submission counted, for comparing: by area and code of one dimension, and cell by cell. CONFIDENTIAL.
/// </summary>
/// <param name="name">The submission, for whoever is told what was compared.</param>
/// <param name="start">First day of its period.</param>
/// <param name="endExclusive">Day after the last.</param>
/// <param name="areas">The areas it speaks for: only of these is a count of 0 one.</param>
public sealed class PeriodCounts(
    string name, DateOnly start, DateOnly endExclusive, IReadOnlyCollection<string> areas)
{
    readonly Dictionary<(string Area, string Code), long> _byCode = [];
    readonly Dictionary<string, long> _byArea = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _cells = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public DateOnly Start { get; } = start;

    public DateOnly EndExclusive { get; } = endExclusive;

    public IReadOnlyCollection<string> Areas { get; } = areas;

    public int Days => EndExclusive.DayNumber - Start.DayNumber;

    public long Total { get; private set; }

    /// <param name="area">Empty: outside every area.</param>
    /// <param name="code">In the dimension that is compared; empty where there is none.</param>
    /// <param name="cell">Its other codes but the month, joined: what tells it from others of area and code.</param>
    /// <param name="count">Records, or the sum of what they state.</param>
    public void Add(string area, string code, string cell, long count)
    {
        Total += count;
        CollectionsMarshal.GetValueRefOrAddDefault(_byCode, (area, code), out _) += count;
        CollectionsMarshal.GetValueRefOrAddDefault(_byArea, area, out _) += count;
        CollectionsMarshal.GetValueRefOrAddDefault(_cells, $"{area}\t{code}\t{cell}", out _) += count;
    }

    public IEnumerable<string> Codes => _byCode.Keys.Select(key => key.Code).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> CodesOf(string area) =>
        _byCode.Keys.Where(key => key.Area == area).Select(key => key.Code);

    public long Of(string area) => _byArea.GetValueOrDefault(area);

    public long Of(string area, string code) => _byCode.GetValueOrDefault((area, code));

    /// <summary>Whether every cell has the same count.</summary>
    public bool IsSame(PeriodCounts other) => Total == other.Total && _cells.Count == other._cells.Count
        && _cells.All(cell => other._cells.TryGetValue(cell.Key, out var count) && count == cell.Value);
}
