using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary>An agreement on paper: checked, shown, compared and tried out before anybody signs it.</summary>
public sealed class AgreementVerbTests : IDisposable
{
    static readonly string Policies = Path.Combine(SharedFolders.Repository, "policies");
    static readonly string Northmere = Path.Combine(Policies, "northmere", "agreement.yaml");

    readonly string folder = Directory.CreateTempSubdirectory("isax-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Lint_TellsFaultsFromWarnings()
    {
        var sample = await RunAsync("lint", Northmere, "--today", "2026-11-23");
        Assert.Equal((0, "checked: 1, faults: 0, warnings: 9"), (sample.ExitCode, sample.LastLine));
        Assert.Equal(3, (await RunAsync("lint", Northmere, "--today", "2026-11-23", "--strict")).ExitCode);

        var overdue = await RunAsync("lint", Northmere, "--today", "2030-04-02", "-o", "json");
        Assert.Equal(3, overdue.ExitCode);
        using var said = JsonDocument.Parse(overdue.Output);
        var fault = said.RootElement.EnumerateArray().Single();
        Assert.Equal("the review was due on 1 Apr 2030", fault.GetProperty("message").GetString());
        Assert.Equal("review", fault.GetProperty("clause").GetString());

        var faulty = await RunAsync("lint", Path.Combine(Policies, "refused", "unknown-column.yaml"), "-o", "csv");
        Assert.Equal(3, faulty.ExitCode);
        Assert.StartsWith("severity,file,line,clause,message,remedy", faulty.Output, StringComparison.Ordinal);
        Assert.Contains("is not a column of police-recorded-crime", faulty.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("lint", Path.Combine(folder, "none.yaml"))).ExitCode);
    }

    [Fact]
    public async Task Lint_ComparesTheSignedPaper()
    {
        var paper = Path.Combine(folder, "signed.pdf");
        await File.WriteAllTextAsync(paper, "another paper", TestContext.Current.CancellationToken);
        var ran = await RunAsync("lint", Northmere, "--today", "2026-11-23", "--document", paper);

        Assert.Equal((3, "checked: 1, faults: 1, warnings: 9"), (ran.ExitCode, ran.LastLine));
        Assert.Contains("the paper is not the one that the agreement names", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_TellsTheWholeOrOneClause()
    {
        var whole = await RunAsync("show", Northmere, "--today", "2026-11-23");
        Assert.Equal(0, whole.ExitCode);
        foreach (var word in new[] { "8 of 11 signatures", "amara-okafor", "relevant authorities", "nobody: closed" })
            Assert.Contains(word, whole.Output, StringComparison.Ordinal);
        Assert.True(whole.Output.Split('\n').Length < 50, "it fits a screen");

        var clause = await RunAsync("show", Northmere, "--clause", "feeds[admissions-by-csp]");
        Assert.Equal(0, clause.ExitCode);
        Assert.Contains("NOT_A_READER", clause.LastLine, StringComparison.Ordinal);
        Assert.Equal(5, (await RunAsync("show", Northmere, "--clause", "feeds[none]")).ExitCode);
    }

    [Fact]
    public async Task Diff_NamesClausesAndHowItComesIntoForce()
    {
        var other = Path.Combine(folder, "other.yaml");
        var text = await File.ReadAllTextAsync(Northmere, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            other, text.Replace("due_days: 60", "due_days: 45", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var same = await RunAsync("diff", Northmere, Northmere);
        Assert.Equal((0, "SAME: the revision does not move"), (same.ExitCode, same.LastLine));
        var changed = await RunAsync("diff", Northmere, other);
        Assert.Equal(
            (0, "CHANGED, clauses: 1; it needs the quorum of its signatories"), (changed.ExitCode, changed.LastLine));
        Assert.Contains("datasets[police-street-level/northmere-police]", changed.Output, StringComparison.Ordinal);
        Assert.Contains("the version did not", changed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cases_TellsWhatIsDecidedOtherwise()
    {
        var good = await RunAsync("cases", Path.GetDirectoryName(Northmere)!);
        Assert.True(good.ExitCode == 0, $"{good}");
        Assert.EndsWith("decided otherwise: 0", good.LastLine, StringComparison.Ordinal);

        File.Copy(Northmere, Path.Combine(folder, "agreement.yaml"));
        await File.WriteAllTextAsync(Path.Combine(folder, "cases.yaml"), """
            cases:
              - name: the steward submits
                caller: urn:isaexchange:person:tom-ellery
                verb: submit
                time: 2026-10-05T09:00:00Z
                party: northmere-police
                dataset: police-recorded-crime
                decision: permit
                clause: roles.stewards[northmere-county-council/tom-ellery]

            """, TestContext.Current.CancellationToken);
        var wrong = await RunAsync("cases", folder);
        Assert.Equal((3, "cases: 1, decided otherwise: 1"), (wrong.ExitCode, wrong.LastLine));
        Assert.Contains("NOT_DESIGNATED_OFFICER", wrong.Output, StringComparison.Ordinal);
    }

    static Task<Ran> RunAsync(params string[] verb) => Programs.RunIsaxAsync(["agreement", .. verb]);
}
