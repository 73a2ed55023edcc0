using IsaExchange.DisclosureControl.IntervalCheck;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>Whoever verifies a certificate adds up and believes nothing.</summary>
public class CertificateTests
{
    static readonly AttackerKnowledge Known =
        CountyTables.Small.Pattern("county/table_small_gauss_lsoa_quarter_t2_default_out.csv", width: 1);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Certificate Good() => IntervalChecker.Check(Known, ct: TestContext.Current.CancellationToken).Certificate;

    [Fact]
    public void EveryTableAndWitness_Holds() => Assert.Empty(Good().Verify(Known, Stop));

    [Fact]
    public void AnyCountChangedByOne_IsNoticed()
    {
        var good = Good();
        for (var t = 0; t < good.Tables.Count; t++)
        {
            var changed = Changed(good.Tables[t], t * 37 % Known.Truth.Length, by: 1);
            Assert.NotEmpty((good with { Tables = With(good, t, changed) }).Verify(Known, Stop));
        }
    }

    [Fact]
    public void UnknownsTwiceOutOfOrderOrOutside_AreNoTable()
    {
        var good = Good();
        foreach (var table in (WitnessTable[])[
            new([3, 3], [1, -1]), new([4, 3], [1, -1]), new([-1], [1]), new([Known.Truth.Length], [1]), new([0], [])])
        {
            var faults = (good with { Tables = With(good, 0, table) }).Verify(Known, Stop);
            Assert.Contains("is not one of counts", faults[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WitnessThatIsMissingOrPointsAtOneTableTwice_IsNoticed()
    {
        var good = Good();
        Assert.Single((good with { Witnesses = [.. good.Witnesses.Skip(1)] }).Verify(Known, Stop));
        var first = good.Witnesses[0];
        var same = first with { HighTable = first.LowTable };
        Assert.Single((good with { Witnesses = [same, .. good.Witnesses.Skip(1)] }).Verify(Known, Stop));
    }

    [Fact]
    public void NegativeCounts_AreNoTable()
    {
        var good = Good();
        var changed = new WitnessTable([0], [-1 - Known.Truth[0]]);
        var faults = (good with { Tables = With(good, good.Tables.Count - 1, changed) }).Verify(Known, Stop);
        Assert.Contains("is not one of counts", faults[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0, false, true)]
    [InlineData(3, 0, false, false)]
    [InlineData(0, 5, false, true)]
    [InlineData(0, 6, false, false)]
    [InlineData(0, 0, true, false)]
    public void WitnessesThatAreNotAllThatIsRequired_AreNotTaken(int width, long reach, bool zero, bool isEnough)
    {
        var cell = new KnownSum("a", [0], 0, null) { Required = new RequiredInterval(width, reach, zero) };
        var known = new AttackerKnowledge([cell, new KnownSum("a+b", [0, 1], 7, 7)], [3, 4]);
        var certificate = new Certificate(
            [WitnessTable.Truth, new WitnessTable([0, 1], [2, -2])], [new CellWitness(0, 1, 0)]);
        Assert.Equal(isEnough, certificate.Verify(known, Stop).Count == 0);
    }

    [Fact]
    public void HowManyPartsAreSearchedSideBySide_ChangesNothing()
    {
        var known = CountyTables.Small.Pattern("county/table_small_gauss_msoa_month_t2_default_out.csv", width: 2);
        var first = Check(known, threads: 1);
        Assert.True(first.Report.Refused.Count > 0 && !first.Report.IsSafe);
        for (var run = 1; run < 20; run++)
        {
            var again = Check(known, threads: 1 + (run % 7));
            Assert.Equal(Text(first), Text(again));
        }
    }

    static CheckResult Check(AttackerKnowledge known, int threads) => IntervalChecker.Check(
        known, new CheckLimits { Threads = threads }, TestContext.Current.CancellationToken);

    static string Text(CheckResult result) => System.Text.Json.JsonSerializer.Serialize(
        result with { Report = result.Report with { Seconds = 0 } });

    static WitnessTable[] With(Certificate good, int place, WitnessTable table)
    {
        WitnessTable[] tables = [.. good.Tables];
        tables[place] = table;
        return tables;
    }

    static WitnessTable Changed(WitnessTable table, int unknown, long by)
    {
        var deviations = new SortedDictionary<int, long>();
        for (var i = 0; i < table.Unknowns.Length; i++)
            deviations[table.Unknowns[i]] = table.Deviations[i];
        deviations[unknown] = deviations.GetValueOrDefault(unknown) + by;
        return new WitnessTable([.. deviations.Keys], [.. deviations.Values]);
    }
}
