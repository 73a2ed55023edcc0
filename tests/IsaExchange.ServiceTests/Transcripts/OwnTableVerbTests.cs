using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary>What an analyst does with tables of their own, offline.</summary>
public sealed class OwnTableVerbTests
{
    static readonly string Example = Path.Combine(SharedFolders.Repository, "deploy", "recipes", "own-tables");

    [Fact]
    public async Task TablesThatAreSafeAloneAndNotTogether_AreToldApart()
    {
        var alone = await Programs.RunIsaxAsync(
            "disclosure", "check", Path.Combine(Example, "areas.csv"), "--spec", Path.Combine(Example, "areas.yaml"));
        Assert.True(alone.ExitCode == 0, $"{alone}");
        Assert.StartsWith("SAFE: ", alone.LastLine, StringComparison.Ordinal);

        string[] together = ["disclosure", "check", "--spec", Path.Combine(Example, "linked.yaml")];
        var linked = await Programs.RunIsaxAsync(together);
        Assert.Equal((3, "NOT SAFE: 1 of 1 protected cells are told"), (linked.ExitCode, linked.LastLine));
        Assert.Contains("areas: M2", linked.Output, StringComparison.Ordinal);

        var json = await Programs.RunIsaxAsync([.. together, "-o", "json"]);
        using var said = JsonDocument.Parse(json.Output);
        Assert.Equal("not safe", said.RootElement.GetProperty("summary").GetProperty("verdict").GetString());
        Assert.Contains(
            "wards: W", said.RootElement.GetProperty("cells")[0].GetProperty("because").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task SpecificationWithoutItsTable_IsRefusedWithItsLine()
    {
        var ran = await Programs.RunIsaxAsync(
            "disclosure", "check", "--spec", Path.Combine(Example, "areas.yaml"), "-o", "csv");
        Assert.Equal(3, ran.ExitCode);
        Assert.Contains("areas.yaml,6,", ran.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await Programs.RunIsaxAsync("disclosure", "check", "--spec", "absent.yaml")).ExitCode);
    }

    [Fact]
    public async Task Rates_StandBesideThePublishedCounts()
    {
        var folder = Directory.CreateTempSubdirectory("isax-rates-verb-").FullName;
        try
        {
            var (table, population) = (Path.Combine(folder, "table.csv"), Path.Combine(folder, "population.csv"));
            await File.WriteAllTextAsync(
                table, "area_code,count,value,status,lo,hi\nA,105,105,rounded,101,109\nB,[c],,few,0,4\n",
                TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                population, "area_code,residents\nA,10000\n", TestContext.Current.CancellationToken);
            string[] rates = ["rates", table, "--population", population, "--edition", "mid-2025", "-o", "csv"];
            var absent = await Programs.RunIsaxAsync(rates);
            Assert.Equal(3, absent.ExitCode);
            Assert.Contains("B has no row", absent.Output, StringComparison.Ordinal);

            await File.AppendAllTextAsync(population, "B,20000\n", TestContext.Current.CancellationToken);
            var rated = await Programs.RunIsaxAsync(rates);
            Assert.True(rated.ExitCode == 0, $"{rated}");
            Assert.Contains(
                "A,105,105,rounded,101,109,10000,mid-2025,10.50,10.10,10.90", rated.Output, StringComparison.Ordinal);
            Assert.Contains("B,[c],,few,0,4,20000,mid-2025,,,", rated.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
