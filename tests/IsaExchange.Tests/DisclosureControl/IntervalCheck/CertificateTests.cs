using IsaExchange.DisclosureControl.IntervalCheck;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>Whoever verifies a certificate adds up and believes nothing.</summary>
public class CertificateTests
{
    static readonly AttackerKnowledge Known =
        CountyTables.Small.Pattern("county/table_small_gauss_lsoa_quarter_t2_default_out.csv", width: 1);

    static Certificate Good() => IntervalChecker.Check(Known, ct: TestContext.Current.CancellationToken).Certificate;

    [Fact]
    public void EveryTableAndWitness_Holds() => Assert.Empty(Good().Verify(Known));

    [Fact]
    public void AnyCountChangedByOne_IsNoticed()
    {
        var good = Good();
        for (var t = 0; t < good.Tables.Count; t++)
        {
            var tables = good.Tables.Select(x => (long[])x.Clone()).ToList();
            tables[t][(t * 37) % tables[t].Length]++;
            Assert.NotEmpty((good with { Tables = tables }).Verify(Known));
        }
    }

    [Fact]
    public void WitnessThatIsMissingOrPointsAtOneTableTwice_IsNoticed()
    {
        var good = Good();
        Assert.Single((good with { Witnesses = [.. good.Witnesses.Skip(1)] }).Verify(Known));
        var first = good.Witnesses[0];
        var same = first with { HighTable = first.LowTable };
        Assert.Single((good with { Witnesses = [same, .. good.Witnesses.Skip(1)] }).Verify(Known));
    }

    [Fact]
    public void NegativeCounts_AreNoTable()
    {
        var good = Good();
        var tables = good.Tables.Select(x => (long[])x.Clone()).ToList();
        tables[^1][0] = -1;
        var faults = (good with { Tables = tables }).Verify(Known);
        Assert.Contains("is not one of counts", faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void SameSeed_FindsTheSameTables() => Assert.Equal(Good().Tables, Good().Tables);
}
