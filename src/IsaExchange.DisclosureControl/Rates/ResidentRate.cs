namespace IsaExchange.DisclosureControl.Rates;

/// <summary>
/// Events per 1,000 residents, from what is published of a count and never from the count itself: of a rate to three
/// places and the residents the count could be reckoned back.
/// </summary>
/// <param name="Value">To two places.</param>
/// <param name="Lo">From the least count that agrees with what is published; rounded down.</param>
/// <param name="Hi">From the greatest; rounded up; null: nothing is said above.</param>
public sealed record ResidentRate(decimal Value, decimal Lo, decimal? Hi)
{
    /// <summary>Of fewer residents one event more or less is a rate of its own: there is none.</summary>
    public const long ResidentsMin = 1_000;

    /// <returns>Null where there is no number, or too few residents.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Residents less than none.</exception>
    public static ResidentRate? Of(PublishedCell cell, long residents)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(residents);
        if (cell.Value is not { } value || residents < ResidentsMin)
            return null;
        return new ResidentRate(
            Math.Round(PerThousand(value, residents), 2, MidpointRounding.AwayFromZero),
            Math.Floor(PerThousand(cell.Lo, residents) * 100) / 100,
            cell.Hi is { } hi ? Math.Ceiling(PerThousand(hi, residents) * 100) / 100 : null);
    }

    static decimal PerThousand(long events, long residents) => events * 1_000m / residents;
}
