using System.Text;
using IsaExchange.Datasets.Depersonalisation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Depersonalisation;

public sealed class PostcodeTests
{
    [Theory]
    [InlineData("M1")]
    [InlineData("M60")]
    [InlineData("SO23")]
    [InlineData("W1A")]
    [InlineData("EC1A")]
    [InlineData("B9")]
    public void OutwardPart_IsRecognised(string value) =>
        Assert.True(Postcode.IsOutward(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("SO")]
    [InlineData("1M")]
    [InlineData("SO23 ")]
    [InlineData("SO23 8")]
    [InlineData("so23")]
    [InlineData("SOO2")]
    [InlineData("S023A")]
    [InlineData("ABC1")]
    [InlineData("GIR")]
    public void OtherText_IsNoOutwardPart(string value) =>
        Assert.False(Postcode.IsOutward(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("SO23 8", true)]
    [InlineData("M1 1", true)]
    [InlineData("SO23", false)]
    [InlineData("SO238", false)]
    [InlineData("8", false)]
    [InlineData("", false)]
    [InlineData(" 8", false)]
    public void Sector_IsOutwardPartSpaceAndDigit(string value, bool expected) =>
        Assert.Equal(expected, Postcode.IsSector(Encoding.UTF8.GetBytes(value)));
}
