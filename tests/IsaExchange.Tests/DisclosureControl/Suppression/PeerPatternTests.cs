using IsaExchange.DisclosureControl.Suppression;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Suppression;

/// <summary>The tables on which GaussSuppression was run: never more cells hidden than it hides.</summary>
public class PeerPatternTests
{
    [Theory]
    [InlineData("small", "msoa_month", 1_520, 321, 311)]
    [InlineData("small", "lsoa_quarter", 1_980, 505, 313)]
    [InlineData("small", "lsoa_month", 7_920, 2_084, 1_591)]
    [InlineData("large", "msoa_month", 13_680, 3_177, 2_590)]
    [InlineData("large", "lsoa_quarter", 19_420, 5_065, 3_092)]
    [InlineData("large", "lsoa_month", 77_680, 20_668, 14_655)]
    public void CountyTables_NeedFewerThanGaussSuppression(
        string size, string table, int cells, int primary, int peerSecondary) =>
        CheckAgainstPeer(
            County(size, $"county/table_{size}_gauss_{table}_t2_default_out.csv"), cells, primary, peerSecondary);

    [Theory]
    [InlineData("msoa_month", 2_590)]
    [InlineData("lsoa_quarter", 3_092)]
    public void WithoutDifferencesOfLeastCounts_StillFewerThanGaussSuppression(string table, int peerSecondary)
    {
        var county = County("large", $"county/table_large_gauss_{table}_t2_default_out.csv");
        var strict = county.Problem with { HidesDifferencesOfLeastCounts = true };

        var hidden = JointSuppression.Choose(strict, TestContext.Current.CancellationToken);

        Assert.InRange(county.SecondaryCount(hidden), 1, peerSecondary);
        Report(county, hidden);
    }

    [Fact]
    public void WardsAndMsoasTogether_NeedFewerThanGaussSuppression()
    {
        // It knows nothing of the parts in which they overlap, and so leaves cells that follow from zeros there.
        var table = County("large", "linked_joint_out.csv");

        CheckAgainstPeer(table, 6_760, 1_010, 846, table.Problem with { AtomValues = default });
    }

    [Fact]
    public void WardsAndMsoasTogether_SafeFromZerosOfTheirOverlaps()
    {
        // Taking every zero as known, GaussSuppression hides 1,942; each cell by itself and then what is found, 993.
        var table = County("large", "linked_joint_out.csv");

        var hidden = JointSuppression.Choose(table.Problem, TestContext.Current.CancellationToken);

        Assert.InRange(table.SecondaryCount(hidden), 847, 993);
        Report(table, hidden);
    }

    [Theory]
    [InlineData("z1", "maxN3", false, 3, 3)]
    [InlineData("z1", "maxN3_pz0", true, 3, 3)]
    public void NorwegianTable_SamePattern(
        string input, string output, bool zerosAreShown, int primary, int peerSecondary)
    {
        var table = Gauss(input, output, zerosAreShown);

        var hidden = JointSuppression.Choose(table.Problem, TestContext.Current.CancellationToken);

        Assert.Equal((primary, peerSecondary), (table.PrimaryCount, table.PeerSecondaryCount));
        Assert.Equal(table.PeerHides, hidden);
    }

    [Theory]
    [InlineData("z2", "maxN3", false, 100, 11, 18)]
    [InlineData("z2", "maxN3_pz0", true, 100, 9, 15)]
    [InlineData("z3", "maxN3_pz0", true, 1_350, 350, 269)]
    public void NorwegianTables_NeedNoMore(
        string input, string output, bool zerosAreShown, int cells, int primary, int peerSecondary) =>
        CheckAgainstPeer(Gauss(input, output, zerosAreShown), cells, primary, peerSecondary);

    [Fact]
    public void RepairWithNothingToRepair_HidesNoMore()
    {
        var table = County("small", "county/table_small_gauss_msoa_month_t2_default_out.csv");
        var token = TestContext.Current.CancellationToken;

        var first = JointSuppression.Choose(table.Problem, token);
        var again = JointSuppression.Choose(table.Problem, first, token);

        Assert.True(table.SecondaryCount(again) <= table.SecondaryCount(first));
    }

