using System.Globalization;

namespace IsaExchange.Agreement;

/// <summary>What an authority owes an area for a period; on <paramref name="DueDate"/> it is still on time.</summary>
public sealed record Obligation(
    string Party,
    string Dataset,
    string Area,
    InformationPeriod Period,
    DateOnly DueDate,
    string LegalBasis,
    string Clause)
{
#pragma warning disable CA1308 // Resource ids are lower case; area codes are not.
    public string Id => string.Create(
        CultureInfo.InvariantCulture, $"{Party}.{Dataset}.{Area.ToLowerInvariant()}.{Period.Start:yyyy-MM-dd}");
#pragma warning restore CA1308
}
