namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>Every whole-number table that agrees with what is known, found by trying.</summary>
static class BruteForce
{
    /// <summary>What nothing bounds is tried up to here.</summary>
    public const long CountMax = 12;

    public static IEnumerable<long[]> Solutions(int unknowns, (int[] Of, long Lo, long? Hi)[] sums)
    {
        var table = new long[unknowns];
        var bySize = sums.Select(s => (s.Of, s.Lo, s.Hi, Last: s.Of.Length == 0 ? -1 : s.Of[^1])).ToLookup(s => s.Last);
        var caps = sums.Where(s => s.Hi is not null).SelectMany(s => s.Of.Select(u => (u, Hi: s.Hi!.Value)))
            .ToLookup(x => x.u, x => x.Hi);
        return From(0);

        IEnumerable<long[]> From(int at)
        {
            if (at == unknowns)
            {
                yield return (long[])table.Clone();
                yield break;
            }

            var cap = caps[at].DefaultIfEmpty(CountMax).Min();
            for (table[at] = 0; table[at] <= cap; table[at]++)
            {
                var agrees = bySize[at].All(s =>
                    s.Of.Sum(u => table[u]) is var sum && sum >= s.Lo && sum <= (s.Hi ?? long.MaxValue));
                if (!agrees)
                    continue;
                foreach (var solution in From(at + 1))
                    yield return solution;
            }
        }
    }
}
