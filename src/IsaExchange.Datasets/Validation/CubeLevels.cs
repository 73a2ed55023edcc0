using System.Globalization;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.Validation;

/// <summary>What the codes of a dimension are parts of: a district of small areas, a group of offences, a quarter of
/// months.</summary>
/// <param name="Name">A list of parents, another list that codes are part of, <c>quarter</c>, <c>year</c>, another
/// dimension, or <c>area</c>.</param>
/// <param name="Of">For each code of the dimension, in its order, the code that it is part of; empty: of none.</param>
/// <param name="Titles">Of the codes that have one.</param>
public sealed record CubeLevel(string Name, IReadOnlyList<string> Of, IReadOnlyDictionary<string, string> Titles)
{
    /// <summary>The level of the areas that submissions are for.</summary>
    public const string Area = "area";

    /// <summary>Whether it is one of the chain of parents, each of which holds the one before as a whole.</summary>
    public bool IsOfParents { get; init; } = true;
}

/// <summary>Finds the levels of a dimension in the lists of parents, and in the rules of its specification.</summary>
/// <param name="uses">Told of each edition that codes are part of besides.</param>
sealed class CubeLevels(
    DatasetSpec spec, CodeListCatalog lists, DateOnly lastDay, Func<string, CodeListEdition?> list,
    Action<CodeListEdition> uses)
{
    static readonly Dictionary<string, string> NoTitles = [];

    public static IReadOnlyList<CubeLevel> OfMonths(IEnumerable<DateOnly> months)
    {
        List<DateOnly> all = [.. months];
        return
        [
            new("quarter", all.ConvertAll(m => string.Create(
                CultureInfo.InvariantCulture, $"{m.Year:D4}-Q{(m.Month + 2) / 3}")), NoTitles),
            new("year", all.ConvertAll(m => m.ToString("yyyy", CultureInfo.InvariantCulture)), NoTitles),
        ];
    }

    /// <param name="field">A field that is a dimension.</param>
    /// <param name="codes">Its codes; the last may be empty, and is part of nothing.</param>
    /// <param name="areaOf">For each code of its list the area it lies in; null where the field tells no areas.</param>
    public IReadOnlyList<CubeLevel> OfField(string field, IReadOnlyList<string> codes, IReadOnlyList<string>? areaOf)
    {
        if (list(field) is not { } edition)
            return [];
        var levels = new List<CubeLevel>();
        if (areaOf is not null)
            levels.Add(new CubeLevel(CubeLevel.Area, ByCode(codes, edition, i => areaOf[i]), NoTitles));
        foreach (var rule in spec.Rules.Where(r => r.Kind == CrossRuleKind.Belongs && r.Field == field))
            levels.Add(new CubeLevel(rule.Other, ByCode(codes, edition, i => edition.Parent(i) ?? ""), NoTitles));
        var of = ByCode(codes, edition, i => edition.Parent(i) ?? "");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        levels.AddRange(Chain(edition.ParentList, of, seen, _ => { }));
        for (var at = 0; at < edition.PartOfLists.Count; at++)
        {
            of = ByCode(codes, edition, i => edition.PartOf(i, at) ?? "");
            levels.AddRange(Chain(edition.PartOfLists[at], of, seen, uses).Select(l => l with { IsOfParents = false }));
        }

        return levels;
    }

    /// <summary>A list and those of its parents; one that was seen already means what it meant there.</summary>
    IEnumerable<CubeLevel> Chain(
        string? first, IReadOnlyList<string> of, HashSet<string> seen, Action<CodeListEdition> use)
    {
        for (var id = first; id is not null && seen.Add(id);)
        {
            var parents = lists.Find(id, lastDay);
            yield return new CubeLevel(id, of, parents is null ? NoTitles : Titles(parents));
            if (parents is null)
                yield break;
            use(parents);
            of = [.. of.Select(code => parents.IndexOf(code) is var at and >= 0 ? parents.Parent(at) ?? "" : "")];
            id = parents.ParentList;
        }
    }

    static List<string> ByCode(IReadOnlyList<string> codes, CodeListEdition edition, Func<int, string> of) =>
        [.. codes.Select(code => code.Length == 0 ? "" : of(edition.IndexOf(code)))];

    static Dictionary<string, string> Titles(CodeListEdition edition) => Enumerable.Range(0, edition.Count)
        .ToDictionary(edition.Code, edition.Title, StringComparer.Ordinal);
}
