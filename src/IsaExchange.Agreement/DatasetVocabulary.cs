using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

/// <summary>
/// What the information specification says that an agreement can be checked against: dataset ids, each with its
/// dimensions. The dimensions <c>area</c> and <c>month</c> belong to every dataset.
/// </summary>
public sealed class DatasetVocabulary(IReadOnlyDictionary<string, IReadOnlyCollection<string>> dimensionsByDataset)
{
    public bool Knows(string dataset) => dimensionsByDataset.ContainsKey(dataset);

    public bool HasDimension(string dataset, string dimension) => DimensionsOf(dataset).Contains(dimension);

    public IReadOnlyCollection<string> DimensionsOf(string dataset) =>
        [.. LanguageWords.Dimensions, .. dimensionsByDataset[dataset].Except(LanguageWords.Dimensions)];
}
