using IsaExchange.Fuzz.Harnesses;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Fuzzing;

/// <summary>What the fuzzer started from, and what it found, through the same harnesses.</summary>
public sealed class CorpusReplayTests
{
    static readonly string s_corpora = Path.Combine(SharedFolders.Repository, "tests", "IsaExchange.Fuzz", "corpora");

    public static TheoryData<string> Names { get; } = [.. Harness.All.Select(h => h.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryFile_KeepsThePromises(string name)
    {
        var harness = Harness.All.Single(h => h.Name == name);
        var broken = new List<string>();
        var (taken, refused) = (0, 0);
        foreach (var file in Directory.GetFiles(Path.Combine(s_corpora, name)))
        {
            try
            {
                _ = harness.Try(File.ReadAllBytes(file)) ? taken++ : refused++;
            }
            catch (Exception finding)
            {
                // Whatever it is: the corpus holds what once went wrong, and all of it is told at once.
                broken.Add($"{Path.GetFileName(file)}: {finding}");
            }
        }

        Assert.Empty(broken);
        // A corpus that is refused at the door says nothing about the rooms behind it.
        Assert.True(taken >= 3 && refused >= 5, $"{taken} taken, {refused} refused");
    }

    [Fact]
    public void Corpora_BelongToAHarnessAndStaySmall()
    {
        var folders = Directory.GetDirectories(s_corpora).Select(Path.GetFileName);
        Assert.Equal(Harness.All.Select(h => h.Name).Order(), folders.Order());
        var size = new DirectoryInfo(s_corpora).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        Assert.InRange(size, 1, 200_000);
    }
}
