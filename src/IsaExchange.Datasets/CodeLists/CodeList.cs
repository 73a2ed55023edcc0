namespace IsaExchange.Datasets.CodeLists;

/// <summary>A code list: its editions in order of validity, and how codes of one answer those of another.</summary>
public sealed record CodeList(
    string Id, string Title, string Publisher, IReadOnlyList<CodeListEdition> Editions,
    IReadOnlyList<CodeListMapping> Mappings)
{
    public CodeListEdition? Find(string edition) => Editions.FirstOrDefault(e => e.Edition == edition);

    /// <summary>The edition in force on a day; null when there is none.</summary>
    public CodeListEdition? Find(DateOnly day) => Editions.FirstOrDefault(e => e.IsValidOn(day));

    public CodeListMapping? Mapping(string from, string to) =>
        Mappings.FirstOrDefault(m => m.From.Edition == from && m.To.Edition == to);
}
