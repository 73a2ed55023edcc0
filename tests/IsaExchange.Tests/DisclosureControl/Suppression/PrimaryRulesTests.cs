using IsaExchange.DisclosureControl.Suppression;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Suppression;

public class PrimaryRulesTests
{
    [Theory]
    [InlineData(0, null, null, false)]
    [InlineData(4, null, null, true)]
    [InlineData(5, null, null, false)]
    [InlineData(20, 4L, null, true)] // few persons behind many events
    [InlineData(20, 5L, null, false)]
    [InlineData(32, 5L, 28L, true)] // more than 85 % are one family's
    [InlineData(32, 5L, 27L, false)]
    [InlineData(20, 5L, 17L, false)] // 85 % itself is not more
    public void Cell_ByThresholdAndDominance(long events, long? contributors, long? largest, bool isPrimary) =>
        Assert.Equal(isPrimary, new PrimaryRules(5).Protect(new CellContent(events, contributors, largest)));

    [Fact]
    public void Zero_IsProtectedWhereZerosAreHidden() =>
        Assert.True(new PrimaryRules(5) { ZerosAreHidden = true }.Protect(new CellContent(0)));

    [Theory]
    [InlineData(40, 40, true)] // all of them
    [InlineData(40, 39, true)] // the one other knows it of all the rest
    [InlineData(40, 38, false)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1, true)]
    public void Group_IsToldOfWhenNearlyAllAreCounted(long group, long count, bool tells) =>
        Assert.Equal(tells, PrimaryRules.TellsOfGroup(group, count));

    [Fact]
    public void NegativeCount_IsRefusedWithoutSayingIt()
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => new PrimaryRules(5).Protect(new CellContent(-77_001)));

        Assert.DoesNotContain("77", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_NeverPrintsItsValues()
    {
        var cell = new SuppressionCell(new[] { 0 }, 77_001) { Cost = 77_002 };
        var problem = new SuppressionProblem(1, [cell]) { AlreadyPublic = [new PublicSum(new[] { 0 }, 77_003)] };

        Assert.All(
            (string[])[$"{cell}", $"{problem}", $"{problem.AlreadyPublic[0]}", $"{new CellContent(77_004)}"],
            text => Assert.DoesNotContain("77", text, StringComparison.Ordinal));
    }
}
