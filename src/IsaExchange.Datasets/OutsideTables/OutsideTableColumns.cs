using IsaExchange.Datasets.Validation;

namespace IsaExchange.Datasets.OutsideTables;

/// <summary>The dimensions that a table of a dataset can have, and the codes of each: those of its cube and the levels
/// above them, named as the columns of feed tables.</summary>
sealed class OutsideTableColumns
{
    readonly Dictionary<string, HashSet<string>> _codes = new(StringComparer.Ordinal);

    public OutsideTableColumns(ValidationPlan plan)
    {
        Add(CubeLevel.Area, plan.Areas);
        foreach (var dimension in plan.Dimensions)
        {
            Add(dimension.Name, dimension.Codes);
            foreach (var level in dimension.Levels.Where(l => l.Name != CubeLevel.Area))
                Add($"{dimension.Name}_{level.Name.Replace('-', '_')}", level.Of);
        }
    }

    public IEnumerable<string> Names => _codes.Keys.Order(StringComparer.Ordinal);

    /// <summary>Null where the dataset has no such dimension.</summary>
    public IReadOnlySet<string>? CodesOf(string column) => _codes.GetValueOrDefault(column);

    void Add(string name, IEnumerable<string> codes) => _codes[name] =
    [
        OutsideTable.All, .. codes.Select(code => code.Length == 0 ? OutsideTable.NotStated : code),
    ];
}
