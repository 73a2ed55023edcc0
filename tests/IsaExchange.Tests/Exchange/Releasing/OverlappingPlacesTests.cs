using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing.Ledger;
using Xunit;
using static IsaExchange.Tests.Exchange.Releasing.LedgerReleases;
using static IsaExchange.Tests.Exchange.Releasing.OverlappingPlaces;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>Small areas are part of MSOAs and of wards: what both tell together is looked at, in one release and in
/// several.</summary>
public class OverlappingPlacesTests(ITestOutputHelper output)
{
    static readonly ProtectionProfile Headline = ProtectionProfile.Headline;

    [Fact]
    public void EachByItself_TellsTogetherWhatNeitherTells()
    {
        var (msoas, wards) = (Protect(Shape([Msoas]), Headline, []), Protect(Shape([Wards]), Headline, []));
        Assert.True(IsSafe(msoas) && IsSafe(wards));
        var together = Together(Shape([Msoas, Wards]), msoas, wards);
        output.WriteLine($"apart {Hidden(msoas) + Hidden(wards)} hidden, {together.Refused.Count} of "
            + $"{together.ProtectedCells} protected not safe, "
            + $"{together.Refused.Count(r => r.Verdict == CellVerdict.Derived)} exactly");
        Assert.Contains(together.Refused, r => r.Verdict == CellVerdict.Derived);
    }

    [Fact]
    public void BothInOneRelease_LeaveAWitnessForEveryProtectedCell()
    {
        foreach (var profile in (ProtectionProfile[])[Headline, ProtectionProfile.Standard])
        {
            var both = Protect(Shape([Msoas, Wards]), profile, []);
            output.WriteLine($"{profile.Regime}: {Hidden(both)} hidden of {both.Result.Cells.Count}");
            Assert.True(IsSafe(both));
            Assert.True(both.Result.Check.Report.ProtectedCells > 0);
        }
    }

    [Theory]
    [InlineData(Msoas, Wards)]
    [InlineData(Wards, Msoas)]
    public void OneReleaseAfterTheOther_HidesWhatBothWouldTell(string before, string after)
    {
        var first = Protect(Shape([before]), Headline, []);
        var alone = Protect(Shape([after]), Headline, []);
        var second = Protect(Shape([after]), Headline, [Published(first)]);
        output.WriteLine($"hidden {Hidden(alone)} alone, {Hidden(second)} after the other");
        Assert.True(IsSafe(second));
        Assert.True(Hidden(second) > Hidden(alone));
        Assert.True(Together(Shape([before, after]), first, second).IsSafe);
    }

    [Fact]
    public void EarlierReleaseThatKnewNoWards_IsHeldAgainstThemAllTheSame()
    {
        var first = Protect(Shape([Msoas], [Msoas]), Headline, []);
        var second = Protect(Shape([Wards], [Wards]), Headline, [Published(first)]);
        var known = Protect(Shape([Wards]), Headline, [Published(Protect(Shape([Msoas]), Headline, []))]);
        Assert.True(IsSafe(second));
        Assert.Equal(known.Result.Cells, second.Result.Cells);
    }

    [Fact]
    public void RoundedOneAfterTheOther_IsSafeToo()
    {
        var first = Protect(Shape([Msoas]), ProtectionProfile.Standard, []);
        Assert.True(IsSafe(Protect(Shape([Wards]), ProtectionProfile.Standard, [Published(first)])));
    }

    [Fact]
    public void PlaceOfAnotherWardNow_IsNotComparable()
    {
        var first = Published(Protect(Shape([Wards]), Headline, []));
        var shape = Shape([Wards]);
        var moved = shape.Axes[0].Elements.Select(e => e.ToArray()).ToList();
        moved[0][3] = moved[^1][3];
        var refused = Assert.Throws<ExchangeException>(() => Protect(
            shape with { Axes = [shape.Axes[0] with { Elements = moved }, .. shape.Axes.Skip(1)] }, Headline, [first]));
        Assert.Equal("RELEASES_NOT_COMPARABLE", refused.Reason);
    }

    [Fact]
    public void BoundaryChange_IsSeenThroughByTheLookUp()
    {
        var before = Protect(ShapeOfEarlierCodes(), Headline, []);
        var first = Published(before);
        var alone = Protect(Shape([Wards]), Headline, []);
        var second = Protect(Shape([Wards]), Headline, [first]);
        Assert.True(IsSafe(second));

        // As if the release before had been of the areas that the earlier codes are now.
        Assert.False(Together(Shape([Msoas, Wards]), before, alone).IsSafe);
        Assert.True(Together(Shape([Msoas, Wards]), before, second).IsSafe);
        var third = Protect(Shape([Wards]), Headline, [first, Published(second, "release 2")]);
        Assert.True(IsSafe(third));
    }

    [Fact]
    public void RecordThatCameWithTheBoundaryChange_IsHeld()
    {
        var first = Published(Protect(ShapeOfEarlierCodes(), Headline, []));
        var shape = Shape([Msoas, Wards]);
        var most = shape.Atoms.MaxBy(a => a.Count);
        var more = shape with
        {
            Atoms = [.. shape.Atoms.Select(
                a => a == most ? a with { Count = a.Count + 1, Records = a.Records + 1 } : a)],
        };
        // One record more in one place: the totals over places stay, of its group and of all.
        var knowledge = new LedgerKnowledge(more, [first], []);
        var held = HeldCells.Of(knowledge.Common, knowledge.Exact, [first], Headline.Threshold);
        string[] groups = ["ALL", shape.Axes[1].Elements[most.Elements[1]][0]];
        string[] totals =
            [.. ((string[])[Msoas, Wards]).SelectMany(t => groups.Select(g => $"{t}: ALL | {g}")).Order()];
        Assert.Equal(totals, held.Keys.Select(cell => knowledge.Exact.Sums[cell].Name).Order());
        Assert.All(held, cell => Assert.Equal(knowledge.Exact.Counts[cell.Key] - 1, cell.Value));
        var rounded = Published(Protect(ShapeOfEarlierCodes(), ProtectionProfile.Standard, []));
        Assert.True(IsSafe(Protect(more, ProtectionProfile.Standard, [rounded])));
    }

    [Fact]
    public void BoundaryChangeWithoutALookUp_IsNotComparable()
    {
        var first = Published(Protect(ShapeOfEarlierCodes(), Headline, []));
        var refused = Assert.Throws<ExchangeException>(() => Protect(Shape([Wards], [Wards]), Headline, [first]));
        Assert.Equal("RELEASES_NOT_COMPARABLE", refused.Reason);
        Assert.Contains("is no code of location now", refused.Message, StringComparison.Ordinal);

        // Other areas, and other months: none of its records can be among these.
        var elsewhere = first with
        {
            Secrets = first.Secrets with { Shape = first.Secrets.Shape with { Areas = ["D99"] } },
        };
        Assert.True(IsSafe(Protect(Shape([Wards], [Wards]) with { Areas = ["D98"] }, Headline, [elsewhere])));
    }

    static int Hidden(ProtectedRelease release) => release.Result.Cells.Count(c => c.Status == CellStatus.Few);
}
