namespace IsaExchange.DisclosureControl;

/// <summary>Exact counts, for what is public at this level anyway.</summary>
sealed class OpenRegime : IDisclosureRegime
{
    public string Id => "open";

    public string Guarantee =>
        "Counts are exact and nothing is hidden: only for counts that are public at this level anyway.";

    public PublishedCell Publish(long exactCount)
    {
        DisclosureRegimes.RefuseNegative(exactCount);
        return new PublishedCell(CellStatus.Shown, exactCount, exactCount, exactCount);
    }
}
