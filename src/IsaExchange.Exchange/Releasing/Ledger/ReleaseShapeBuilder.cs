using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Submitting;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>Lays out the tables of a feed for a period and sums cubes into their atoms.</summary>
sealed class ReleaseShapeBuilder
{
    readonly FeedClause _feed;
    readonly ValidationPlan _plan;
    readonly List<AxisBuilder> _axes = [];
    readonly AxisBuilder _time;
    readonly Dictionary<string, (int[] Elements, long Count, UInt128 Records)> _atoms = new(StringComparer.Ordinal);

    public ReleaseShapeBuilder(FeedClause feed, ValidationPlan plan)
    {
        (_feed, _plan) = (feed, plan);
        List<CubeDimension> rest = [.. plan.Dimensions];
        var located = rest.Find(d => d.Levels.Any(l => l.Name == CubeLevel.Area));
        _axes.Add(AxisBuilder.OfPlaces(feed.Areas, located));
        rest.Remove(located!);
        var months = rest.Find(d => d.Name == ReleaseShape.Month);
        rest.Remove(months!);
        _time = months is null ? AxisBuilder.OfPeriods() : AxisBuilder.Of(months);
        foreach (var child in rest.ToList())
        {
            if (rest.Find(d => d != child && child.Levels.Any(l => l.Name == d.Name)) is not { } parent)
                continue;
            _axes.Add(AxisBuilder.OfNested(parent, child));
            rest.RemoveAll(d => d == parent || d == child);
        }

        _axes.AddRange(rest.Select(AxisBuilder.Of));
        _axes.Add(_time);
    }

    /// <summary>Records of the cubes that lie outside every area they were sent for.</summary>
    public long Outside { get; private set; }

    /// <param name="cube">What was submitted.</param>
    /// <param name="period">Of its submission, for datasets without months.</param>
    /// <exception cref="ExchangeException">It counts a code that is in no list now.</exception>
    public void Add(Cube cube, string period)
    {
        if (_time.Base is [ReleaseShape.Period])
            _time.Take([period]);
        RequireCounted(cube);
        var at = _axes.ConvertAll(axis => axis.Base.Select(name => cube.Dimensions.IndexOf(name)).ToArray());
        foreach (var cell in cube.Cells)
        {
            if (cell.Area.Length == 0)
                Outside += cell.Count;

            // A submission may cover areas that this feed does not: they are nobody's "outside".
            if (_feed.Areas.Contains(cell.Area))
                AddCell(cell, at, period);
        }
    }

    /// <summary>A specification may have got a dimension since; only tables by it need it.</summary>
    void RequireCounted(Cube cube)
    {
        foreach (var axis in _axes.Where(a => a != _time && a.Base is [var name]
            && name != ReleaseShape.Place && !cube.Dimensions.Contains(name)))
        {
            if (_feed.Tables.Any(t => t.Dimensions.Any(d => axis.Axis.IndexOf(AxisBuilder.ColumnOf(d)) >= 0)))
                throw ExchangeException.Precondition(
                    "NOT_COUNTED_BY",
                    $"A submission of the period was counted before its dataset had {axis.Base[0]}: it must be "
                    + "submitted again, or the table left out.");
            axis.Take([TableCodes.NotStated]);
        }
    }

    void AddCell(in CubeCell cell, List<int[]> at, string period)
    {
        var elements = new int[_axes.Count];
        for (var a = 0; a < elements.Length; a++)
        {
            var codes = new string[at[a].Length];
            for (var i = 0; i < codes.Length; i++)
            {
                codes[i] = at[a][i] >= 0 ? Stated(cell.Codes[at[a][i]])
                    : _axes[a].Base[i] == ReleaseShape.Place ? cell.Area
                    : _axes[a] == _time ? period : TableCodes.NotStated;
            }

            elements[a] = _axes[a].Find(codes) ?? throw ExchangeException.Precondition(
                "CODE_NOT_LISTED",
                $"A submission counts a code of {_axes[a].Base[^1]} that the edition of this period's end no longer "
                + "has.");
        }

        var key = string.Join(',', elements);
        var (_, count, records) = _atoms.GetValueOrDefault(key);
        _atoms[key] = (elements, checked(count + cell.Count), unchecked(records + cell.Fingerprint));
    }

    static string Stated(string code) => code.Length == 0 ? TableCodes.NotStated : code;

    /// <param name="agreement">For the titles of areas.</param>
    /// <param name="period">Of the release.</param>
    /// <param name="tables">Of the feed, or coarser ones.</param>
    /// <exception cref="ExchangeException">The feed asks for a dimension that there is not, or adds up what counts
    /// records twice.</exception>
    public ReleaseShape Build(
        SharingAgreement agreement, InformationPeriod period, IEnumerable<FeedTable> tables) => new(
        _feed.Areas, CreateSubmission.Iso(period.Start), CreateSubmission.Iso(period.LastDay),
        [.. _axes.Select(a => a.Axis)], [.. tables.Select(t => Table(agreement, t))],
        [.. _atoms.OrderBy(a => a.Key, StringComparer.Ordinal)
            .Select(a => new LedgerAtom(a.Value.Elements, a.Value.Count, a.Value.Records))])
    {
        Contributors = _plan.Spec.Contributors,
    };

    ShapeTable Table(SharingAgreement agreement, FeedTable clause)
    {
        if (_plan.Spec.NeverSummed.Except(clause.Dimensions, StringComparer.Ordinal).FirstOrDefault() is { } left)
            throw ExchangeException.Precondition(
                "NEVER_SUMMED", $"Table {clause.Name} would add up {left}, which counts some records twice.");
        return new ShapeTable(clause.Name, [.. clause.Dimensions.Select(name => Dimension(agreement, name))]);
    }

    TableDimension Dimension(SharingAgreement agreement, string name)
    {
        if (name == ReleaseShape.Place)
        {
            var titles = agreement.Areas.ToDictionary(a => a.Code, a => a.Title, StringComparer.Ordinal);
            return new TableDimension(name, _feed.Areas, [.. _feed.Areas.Select(a => titles[a])], TableCodes.Total)
            {
                TotalTitle = "All areas of the feed",
            };
        }

        var column = AxisBuilder.ColumnOf(name);
        var axis = _axes.Find(a => a.Base is not [ReleaseShape.Period] && a.Axis.IndexOf(column) >= 0)
            ?? throw ExchangeException.Precondition(
                "UNKNOWN_DIMENSION", $"Feed {_feed.Id} asks for dimension {name}, which its dataset does not have.");
        var codes = axis.CodesOf(column);
        var total = _plan.Spec.NeverSummed.Contains(name) ? null : TableCodes.Total;
        return new TableDimension(column, codes, [.. codes.Select(c => axis.TitleOf(column, c))], total);
    }
}
