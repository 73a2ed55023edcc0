using IsaExchange.DisclosureControl;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl;

public class DisclosureRegimesTests
{
    static readonly IDisclosureRegime Nhs = DisclosureRegimes.Find("nhs-2018")!;
    static readonly IDisclosureRegime Open = DisclosureRegimes.Find("open")!;

    [Theory]
    [InlineData("")]
    [InlineData("OPEN")]
    [InlineData("nhs")]
    [InlineData("sticky-5")]
    public void UnknownId_IsNotFound(string id) => Assert.Null(DisclosureRegimes.Find(id));

    [Fact]
    public void EveryId_FindsTheRegimeThatBearsIt()
    {
        Assert.Equal(["open", "nhs-2018"], DisclosureRegimes.Ids);
        foreach (var id in DisclosureRegimes.Ids)
            Assert.Equal(id, DisclosureRegimes.Find(id)!.Id);
    }

    [Fact]
    public void NegativeCount_IsRefusedWithoutNamingIt()
    {
        foreach (var regime in new[] { Open, Nhs })
        {
            var refused = Assert.Throws<ArgumentOutOfRangeException>(() => regime.Publish(-31));
            Assert.DoesNotContain("31", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NhsRule_From0To1000_AgreesWithRoundingByDecimals()
    {
        // The published R function of West Sussex public health: "0", "1-7*", else 5 x round(x / 5).
        for (var count = 0; count <= 1000; count++)
        {
            var nearest = (long)(5 * Math.Round(count / 5m));
            var expected = count switch
            {
                0 => new PublishedCell(CellStatus.Shown, 0, 0, 0),
                <= 7 => new PublishedCell(CellStatus.Few, null, 1, 7),
                _ => new PublishedCell(CellStatus.Rounded, nearest, nearest - 2, nearest + 2),
            };
            Assert.Equal(expected, Nhs.Publish(count));
        }
    }

    [Fact]
    public void NhsInterval_HoldsExactlyTheCountsThatPublishAlike()
    {
        var counts = Enumerable.Range(0, 1001).ToArray();
        foreach (var alike in counts.GroupBy(count => Nhs.Publish(count)).Where(alike => alike.Key.Hi <= 1000))
        {
            // 8 and 9 publish as 10 but 7 does not, so 8 is the least of its interval as of its group.
            Assert.Equal(alike.Key.Lo, alike.Min());
            Assert.Equal(alike.Key.Hi, alike.Max());
        }
    }

    [Fact]
    public void NhsFew_CarriesNoValueAndNothingOfTheCount() =>
        Assert.Single(Enumerable.Range(1, 7).Select(count => Nhs.Publish(count)).Distinct());

    [Fact]
    public void Open_ShowsTheCountItself() =>
        Assert.All([0, 1, 7, 40_178], count =>
            Assert.Equal(new PublishedCell(CellStatus.Shown, count, count, count), Open.Publish(count)));
}
