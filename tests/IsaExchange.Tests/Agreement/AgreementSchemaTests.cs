using System.Text.Json;
using IsaExchange.Agreement;
using IsaExchange.Tests.Outside;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Tests.Agreement;

/// <summary>The schema that editors use knows the words that the loader knows, no more and no fewer.</summary>
public sealed class AgreementSchemaTests
{
    static readonly JsonElement Schema = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(SharedFolders.Repository, "policies", "agreement.schema.json"))).RootElement;

    [Theory]
    [InlineData("", "")]
    [InlineData("review", "review")]
    [InlineData("geography", "geography")]
    [InlineData("area", "areas/5")]
    [InlineData("party", "parties/0")]
    [InlineData("person", "people/0")]
    [InlineData("officer", "officers/0")]
    [InlineData("sender", "senders/0")]
    [InlineData("roles", "roles")]
    [InlineData("role", "roles/analysts/0")]
    [InlineData("purpose", "purposes/0")]
    [InlineData("dataset", "datasets/0")]
    [InlineData("feed", "feeds/0")]
    [InlineData("table", "feeds/0/tables/0")]
    [InlineData("retention", "retention/0")]
    [InlineData("signing", "signing")]
    [InlineData("signatory", "signing/signatories/0")]
    [InlineData("accession", "accession")]
    [InlineData("withdrawal", "withdrawal")]
    [InlineData("records", "records/0")]
    [InlineData("requests", "requests")]
    [InlineData("breach", "breach")]
    [InlineData("compliance", "compliance")]
    [InlineData("quality", "quality/0")]
    [InlineData("document", "document")]
    [InlineData("change", "changes/0")]
    [InlineData("processor", "processors/0")]
    [InlineData("contact", "contacts/0")]
    [InlineData("onward", "onward")]
    public void WordsOfAClause_AreThoseOfTheLoader(string definition, string place)
    {
        var surgery = new AgreementSurgery();
        ((YamlMappingNode)At(surgery, place)).Add("zz", "1");
        var schema = Definition(definition);

        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(
            schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal),
            WordsOffered(surgery));
    }

    [Theory]
    [InlineData("area", "kind", "areas/5")]
    [InlineData("party", "kind", "parties/0")]
    [InlineData("party", "class", "parties/0")]
    [InlineData("dataset", "cadence", "datasets/0")]
    [InlineData("dataset", "calendar", "datasets/0")]
    [InlineData("feed", "regime", "feeds/0")]
    [InlineData("feed", "marking", "feeds/0")]
    [InlineData("dataset", "marking", "datasets/0")]
    [InlineData("contact", "matter", "contacts/0")]
    public void ClosedListOfAWord_IsThatOfTheLoader(string definition, string word, string place)
    {
        var surgery = new AgreementSurgery();
        ((YamlMappingNode)At(surgery, place)).Children[word] = new YamlScalarNode("zz");

        Assert.Equal(Enum(Definition(definition).GetProperty("properties").GetProperty(word)), WordsOffered(surgery));
    }

    [Fact]
    public void WordsOfALaterEdition_AreThoseOfTheLoader()
    {
        var surgery = new AgreementSurgery();
        ((YamlMappingNode)surgery.Root["geography"]).Add("later", new YamlSequenceNode(new YamlMappingNode("zz", "1")));

        Assert.Equal(
            Definition("edition").GetProperty("properties").EnumerateObject().Select(p => p.Name),
            WordsOffered(surgery));
    }

    [Fact]
    public void LegalBases_AreThoseOfTheLoader()
    {
        var surgery = new AgreementSurgery();
        ((YamlScalarNode)At(surgery, "legal_bases/1")).Value = "zz";

        Assert.Equal(Enum(Definition("legalBasis")), WordsOffered(surgery));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("review", "review")]
    [InlineData("area", "areas/5")]
    [InlineData("party", "parties/0")]
    [InlineData("officer", "officers/0")]
    [InlineData("sender", "senders/0")]
    [InlineData("dataset", "datasets/1")]
    [InlineData("feed", "feeds/0")]
    [InlineData("table", "feeds/0/tables/0")]
    [InlineData("signing", "signing")]
    [InlineData("signatory", "signing/signatories/0")]
    [InlineData("accession", "accession")]
    [InlineData("records", "records/0")]
    [InlineData("quality", "quality/0")]
    [InlineData("document", "document")]
    [InlineData("change", "changes/1")]
    [InlineData("processor", "processors/0")]
    [InlineData("contact", "contacts/0")]
    [InlineData("onward", "onward")]
    public void RequiredWords_AreMissedByTheLoader(string definition, string place)
    {
        foreach (var required in Definition(definition).GetProperty("required").EnumerateArray())
        {
            var word = required.GetString()!;
            var surgery = new AgreementSurgery();
            ((YamlMappingNode)At(surgery, place)).Children.Remove(new YamlScalarNode(word));
            var faults = AgreementLoader.Parse(surgery.Write(), "agreement.yaml").Faults;
            Assert.Contains(faults, f => f.Message == $"{word} is missing");
        }
    }

    [Fact]
    public void Readme_ExplainsEverySectionAndVerb()
    {
        var readme = File.ReadAllText(Path.Combine(SharedFolders.Repository, "policies", "README.md"));
        var sections = Definition("").GetProperty("properties").EnumerateObject().Select(p => p.Name);

        Assert.All(sections.Concat(VerbNames.All), word => Assert.Contains($"`{word}`", readme));
    }

    static JsonElement Definition(string name) =>
        name.Length == 0 ? Schema : Schema.GetProperty("$defs").GetProperty(name);

    static IEnumerable<string> Enum(JsonElement element) =>
        element.GetProperty("enum").EnumerateArray().Select(e => e.GetString()!).Order(StringComparer.Ordinal);

    static YamlNode At(AgreementSurgery surgery, string place) => place
        .Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate((YamlNode)surgery.Root, (node, step) => int.TryParse(step, out var at) ? node[at] : node[step]);

    /// <summary>The words that the loader offers instead of the one it refuses.</summary>
    static IEnumerable<string> WordsOffered(AgreementSurgery surgery)
    {
        const string Offer = "use one of: ";
        var remedy = AgreementLoader.Parse(surgery.Write(), "agreement.yaml").Faults
            .Select(f => f.Remedy).First(r => r.StartsWith(Offer, StringComparison.Ordinal));
        return remedy[Offer.Length..].Split(", ").Order(StringComparer.Ordinal);
    }
}
