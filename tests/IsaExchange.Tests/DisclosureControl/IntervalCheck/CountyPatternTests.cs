using IsaExchange.DisclosureControl.IntervalCheck;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>
/// What other tools would have published of the synthetic county: the check finds every cell that can be derived, as
/// counted before with other programs, and no other.
/// </summary>
public class CountyPatternTests(ITestOutputHelper output)
{
    const string MsoaMonth = "county/table_large_gauss_msoa_month_t2_default_out.csv";
    const string LsoaMonth = "county/table_large_gauss_lsoa_month_t2_default_out.csv";
    const string LsoaQuarter = "county/table_large_gauss_lsoa_quarter_t2_default_out.csv";

    public static bool IsFull => Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    [Theory]
    [InlineData("linked_separate_out.csv", 190)]
    [InlineData("linked_joint_out.csv", 67)]
    [InlineData("linked_joint1_out.csv", 36)]
    [InlineData("linked_joint0_out.csv", 0)]
    public void WardsAndCensusAreasTogether_RefusesWhatTheirOverlapTells(string file, int derivable) =>
        AssertRefused(CountyTables.Large, file, protectedCells: 1_010, derivable, zerosAreShown: false);

    [Theory]
    [InlineData("county/table_small_gauss_lsoa_quarter_t2_naiveprimary_out.csv", 505, 462)]
    [InlineData("county/table_small_gauss_msoa_month_t2_naiveprimary_out.csv", 321, 321)]
    [InlineData("county/table_small_gauss_lsoa_month_t2_naiveprimary_out.csv", 2_084, 2_084)]
    public void SmallCellsAloneHidden_AreDerived(string file, int protectedCells, int derivable) =>
        AssertRefused(CountyTables.Small, file, protectedCells, derivable);

    [Theory]
    [InlineData("county/table_small_gauss_msoa_month_t2_default_out.csv", 321)]
    [InlineData("county/table_small_gauss_lsoa_quarter_t2_default_out.csv", 505)]
    public void PatternOfElimination_HasAWitnessForEveryCellOfTheSmallCounty(string file, int protectedCells) =>
        AssertRefused(CountyTables.Small, file, protectedCells, derivable: 0);

    [Fact]
    public void PatternOfEliminationByQuarter_HasAWitnessForEveryCell() =>
        AssertRefused(CountyTables.Large, LsoaQuarter, protectedCells: 5_065, derivable: 0);

    [Fact]
    public void PatternOfEliminationByMonth_HasOneCellThatWholeNumbersTell()
    {
        var refused = AssertRefused(CountyTables.Large, MsoaMonth, protectedCells: 3_177, derivable: 1);
        Assert.Equal("county: M0101 | Public order | 2026-03", refused[0].Name);
    }

    [Fact(SkipUnless = nameof(IsFull), Skip = "Takes minutes: ISAX_FULL=1 runs it.")]
    public void PatternOfEliminationByLsoaAndMonth_Has49CellsThatWholeNumbersTell() =>
        AssertRefused(CountyTables.Large, LsoaMonth, protectedCells: 20_668, derivable: 49);

    IReadOnlyList<RefusedCell> AssertRefused(
        CountyTables county, string file, int protectedCells, int derivable, bool zerosAreShown = true)
    {
        var known = county.Pattern(file, width: 1, zerosAreShown);
        var result = IntervalChecker.Check(known, ct: TestContext.Current.CancellationToken);
        var report = result.Report;
        output.WriteLine($"{file}: {report.Seconds:f1} s, {report.Tables} tables, {report.Figures}");
        Assert.Equal(protectedCells, report.ProtectedCells);
        Assert.Equal(derivable, report.Refused.Count);
        Assert.DoesNotContain(report.Refused, r => r.Verdict == CellVerdict.NotProved);
        Assert.Equal(derivable, result.Certificate.Verify(known, TestContext.Current.CancellationToken).Count);
        return report.Refused;
    }
}
