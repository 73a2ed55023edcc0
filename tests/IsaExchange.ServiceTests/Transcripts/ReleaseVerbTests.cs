using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary>The analyst's verbs over the two releases of the demo: before the east had sent, and after.</summary>
[Collection(KeptDemoTogether.Name)]
public sealed class ReleaseVerbTests(KeptDemo demo)
{
    static readonly string[] s_purpose = ["--purpose", "strategic-assessment"];

    Task<Ran> IsaxAsync(params string[] arguments) => demo.IsaxAsync(KeptDemo.Analyst, arguments);

    [Fact]
    public async Task Coverage_SaysWhoIsInAndWhoIsMissing()
    {
        var ran = await IsaxAsync("coverage", "admissions-by-csp@1");
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.Contains("northmere-east-health", ran.Output, StringComparison.Ordinal);
        Assert.Contains("MISSING: nothing from northmere-east-health", ran.Messages, StringComparison.Ordinal);

        var csv = await IsaxAsync("coverage", "admissions-by-csp@1", "-o", "csv");
        var lines = csv.Output.TrimEnd().Split("\r\n");
        Assert.Equal("party,area,status,queries_open,locations,submissions", lines[0]);
        Assert.Equal(5, lines.Length);
        var json = await IsaxAsync("coverage", "admissions-by-csp", "-o", "json");
        using var said = JsonDocument.Parse(json.Output);
        Assert.All(
            said.RootElement.GetProperty("coverage").EnumerateArray(),
            line => Assert.Equal("received", line.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Table_IsChosenAndLaidOutByTheExchange()
    {
        string[] table = ["table", "admissions-by-csp@1", "area-by-block", .. s_purpose];
        var ran = await IsaxAsync([.. table, "--pivot", "block", "--where", "area != ALL"]);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.Contains("[x]", ran.Output, StringComparison.Ordinal);
        Assert.Contains("never zero", ran.Messages, StringComparison.Ordinal);

        var csv = await IsaxAsync([.. table, "--where", "area = X22000003", "-o", "csv"]);
        var lines = csv.Output.TrimEnd().Split("\r\n");
        Assert.Equal("area,area_title,block,block_title,count,value,status,lo,hi", lines[0]);
        Assert.Equal(5, lines.Length);
        Assert.All(lines[1..], line => Assert.EndsWith(",[x],,missing,0,", line, StringComparison.Ordinal));

        var json = await IsaxAsync([.. table, "--pivot", "area", "-o", "json"]);
        using var said = JsonDocument.Parse(json.Output);
        Assert.Equal("[x]", said.RootElement[0].GetProperty("X22000003").GetString());

        var wrong = await IsaxAsync([.. table, "--where", "area = X2"]);
        Assert.True(wrong.ExitCode == 2, $"{wrong}");
        Assert.Contains("at character 8", wrong.Messages, StringComparison.Ordinal);
        var refused = await IsaxAsync("table", "admissions-by-csp", "area-by-block", "--purpose", "press-office");
        Assert.True(refused.ExitCode == 4, $"{refused}");
    }

    [Fact]
    public async Task Diff_SaysWhatChangedAndThatMissingWasNeverZero()
    {
        string[] diff = ["diff", "admissions-by-csp@1", "admissions-by-csp@2", .. s_purpose];
        var ran = await IsaxAsync(diff);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.Contains("east health is in", ran.Output, StringComparison.Ordinal);
        Assert.Contains("a revision of one period", ran.Messages, StringComparison.Ordinal);
        Assert.Contains("missing was never zero", ran.Messages, StringComparison.Ordinal);

        var csv = await IsaxAsync([.. diff, "-o", "csv"]);
        var lines = csv.Output.TrimEnd().Split("\r\n");
        Assert.Equal(
            "table,codes,first,first_status,other,other_status,difference,difference_lo,difference_hi,beware",
            lines[0]);
        Assert.Equal(13, lines.Length);
        Assert.All(lines[1..], line => Assert.Contains(",[x],missing,", line, StringComparison.Ordinal));
        Assert.All(lines[1..], line => Assert.EndsWith(",,,,", line, StringComparison.Ordinal));

        var same = await IsaxAsync(["diff", "admissions-by-csp@2", "admissions-by-csp", .. s_purpose]);
        Assert.Contains("no cell that both have says anything else", same.Messages, StringComparison.Ordinal);
    }
}
