using System.Globalization;
using IsaExchange.Datasets.OutsideTables;
using IsaExchange.DisclosureControl.IntervalCheck;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// The numbers of outside tables as sums over the unknown counts of a release. One that equals our count is taken as
/// known exactly; one that does not cannot be of the same records, and is left out.
/// </summary>
/// <param name="shape">The release.</param>
/// <param name="grid">Its counts.</param>
/// <param name="unknowns">For each combination of the grid its unknown.</param>
sealed class OutsideSums(ReleaseShape shape, LedgerGrid grid, int[] unknowns)
{
    /// <summary>A table of which more differs, zeros aside, is of other records altogether: what agrees does so by
    /// chance, and would leave small counts without protection.</summary>
    const int DifferentPercentMax = 50;

    static readonly string Quarter = AxisBuilder.ColumnOf("month/quarter");
    static readonly string Year = AxisBuilder.ColumnOf("month/year");

    readonly Dictionary<string, int[]> _places = new(StringComparer.Ordinal);

    public List<KnownSum> Sums { get; } = [];

    /// <summary>How many numbers are of this release and of other records. CONFIDENTIAL.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Whether any number of the table can be of the release: of its period, or of months in it.</summary>
    public static bool IsOf(OutsideTable table, ReleaseShape shape)
    {
        var (first, last) = (Iso(table.Start), Iso(table.EndExclusive.AddDays(-1)));
        return shape.Time.Name == ReleaseShape.Period
            ? (first, last) == (shape.FirstDay, shape.LastDay)
            : string.CompareOrdinal(first, shape.LastDay) <= 0 && string.CompareOrdinal(shape.FirstDay, last) <= 0;
    }

    /// <summary>What the unknowns of a release must be told apart by, so that the table's numbers are sums of them.
    /// </summary>
    public static IEnumerable<string> DimensionsOf(OutsideTable table, ReleaseShape shape) =>
        (Iso(table.Start), Iso(table.EndExclusive.AddDays(-1))) == (shape.FirstDay, shape.LastDay)
            ? table.Dimensions.Select(d => IsTime(d) ? shape.Time.Name : d)
            : [.. table.Dimensions.Where(d => !IsTime(d)), shape.Time.Name];

    static bool IsTime(string dimension) => dimension == Quarter || dimension == Year;

    public void Add(OutsideTable table)
    {
        var (agreeing, different, told) = (new List<KnownSum>(), 0, 0);
        foreach (var row in table.Rows)
        {
            if (CellOf(table, row) is not { Length: > 0 } cell)
                continue;
            var count = cell.Sum(at => grid.Counts[at]);
            told += count > 0 || row.Value > 0 ? 1 : 0;
            if (count != row.Value)
                different++;
            else
                agreeing.Add(new KnownSum(
                    $"outside table {table.Id}: {string.Join(" | ", row.Codes)}",
                    [.. cell.Select(at => unknowns[at]).Order()], count, count));
        }

        var isOfOthers = different * 100 > told * DifferentPercentMax;
        LeftOut += isOfOthers ? different + agreeing.Count : different;
        if (!isOfOthers)
            Sums.AddRange(agreeing);
    }

    /// <summary>Combinations of the grid; null where the number is not of this release alone.</summary>
    int[]? CellOf(OutsideTable table, OutsideRow row)
    {
        int[] cell = [0];
        for (var a = 0; a < shape.Axes.Count; a++)
        {
            var axis = shape.Axes[a];
            var said = table.Dimensions.Select((name, d) => (Column: name, Code: row.Codes[d]))
                .Where(x => x.Code != OutsideTable.All).ToList();
            var places = axis.Name == ReleaseShape.Month
                ? TimesOf(table, a, said.FindAll(s => s.Column == axis.Name || IsTime(s.Column)))
                : PlacesOf(a, said.FindAll(s => axis.IndexOf(s.Column) >= 0));
            if (places.Length == 0)
                return null;
            var size = grid.Finest[a];
            cell = [.. cell.SelectMany(before => places.Select(place => (before * size) + place))];
        }

        return cell;
    }

    int[] PlacesOf(int axis, List<(string Column, string Code)> said)
    {
        var key = $"{axis}:{string.Join('|', said)}";
        if (!_places.TryGetValue(key, out var places))
            _places[key] = places = grid.PlacesWhere(axis, (column, code) =>
                said.TrueForAll(s => s.Column != column || s.Code == code));
        return places;
    }

    /// <summary>None where the number is of a month besides, of which this release is not.</summary>
    int[] TimesOf(OutsideTable table, int axis, List<(string Column, string Code)> said)
    {
        var key = $"{table.Id}:{table.Sha256}:{string.Join('|', said)}";
        if (_places.TryGetValue(key, out var places))
            return places;
        var own = shape.Axes[axis].Elements.Select(e => e[0]).ToHashSet(StringComparer.Ordinal);
        var months = MonthsOf(table).Where(m => said.TrueForAll(s => s.Code == CodeOf(s.Column, m)))
            .ToHashSet(StringComparer.Ordinal);
        return _places[key] = months.IsSubsetOf(own)
            ? grid.PlacesWhere(axis, (column, code) => column != ReleaseShape.Month || months.Contains(code)) : [];
    }

    static IEnumerable<string> MonthsOf(OutsideTable table)
    {
        for (var day = table.Start; day < table.EndExclusive; day = day.AddMonths(1))
            yield return day.ToString("yyyy-MM", CultureInfo.InvariantCulture);
    }

    static string CodeOf(string column, string month) =>
        column == Year ? month[..4]
        : column == Quarter ? $"{month[..4]}-Q{(int.Parse(month[5..], CultureInfo.InvariantCulture) + 2) / 3}"
        : month;

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
