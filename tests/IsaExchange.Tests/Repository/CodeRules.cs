using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IsaExchange.Tests.Repository;

/// <summary>Sizes and names of the code, read from its syntax.</summary>
public static partial class CodeRules
{
    public const int FileLinesAim = 300;
    public const int FileLinesMax = 500;
    public const int FunctionLinesAim = 40;
    public const int FunctionLinesMax = 70;

    static readonly HashSet<string> BannedLastWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "Common", "Shared", "Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Processor", "Data", "Info",
        "Base", "Impl", "Misc",
    };

    public static IEnumerable<Fault> FileLength(SourceFile file)
    {
        if (file.Lines.Length > FileLinesMax)
        {
            yield return new Fault(file.Path, FileLinesMax,
                $"{file.Lines.Length} lines: move one idea to a file of its own (aim at {FileLinesAim})");
        }
    }

    public static IEnumerable<Fault> FunctionLength(SourceFile file) =>
        from function in Functions(file)
        where function.Lines > FunctionLinesMax
        select new Fault(file.Path, function.Line,
            $"{function.Lines} lines in one function: name a step of it (aim at {FunctionLinesAim})");

    /// <summary>Bodies that are read in one go; a local function also counts towards what holds it.</summary>
    public static IEnumerable<(int Line, int Lines)> Functions(SourceFile file) =>
        from node in Root(file).DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
            or PropertyDeclarationSyntax or IndexerDeclarationSyntax or GlobalStatementSyntax
        let span = node.GetLocation().GetLineSpan()
        select (span.StartLinePosition.Line + 1, span.EndLinePosition.Line - span.StartLinePosition.Line + 1);

    public static IEnumerable<Fault> TypeNames(SourceFile file) =>
        from node in Root(file).DescendantNodes()
        let name = node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier,
            DelegateDeclarationSyntax type => type.Identifier,
            _ => default,
        }
        where IsBanned(name.ValueText)
        let line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select new Fault(file.Path, line, Rename(name.ValueText));

    /// <summary>Names of the file and of every folder above it.</summary>
    public static IEnumerable<Fault> PathNames(string path) =>
        from name in Path.ChangeExtension(path, null).Split('/', '.')
        where IsBanned(name)
        select new Fault(path, 1, Rename(name));

    static string Rename(string name) => $"\"{name}\": the last word says nothing; use the field's word for what it is";

    static bool IsBanned(string? name) =>
        Words().Matches(name ?? "") is { Count: > 0 } words && BannedLastWords.Contains(words[^1].Value);

    internal static CompilationUnitSyntax Root(SourceFile file) =>
        CSharpSyntaxTree.ParseText(file.Text).GetCompilationUnitRoot();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+[0-9]*")]
    private static partial Regex Words();
}
