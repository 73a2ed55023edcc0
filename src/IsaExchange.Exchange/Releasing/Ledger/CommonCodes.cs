namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// The releases of the same records in one another's codes: the dimensions in which any of them tells something, what
/// each code is part of also where only another release had to know it, and which codes took the place of others.
/// </summary>
sealed class CommonCodes
{
    static readonly Dictionary<string, string> NoLinks = [];

    readonly HashSet<string> _used;
    readonly List<Dictionary<string, string>> _links;

    CommonCodes(IReadOnlyList<ReleaseShape> shapes, HashSet<string> used, List<Dictionary<string, string>> links) =>
        (Shapes, _used, _links) = (shapes, used, links);

    /// <summary>The release, and those before.</summary>
    public IReadOnlyList<ReleaseShape> Shapes { get; }

    /// <summary>For each release the axes whose codes are of an earlier edition, with the column of the later ones that
    /// says which code each was.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Links => _links;

    /// <param name="releases">The release, and those before.</param>
    /// <param name="besides">Dimensions of what others have published.</param>
    /// <exception cref="ExchangeException">They cannot be held against each other.</exception>
    public static CommonCodes Of(IReadOnlyList<ReleaseShape> releases, IEnumerable<string> besides)
    {
        var used = releases.SelectMany(s => s.Tables).SelectMany(t => t.Dimensions).Select(d => d.Name)
            .Concat(besides).ToHashSet(StringComparer.Ordinal);
        if (releases[0].Contributors is { } contributors)
            used.Add(contributors);
        if (releases.Select(s => string.Join(',', s.Areas.Order(StringComparer.Ordinal))).Distinct().Count() > 1)
            used.Add(ReleaseShape.Place);
        if (releases.DistinctBy(s => (s.FirstDay, s.LastDay)).Count() > 1)
            used.Add(releases[0].Time.Name);
        var links = releases.Select((s, i) => i == 0 ? NoLinks : LinksOf(releases[0], s, used)).ToList();
        used.UnionWith(links.SelectMany(l => l.Values));
        List<ReleaseShape> shapes = [.. releases.Select(s => Completed(s, releases, used))];
        if (used.FirstOrDefault(d => shapes.Exists(s => s.Axes.All(a => a.IndexOf(d) < 0))) is { } unknown)
            throw ExchangeException.Precondition(
                "RELEASES_NOT_COMPARABLE",
                $"A release of the same records was made without {unknown}: both together cannot be checked.");
        Comparison.Require(shapes, used, (i, axis) => links[i].ContainsKey(axis));
        return new CommonCodes(shapes, used, links);
    }

    /// <summary>Those of any table and those in which the releases differ; of a release in earlier codes these too.
    /// </summary>
    public IReadOnlyList<string> DimensionsOf(int release)
    {
        var codes = Shapes[release].Axes.Where(a => _links[release].ContainsKey(a.Name)).Select(CodeOf).ToHashSet();
        codes.UnionWith(_used);
        // In one order for all, or the same count would have two names.
        return [.. Shapes[0].Axes.SelectMany(a => a.Dimensions).Where(codes.Contains)];
    }

    /// <summary>By axis, what tells a code of this release in its own grid.</summary>
    public IReadOnlyDictionary<string, string[]> EarlierColumns(int release) =>
        Columns(release, (axis, _) => CodeOf(axis));

    /// <summary>By axis, what tells a code of this release in the grid of one in later codes.</summary>
    public IReadOnlyDictionary<string, string[]> LaterColumns(int release) =>
        Columns(release, (_, column) => column);

    Dictionary<string, string[]> Columns(int release, Func<ShapeAxis, string, string> code) => Shapes[release].Axes
        .Where(axis => _links[release].ContainsKey(axis.Name))
        .ToDictionary(
            axis => axis.Name,
            axis => (string[])[.. axis.Dimensions.Take(axis.Base - 1).Where(_used.Contains),
                code(axis, _links[release][axis.Name])],
            StringComparer.Ordinal);