    [Fact]
    public void RepairOfShownCells_HidesThemAndKeepsThemFromFollowing()
    {
        var table = County("small", "county/table_small_gauss_msoa_month_t2_default_out.csv");
        var token = TestContext.Current.CancellationToken;
        var first = JointSuppression.Choose(table.Problem, token);
        int[] refused = [.. Enumerable.Range(0, first.Length)
            .Where(cell => !first[cell] && table.Problem.Cells[cell].Value > 0).TakeLast(5)];

        var harder = table.Problem with
        {
            Cells = [.. table.Problem.Cells.Select(
                (cell, index) => refused.Contains(index) ? cell with { IsForcedHidden = true } : cell)],
        };
        var repaired = JointSuppression.Choose(harder, first, token);

        AssertNothingFollows(harder, repaired);
        Assert.All(refused, cell => Assert.True(repaired[cell]));
        // What the five do not touch stays as it was.
        Assert.True(first.Zip(repaired).Count(pair => pair.First != pair.Second) < 50);
    }

    static void CheckAgainstPeer(
        PeerTable table, int cells, int primary, int peerSecondary, SuppressionProblem? variant = null)
    {
        Assert.Equal(
            (cells, primary, peerSecondary), (table.Problem.Cells.Count, table.PrimaryCount, table.PeerSecondaryCount));

        var hidden = JointSuppression.Choose(variant ?? table.Problem, TestContext.Current.CancellationToken);

        Assert.All(table.Problem.Cells.Zip(hidden), pair => Assert.True(pair.Second || !pair.First.IsPrimary));
        if (table.Problem.ZerosAreShown)
            Assert.All(table.Problem.Cells.Zip(hidden), pair => Assert.True(!pair.Second || pair.First.Value > 0));
        Assert.InRange(table.SecondaryCount(hidden), 1, peerSecondary);
        Report(table, hidden);
        if (cells < 2_000 && table.Problem.ZerosAreShown)
            AssertNothingFollows(table.Problem, hidden);
    }

    static void Report(PeerTable table, bool[] hidden) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{table.SecondaryCount(hidden)} beside the protected ones; GaussSuppression {table.PeerSecondaryCount}.");

    static void AssertNothingFollows(SuppressionProblem problem, bool[] hidden)
    {
        var merged = WithoutZeros(problem);
        var span = RationalSpan.OfShown(merged, hidden);
        Assert.All(
            merged.Cells.Where(cell => cell.IsPrimary || cell.IsForcedHidden),
            cell => Assert.False(span.Holds(RationalSpan.Row(merged, cell.Atoms))));
    }

    /// <summary>Small enough for exact numbers: without atoms of 0, and atoms of the same cells taken as one.</summary>
    static SuppressionProblem WithoutZeros(SuppressionProblem problem)
    {
        var cellsOf = Enumerable.Range(0, problem.AtomCount).Select(_ => new List<int>()).ToArray();
        for (var cell = 0; cell < problem.Cells.Count; cell++)
        {
            foreach (var atom in problem.Cells[cell].Atoms.Span)
                cellsOf[atom].Add(cell);
        }

        string[] sameCells = [.. cellsOf.Select(cells => string.Join(',', cells))];
        var isZero = cellsOf.Select(cells => cells.Exists(cell => problem.Cells[cell].Value == 0)).ToArray();
        string[] kept = [.. sameCells.Where((_, atom) => !isZero[atom]).Distinct()];
        var number = kept.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        return new SuppressionProblem(kept.Length, [.. problem.Cells.Select(cell => cell with
        {
            Atoms = cell.Atoms.ToArray().Where(atom => !isZero[atom])
                .Select(atom => number[sameCells[atom]]).Distinct().Order().ToArray(),
        })]);
    }

    static PeerTable County(string size, string pattern) => PeerTable.Read(
        SharedFolders.Vectors("disclosure", "county", $"table_{size}.csv"),
        SharedFolders.Vectors(["disclosure", .. pattern.Split('/')]));

    static PeerTable Gauss(string input, string output, bool zerosAreShown) => PeerTable.Read(
        SharedFolders.Vectors("disclosure", "gauss", $"input_{input}.csv"),
        SharedFolders.Vectors("disclosure", "gauss", $"out_{input}_{output}.csv"), zerosAreShown);
}
