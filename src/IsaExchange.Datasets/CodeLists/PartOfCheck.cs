using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>
/// What editions say that their codes are part of besides: a list that is there, with codes that it has, and that does
/// not lead back. Tables are published by it, so it is held to more than the parents are.
/// </summary>
sealed class PartOfCheck(IReadOnlyDictionary<string, CodeList> lists)
{
    /// <summary>How many codes of an edition are listed that lead nowhere.</summary>
    const int CodesListed = 100;

    public void Check(string folder, List<SpecFault> faults)
    {
        foreach (var edition in lists.Values.SelectMany(list => list.Editions))
        {
            for (var at = 0; at < edition.PartOfLists.Count; at++)
            {
                foreach (var fault in Faults(edition, at).Take(CodesListed))
                    faults.Add(new(Path.Combine(folder, edition.ListId), 0, $"Edition {edition.Edition}: {fault}.",
                        "Import the list first, and correct the codes in a new edition of this one."));
            }
        }
    }

    IEnumerable<string> Faults(CodeListEdition edition, int at)
    {
        var id = edition.PartOfLists[at];
        if (Problem(edition.ListId, id) is { } problem)
            return [problem];
        return Enumerable.Range(0, edition.Count)
            .Where(i => edition.PartOf(i, at) is { } code && !Has(id, code))
            .Select(i => $"what {edition.Code(i)} is part of is not in {id}");
    }

    /// <summary>A column of an edition's file or of tables is called so already.</summary>
    public static bool IsTaken(string list) => list is "code" or "title" or "parent" or "area";

    /// <summary>Why a list cannot be part of another one; null when it can.</summary>
    public string? Problem(string list, string of) =>
        !lists.ContainsKey(of) && list != of ? $"there is no list {of} to be part of"
        : LeadsTo(of, list) ? $"{of} leads back to {list}" : null;

    /// <summary>Whether some edition of a list has the code.</summary>
    public bool Has(string list, string code) => lists[list].Editions.Any(e => e.IndexOf(code) >= 0);

    bool LeadsTo(string from, string list)
    {
        var (seen, open) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([from]));
        while (open.TryPop(out var next))
        {
            if (next == list)
                return true;
            if (!seen.Add(next) || !lists.TryGetValue(next, out var known))
                continue;
            foreach (var edition in known.Editions)
            {
                foreach (var above in edition.PartOfLists.Append(edition.ParentList).OfType<string>())
                    open.Push(above);
            }
        }

        return false;
    }
}
