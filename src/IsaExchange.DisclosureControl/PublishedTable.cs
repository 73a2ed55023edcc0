namespace IsaExchange.DisclosureControl;

/// <summary>One line of a published table.</summary>
/// <param name="Codes">One for each dimension; the total's code where it is a total.</param>
public sealed record PublishedRow(
    IReadOnlyList<string> Codes, IReadOnlyList<string> Titles, PublishedCell Cell);

/// <summary>
/// What a disclosure regime lets out of an <see cref="ExactTable"/>: it holds no exact count that is not shown.
/// </summary>
public sealed class PublishedTable
{
    readonly PublishedCell[] _cells;

    /// <param name="name">Of the table.</param>
    /// <param name="dimensions">Its classifications.</param>
    /// <param name="cells">The complete grid, as <see cref="Rows"/> goes through it.</param>
    /// <exception cref="ArgumentException">There are not as many cells as the grid has.</exception>
    public PublishedTable(string name, IReadOnlyList<TableDimension> dimensions, PublishedCell[] cells)
    {
        if (dimensions.Aggregate(1, (size, d) => checked(size * d.Size)) != cells.Length)
            throw new ArgumentException($"Table {name} has not one cell for each combination.", nameof(cells));
        Name = name;
        Dimensions = dimensions;
        _cells = cells;
    }

    public string Name { get; }

    public IReadOnlyList<TableDimension> Dimensions { get; }

    /// <summary>
    /// The complete grid with its totals, the last dimension running fastest and each total after its codes. The order
    /// and the set of rows depend on the dimensions alone: a row left out would tell what a mark hides.
    /// </summary>
    public IEnumerable<PublishedRow> Rows()
    {
        var position = new int[Dimensions.Count];
        foreach (var cell in _cells)
        {
            yield return new PublishedRow(
                [.. position.Select((at, d) => Dimensions[d].CodeAt(at))],
                [.. position.Select((at, d) => Dimensions[d].TitleAt(at))],
                cell);
            for (var d = position.Length - 1; d >= 0 && ++position[d] == Dimensions[d].Size; d--)
                position[d] = 0;
        }
    }
}
