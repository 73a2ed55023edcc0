namespace IsaExchange.DisclosureControl;

/// <summary>One classification of a table: its codes in publishing order, and whether there is a total.</summary>
/// <param name="Name">Column name in published files, for example <c>area_code</c>.</param>
/// <param name="Codes">At least one; distinct; none may hold the <c>|</c> that joins codes to a cell key.</param>
/// <param name="Titles">One for each code, in the same order.</param>
/// <param name="TotalCode">Code of the position after the codes that holds their sum; null = no total.</param>
public sealed record TableDimension(
    string Name, IReadOnlyList<string> Codes, IReadOnlyList<string> Titles, string? TotalCode)
{
    /// <summary>What the total is called where titles are printed.</summary>
    public string TotalTitle { get; init; } = "Total";

    /// <summary>Number of positions, the total included.</summary>
    internal int Size => Codes.Count + (TotalCode is null ? 0 : 1);

    internal string CodeAt(int position) => position < Codes.Count ? Codes[position] : TotalCode!;

    internal string TitleAt(int position) => position < Titles.Count ? Titles[position] : TotalTitle;

    /// <exception cref="ArgumentException">A grid with such a dimension would have ambiguous cells.</exception>
    internal static void Check(TableDimension dimension)
    {
        var (name, codes, titles, totalCode) = dimension;
        if (codes.Count == 0 || codes.Count != titles.Count)
            throw Ambiguous("needs at least one code and one title for each code");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var code in totalCode is null ? codes : codes.Append(totalCode))
        {
            if (code.Contains(Statement.KeySeparator, StringComparison.Ordinal))
                throw Ambiguous($"has the code {code} with the separator of cell keys in it");
            if (!seen.Add(code))
                throw Ambiguous($"has the code {code} twice, its total counted");
        }

        ArgumentException Ambiguous(string fault) => new($"Dimension {name} {fault}.", nameof(dimension));
    }
}
