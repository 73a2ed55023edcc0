namespace IsaExchange.DisclosureControl.Protection;

/// <summary>What may be shown of each cell of a release, all of them looked at together.</summary>
interface ICellRegime
{
    /// <param name="hidden">Cells that must not be shown whatever their count, by position.</param>
    IReadOnlyList<PublishedCell> Publish(IReadOnlySet<int> hidden, CancellationToken ct);
}
