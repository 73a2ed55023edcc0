using IsaExchange.Agreement;
using IsaExchange.Datasets.CodeLists;

namespace IsaExchange.Exchange;

/// <summary>Whether the areas of an agreement are those of its own geography, on every day of its term.</summary>
public static class GeographyCheck
{
    /// <summary>
    /// Each edition must be the one valid on the day it takes over, and hold every area that something is owed for
    /// while it is in force: a code it does not have would turn all the area's records into queries.
    /// </summary>
    public static IEnumerable<string> Faults(SharingAgreement agreement, CodeListCatalog lists)
    {
        var geography = agreement.Geography;
        IReadOnlyList<GeographyEdition> editions =
            [new(geography.Edition, agreement.From), .. geography.Later.Where(e => e.From > agreement.From)];
        foreach (var (index, named) in editions.Index())
        {
            var last = index + 1 < editions.Count ? editions[index + 1].From.AddDays(-1) : agreement.To;
            foreach (var fault in OfEdition(agreement, lists, named, last))
                yield return fault;
        }
    }

    static IEnumerable<string> OfEdition(
        SharingAgreement agreement, CodeListCatalog lists, GeographyEdition named, DateOnly last)
    {
        var list = agreement.Geography.CodeList;
        if (lists.Find(list, named.From) is not { } edition || edition.Edition != named.Edition)
        {
            return [$"geography: code list {list} has no edition {named.Edition} valid on "
                + $"{CreateSubmission.Iso(named.From)}. Import it."];
        }

        var there = agreement.Areas.Where(a => !(a.From > last) && !(a.To < named.From))
            .Select(a => a.Code).ToHashSet(StringComparer.Ordinal);
        return agreement.DatasetsOwed.SelectMany(d => d.Areas).Distinct(StringComparer.Ordinal)
            .Where(area => there.Contains(area) && edition.IndexOf(area) < 0)
            .Select(area => $"area {area} is not in {list}, edition {named.Edition}. Correct the code.");
    }
}
