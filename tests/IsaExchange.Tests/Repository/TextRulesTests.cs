using Xunit;

namespace IsaExchange.Tests.Repository;

public class TextRulesTests
{
    [Theory]
    [InlineData("// TODO: later")]
    [InlineData("# FIXME")]
    [InlineData("var home = \"/home/someone/x\";")]
    [InlineData("cp /work/shared .")]
    [InlineData("cd /root")]
    [InlineData(@"C:\Users\x")]
    [InlineData("<add key=\"x\" value=\"https://api.nuget.org/v3/index.json\" />")]
    [InlineData("https://registry.npmjs.org/ajv")]
    [InlineData("// see #12")]
    [InlineData("// fixes issue 7")]
    [InlineData("// ruling 13")]
    [InlineData("Written by Claude.")]
    [InlineData("Co-Authored-By: x")]
    [InlineData("// security.md 4.3")]
    public void BannedWord_IsFoundWithItsLine(string line)
    {
        var fault = Assert.Single(TextRules.Words(new SourceFile("src/X/Y.cs", $"first\n{line}\n")));
        Assert.StartsWith("src/X/Y.cs:2: ", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("todos are not banned as a Spanish word")]
    [InlineData("See [the limits](src/README.md#3-limits).")]
    [InlineData("get: \"/v1/log/root\"")]
    [InlineData("~/home and $HOME/work/x")]
    [InlineData("grpc-dotnet ends client streams early (grpc/grpc-dotnet#2010)")]
    [InlineData("#pragma warning restore")]
    [InlineData("&#123;")]
    [InlineData("README.md and my-security.mdx")]
    [InlineData("the chain of EMAIL addresses")]
    public void InnocentWord_Passes(string line) =>
        Assert.Empty(TextRules.Words(new SourceFile("src/X/Y.cs", line)));

    [Fact]
    public void LineOf121Columns_IsFound_Of120Passes()
    {
        var wide = new SourceFile("src/X/Y.cs", $"{new string('x', 120)}\n{new string('y', 121)}\n");
        Assert.Equal(2, Assert.Single(TextRules.LineLength(wide)).Line);
        Assert.Empty(TextRules.LineLength(wide with { Path = "policies/x.yaml" }));
    }

    [Fact]
    public void LongLineWithAnAddress_Passes() =>
        Assert.Empty(TextRules.LineLength(new SourceFile("a.cs", $"// https://example.org/{new string('x', 120)}")));
}
