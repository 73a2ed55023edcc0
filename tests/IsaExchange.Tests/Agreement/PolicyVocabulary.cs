using IsaExchange.Agreement;
using IsaExchange.Datasets.Specs;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>What the information specification of policies/ holds.</summary>
static class PolicyVocabulary
{
    public static DatasetVocabulary Whole { get; } = Read();

    static DatasetVocabulary Read()
    {
        var catalog = DatasetCatalog.Load(Path.Combine(SharedFolders.Repository, "policies"), out var faults);
        Assert.Empty(faults);
        return new DatasetVocabulary(catalog.All.ToDictionary(
            d => d.Id, d => (IReadOnlyCollection<string>)d.CubeDimensions, StringComparer.Ordinal))
        {
            Columns = catalog.All.ToDictionary(
                d => d.Id, d => (IReadOnlyCollection<string>)[.. d.Fields.Select(f => f.Name)], StringComparer.Ordinal),
            WithContributors = catalog.All.Where(d => d.Contributors is not null).Select(d => d.Id)
                .ToHashSet(StringComparer.Ordinal),
        };
    }
}
