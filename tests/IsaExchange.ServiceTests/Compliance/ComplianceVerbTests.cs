using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Compliance;

/// <summary>What an officer, a steward and a strategy group see of isax: on a screen, a page, in a file.</summary>
public sealed class ComplianceVerbTests(NorthmereExchange northmere) : IClassFixture<NorthmereExchange>
{
    const int ScreenWidth = 80;
    const int ScreenLines = 24;
    const int PageLines = 60;

    static readonly string[] Crime = ["--dataset", "police-recorded-crime", "--period", "2024-01-01/P3M"];

    Task<Ran> RunAsync(string who, params string[] arguments) => northmere.Exchange.IsaxAsync(who, arguments);

    static string[] Lines(Ran ran) => ran.Output.TrimEnd('\n').Split('\n');

    [Theory]
    [InlineData(Northmere.PoliceOfficer)]
    [InlineData(Northmere.WestOfficer)]
    [InlineData(Northmere.PoliceSender)]
    public async Task Due_FitsOneScreenAndSaysWhatToDoNext(string who)
    {
        var ran = await RunAsync(who, "due");
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.InRange(Lines(ran).Length, 4, ScreenLines);
        Assert.All(Lines(ran), line => Assert.True(line.Length <= ScreenWidth, line));
        var next = string.Join(' ', Lines(ran)[^2..]).Replace(" \\ ", " ", StringComparison.Ordinal);
        Assert.Contains("next: isax send FILE --dataset", next, StringComparison.Ordinal);
        Assert.Contains("/P", next, StringComparison.Ordinal);
        Assert.DoesNotContain("health", who == Northmere.PoliceOfficer ? ran.Output : "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task DueOfSomebodyWhoOwesNothing_SaysSo()
    {
        var ran = await RunAsync(Northmere.Steward, "due");
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("isax due --all", ran.Messages, StringComparison.Ordinal);
        var all = await RunAsync(Northmere.Steward, "due", "--all");
        Assert.Contains("northmere-east-health", all.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("next:", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Due_ForPrograms_HasOneRowAnObligation()
    {
        var ran = await RunAsync(Northmere.WestOfficer, "due", "-o", "json");
        using var said = JsonDocument.Parse(ran.Output);
        var first = said.RootElement[0];
        Assert.Equal("OVERDUE", first.GetProperty("state").GetString());
        Assert.True(first.GetProperty("days_left").GetInt32() < 0);
        Assert.Equal("X22000001", first.GetProperty("area").GetString());
    }

    [Fact]
    public async Task Compliance_FitsAPageInEveryFormat()
    {
        var page = await RunAsync(Northmere.CouncilAnalyst, "compliance");
        Assert.True(page.ExitCode == 0, $"{page}");
        Assert.InRange(Lines(page).Length, 15, PageLines);
        Assert.All(Lines(page), line => Assert.True(line.Length <= ScreenWidth, line));
        Assert.Equal("11 of 11 authorities have a liaison officer.", Lines(page)[1]);
        var json = await RunAsync(Northmere.CouncilAnalyst, "compliance", "--on", "2024-12-31", "-o", "json");
        using var said = JsonDocument.Parse(json.Output);
        Assert.Equal("2024-12-31", said.RootElement.GetProperty("report").GetProperty("day").GetString());

        // Probation joined later.
        Assert.Equal(10, said.RootElement.GetProperty("authorities").GetArrayLength());
        var csv = await RunAsync(Northmere.CouncilAnalyst, "compliance", "-o", "csv");
        Assert.Equal(12, csv.Output.TrimEnd().Split("\r\n").Length);
        var future = await RunAsync(Northmere.CouncilAnalyst, "compliance", "--on", "2099-01-01");
        Assert.Equal(2, future.ExitCode);
    }

    [Fact]
    public async Task Exception_IsGrantedListedAndTakenBack()
    {
        string[] grant =
        [
            "exception", "grant", "--party", "northmere-police", .. Crime,
            "--until", TimeProvider.System.GetUtcNow().AddDays(9).ToString("yyyy-MM-dd"), "--reason", "new system",
        ];
        var refused = await RunAsync(Northmere.PoliceOfficer, grant);
        Assert.True(refused.ExitCode == 4, $"{refused}");
        Assert.Contains("ring:", refused.Messages, StringComparison.Ordinal);
        var granted = await RunAsync(Northmere.Steward, [.. grant, "-o", "json"]);
        Assert.True(granted.ExitCode == 0, $"{granted}");
        using var said = JsonDocument.Parse(granted.Output);
        var id = said.RootElement[0].GetProperty("exception").GetString()!;
        var due = await RunAsync(Northmere.PoliceOfficer, "due", "-o", "csv");
        Assert.Contains("more time", due.Output, StringComparison.Ordinal);
        Assert.Contains(id, (await RunAsync(Northmere.Auditor, "exception", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(Northmere.Steward, "exception", "revoke", id)).ExitCode);
        var open = await RunAsync(Northmere.Auditor, "exception", "list", "-o", "csv");
        Assert.DoesNotContain(id, open.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withhold_AnswersAndRefusesOtherReasons()
    {
        string[] withhold = ["withhold", "--dataset", "hospital-admissions", "--period", "2024-01-01/P3M", "--reason"];
        var unknown = await RunAsync(Northmere.WestOfficer, [.. withhold, "too-busy"]);
        Assert.Equal(2, unknown.ExitCode);
        var answered = await RunAsync(Northmere.WestOfficer, [.. withhold, "constitutes-personal-data"]);
        Assert.True(answered.ExitCode == 0, $"{answered}");
        var all = await RunAsync(
            Northmere.WestOfficer, "due", "--all", "--dataset", "hospital-admissions", "-o", "csv");
        Assert.Equal(0, all.ExitCode);
        var foreign = await RunAsync(
            Northmere.PoliceOfficer, [.. withhold, "not-held", "--party", "northmere-west-health"]);
        Assert.Equal(5, foreign.ExitCode);
    }

    [Fact]
    public async Task RemindAndNotices_ShowWhatWasSent()
    {
        Assert.Equal(4, (await RunAsync(Northmere.PoliceOfficer, "remind", "northmere-police")).ExitCode);
        var reminded = await RunAsync(Northmere.Steward, "remind", "northmere-police");
        Assert.True(reminded.ExitCode == 0, $"{reminded}");
        Assert.Contains("amara-okafor", reminded.Output, StringComparison.Ordinal);
        var notices = await RunAsync(Northmere.PoliceOfficer, "notices", "--body");
        Assert.Contains("Dear Amara Okafor,", notices.Output, StringComparison.Ordinal);
        Assert.Equal(4, (await RunAsync(Northmere.PoliceAnalyst, "notices")).ExitCode);
    }
}
