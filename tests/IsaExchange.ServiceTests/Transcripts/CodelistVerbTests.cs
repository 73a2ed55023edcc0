using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary>isax codelist and what isax prepare says of a source that cannot become a dataset. Offline.</summary>
public sealed class CodelistVerbTests : IDisposable
{
    static readonly string Policies = Path.Combine(SharedFolders.Repository, "policies");

    readonly string _folder = Directory.CreateTempSubdirectory("isax-codelist-verbs-").FullName;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Editions_AreListedAndShownWithWhatBecameOfThem()
    {
        var list = await RunAsync("list", "-o", "json");
        using var listed = JsonDocument.Parse(list.Output);
        var old = listed.RootElement.EnumerateArray().Single(e =>
            e.GetProperty("list").GetString() == "exclusion-reasons" && e.GetProperty("edition").GetString() == "2006");
        Assert.Equal("2020-08-31", old.GetProperty("valid_to").GetString());
        Assert.Equal("2020", old.GetProperty("maps_to")[0].GetString());

        var shown = await RunAsync("show", "exclusion-reasons", "--edition", "2006", "-o", "csv");
        Assert.StartsWith("code,title,parent,in_2020", shown.Output, StringComparison.Ordinal);
        Assert.Contains("OT,Other,,\"inseparable: DS, LG, MT, OW, PH\"", shown.Output, StringComparison.Ordinal);
        Assert.Equal(5, (await RunAsync("show", "exclusion-reasons", "--edition", "1999")).ExitCode);
        Assert.Equal(5, (await RunAsync("show", "no-such-list")).ExitCode);
    }

    [Fact]
    public async Task Codes_AreMappedAndThoseWithoutOneCodeAreToldApart()
    {
        string[] between = ["--from", "2007", "--to", "2011"];
        var one = await RunAsync(["map", "incident-categories", "AS-HOAX", .. between, "-o", "csv"]);
        Assert.True(one.ExitCode == 0, $"{one}");
        Assert.Contains("AS-HOAX,Hoax calls,AS-NUISANCE-COM,merged: AS-NUISANCE-COM", one.Output,
            StringComparison.Ordinal);
        var none = await RunAsync(["map", "incident-categories", "AS-VEHICLES", "NOT-ONE", .. between]);
        Assert.Equal(3, none.ExitCode);
        Assert.Contains("split: AS-ABANDONED 0.3, AS-VEHICLE 0.7", none.Output, StringComparison.Ordinal);
        Assert.Contains("not in this edition", none.Output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 codes are no one code of 2011", none.Messages, StringComparison.Ordinal);
        Assert.Equal(5, (await RunAsync("map", "incident-categories", "--from", "2011", "--to", "2007")).ExitCode);
    }

    [Fact]
    public async Task EditionWithWards_IsImportedAndShownWithThem()
    {
        var lists = Path.Combine(_folder, "northmere", "codelists");
        var lookUp = Path.Combine(_folder, "best-fit.csv");
        await File.WriteAllTextAsync(lookUp, "CD,NM,WD\nX1,First,W1\nX2,Second,\n", Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "wards.csv"), "WD,NM\nW1,Hill\n", Stop);
        Directory.CreateDirectory(lists);
        string[] places =
        [
            "import", lookUp, "--list", "small", "--edition", "2026-04", "--valid-from", "2026-04-01", "--code-column",
            "CD", "--title-column", "NM", "--title", "Small areas", "--publisher", "Nobody",
        ];
        var early = await RunHereAsync([.. places, "--part-of", "WD=ward"]);
        Assert.Equal(3, early.ExitCode);
        Assert.Contains("there is no list ward to be part of", early.Messages, StringComparison.Ordinal);
        Assert.Equal(2, (await RunHereAsync([.. places, "--part-of", "ward"])).ExitCode);
        var wards = await RunHereAsync(
            "import", Path.Combine(_folder, "wards.csv"), "--list", "ward", "--edition", "2026-04", "--valid-from",
            "2026-04-01", "--code-column", "WD", "--title-column", "NM", "--title", "Wards", "--publisher", "Nobody");
        Assert.True(wards.ExitCode == 0, $"{wards}");

        var ran = await RunHereAsync([.. places, "--part-of", "WD=ward"]);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.Contains("ward: 1", ran.Output, StringComparison.Ordinal);
        var shown = await RunHereAsync("show", "small", "--edition", "2026-04", "-o", "csv");
        Assert.StartsWith("code,title,parent,ward", shown.Output, StringComparison.Ordinal);
        Assert.Contains("X1,First,,W1", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASourceThatCannotBecomeTheDataset_IsToldWhyAndNothingIsWritten()
    {
        var source = Path.Combine(_folder, "published.csv");
        await File.WriteAllTextAsync(source, "level,perm_theft\nNATIONAL,9\nLOCAL AUTHORITY,x\n", Stop);
        var target = Path.Combine(_folder, "out.csv");
        var ran = await Programs.RunIsaxAsync("prepare", source, "--mapping",
            Path.Combine(Policies, "mappings", "dfe-exclusions.yaml"), "--out", target);
        Assert.Equal(3, ran.ExitCode);
        Assert.Equal("NOTHING WRITTEN: this source cannot become school-exclusions", ran.LastLine);
        Assert.Contains("1 in perm_theft", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Numbers are never made into records.", ran.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
    }

    Task<Ran> RunHereAsync(params string[] arguments) => Programs.RunIsaxAsync(
        ["codelist", .. arguments, "--policies", _folder, "--partnership", "northmere"]);

    static Task<Ran> RunAsync(params string[] arguments) => Programs.RunIsaxAsync(
        ["codelist", .. arguments, "--policies", Policies, "--partnership", "northmere"]);
}
