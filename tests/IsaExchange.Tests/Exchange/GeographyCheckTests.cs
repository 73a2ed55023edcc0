using System.Security.Cryptography;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Exchange;
using IsaExchange.Tests.Agreement;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>Every edition of the geography holds the areas of its days.</summary>
public sealed class GeographyCheckTests : IDisposable
{
    const string First = "code,title,parent\nX22000001,One,\nX22000002,Two,\nX22000003,Three,\nX22000004,Four,\n";

    readonly string folder = Directory.CreateTempSubdirectory("isax-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void EditionOfTheTerm_IsNoFault() => Assert.Empty(Faults(Northmere.Yaml, First, First));

    [Fact]
    public void EditionThatIsNotThere_IsAFault() => Assert.Equal(
        ["geography: code list csp has no edition 2028-04 valid on 2028-04-01. Import it."],
        Faults(Later(), First, null));

    [Fact]
    public void LaterEdition_IsCheckedForItsDays()
    {
        Assert.Empty(Faults(Later(), First, First));
        Assert.Equal(
            ["area X22000004 is not in csp, edition 2028-04. Correct the code."],
            Faults(Later(), First, First.Replace("X22000004", "X22000009")));
    }

    [Fact]
    public void AreaThatHasGoneByThen_NeedNotBeInIt()
    {
        const string Eastling = "title: Safer Eastling, kind: csp,";
        var gone = Later().Replace(Eastling, Eastling + " to: 2028-03-31,");

        Assert.Empty(Faults(gone, First, First.Replace("X22000004", "X22000009")));
        Assert.Single(Faults(gone, First.Replace("X22000004", "X22000009"), First));
    }

    static string Later() => Northmere.With(
        "edition: \"2019-04\"\n", "edition: \"2019-04\"\n  later:\n    - { edition: \"2028-04\", from: 2028-04-01 }\n");

    IEnumerable<string> Faults(string yaml, string first, string? second)
    {
        var list = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"), "csp"));
        var text = "id: \"csp\"\ntitle: \"Partnerships\"\npublisher: \"Test\"\neditions:\n"
            + Edition(list, "2019-04", second is null ? "2019-04-01" : "2019-04-01\n    valid_to: 2028-03-31", first)
            + (second is null ? "" : Edition(list, "2028-04", "2028-04-01", second));
        File.WriteAllText(Path.Combine(list.FullName, "list.yaml"), text);
        var lists = CodeListCatalog.Load(list.Parent!.FullName, out var faults);
        Assert.Empty(faults);
        return GeographyCheck.Faults(Northmere.Loaded(yaml), lists);
    }

    static string Edition(DirectoryInfo list, string edition, string from, string csv)
    {
        File.WriteAllText(Path.Combine(list.FullName, $"{edition}.csv"), csv);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(csv)));
        return $"  - edition: \"{edition}\"\n    file: \"{edition}.csv\"\n    valid_from: {from}\n"
            + $"    source: \"Test\"\n    sha256: \"{sha256}\"\n";
    }
}
