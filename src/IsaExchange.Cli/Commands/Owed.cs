using IsaExchange.Agreement;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Obligation = IsaExchange.V1.Obligation;

namespace IsaExchange.Cli.Commands;

/// <summary>What an authority owes, as the exchange computes it from the agreement.</summary>
static class Owed
{
    /// <param name="run">The call.</param>
    /// <param name="party">Empty = every one.</param>
    /// <param name="openOnly">Without what is fulfilled.</param>
    /// <param name="period">Null = the last five quarters and what is missing from before.</param>
    /// <param name="queries">Takes what was submitted with queries that are still open.</param>
    public static Task<List<Obligation>> All(
        Invocation run, string party, bool openOnly, InformationPeriod? period = null,
        List<OpenQueries>? queries = null) => Paging.All(async token =>
    {
        var page = await Resilience.Call(o => run.Exchange.Compliance.ListObligationsAsync(new ListObligationsRequest
        {
            Period = period is { } asked ? WirePeriods.Write(asked) : null,
            Parent = Names.Agreement(run.Exchange.Agreement),
            Party = party,
            OpenOnly = openOnly,
            PageSize = Paging.PageSize,
            PageToken = token,
        }, o), run.Stop);
        queries?.AddRange(page.OpenQueries);
        return (page.Obligations, page.NextPageToken);
    });

    /// <summary>The areas that are owed the dataset for the period, fulfilled or not; in one order.</summary>
    /// <exception cref="VerbException">Usage: nothing is owed, so the areas must be named.</exception>
    public static async Task<string[]> Areas(Invocation run, string party, string dataset, InformationPeriod period)
    {
        var owed = await All(run, party, openOnly: false, period);
        var areas = owed
            .Where(o => o.Dataset == dataset)
            .Select(o => o.Area).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (areas.Length > 0) return areas;
        var datasets = string.Join(
            ", ", owed.Select(o => o.Dataset).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        throw new VerbException(ExitCode.Usage, $"{party} owes no area {dataset} for {period}",
            datasets.Length == 0
                ? "name the areas with --areas"
                : $"name the areas with --areas; what is owed: {datasets} (isax due --all shows the periods)");
    }
}
