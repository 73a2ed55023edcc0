using IsaExchange.Datasets.Validation;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>One axis in the making: its elements from the lists, and what cubes count besides.</summary>
sealed class AxisBuilder
{
    const string NotStatedTitle = "Not stated, or not in these areas";

    readonly List<string> _dimensions;
    readonly List<string[]> _elements = [];
    readonly Dictionary<string, int> _byBase = new(StringComparer.Ordinal);
    readonly Dictionary<string, Dictionary<string, string>> _titles = new(StringComparer.Ordinal);
    readonly CubeDimension? _own;
    readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <summary>Whether a code that lies elsewhere counts as none: its row would tell that there is a record.</summary>
    readonly bool _folds;

    AxisBuilder(IReadOnlyList<string> baseDimensions, CubeDimension? own, bool folds = false)
    {
        (Base, _own, _folds) = (baseDimensions, own, folds);
        _dimensions = [.. baseDimensions, .. Levels.Select(l => ColumnOf($"{own!.Name}/{l.Name}"))];
        foreach (var level in Levels)
            _titles[ColumnOf($"{own!.Name}/{level.Name}")] = new(level.Titles, StringComparer.Ordinal);
        if (own is null)
            return;
        _titles[own.Name] = Titles(own, folds);
        for (var i = 0; i < own.Codes.Count; i++)
            _places[Stated(own.Codes[i])] = i;
    }

    /// <summary>Those that cubes have, or the area or period of a submission.</summary>
    public IReadOnlyList<string> Base { get; }

    public ShapeAxis Axis => new(_dimensions, _elements) { Base = Base.Count };

    /// <summary>A level is written behind its dimension, and is a column of its own.</summary>
    public static string ColumnOf(string name) => name.Replace('/', '_').Replace('-', '_');

    /// <summary>What is a dimension itself, or the area, is no level besides.</summary>
    IEnumerable<CubeLevel> Levels => (_own?.Levels ?? []).Where(l => !Base.Contains(l.Name));

    static Dictionary<string, string> Titles(CubeDimension dimension, bool folds) => dimension.Codes
        .Select((code, i) => (
            Code: Stated(code), Title: folds && code.Length == 0 ? NotStatedTitle : dimension.Titles[i]))
        .ToDictionary(x => x.Code, x => x.Title, StringComparer.Ordinal);

    public static AxisBuilder Of(CubeDimension dimension)
    {
        var axis = new AxisBuilder([dimension.Name], dimension);
        for (var i = 0; i < dimension.Codes.Count; i++)
            axis.Take([Stated(dimension.Codes[i])]);
        return axis;
    }

    /// <summary>Periods of submissions, as they come.</summary>
    public static AxisBuilder OfPeriods() => new([ReleaseShape.Period], null);

    public static AxisBuilder OfPlaces(IReadOnlyList<string> areas, CubeDimension? located)
    {
        var axis = new AxisBuilder(
            located is null ? [ReleaseShape.Place] : [ReleaseShape.Place, located.Name], located, folds: true);
        if (located is null)
        {
            foreach (var area in areas)
                axis.Take([area]);
        }
        else
        {
            axis.TakeNested(areas, located, located.Levels.First(l => l.Name == CubeLevel.Area));
        }

        return axis;
    }

    public static AxisBuilder OfNested(CubeDimension parent, CubeDimension child)
    {
        var axis = new AxisBuilder([parent.Name, child.Name], child);
        axis._titles[parent.Name] = Titles(parent, folds: false);
        axis.TakeNested([.. parent.Codes.Select(Stated)], child, child.Levels.First(l => l.Name == parent.Name));
        return axis;
    }

    /// <summary>Each code under what it is part of; one that is part of nothing, under everything.</summary>
    void TakeNested(IReadOnlyList<string> parents, CubeDimension child, CubeLevel of)
    {
        var known = parents.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < child.Codes.Count; i++)
        {
            if (known.Contains(of.Of[i]))
                Take([of.Of[i], Stated(child.Codes[i])]);
            else if (of.Of[i].Length == 0 && (!_folds || child.Codes[i].Length == 0))
                parents.ToList().ForEach(p => Take([p, Stated(child.Codes[i])]));
        }
    }

    /// <summary>Makes an element of codes of the base, with the levels that follow from the last of them.</summary>
    public int Take(string[] codes)
    {
        var key = string.Join('|', codes);
        if (_byBase.TryGetValue(key, out var at))
            return at;
        var own = _places.GetValueOrDefault(codes[^1], -1);
        _elements.Add([.. codes, .. Levels.Select(l => own < 0 ? TableCodes.NotStated : Stated(l.Of[own]))]);
        return _byBase[key] = _elements.Count - 1;
    }

    /// <summary>Null for a code that is in no list.</summary>
    public int? Find(string[] codes)
    {
        if (_byBase.TryGetValue(string.Join('|', codes), out var at))
            return at;
        if (_own is null || !_titles[_own.Name].ContainsKey(codes[^1]))
            return null;
        if (!_folds)
            return Base.Count == 2 && _titles[Base[0]].ContainsKey(codes[0]) ? Take(codes) : null;
        return Take([codes[0], Base.Count == 1 ? codes[0] : _own.Codes.Contains("") ? TableCodes.NotStated : codes[1]]);
    }

    /// <summary>In the order of their lists: what rows a table has is nothing that records decide.</summary>
    public IReadOnlyList<string> CodesOf(string column)
    {
        var at = _dimensions.IndexOf(column);
        var listed = _titles.GetValueOrDefault(column) ?? [];
        var used = _elements.Select(e => e[at]).Distinct(StringComparer.Ordinal).ToList();
        var inOrder = listed.Keys.Where(used.Contains).ToList();
        return [.. inOrder, .. used.Except(inOrder).Order(StringComparer.Ordinal)];
    }

    public string TitleOf(string column, string code) =>
        _titles.GetValueOrDefault(column)?.GetValueOrDefault(code)
            ?? (code == TableCodes.NotStated ? NotStatedTitle : code);

    static string Stated(string code) => code.Length == 0 ? TableCodes.NotStated : code;
}
