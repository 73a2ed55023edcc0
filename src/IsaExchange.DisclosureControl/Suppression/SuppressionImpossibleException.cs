namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>Cells must be hidden, yet follow from cells that must be shown, or from what is public already.</summary>
public sealed class SuppressionImpossibleException : Exception
{
    public SuppressionImpossibleException(IReadOnlyList<int> cells)
        : base($"Must be hidden, yet follow from what must be shown or is public: cells {string.Join(", ", cells)}.") =>
        Cells = cells;

    /// <summary>Indices into the problem's cells, ascending.</summary>
    public IReadOnlyList<int> Cells { get; }
}
