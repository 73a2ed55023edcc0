using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Submitting;

namespace IsaExchange.Exchange.Releasing;

/// <summary>Sums cubes into the tables of a feed's menu. Exact and confidential until a disclosure regime has
/// run.</summary>
sealed class FeedTables
{
    /// <summary>Code of records whose value for a dimension was not given; published like any other code.</summary>
    public const string NotStated = "not-stated";

    public const string Total = "ALL";

    readonly FeedClause _feed;
    readonly List<(ExactTable Table, FeedTable Clause, Dictionary<string, int>[] Positions)> _tables = [];

    public FeedTables(SharingAgreement agreement, FeedClause feed, ValidationPlan plan)
    {
        _feed = feed;
        foreach (var clause in feed.Tables)
        {
            if (plan.Spec.NeverSummed.Except(clause.Dimensions, StringComparer.Ordinal).FirstOrDefault() is { } left)
                throw ExchangeException.Precondition(
                    "NEVER_SUMMED", $"Table {clause.Name} would add up {left}, which counts some records twice.");
            var dimensions = clause.Dimensions.Select(name => Dimension(agreement, feed, plan, name)).ToArray();
            var positions = dimensions.Select(d => d.Codes.Select((code, i) => (code, i))
                .ToDictionary(x => x.code, x => x.i, StringComparer.Ordinal)).ToArray();
            _tables.Add((new ExactTable(clause.Name, dimensions), clause, positions));
        }
    }

    /// <summary>Records of the cubes that lie outside every area of the feed.</summary>
    public long OutsideRecords { get; private set; }

    public void Add(Cube cube)
    {
        foreach (var cell in cube.Cells)
        {
            if (!_feed.Areas.Contains(cell.Area))
            {
                OutsideRecords += cell.Count;
                continue;
            }

            foreach (var (table, clause, positions) in _tables)
                AddCell(cube, cell, table, clause, positions);
        }
    }

    static void AddCell(
        Cube cube, CubeCell cell, ExactTable table, FeedTable clause, Dictionary<string, int>[] positions)
    {
        Span<int> position = stackalloc int[positions.Length];
        for (var d = 0; d < positions.Length; d++)
        {
            var name = clause.Dimensions[d];
            var at = cube.Dimensions.IndexOf(name);
            var code = name == "area" ? cell.Area : at >= 0 ? cell.Codes[at] : throw new InvalidOperationException(
                $"Table {clause.Name} asks for dimension {name}, which cubes of {cube.Dataset} do not have.");
            if (!positions[d].TryGetValue(code.Length == 0 ? NotStated : code, out position[d]))
                throw new InvalidOperationException(
                    $"A cube holds a code of dimension {name} that table {clause.Name} does not list.");
        }

        table.Add(position, cell.Count);
    }

    /// <summary>Marks what was owed and did not come, then lets the regime decide what may be seen.</summary>
    public IReadOnlyList<PublishedTable> Publish(Coverage coverage, IDisclosureRegime regime)
    {
        var published = new List<PublishedTable>();
        foreach (var (table, clause, positions) in _tables)
        {
            // A table without areas still rests on all of them: one missing authority makes every cell missing.
            var areaDimension = clause.Dimensions.ToList().IndexOf("area");
            foreach (var area in _feed.Areas.Where(coverage.IsMissing))
            {
                if (areaDimension >= 0)
                    table.MarkMissing(areaDimension, positions[areaDimension][area]);
                else
                    MarkAllMissing(table);
            }

            published.Add(TablePublisher.Publish(table, regime));
        }

        return published;
    }

    static void MarkAllMissing(ExactTable table)
    {
        for (var code = 0; code < table.Dimensions[0].Codes.Count; code++)
            table.MarkMissing(0, code);
    }

    static TableDimension Dimension(SharingAgreement agreement, FeedClause feed, ValidationPlan plan, string name)
    {
        if (name == "area")
        {
            var titles = agreement.Areas.ToDictionary(a => a.Code, a => a.Title, StringComparer.Ordinal);
            var names = feed.Areas.Select(a => titles[a]).ToList();
            return new TableDimension(name, feed.Areas, names, Total) { TotalTitle = "All areas of the feed" };
        }

        var dimension = plan.Dimensions.FirstOrDefault(d => d.Name == name)
            ?? throw ExchangeException.Precondition(
                "UNKNOWN_DIMENSION", $"Feed {feed.Id} asks for dimension {name}, which its dataset does not have.");

        // The place of records that leave an optional column empty has no code of its own in a file; here it needs one.
        var codes = dimension.Codes.Select(c => c.Length == 0 ? NotStated : c).ToList();
        return new TableDimension(name, codes, dimension.Titles, plan.Spec.NeverSummed.Contains(name) ? null : Total);
    }
}
