using Xunit;

namespace IsaExchange.Tests.Repository;

public class ProjectRulesTests
{
    [Fact]
    public void LeafThatReferencesAnything_IsFound() =>
        Assert.Contains("references Contracts",
            Assert.Single(ProjectRules.Check(Project("Agreement", Reference("Contracts")))).Advice,
            StringComparison.Ordinal);

    [Fact]
    public void CliThatReferencesTheExchange_IsFound() =>
        Assert.Contains(ProjectRules.Check(Project("Cli", Reference("Exchange"))),
            fault => fault.Advice.Contains("references Exchange", StringComparison.Ordinal));

    [Fact]
    public void ReferenceForBuildOrderOnly_Passes() =>
        Assert.Empty(ProjectRules.Check(Project("Datasets",
            Reference("Service").Replace("/>", "ReferenceOutputAssembly=\"false\" />", StringComparison.Ordinal))));

    [Fact]
    public void ReferenceThatIsGone_IsFound() =>
        Assert.Equal(4, ProjectRules.Check(Project("Exchange", "")).Count());

    [Fact]
    public void NewProject_IsFound() => Assert.Single(ProjectRules.Check(Project("Envelope", "")));

    [Theory]
    [InlineData("<Project />", 1)]
    [InlineData("<Project><DisableTransitiveProjectReferences>false</DisableTransitiveProjectReferences></Project>", 1)]
    [InlineData("<Project><DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences></Project>", 0)]
    public void LeakingReferences_AreFound(string text, int faults)
    {
        var props = new SourceFile("Directory.Build.props", text);
        Assert.Equal(faults, ProjectRules.NoTransitiveReferences(props).Count());
    }

    static string Reference(string name) =>
        $"<ProjectReference Include=\"../IsaExchange.{name}/IsaExchange.{name}.csproj\" />";

    static SourceFile Project(string name, string references) => new(
        $"src/IsaExchange.{name}/IsaExchange.{name}.csproj", $"<Project><ItemGroup>{references}</ItemGroup></Project>");
}
