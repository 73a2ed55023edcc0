using System.Globalization;
using IsaExchange.DisclosureControl.Suppression;

namespace IsaExchange.Tests.DisclosureControl.Suppression;

/// <summary>
/// Tables of the vectors as a problem, with the pattern that another tool chose for them: the cells are those of its
/// output, each summed from the records by the codes that it carries.
/// </summary>
public sealed class PeerTable
{
    const string Total = "Total";

    PeerTable(SuppressionProblem problem, IReadOnlyList<string> names, bool[] peerHides)
    {
        Problem = problem;
        Names = names;
        PeerHides = peerHides;
    }

    public SuppressionProblem Problem { get; }

    /// <summary>By cell: its codes, joined by <c>|</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>By cell.</summary>
    public bool[] PeerHides { get; }

    public int PrimaryCount => Problem.Cells.Count(cell => cell.IsPrimary);

    public int PeerSecondaryCount => PeerHides.Count(hidden => hidden) - PrimaryCount;

    public int SecondaryCount(bool[] hidden) => hidden.Count(h => h) - PrimaryCount;

    public int IndexOf(string name) => Enumerable.Range(0, Names.Count).Single(cell => Names[cell] == name);

    /// <param name="records">Codes on every level, and the count last.</param>
    /// <param name="pattern">Codes, count, whether primary, whether hidden.</param>
    public static PeerTable Read(string records, string pattern, bool zerosAreShown = true)
    {
        var rows = ReadRows(records);
        var byCode = new Dictionary<string, List<int>>(StringComparer.Ordinal) { [Total] = [] };
        for (var atom = 0; atom < rows.Count; atom++)
        {
            foreach (var code in rows[atom][..^1].Append(Total).Distinct(StringComparer.Ordinal))
            {
                if (!byCode.TryGetValue(code, out var with))
                    byCode.Add(code, with = []);
                with.Add(atom);
            }
        }

        var sets = byCode.ToDictionary(pair => pair.Key, pair => pair.Value.ToHashSet(), StringComparer.Ordinal);
        long[] counts = [.. rows.Select(row => Count(row[^1]))];
        var (cells, names, peerHides) = (new List<SuppressionCell>(), new List<string>(), new List<bool>());
        foreach (var row in ReadRows(pattern))
        {
            var codes = row[..^3].OrderBy(code => byCode[code].Count).ToArray();
            int[] atoms = [.. byCode[codes[0]].Where(atom => codes.All(code => sets[code].Contains(atom)))];
            cells.Add(new SuppressionCell(atoms, atoms.Sum(a => counts[a])) { IsPrimary = IsTrue(row[^2]) });
            names.Add(string.Join('|', row[..^3]));
            peerHides.Add(IsTrue(row[^1]));
            if (cells[^1].Value != Count(row[^3]))
                throw new InvalidOperationException($"{pattern}: {names[^1]} is not the sum of its records.");
        }

        var problem = new SuppressionProblem(counts.Length, cells)
        {
            ZerosAreShown = zerosAreShown,
            AtomValues = counts,
        };
        return new PeerTable(problem, names, [.. peerHides]);
    }

    public static List<string[]> ReadRows(string file) =>
        [.. File.ReadLines(file).Skip(1).Select(line => line.Replace("\"", "", StringComparison.Ordinal).Split(','))];

    static long Count(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    static bool IsTrue(string text) => text == "TRUE";
}
