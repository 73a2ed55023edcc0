using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

/// <summary>
/// What the information specification says that an agreement can be checked against: dataset ids, each with its
/// dimensions and columns. The dimensions <c>area</c> and <c>month</c> belong to every dataset.
/// </summary>
public sealed class DatasetVocabulary(IReadOnlyDictionary<string, IReadOnlyCollection<string>> dimensionsByDataset)
{
    /// <summary>The columns of a record, by dataset. Without them columns are not checked.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<string>>? Columns { get; init; }

    /// <summary>Datasets that tell who contributes their records. Without them it is not checked.</summary>
    public IReadOnlySet<string>? WithContributors { get; init; }

    public bool Knows(string dataset) => dimensionsByDataset.ContainsKey(dataset);

    public bool HasDimension(string dataset, string dimension) => DimensionsOf(dataset).Contains(dimension);

    internal IReadOnlyCollection<string>? ColumnsOf(string dataset) => Columns?.GetValueOrDefault(dataset);

    public IReadOnlyCollection<string> DimensionsOf(string dataset) =>
        [.. LanguageWords.Dimensions, .. dimensionsByDataset[dataset].Except(LanguageWords.Dimensions)];
}
