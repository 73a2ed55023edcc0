using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>The code lists of a partnership, each with its dated editions.</summary>
public sealed class CodeListCatalog
{
    readonly Dictionary<string, CodeList> _lists;

    internal CodeListCatalog(Dictionary<string, CodeList> lists) => _lists = lists;

    /// <summary>A catalogue without lists, for datasets whose codes all stand in the specification.</summary>
    public static CodeListCatalog Empty { get; } = new([]);

    public IReadOnlyCollection<string> ListIds => _lists.Keys;

    public IEnumerable<CodeList> All => _lists.Values;

    public CodeList? Find(string listId) => _lists.GetValueOrDefault(listId);

    /// <summary>
    /// Loads folder/LIST-ID/list.yaml and the editions it names. A list with a fault is left out and its faults listed.
    /// </summary>
    public static CodeListCatalog Load(string folder, out IReadOnlyList<SpecFault> faults)
    {
        var found = new List<SpecFault>();
        var lists = new Dictionary<string, CodeList>(StringComparer.Ordinal);
        if (!Directory.Exists(folder))
            found.Add(new(folder, 0, "There is no folder of code lists.", "Import the code lists of the publisher."));
        else
        {
            foreach (var listFolder in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            {
                if (CodeListReader.Read(listFolder, found) is { } list)
                    lists.Add(list.Id, list);
            }
        }

        var catalog = new CodeListCatalog(lists);
        catalog.CheckParents(folder, found);
        new PartOfCheck(lists).Check(folder, found);
        faults = found;
        return catalog;
    }

    /// <summary>The edition in force on a day; null when the list or such an edition is absent.</summary>
    public CodeListEdition? Find(string listId, DateOnly validOn) =>
        _lists.GetValueOrDefault(listId)?.Find(validOn);

    /// <summary>
    /// A parent that no edition of the parent list knows is a slip of the pen; other lists are not ours to judge.
    /// </summary>
    void CheckParents(string folder, List<SpecFault> faults)
    {
        foreach (var edition in _lists.Values.SelectMany(list => list.Editions))
        {
            if (edition.ParentList is null || !_lists.TryGetValue(edition.ParentList, out var parents))
                continue;
            for (var i = 0; i < edition.Count; i++)
            {
                if (edition.Parent(i) is { } parent && parents.Editions.All(p => p.IndexOf(parent) < 0))
                {
                    faults.Add(new(Path.Combine(folder, edition.ListId), 0,
                        $"Edition {edition.Edition}: the parent of {edition.Code(i)} is not in {edition.ParentList}.",
                        "Correct the parent or import the edition that holds it."));
                }
            }
        }
    }
}
