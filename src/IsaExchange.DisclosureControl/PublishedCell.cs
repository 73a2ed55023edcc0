namespace IsaExchange.DisclosureControl;

public enum CellStatus
{
    /// <summary>The exact count.</summary>
    Shown,

    /// <summary>A count near the exact one.</summary>
    Rounded,

    /// <summary>Not shown because it is small; text formats print <c>[c]</c>.</summary>
    Few,

    /// <summary>An earlier value, kept because the change itself would disclose.</summary>
    Held,

    /// <summary>What was owed did not arrive; text formats print <c>[x]</c>. Never to be read as zero.</summary>
    Missing,
}

/// <summary>All that is said in public about one count.</summary>
/// <param name="Value">Null unless shown, rounded or held: an unshown count is empty, never 0.</param>
/// <param name="Lo">Least count that agrees with what is said.</param>
/// <param name="Hi">Greatest such count; null = unbounded.</param>
public readonly record struct PublishedCell(CellStatus Status, long? Value, long Lo, long? Hi)
{
    public static PublishedCell Missing { get; } = new(CellStatus.Missing, null, 0, null);
}