    /// <summary>The finest dimension of an axis: its other ones follow from it.</summary>
    static string CodeOf(ShapeAxis axis) => axis.Dimensions[axis.Base - 1];

    /// <summary>A level that only another release has, for the codes that both have.</summary>
    static ReleaseShape Completed(ReleaseShape shape, IReadOnlyList<ReleaseShape> all, HashSet<string> used)
    {
        ShapeAxis Complete(ShapeAxis axis)
        {
            var others = all.SelectMany(s => s.Axes).Where(a => a.Name == axis.Name && a.Base == axis.Base).ToList();
            var lacking = others.SelectMany(a => a.Dimensions.Skip(a.Base)).Distinct(StringComparer.Ordinal)
                .Where(d => used.Contains(d) && axis.IndexOf(d) < 0).ToList();
            return lacking.Aggregate(axis, (a, level) => With(a, level, others));
        }

        return shape with { Axes = [.. shape.Axes.Select(Complete)] };
    }

    static ShapeAxis With(ShapeAxis axis, string level, List<ShapeAxis> others)
    {
        var of = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var other in others)
        {
            var at = other.IndexOf(level);
            foreach (var element in at < 0 ? [] : other.Elements)
                of.TryAdd(element[other.Base - 1], element[at]);
        }

        return axis with
        {
            Dimensions = [.. axis.Dimensions, level],
            Elements = [.. axis.Elements.Select(
                e => (string[])[.. e, of.GetValueOrDefault(e[axis.Base - 1], TableCodes.NotStated)])],
        };
    }

    /// <summary>For each axis with codes that are no more the look-up that says what became of them.</summary>
    static Dictionary<string, string> LinksOf(ReleaseShape release, ReleaseShape earlier, HashSet<string> used)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (at, axis) in earlier.Axes.Index())
        {
            var now = release.Axes.FirstOrDefault(a => a.Name == axis.Name);
            if (now is null || axis.Name == earlier.Time.Name || !axis.Dimensions.Any(used.Contains))
                continue;
            var known = now.Elements.Select(e => e[now.Base - 1]).Append(TableCodes.NotStated)
                .ToHashSet(StringComparer.Ordinal);
            List<string> gone = [.. CommonAtoms(release, earlier)
                .Select(atom => axis.Elements[atom.Elements[at]][axis.Base - 1]).Where(c => !known.Contains(c))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            if (gone.Count > 0)
                links[axis.Name] = LookUp(now, gone) ?? throw Comparison.NotComparable(
                    $"{gone[0]} is no code of {CodeOf(axis)} now, and no list says what it has become part of");
        }

        return links;
    }

    static string? LookUp(ShapeAxis now, List<string> gone) => now.Dimensions.Skip(now.Base).FirstOrDefault(
        column => !gone.Except(now.Elements.Select(e => e[now.IndexOf(column)]), StringComparer.Ordinal).Any());

    /// <summary>Those in areas and at times of both.</summary>
    static IEnumerable<LedgerAtom> CommonAtoms(ReleaseShape release, ReleaseShape earlier)
    {
        var axes = earlier.Axes.ToList();
        var (place, time) = (axes.FindIndex(a => a.Name == ReleaseShape.Place), axes.IndexOf(earlier.Time));
        var areas = release.Areas.ToHashSet(StringComparer.Ordinal);
        var times = release.Time.Elements.Select(e => e[0]).ToHashSet(StringComparer.Ordinal);
        bool[] isThen = [.. earlier.Time.Elements.Select(e => earlier.Time.Name == ReleaseShape.Period
            ? times.Any(t => Comparison.Overlap(t, e[0])) : times.Contains(e[0]))];
        return earlier.Atoms.Where(
            a => isThen[a.Elements[time]] && areas.Contains(axes[place].Elements[a.Elements[place]][0]));
    }
}
