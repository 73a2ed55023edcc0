namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// Whether one count is recognised as the same in several releases. Where it is not, it would be taken for another, and
/// what the releases tell together would be missed.
/// </summary>
static class Comparison
{
    /// <param name="shapes">The release, and those before.</param>
    /// <param name="used">Dimensions.</param>
    /// <param name="isLinked">Whether the codes of an axis of one are of another edition than the release's: what they
    /// are part of is then of that edition too.</param>
    /// <exception cref="ExchangeException">A code is part of another one now, or a dataset without months came in other
    /// periods.</exception>
    public static void Require(
        IReadOnlyList<ReleaseShape> shapes, IReadOnlySet<string> used, Func<int, string, bool> isLinked)
    {
        foreach (var axis in shapes[0].Axes.Where(a => a.Dimensions.Skip(a.Base).Any(used.Contains)))
        {
            var same = shapes.Where((_, i) => !isLinked(i, axis.Name));
            RequireLevels([.. same.Select(s => s.Axes.First(a => a.Name == axis.Name))], used);
        }

        if (shapes[0].Time.Name != ReleaseShape.Period)
            return;
        foreach (var other in shapes.Skip(1))
        {
            var (one, two) = (Periods(shapes[0]), Periods(other));
            if (one.Except(two).Any(p => two.Except(one).Any(q => Overlap(p, q))))
                throw NotComparable("the submissions of one period were of other lengths");
        }
    }

    static void RequireLevels(IReadOnlyList<ShapeAxis> axes, IReadOnlySet<string> used)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var axis in axes)
        {
            var levels = Enumerable.Range(axis.Base, axis.Dimensions.Count - axis.Base)
                .Where(d => used.Contains(axis.Dimensions[d]))
                .OrderBy(d => axis.Dimensions[d], StringComparer.Ordinal).ToArray();
            foreach (var element in axis.Elements)
            {
                var (code, of) = (
                    string.Join('|', element.Take(axis.Base)), string.Join('|', levels.Select(d => element[d])));
                if (!known.TryAdd(code, of) && known[code] != of)
                    throw NotComparable($"{element[axis.Base - 1]} is part of something else now");
            }
        }
    }

    static List<string> Periods(ReleaseShape shape) => [.. shape.Time.Elements.Select(e => e[0])];

    /// <summary>Whether they have a day in common. Two spans of days, from and to with two dots between.</summary>
    public static bool Overlap(string one, string other)
    {
        var (a, b) = (one.Split(".."), other.Split(".."));
        return string.CompareOrdinal(a[0], b[^1]) < 0 && string.CompareOrdinal(b[0], a[^1]) < 0;
    }

    public static ExchangeException NotComparable(string because) => ExchangeException.Precondition(
        "RELEASES_NOT_COMPARABLE",
        $"A release of the same records cannot be held against this one ({because}): both together cannot be checked.");
}
