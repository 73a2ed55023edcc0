using Xunit;

namespace IsaExchange.Tests.Repository;

public class MarkdownRulesTests
{
    static readonly HashSet<string> Folders =
    [
        "src/", "src/IsaExchange.Exchange/", "src/IsaExchange.Exchange/Sealing/",
        "src/IsaExchange.Exchange/Sealing/Age/", "tests/", "tests/IsaExchange.Tests/",
    ];

    const string WholeMap = """
        # X
        ## The map
        | `src/` | code |
        | `src/IsaExchange.Exchange/` | journeys |
        | `src/IsaExchange.Exchange/Sealing/` | seals |
        | `tests/` | what holds |
        ## Next
        `nowhere/` is not on the map.
        """;

    [Fact]
    public void MapOfEveryFolder_Passes() => Assert.Empty(MarkdownRules.Map(Readme(WholeMap), Folders));

    [Fact]
    public void MapOfAFolderThatIsGone_IsFoundWithItsLine()
    {
        var map = WholeMap.Replace("`tests/`", "`tests/` `src/IsaExchange.Portal/`", StringComparison.Ordinal);
        Assert.Equal(6, Assert.Single(MarkdownRules.Map(Readme(map), Folders)).Line);
    }

    [Theory]
    [InlineData("| `tests/` | what holds |")]
    [InlineData("| `src/IsaExchange.Exchange/` | journeys |")]
    [InlineData("| `src/IsaExchange.Exchange/Sealing/` | seals |")]
    [InlineData("## The map")]
    public void MapWithAHole_IsFound(string line) =>
        Assert.NotEmpty(MarkdownRules.Map(Readme(WholeMap.Replace(line, "", StringComparison.Ordinal)), Folders));

    [Theory]
    [InlineData("```sh\na\nb\n```", 0)]
    [InlineData("```sh\na\n```\ntext\n```bash\nb\n```", 0)]
    [InlineData("```sh\n# only said\n\na\n```", 1)]
    [InlineData("```\na picture\nof boxes\n```", 1)]
    [InlineData("a\nb", 1)]
    public void CommandsOfTheFirstPage_AreCounted(string text, int faults) =>
        Assert.Equal(faults, MarkdownRules.FirstPage(Readme(text)).Count());

    [Fact]
    public void CommandsAfterLine20_ComeTooLate() =>
        Assert.Single(MarkdownRules.FirstPage(Readme($"{new string('\n', 18)}```sh\na\nb\nc\n```")));

    [Fact]
    public void FirstPageOf151Lines_IsFound()
    {
        const string Start = "```sh\na\nb\n```";
        Assert.Empty(MarkdownRules.FirstPage(Readme($"{Start}{new string('\n', 146)}x")));
        Assert.Single(MarkdownRules.FirstPage(Readme($"{Start}{new string('\n', 147)}x")));
    }

    [Theory]
    [InlineData("[a](b.md)", "deploy/b.md")]
    [InlineData("[a](../src/README.md#words)", "src/README.md")]
    [InlineData("![a](./c.svg \"title\")", "deploy/c.svg")]
    public void RelativeLink_IsLookedForFromItsPage(string text, string path)
    {
        Assert.Empty(MarkdownRules.Links(Page(text), found => found == path));
        Assert.Equal(1, Assert.Single(MarkdownRules.Links(Page(text), _ => false)).Line);
    }

    [Theory]
    [InlineData("[a](https://example.org/x)")]
    [InlineData("[a](#words)")]
    [InlineData("[a](mailto:x@example.org)")]
    [InlineData("```\n[a](b.md)\n```")]
    public void OtherLinks_AreLeftAlone(string text) => Assert.Empty(MarkdownRules.Links(Page(text), _ => false));

    static SourceFile Readme(string text) => new("README.md", text);

    static SourceFile Page(string text) => new("deploy/README.md", text);
}
