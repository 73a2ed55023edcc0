namespace IsaExchange.DisclosureControl;

/// <summary>
/// One published cell as the release ledger keeps it: what anyone may now hold to be known. Statements are never taken
/// back, also when a release is withdrawn.
/// </summary>
/// <param name="CellKey">The codes of the cell joined by <c>|</c>, in the table's order of dimensions.</param>
public sealed record Statement(string Table, string CellKey, CellStatus Status, long? Value, long Lo, long? Hi)
{
    internal const char KeySeparator = '|';

    /// <summary>One statement for each row, in the table's order.</summary>
    public static IEnumerable<Statement> Of(PublishedTable table)
    {
        foreach (var row in table.Rows())
        {
            var (status, value, lo, hi) = row.Cell;
            yield return new Statement(table.Name, string.Join(KeySeparator, row.Codes), status, value, lo, hi);
        }
    }
}
