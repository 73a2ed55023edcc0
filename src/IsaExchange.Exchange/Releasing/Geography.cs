using System.Text.Json.Nodes;
using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange.Releasing.Ledger;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A table that is published at coarser places than its clause asks for.</summary>
/// <param name="Because">Fit for readers: no count.</param>
sealed record CoarserTable(string Table, string Asked, string Published, string Because);

/// <summary>
/// Where a feed leaves its geography to the exchange: the finest places at which its tables are of use, and safe.
/// </summary>
sealed class Geography(FeedClause feed, ValidationPlan plan)
{
    /// <summary>Suppressed tables with fewer records to a cell show next to nothing.</summary>
    const int SuppressedMean = 5;

    readonly List<CoarserTable> _coarser = [];

    /// <summary>The clause with the tables as they are now.</summary>
    public FeedClause Feed { get; private set; } = feed;

    /// <summary>Makes tables coarser until the mean count of their cells is worth publishing.</summary>
    public void FindUseful(ProtectionProfile profile, Func<FeedClause, ReleaseShape> build)
    {
        if (!Feed.FindsGeography || profile.Regime == ProtectionProfile.Open)
            return;
        var least = profile.Regime == ProtectionProfile.StickyRounding ? 1 : SuppressedMean;
        while (true)
        {
            var shape = build(Feed);
            var records = shape.Atoms.Sum(a => a.Count);
            long Inner(ShapeTable t) => t.Dimensions.Aggregate(1L, (n, d) => n * d.Codes.Count);
            var thin = shape.Tables.Where(t => records < least * Inner(t))
                .Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
            if (!Coarsen(thin.Contains, "at these places next to nothing could be shown"))
                return;
        }
    }

    /// <summary>Makes every table coarser that can be.</summary>
    /// <returns>False when there is none, or the feed has fixed its places.</returns>
    public bool CoarsenRefused() => Feed.FindsGeography
        && Coarsen(_ => true, "at these places it is not proved that nothing can be derived");

    bool Coarsen(Func<string, bool> isMeant, string because)
    {
        var tables = Feed.Tables.Select(t => isMeant(t.Name) ? Coarser(t, because) ?? t : t).ToList();
        var changed = !tables.SequenceEqual(Feed.Tables);
        Feed = Feed with { Tables = tables };
        return changed;
    }

    /// <summary>Null where it has no places finer than areas.</summary>
    FeedTable? Coarser(FeedTable table, string because)
    {
        foreach (var name in table.Dimensions)
        {
            var at = Places.ToList().IndexOf(name);
            if (at < 0 || at == Places.Count - 1)
                continue;
            var to = Places[at + 1];
            var dimensions = table.Dimensions.Contains(to)
                ? table.Dimensions.Where(d => d != name) : table.Dimensions.Select(d => d == name ? to : d);
            var asked = _coarser.Find(c => c.Table == table.Name)?.Asked ?? name;
            _coarser.RemoveAll(c => c.Table == table.Name);
            _coarser.Add(new CoarserTable(table.Name, asked, to, because));
            return table with { Dimensions = [.. dimensions] };
        }

        return null;
    }

    /// <summary>From the finest to the areas of the agreement, each of whole ones of those before.</summary>
    IReadOnlyList<string> Places
    {
        get
        {
            var located = plan.Dimensions.FirstOrDefault(d => d.Levels.Any(l => l.Name == CubeLevel.Area));
            if (located is null)
                return [];
            var areas = located.Levels.First(l => l.Name == CubeLevel.Area);
            var between = located.Levels.Where(l => l != areas && l.IsOfParents && !IsAs(l, areas));
            return [located.Name, .. between.Select(l => $"{located.Name}/{l.Name}"), ReleaseShape.Place];
        }
    }

    static bool IsAs(CubeLevel level, CubeLevel areas) =>
        level.Of.Zip(areas.Of).All(pair => pair.Second.Length == 0 || pair.First == pair.Second);

    /// <summary>Into the manifest, where there is anything to tell.</summary>
    public void AddTo(JsonObject manifest)
    {
        if (_coarser.Count == 0)
            return;
        manifest["geography"] = new JsonArray([.. _coarser.Select(c => (JsonNode)new JsonObject
        {
            ["table"] = c.Table, ["asked"] = c.Asked, ["published"] = c.Published, ["because"] = c.Because,
        })]);
        foreach (var c in _coarser)
            manifest["caveats"]!.AsArray().Add(
                $"Table {c.Table} is published by {c.Published} and not by {c.Asked}: {c.Because}.");
    }
}
