using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary>The verbs that ask the exchange, in every format, and what a no looks like.</summary>
[Collection(KeptDemoTogether.Name)]
public sealed partial class ReadingVerbTests(KeptDemo demo)
{
    public static TheoryData<string, string, string> Verbs { get; } = new()
    {
        { KeptDemo.Officer, "due", "due" },
        { KeptDemo.Analyst, "due --all --dataset hospital-admissions", "months" },
        { KeptDemo.WestOfficer, "status", "queries_to_explain" },
        { KeptDemo.Analyst, "feeds", "latest_release" },
        { KeptDemo.Analyst, "releases admissions-by-csp", "coverage" },
        { KeptDemo.Analyst, "can-i read-release feeds/admissions-by-csp --purpose strategic-assessment", "allowed" },
        { KeptDemo.WestOfficer, "who --dataset hospital-admissions", "time" },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_AnswersInEveryFormat(string who, string verb, string column)
    {
        var arguments = verb.Split(' ');
        var runs = await Task.WhenAll(
            demo.IsaxAsync(who, arguments),
            demo.IsaxAsync(who, [.. arguments, "-o", "json"]),
            demo.IsaxAsync(who, [.. arguments, "-o", "csv"]));
        var (table, json, csv) = (runs[0], runs[1], runs[2]);
        Assert.True(table.ExitCode == 0, $"{table}");
        Assert.NotEmpty(table.Output);
        using var said = JsonDocument.Parse(json.Output);
        var first = said.RootElement.ValueKind == JsonValueKind.Array ? said.RootElement[0] : said.RootElement;
        Assert.True(first.TryGetProperty(column, out _), json.Output);
        var lines = csv.Output.Split("\r\n");
        Assert.Matches(Header(), lines[0]);
        Assert.Contains(column, lines[0].Split(','));
        Assert.NotEmpty(lines[1]);
    }

    public static TheoryData<string, int, string> Refusals { get; } = new()
    {
        { "get admissions-by-csp --purpose press-office --out OUT", 4, "clause: purposes" },
        { "can-i read-release feeds/admissions-by-csp --purpose press-office", 4, "" },
        { "release publish admissions-by-csp --period QUARTER", 4, "clause:" },
        { "get no-such-feed --purpose strategic-assessment --out OUT", 5, "not found" },
        { "get admissions-by-csp@99 --purpose strategic-assessment --out OUT", 5, "not found" },
        { "status no-such-submission", 4, "clause: roles.analysts" },
        { "due --no-such-option", 2, "see: isax due --help" },
        { "get admissions-by-csp@first --purpose strategic-assessment", 2, "isax releases FEED" },
        { "feeds --server http://localhost:1", 2, "is not an https address" },
        { "feeds -o xml", 2, "-o takes table, json or csv" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_SaysWhyAndHasItsExitCode(string verb, int exitCode, string message)
    {
        var target = Path.Combine(demo.Root, "refused");
        var ran = await demo.IsaxAsync(KeptDemo.Analyst, [.. verb.Split(' ').Select(Filled)]);
        Assert.True(ran.ExitCode == exitCode, $"{ran}");
        Assert.Contains(message, ran.Messages, StringComparison.Ordinal);
        if (exitCode == 4)
            Assert.Contains("Ruth Pemberton", ran.Output + ran.Messages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any(), $"{ran}");

        string Filled(string word) => word switch
        {
            "OUT" => target,
            "QUARTER" => demo.Quarter,
            _ => word,
        };
    }

    [Fact]
    public async Task SubmissionOfTheDemo_IsShownWithItsFaultsAndReceipt()
    {
        var status = await demo.IsaxAsync(KeptDemo.WestOfficer, "status", "-o", "json");
        using var said = JsonDocument.Parse(status.Output);
        var faulty = said.RootElement.EnumerateArray().Single(s => State(s) == "NEEDS_CORRECTION");
        var violations = await demo.IsaxAsync(
            KeptDemo.WestOfficer, "violations", faulty.GetProperty("submission").GetString()!, "-o", "csv");
        Assert.Equal(6, violations.Output.TrimEnd().Split("\r\n").Length);

        var submitted = said.RootElement.EnumerateArray().Single(s => State(s) == "SUBMITTED");
        var receipt = await demo.IsaxAsync(
            KeptDemo.WestOfficer, "receipt", submitted.GetProperty("name").GetString()!, "--verify");
        Assert.True(receipt.ExitCode == 0, $"{receipt}");
        Assert.Contains("verified", receipt.Output, StringComparison.Ordinal);
        var others = await demo.IsaxAsync(KeptDemo.Officer, "status", submitted.GetProperty("name").GetString()!);
        Assert.True(others.ExitCode == 5, $"{others}");
        var unknown = await demo.IsaxAsync(KeptDemo.WestOfficer, "status", "no-such-submission");
        Assert.True(unknown.ExitCode == 5, $"{unknown}");

        static string? State(JsonElement submission) => submission.GetProperty("state").GetString();
    }

    [Fact]
    public async Task Release_IsTakenForItsPurpose()
    {
        var target = Path.Combine(demo.Root, "taken");
        var taken = await demo.IsaxAsync(
            KeptDemo.Analyst,
            "get", "admissions-by-csp@1", "--purpose", "partnership-plan", "--out", target, "-o", "csv");
        Assert.True(taken.ExitCode == 0, $"{taken}");
        var lines = taken.Output.TrimEnd().Split("\r\n");
        Assert.Equal("path", lines[0]);
        Assert.All(lines[1..], l => Assert.True(File.Exists(l), l));
        Assert.Contains("MISSING", taken.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "area-by-block.csv area-by-block.csv-metadata.json coverage.csv coverage.csv-metadata.json "
        + "datapackage.json")]
    [InlineData("parquet", "area-by-block.parquet coverage.parquet")]
    [InlineData("sdmx-csv", "area-by-block.sdmx.csv")]
    [InlineData("xlsx", "admissions-by-csp.xlsx")]
    [InlineData("all", "admissions-by-csp.xlsx area-by-block.csv area-by-block.csv-metadata.json "
        + "area-by-block.parquet area-by-block.sdmx.csv coverage.csv coverage.csv-metadata.json coverage.parquet "
        + "datapackage.json")]
    public async Task Format_ChoosesTheFilesAndTheManifestComesWithEach(string? format, string expected)
    {
        var target = Path.Combine(demo.Root, "taken-" + format);
        string[] chosen = format is null ? [] : ["--format", format];
        var taken = await demo.IsaxAsync(KeptDemo.Analyst,
            ["get", "admissions-by-csp@1", "--purpose", "partnership-plan", "--out", target, .. chosen]);
        Assert.True(taken.ExitCode == 0, $"{taken}");
        Assert.Equal(
            $"{expected} manifest.json".Split(' '),
            Directory.GetFiles(target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task UnknownFormat_IsToldWithThoseThatThereAre()
    {
        var target = Path.Combine(demo.Root, "not-taken");
        var refused = await demo.IsaxAsync(KeptDemo.Analyst,
            "get", "admissions-by-csp@1", "--purpose", "partnership-plan", "--out", target, "--format", "ods");
        Assert.True(refused.ExitCode == 2, $"{refused}");
        Assert.Contains("ods", refused.Messages, StringComparison.Ordinal);
        Assert.Contains("sdmx-csv", refused.Messages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public async Task ArchivedExport_IsOlderAndStillVerified()
    {
        var (old, now) = (Path.Combine(demo.Root, "audit-1"), Path.Combine(demo.Root, "audit-2"));
        foreach (var folder in new[] { old, now })
        {
            var export = await demo.IsaxAsync(KeptDemo.Officer, "audit", "export", "--out", folder);
            Assert.True(export.ExitCode == 0, $"{export}");
            // The export itself is an event; it has its place in the log within a second.
            await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
        }

        var archived = await demo.IsaxAsync(KeptDemo.Officer, "audit", "verify", old);
        Assert.True(archived.ExitCode == 0, $"{archived}");
        Assert.Matches(OlderWords(), archived.Output);
        var last = await demo.IsaxAsync(KeptDemo.Officer, "audit", "verify", now);
        Assert.True(last.ExitCode == 0, $"{last}");
        Assert.DoesNotMatch(OlderWords(), last.Output);
        var shrunk = await demo.IsaxAsync(
            KeptDemo.Officer, "audit", "verify", old, "--remembered", Path.Combine(now, "checkpoint"));
        Assert.True(shrunk.ExitCode == 8, $"{shrunk}");

        var entries = Path.Combine(old, "entries.jsonl");
        var lines = await File.ReadAllLinesAsync(entries, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(entries, lines[..^1], TestContext.Current.CancellationToken);
        var cut = await demo.IsaxAsync(KeptDemo.Officer, "audit", "verify", old);
        Assert.True(cut.ExitCode == 8, $"{cut}");
    }

    [GeneratedRegex("^[a-z0-9_]+(,[a-z0-9_]+)*$")]
    private static partial Regex Header();

    [GeneratedRegex("older than the last export \\([0-9]+ entries then, [0-9]+ remembered\\)")]
    private static partial Regex OlderWords();
}
