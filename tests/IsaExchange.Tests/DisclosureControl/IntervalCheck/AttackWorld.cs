using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>A handful of named unknowns and what is known of their sums; the truth is any solution.</summary>
public sealed class AttackWorld
{
    readonly List<string> _unknowns;
    readonly List<(string[] Of, long Lo, long? Hi)> _sums = [];
    readonly Dictionary<string, string[]> _targets = new(StringComparer.Ordinal);

    public AttackWorld(params string[] unknowns)
    {
        _unknowns = [.. unknowns];
        foreach (var unknown in unknowns)
            _targets[unknown] = [unknown];
    }

    public AttackWorld Rest(params string[] unknowns)
    {
        _unknowns.AddRange(unknowns);
        return this;
    }

    public AttackWorld Known(string unknown, long value) => Sum(value, value, unknown);

    public AttackWorld AtLeast(long lo, params string[] each) => Within(lo, null, each);

    public AttackWorld Within(long lo, long? hi, params string[] each)
    {
        foreach (var unknown in each)
            Sum(lo, hi, unknown);
        return this;
    }

    public AttackWorld Sum(long lo, long? hi, params string[] of)
    {
        _unknowns.AddRange(of.Except(_unknowns, StringComparer.Ordinal).ToList());
        _sums.Add((of, lo, hi));
        return this;
    }

    public AttackWorld Target(string name, params string[] of)
    {
        _targets[name] = of;
        return this;
    }

    public AttackerKnowledge Knowledge(string target, int width)
    {
        var known = _sums.Select(s => (Places(s.Of), s.Lo, s.Hi)).ToArray();
        var solution = BruteForce.Solutions(_unknowns.Count, known).First();
        var sums = _sums.Select(s => new KnownSum(string.Join('+', s.Of), Places(s.Of), s.Lo, s.Hi)).ToList();
        sums.Add(new KnownSum(target, Places(_targets[target]), 0, null) { ProtectedWidth = width });
        return new AttackerKnowledge(sums, solution);
    }

    int[] Places(string[] names) => [.. names.Select(n => _unknowns.IndexOf(n)).Order()];
}
