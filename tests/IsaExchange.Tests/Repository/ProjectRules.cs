using System.Xml.Linq;

namespace IsaExchange.Tests.Repository;

/// <summary>
/// Which project may see which. A reference does not leak through another, so what is not listed cannot be used.
/// A new project needs a second program that uses it, or a secret to keep out of reach.
/// </summary>
public static class ProjectRules
{
    static readonly Dictionary<string, string[]> References = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["Agreement"] = [],
        ["Datasets"] = [],
        ["DisclosureControl"] = [],
        ["TransparencyLog"] = [],
        ["Exchange"] = ["Agreement", "Datasets", "DisclosureControl", "TransparencyLog"],
        ["Service"] = ["Agreement", "Contracts", "Datasets", "DisclosureControl", "Exchange", "TransparencyLog"],
        ["Cli"] = ["Agreement", "Contracts", "Datasets", "DisclosureControl", "TransparencyLog"],
    };

    public static IEnumerable<Fault> Check(SourceFile project)
    {
        var name = ShortName(project.Path);
        if (!References.TryGetValue(name, out var expected))
        {
            return [new Fault(project.Path, 1,
                "not in the table of ProjectRules: a new project needs two programs that use it, or a secret to hold")];
        }

        var actual = XDocument.Parse(project.Text, LoadOptions.SetLineInfo).Descendants("ProjectReference")
            .Where(reference => !IsBuildOrderOnly(reference))
            .Select(reference => ShortName((string)reference.Attribute("Include")!)).ToArray();
        return
        [
            .. actual.Except(expected).Select(extra => new Fault(project.Path, 1,
                $"references {extra}, which {name} must not see: move what it needs, or change the table")),
            .. expected.Except(actual).Select(absent => new Fault(project.Path, 1,
                $"no longer references {absent}: take it out of the table of ProjectRules too")),
        ];
    }

    /// <summary>Without it the table says less than it seems to.</summary>
    public static IEnumerable<Fault> NoTransitiveReferences(SourceFile buildProps)
    {
        const string Property = "DisableTransitiveProjectReferences";
        if ((string?)XDocument.Parse(buildProps.Text).Descendants(Property).SingleOrDefault() != "true")
            yield return new Fault(buildProps.Path, 1, $"set {Property} to true: references must not leak");
    }

    // isax launches the service as a process: built first, shares no code.
    static bool IsBuildOrderOnly(XElement reference) =>
        (string?)reference.Attribute("ReferenceOutputAssembly") == "false";

    static string ShortName(string path) => Path.GetFileNameWithoutExtension(path).Replace("IsaExchange.", "");
}
