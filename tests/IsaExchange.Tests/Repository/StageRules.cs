using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IsaExchange.Tests.Repository;

/// <summary>
/// Which stage of the exchange may use which: data goes one way, and no stage reaches for what comes after it.
/// Projects are held apart by the compiler; these folders share one project, so this holds them apart.
/// </summary>
public static class StageRules
{
    const string Exchange = "IsaExchange.Exchange";
    const string ExchangeFolder = $"src/{Exchange}/";

    static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Submitting"] = ["Sealing", "Storage", "Auditing"],
        ["Register"] = ["Storage", "Auditing"],
        // Submitting hands over its product type, the cube.
        ["Releasing"] = ["Submitting", "Sealing", "Storage", "Auditing"],
        ["Notifying"] = ["Storage", "Auditing"],
        // It looks at what every stage has left.
        ["Checking"] = ["Submitting", "Releasing", "Sealing", "Storage", "Auditing"],
        ["Auditing"] = ["Sealing", "Storage"],
        ["Sealing"] = ["Storage"],
        ["Storage"] = ["Sealing"],
    };

    public static IEnumerable<Fault> Imports(SourceFile file)
    {
        if (file.IsUnder("src/IsaExchange.Cli/"))
            return CliImports(file);
        if (!file.IsUnder(ExchangeFolder) || file.Path.Split('/') is not [_, _, var folder, _, ..])
            return [];
        return MayUse.TryGetValue(folder, out var allowed)
            ? StageImports(file, folder, allowed)
            : [new Fault(file.Path, 1, $"stage {folder} is not in the table of StageRules: say there what it may use")];
    }

    static IEnumerable<Fault> StageImports(SourceFile file, string folder, string[] allowed) =>
        from name in Names(file)
        let stage = StageOf(name.Text)
        where stage is not null && stage != folder && !allowed.Contains(stage)
        select new Fault(file.Path, name.Line,
            $"{folder} may use {string.Join(", ", allowed)}, not {stage}: hand the product type over instead");

    static IEnumerable<Fault> CliImports(SourceFile file) =>
        from name in Names(file)
        where name.Text == Exchange || name.Text.StartsWith($"{Exchange}.", StringComparison.Ordinal)
        select new Fault(file.Path, name.Line, "isax shares no code with the exchange: call the service, or a leaf");

    // A stage's namespace lies inside that of the exchange, so "Storage.X" needs no using: every dotted name is read.
    static IEnumerable<(string Text, int Line)> Names(SourceFile file) =>
        (from node in CodeRules.Root(file).DescendantNodes()
         where node is QualifiedNameSyntax or MemberAccessExpressionSyntax
         where node.Parent
             is not (BaseNamespaceDeclarationSyntax or QualifiedNameSyntax or MemberAccessExpressionSyntax)
         select (node.ToString().Replace("global::", "", StringComparison.Ordinal),
             node.GetLocation().GetLineSpan().StartLinePosition.Line + 1)).Distinct();

    static string? StageOf(string name)
    {
        var parts = name.Split('.');
        var first = name.StartsWith($"{Exchange}.", StringComparison.Ordinal) ? 2 : parts[0] == "Exchange" ? 1 : 0;
        return first < parts.Length && MayUse.ContainsKey(parts[first]) ? parts[first] : null;
    }
}
