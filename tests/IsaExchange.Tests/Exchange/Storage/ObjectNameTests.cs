using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Storage;

public class ObjectNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("northmere/police/police-incidents/01k0.1/content")]
    [InlineData("a.b/..c/d-")]
    public void GoodName_IsKept(string name) => Assert.Equal(name, new ObjectName(name).Value);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("../../etc/passwd")]
    [InlineData("A")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("a@")]
    [InlineData("a_b")]
    [InlineData("é")]
    [InlineData("a:b")]
    public void NameWithAWayOutOrForeignLetters_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => new ObjectName(name));

    [Fact]
    public void Lengths_AreBounded()
    {
        var segment = new string('a', 200);
        Assert.Equal(401, new ObjectName($"{segment}/{segment}").Value.Length);
        Assert.Throws<ArgumentException>(() => new ObjectName(segment + "a"));
        Assert.Throws<ArgumentException>(() => new ObjectName($"{segment}/{segment}/{new string('a', 111)}"));
    }

    [Fact]
    public void NameNeverSet_CannotBeRead() =>
        Assert.Throws<InvalidOperationException>(() => default(ObjectName).Value);
}
