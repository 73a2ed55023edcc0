using System.Diagnostics;
using System.Text.RegularExpressions;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary><c>isax demo</c> as the README promises it.</summary>
public sealed partial class DemoTests : IDisposable
{
    const int SigTermAnswer = 7;

    readonly string _temporary = Directory.CreateTempSubdirectory("isax-demo-test-").FullName;

    string[] Left => Directory.GetDirectories(_temporary, "isax-demo-*");

    [Fact]
    public async Task Demo_EndsByItselfAsTheReadmeShowsItAndLeavesNothing()
    {
        var clock = Stopwatch.StartNew();
        var (exitCode, said) = await EndAsync(StartDemo());
        Assert.True(exitCode == 0, said);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 120);
        Assert.Empty(Left);
        Assert.Equal(0, KeptDemo.Running(_temporary));
        var lines = said.Split('\n').Select(Words).ToList();
        var promised = ReadmeLines();
        Assert.Contains(promised, l => l.Contains("$ isax", StringComparison.Ordinal));
        Assert.Contains(promised, l => l.Contains("[x]", StringComparison.Ordinal));
        Assert.Contains(promised, l => l.Contains("refused:", StringComparison.Ordinal));
        Assert.All(
            promised, line => Assert.True(lines.Exists(l => Follow(l, Words(line))), $"{line} is not in\n{said}"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1500)]
    [InlineData(3000)]
    public async Task StoppedDemo_LeavesNothing(int milliseconds)
    {
        var demo = StartDemo();
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        await Programs.RunAsync("kill", "-TERM", $"{demo.Id}");
        var (exitCode, said) = await EndAsync(demo);
        // Before the runtime listens to signals, and after the story, it is not ours to answer.
        Assert.True(exitCode is SigTermAnswer or 128 + 15 or 0, $"exit {exitCode}\n{said}");
        Assert.Empty(Left);
        Assert.Equal(0, KeptDemo.Running(_temporary));
    }

    [Fact]
    public async Task KeptDemo_RunsOnUntilItIsKilled()
    {
        var home = Path.Combine(_temporary, "home");
        var demo = await Programs.RunIsaxAsync("demo", "--keep", "--home", home, "--policies", KeptDemo.Policies);
        var processId = KeptDemo.ProcessId(demo);
        try
        {
            Assert.Contains($"isax serve --home {home}", demo.Output, StringComparison.Ordinal);
            var due = await Programs.RunIsaxAsync("due", "--as", Path.Combine(home, "credentials", KeptDemo.Officer));
            Assert.True(due.ExitCode == 0, $"{due}");
            Assert.Contains("police-street-level", due.Output, StringComparison.Ordinal);
        }
        finally
        {
            await KeptDemo.EndAsync(processId, home);
        }

        Assert.True(File.Exists(Path.Combine(home, "demo", "recorded-crime.csv")));
        Assert.Contains(
            "listening on ",
            await File.ReadAllTextAsync(Path.Combine(home, "serve.log"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    Process StartDemo() => Programs.Start(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = _temporary },
        "dotnet", Programs.Isax, "demo", "--policies", KeptDemo.Policies);

    static async Task<(int ExitCode, string Said)> EndAsync(Process demo)
    {
        using (demo)
        {
            var output = demo.StandardOutput.ReadToEndAsync();
            var messages = demo.StandardError.ReadToEndAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await demo.WaitForExitAsync(patience.Token);
            return (demo.ExitCode, await output + await messages);
        }
    }

    // The fenced lines after "In the middle of it:". Counts of synthetic records change with the quarter they are in.
    static List<string> ReadmeLines()
    {
        var readme = File.ReadAllText(Path.Combine(SharedFolders.Repository, "README.md"));
        var block = readme[readme.IndexOf("In the middle of it:", StringComparison.Ordinal)..].Split("```")[1];
        return
        [
            .. block.Split('\n').Where(l => l.Trim().Length > 0)
                .Where(l => !l.Contains(",rounded,", StringComparison.Ordinal)),
        ];
    }

    /// <summary>Without numbers, dates and the full stop that a shorter sentence ends with.</summary>
    static string[] Words(string line) =>
    [
        .. Day().Replace(line, "DAY").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(w => w.TrimEnd('.', ',', '\r')).Where(w => w.Length > 0 && !w.All(char.IsAsciiDigit)),
    ];

    /// <summary>Whether the words occur in the line in this order; what lies between was left out.</summary>
    static bool Follow(string[] line, string[] words)
    {
        var at = 0;
        foreach (var word in line)
        {
            if (at < words.Length && word == words[at])
                at++;
        }

        return at == words.Length;
    }

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}")]
    private static partial Regex Day();
}
