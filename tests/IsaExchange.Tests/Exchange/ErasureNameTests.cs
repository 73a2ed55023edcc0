using IsaExchange.Exchange;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>The name of an erasure becomes the name of a key: no other form gets that far.</summary>
public sealed class ErasureNameTests
{
    const string Parent = "agreements/northmere/parties/northmere-police/erasures/";

    [Theory]
    [InlineData("until-2031")]
    [InlineData("until-0000")]
    [InlineData("until-9999")]
    public void FourDigits_AreAYear(string id)
    {
        var name = ErasureName.Parse(Parent + id);
        Assert.Equal(new ErasureName("northmere", "northmere-police", id), name);
        Assert.Equal(Parent + id, name.ToString());
        Assert.Equal($"northmere.northmere-police.{id}", KeyNames.Of(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("until-")]
    [InlineData("until-203")]
    [InlineData("until-20311")]
    [InlineData("until-203x")]
    [InlineData("until--031")]
    [InlineData("until- 031")]
    [InlineData("until-2031 ")]
    [InlineData("until-2031/")]
    [InlineData("until-2031/x")]
    [InlineData("until-2031.1")]
    [InlineData("Until-2031")]
    [InlineData("after-2031")]
    [InlineData("until-\u0662\u0660\u0663\u0661")]
    [InlineData("until-\uff12\uff10\uff13\uff11")]
    [InlineData("until_2031")]
    [InlineData("2031")]
    public void AnythingElse_IsNotFound(string id)
    {
        var refused = Assert.Throws<ExchangeException>(() => ErasureName.Parse(Parent + id));
        Assert.Equal(ProblemKind.NotFound, refused.Kind);
    }

    [Theory]
    [InlineData("agreements//parties/northmere-police/erasures/until-2031")]
    [InlineData("agreements/northmere/parties//erasures/until-2031")]
    [InlineData("agreements/northmere/erasures/until-2031")]
    [InlineData("agreements/northmere/parties/northmere-police/requests/until-2031")]
    [InlineData("/agreements/northmere/parties/northmere-police/erasures/until-2031")]
    [InlineData("")]
    public void AnotherPlace_IsNotFound(string name) =>
        Assert.Equal(
            ProblemKind.NotFound, Assert.Throws<ExchangeException>(() => ErasureName.Parse(name)).Kind);
}
