using IsaExchange.Exchange;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace IsaExchange.Tests.Repository;

/// <summary>Tables in the documents name everything that the code has, so that they cannot fall behind.</summary>
public class DocumentTests
{
    [Fact]
    public void Limits_AreAllInTheTable()
    {
        var page = Page("src/README.md");
        Assert.All(typeof(Limits).GetProperties().Where(limit => limit.CanWrite),
            limit => Assert.Contains($"`{limit.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_AreAllExplained()
    {
        var page = Page("deploy/README.md");
        var source = RepositoryFiles.Code.Single(file => file.Name == "ExchangeSettings.cs");
        var settings = CodeRules.Root(source).DescendantNodes().OfType<PropertyDeclarationSyntax>()
            .Where(property => property.AccessorList?.Accessors.Any(SyntaxKind.InitAccessorDeclaration) == true)
            .Select(property => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Identifier.Text))
            .ToArray();
        Assert.NotEmpty(settings);
        Assert.All(settings, setting => Assert.Contains($"| `{setting}` |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Services_AreAllIntroduced()
    {
        var page = Page("protos/README.md");
        var services = Contracts.WireListing.Files.SelectMany(file => file.Services).Select(service => service.Name);
        Assert.All(services, service => Assert.Contains($"| `{service}` |", page, StringComparison.Ordinal));
    }

    static string Page(string path) => RepositoryFiles.Texts.Single(file => file.Path == path).Text;
}
