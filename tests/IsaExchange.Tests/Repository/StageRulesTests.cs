using Xunit;

namespace IsaExchange.Tests.Repository;

public class StageRulesTests
{
    [Theory]
    [InlineData("Sealing", "using IsaExchange.Exchange.Submitting;")]
    [InlineData("Storage", "using IsaExchange.Exchange.Auditing;")]
    [InlineData("Storage", "using static IsaExchange.Exchange.Releasing.X;")]
    [InlineData("Submitting", "using R = global::IsaExchange.Exchange.Releasing.X;")]
    [InlineData("Auditing", "using IsaExchange.Exchange.Submitting;")]
    [InlineData("Sealing", "class C { Submitting.X field; }")]
    [InlineData("Sealing", "class C { object M() => Auditing.X.Make(); }")]
    [InlineData("Storage", "class C { Exchange.Releasing.X field; }")]
    public void StageThatReachesForwards_IsFound(string stage, string code) =>
        Assert.NotEmpty(StageRules.Imports(In(stage, code)));

    [Theory]
    [InlineData("Submitting", "using IsaExchange.Exchange.Sealing;")]
    [InlineData("Submitting", "using IsaExchange.Exchange.Auditing;")]
    [InlineData("Releasing", "class C { Storage.X field; }")]
    [InlineData("Sealing", "using IsaExchange.Exchange.Storage;")]
    [InlineData("Sealing", "namespace IsaExchange.Exchange.Sealing; class C { Sealing.X field; }")]
    [InlineData("Storage", "using IsaExchange.Datasets;")]
    [InlineData("Storage", "namespace IsaExchange.Exchange.Storage;")]
    public void StageThatLooksBack_Passes(string stage, string code) =>
        Assert.Empty(StageRules.Imports(In(stage, code)));

    [Fact]
    public void UnknownStage_IsFound() => Assert.Single(StageRules.Imports(In("Exporting", "")));

    [Fact]
    public void Journey_MayUseEveryStage() =>
        Assert.Empty(StageRules.Imports(new SourceFile(
            "src/IsaExchange.Exchange/SubmitDataset.cs", "using IsaExchange.Exchange.Releasing;")));

    [Theory]
    [InlineData("using IsaExchange.Exchange;")]
    [InlineData("using IsaExchange.Exchange.Storage;")]
    [InlineData("class C { IsaExchange.Exchange.X field; }")]
    public void CliThatUsesTheExchange_IsFound(string code)
    {
        Assert.Single(StageRules.Imports(new SourceFile("src/IsaExchange.Cli/Program.cs", code)));
        Assert.Empty(StageRules.Imports(new SourceFile("src/IsaExchange.Service/Program.cs", code)));
    }

    static SourceFile In(string stage, string code) => new($"src/IsaExchange.Exchange/{stage}/C.cs", code);
}
