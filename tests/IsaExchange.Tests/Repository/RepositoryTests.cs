using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Repository;

/// <summary>The house rules, held over the whole repository. Each rule has its own tests beside this class.</summary>
public class RepositoryTests
{
    // Beyond these shares "about 40" and "about 300" would be no more than words.
    const double LongFunctionsShareMax = 0.05;
    const double LongFilesShareMax = 0.05;

    static readonly string[] TopFolders = ["src/", "protos/", "tests/", "deploy/", "policies/", ".ci/"];

    [Fact]
    public void TopFolders_AreTheSixAndNoOther() =>
        Assert.Equal(TopFolders.Order(), RepositoryFiles.Folders.Where(path => path.Count('/'.Equals) == 1).Order());

    [Fact]
    public void ProjectReferences_EqualTheTable() =>
        Fault.None(Projects().SelectMany(ProjectRules.Check));

    [Fact]
    public void References_DoNotLeak() =>
        Fault.None(ProjectRules.NoTransitiveReferences(Text("Directory.Build.props")));

    [Fact]
    public void Stages_UseOnlyWhatComesBeforeThem() =>
        Fault.None(RepositoryFiles.Code.SelectMany(StageRules.Imports));

    [Fact]
    public void Files_StayShort()
    {
        var code = RepositoryFiles.Code.ToArray();
        var overAim = code.Where(file => file.Lines.Length > CodeRules.FileLinesAim).ToArray();
        foreach (var file in overAim)
            TestContext.Current.AddWarning($"{file.Path}: {file.Lines.Length} lines (aim {CodeRules.FileLinesAim})");
        Fault.None(code.SelectMany(CodeRules.FileLength));
        Assert.InRange((double)overAim.Length / code.Length, 0, LongFilesShareMax);
    }

    [Fact]
    public void Functions_StayShort()
    {
        Fault.None(RepositoryFiles.Code.SelectMany(CodeRules.FunctionLength));
        var lengths = RepositoryFiles.Code.SelectMany(CodeRules.Functions).Select(function => function.Lines).ToArray();
        var overAim = lengths.Count(lines => lines > CodeRules.FunctionLinesAim);
        Assert.InRange((double)overAim / lengths.Length, 0, LongFunctionsShareMax);
    }

    [Fact]
    public void Lines_FitBesideEachOther() => Fault.None(RepositoryFiles.Texts.SelectMany(TextRules.LineLength));

    [Fact]
    public void TypeNames_SayWhatTheyName() => Fault.None(RepositoryFiles.Code.SelectMany(CodeRules.TypeNames));

    [Fact]
    public void PathNames_SayWhatTheyName() => Fault.None(RepositoryFiles.Paths.SelectMany(CodeRules.PathNames));

    [Fact]
    public void Words_AreAboutTheSoftware() => Fault.None(RepositoryFiles.Texts.SelectMany(TextRules.Words));

    [Fact]
    public void FirstPage_IsShortAndRunsSomethingAtOnce() =>
        Fault.None(MarkdownRules.FirstPage(Text("README.md")));

    [Fact]
    public void Map_EqualsTheFolders() =>
        Fault.None(MarkdownRules.Map(Text("README.md"), RepositoryFiles.Folders));

    [Fact]
    public void Links_LeadSomewhere() =>
        Fault.None(RepositoryFiles.Texts.Where(file => file.Extension == ".md").SelectMany(page =>
            MarkdownRules.Links(page, path => Path.Exists(Path.Combine(SharedFolders.Repository, path)))));

    [Fact]
    public void Reading_FindsTheCodeOfEveryProject()
    {
        // A rule over an empty list would hold for ever.
        Assert.InRange(Projects().Count(), 8, 20);
        Assert.Contains(RepositoryFiles.Code, file => file.Path == "src/IsaExchange.DisclosureControl/ExactTable.cs");
        Assert.DoesNotContain(RepositoryFiles.Paths, path => path.Contains("/obj/", StringComparison.Ordinal));
    }

    static IEnumerable<SourceFile> Projects() =>
        RepositoryFiles.Texts.Where(file => file.Extension == ".csproj" && file.IsUnder("src/"));

    static SourceFile Text(string path)
    {
        var found = RepositoryFiles.Texts.SingleOrDefault(file => file.Path == path);
        Assert.True(found is not null, $"{path} is missing from the repository.");
        return found;
    }
}
