using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Datasets.Plausibility;

/// <summary>What a file is asked about, by area and code: never a count, for a report is kept and mailed
/// around.</summary>
/// <param name="Rule">One of Q702, Q703, Q704, Q707.</param>
/// <param name="Field">The dimension of the code; empty where the finding is of an area or the whole.</param>
/// <param name="Area">Empty = all areas.</param>
/// <param name="Code">Empty = all codes.</param>
/// <param name="Words">What else there is to say: above or below.</param>
public sealed record PlausibilityFinding(
    RuleDefinition Rule, string Field, string Area, string Code, string Words);

/// <summary>
/// Holds the counts of a period to those of the periods before. Expected is the average a day of those that speak for
/// the area, times the days of this period: months and quarters compare. A count is asked about when it lies outside
/// 1/factor to factor times that, and more than some roots of it away, and neither is below a minimum.
/// </summary>
public sealed class PeriodComparison
{
    readonly PlausibilitySpec _spec;
    readonly PeriodCounts _now;
    readonly IReadOnlyList<PeriodCounts> _before;

    // The further from what was expected, the earlier in the list: what is cut off is the least of it.
    readonly List<(PlausibilityFinding Finding, double Distance)> _found = [];

    PeriodComparison(PlausibilitySpec spec, PeriodCounts now, IReadOnlyList<PeriodCounts> before) =>
        (_spec, _now, _before) = (spec, now, before);

    /// <summary>The findings, the furthest first.</summary>
    public static IReadOnlyList<PlausibilityFinding> Of(
        PlausibilitySpec spec, PeriodCounts now, IReadOnlyList<PeriodCounts> before)
    {
        var comparison = new PeriodComparison(spec, now, before);
        if (before.Count > 0)
            comparison.Run();
        return [.. comparison._found.OrderByDescending(f => f.Distance).Select(f => f.Finding)];
    }

    void Run()
    {
        var codes = _spec.By is null
            ? []
            : _before.SelectMany(b => b.Codes).Concat(_now.Codes).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal).ToList();
        var vanished = codes.Where(HasVanished).ToHashSet(StringComparer.Ordinal);
        foreach (var area in _now.Areas.Where(area => !IsSilent(area, codes)))
        {
            if (_spec.HasTotals)
                Band("", area, "", Expected(area, b => b.Of(area)), _now.Of(area));
            foreach (var code in codes.Where(code => !vanished.Contains(code)))
                Band(_spec.By!, area, code, Expected(area, b => b.Of(area, code)), _now.Of(area, code));
        }

        if (_now.Total >= _spec.Minimum && _before.Any(IsSameAsNow))
            Add(Rules.SameAsBefore, "", "", "", "", double.MaxValue);
    }

    /// <summary>Where nothing is added up, what one code alone leads to expect is what is missed.</summary>
    bool IsSilent(string area, IReadOnlyList<string> codes)
    {
        if (_now.Of(area) > 0)
            return false;
        var expectation = _spec.HasTotals
            ? Expected(area, b => b.Of(area))
            : codes.Max(code => Expected(area, b => b.Of(area, code)));
        if (expectation is not { } expected || expected < _spec.Minimum)
            return false;
        Add(Rules.AreaSilent, "", area, "", "", expected);
        return true;
    }

    /// <summary>In areas that are silent altogether no code is missed by itself.</summary>
    bool HasVanished(string code)
    {
        var speaking = _now.Areas.Where(area => _now.Of(area) > 0).ToList();
        var expected = speaking.Sum(area => Expected(area, b => b.Of(area, code)) ?? 0);
        if (expected < _spec.Minimum || _now.Areas.Any(area => _now.Of(area, code) > 0))
            return false;
        Add(Rules.CategoryVanished, _spec.By!, "", code, "", expected);
        return true;
    }

    void Band(string field, string area, string code, double? expectation, long count)
    {
        if (expectation is not { } expected || Math.Max(expected, count) < _spec.Minimum)
            return;
        var roots = Math.Abs(count - expected) / Math.Sqrt(Math.Max(expected, 1));
        if (roots <= _spec.Deviations)
            return;
        if (count > expected * _spec.Factor)
            Add(Rules.CountOutsideBand, field, area, code, "It is above.", roots);
        else if (count * _spec.Factor < expected)
            Add(Rules.CountOutsideBand, field, area, code, "It is below.", roots);
    }

    /// <summary>Null where none of the periods before speaks for the area.</summary>
    double? Expected(string area, Func<PeriodCounts, long> count)
    {
        var (days, sum) = (0L, 0L);
        foreach (var before in _before)
        {
            if (!before.Areas.Contains(area))
                continue;
            days += before.Days;
            sum += count(before);
        }

        return days == 0 ? null : (double)sum / days * _now.Days;
    }

    bool IsSameAsNow(PeriodCounts before) =>
        before.Areas.Count == _now.Areas.Count && before.Areas.All(_now.Areas.Contains) && before.IsSame(_now);

    void Add(RuleDefinition rule, string field, string area, string code, string words, double distance) =>
        _found.Add((new PlausibilityFinding(rule, field, area, code, words), distance));
}
