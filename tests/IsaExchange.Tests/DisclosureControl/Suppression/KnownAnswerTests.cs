using System.Globalization;
using IsaExchange.DisclosureControl.Suppression;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Suppression;

/// <summary>Small tables whose answer others have published, and those on which their tools once failed.</summary>
public class KnownAnswerTests
{
    const string Total = "Total";

    [Fact]
    public void SdcTableMicrodata_OptimalPattern()
    {
        // Only (A, female) is protected: three more close a rectangle with it, and there are three such rectangles.
        // Ours is sdcTable's optimum, with region C, in which the fewest records lie; its GAUSS takes region D.
        var rows = PeerTable.ReadRows(Vector("sdctable", "microdata1_Afemale_OPT.csv"));
        var inner = rows.Where(row => row[0] != "total" && row[1] != "total");
        var table = Cross(inner, rows, "total", row => Count(row[2]));
        var problem = Protecting(table, rows, row => row is ["A", "female", ..]);

        var hidden = JointSuppression.Choose(problem, TestContext.Current.CancellationToken);

        int[] indices = [.. Enumerable.Range(1, rows.Count).Where(cell => hidden[cell - 1])];
        Assert.Equal([5, 6, 11, 12], indices);
    }

    [Fact]
    public void ThreeOnesInARow_AreNotLeftAlone()
    {
        // Row 1 is 1 + 1 + 7 + 1 + 0 = 10. With the ones alone hidden, 3 is left for three cells of at least 1.
        var records = PeerTable.ReadRows(Vector("sdctable", "issue135_singletons.csv"))
            .Select(row => new[] { row[1], row[2], row[0] }).ToList();
        var rows = PeerTable.ReadRows(Vector("sdctable", "issue135_SIMPLEHEURISTIC_singletonsTRUE.csv"));
        var problem = Protecting(
            Cross(records, rows, Total, row => Count(row[2])), rows, row => Count(row[2]) is 1 or 2);

        var hidden = JointSuppression.Choose(problem, TestContext.Current.CancellationToken);

        string[] ofRow = [.. rows.Where((row, cell) => hidden[cell] && row[0] == "1").Select(row => row[1])];
        Assert.Superset(new HashSet<string> { "A", "B", "M" }, ofRow.ToHashSet(StringComparer.Ordinal));
        Assert.True(ofRow.Length > 3);
        // The peer hides five more.
        Assert.InRange(hidden.Count(h => h) - problem.Cells.Count(cell => cell.IsPrimary), 1, 5);
    }

    [Fact]
    public void TwoClassificationsOfTheSameRegions_HideTheCellThatTellsThemApart()
    {
        // County 1 is A + B + I + J, small ones are these, K and N: with N shown, K is their difference.
        var rows = PeerTable.ReadRows(Vector("sdctable", "issue136_linked.csv"));
        var cells = rows.Select((row, atom) => new SuppressionCell(new[] { atom }, Count(row[3]))
        {
            IsPrimary = Count(row[3]) <= 3,
        }).ToList();
        foreach (var code in (string[])["county-1", "county-2", "small", "BIG", Total])
        {
            int[] atoms = [.. Enumerable.Range(0, rows.Count).Where(a => code == Total || rows[a].Contains(code))];
            cells.Add(new SuppressionCell(atoms, atoms.Sum(a => Count(rows[a][3]))));
        }

        var hidden = JointSuppression.Choose(
            new SuppressionProblem(rows.Count, cells), TestContext.Current.CancellationToken);

        Assert.Equal(5, cells.Count(cell => cell.IsPrimary));
        Assert.Equal([rows.FindIndex(row => row[0] == "N")], Enumerable.Range(0, hidden.Length)
            .Where(cell => hidden[cell] && !cells[cell].IsPrimary));
    }

    [Fact]
    public void SsbToolsExample_NoMoreThanItsSingletonMethod()
    {
        var rows = PeerTable.ReadRows(Vector("gauss", "ssbtools_doc_example.csv"));
        var problem = Protecting(
            Cross(rows.Where(row => row[0] != Total && row[1] != Total), rows, Total, row => Count(row[2])),
            rows, row => row[3] == "TRUE");

        var hidden = JointSuppression.Choose(problem, TestContext.Current.CancellationToken);

        // Columns A, B and C of row 1 are ones: their sum must not follow either.
        Assert.InRange(hidden.Count(h => h), 4, rows.Count(row => row[6] == "TRUE"));
        Assert.True(rows.Where((row, cell) => hidden[cell] && row[0] == "1").Count() > 3);
    }

    [Fact]
    public void TurnoverByActivityAndSize_NoMoreThanTauArgus()
    {
        // Frequency 0 < N < 3, or the largest contributor above 85 %: 52 and 25; tau-ARGUS hides 64 more.
        var rows = PeerTable.ReadRows(Vector("rtauargus", "turnover_act_size.csv"));
        var levels = PeerTable.ReadRows(Vector("rtauargus", "activity_corr_table.csv")).ToDictionary(row => row[2]);
        var inner = rows.Where(row => levels.ContainsKey(row[0]) && row[1] != Total)
            .Select(row => (string[])[.. levels[row[0]].Distinct(), row[1], row[3]]).ToList();
        var few = rows.Select(row => Count(row[2]) is 1 or 2).ToArray();
        var dominated = rows.Select(row => Amount(row[4]) * 100 > Amount(row[3]) * 85).ToArray();
        var problem = Protecting(
            Cross(inner, rows, Total, row => Amount(row[^1])), rows,
            row => few[rows.IndexOf(row)] || dominated[rows.IndexOf(row)]);

        var hidden = JointSuppression.Choose(problem, TestContext.Current.CancellationToken);

        Assert.Equal((414, 52), (rows.Count, few.Count(f => f)));
        Assert.Equal(77, problem.Cells.Count(cell => cell.IsPrimary));
        Assert.InRange(hidden.Count(h => h) - 77, 1, 64);
        TestContext.Current.TestOutputHelper?.WriteLine($"{hidden.Count(h => h) - 77} beside the protected ones.");
    }

    /// <param name="records">Codes, and in some column the amount.</param>
    /// <param name="cells">Two codes, each of a record or the total.</param>
    static SuppressionProblem Cross(
        IEnumerable<string[]> records, List<string[]> cells, string total, Func<string[], long> amount)
    {
        var atoms = records.ToList();
        return new SuppressionProblem(atoms.Count, [.. cells.Select(cell =>
        {
            int[] of = [.. Enumerable.Range(0, atoms.Count).Where(
                atom => cell[..2].All(code => code == total || atoms[atom].Contains(code)))];
            return new SuppressionCell(of, of.Sum(atom => amount(atoms[atom])));
        })])
        {
            ZerosAreShown = true,
        };
    }

    static SuppressionProblem Protecting(
        SuppressionProblem problem, List<string[]> rows, Func<string[], bool> isPrimary) => problem with
    {
        Cells = [.. problem.Cells.Zip(rows, (cell, row) => cell with { IsPrimary = isPrimary(row) })],
    };

    static string Vector(params string[] parts) => SharedFolders.Vectors(["disclosure", .. parts]);

    static long Count(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>In ten-thousandths: the files have four decimals.</summary>
    static long Amount(string text) => (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * 10_000);
}
