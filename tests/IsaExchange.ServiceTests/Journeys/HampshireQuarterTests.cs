using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.ServiceTests.Journeys;

public sealed class HampshireQuarterTests : IClassFixture<HampshireQuarter>
{
    readonly HampshireQuarter _quarter;

    public HampshireQuarterTests(HampshireQuarter quarter)
    {
        // Here a missing folder skips each test, or fails it where the data are required.
        _ = HampshireQuarter.StreetFiles;
        _quarter = quarter;
    }

    static string Files => HampshireQuarter.Csv(HampshireQuarter.StreetFiles);

    string Table => HampshireQuarter.Csv(Path.Combine(_quarter.Release, "area-by-type.csv"));

    [Fact]
    public void ThreeMonthlyFiles_BecomeOneOfTheSameRecords()
    {
        Assert.True(_quarter.Prepared.ExitCode == 0, _quarter.Prepared.ToString());
        var prepared = HampshireQuarter.Query(
            $"""
            select count(*), count(*) filter (crime_type = 'anti-social-behaviour')
            from {HampshireQuarter.Csv(_quarter.PreparedFile)}
            """)[0];
        Assert.Equal(["40178", "2887"], prepared);
        Assert.Equal(prepared, HampshireQuarter.Query(
            $"select count(*), count(*) filter (\"Crime type\" = 'Anti-social behaviour') from {Files}")[0]);
    }

    [Fact]
    public void Sent_IsSubmittedWithItsReceipt()
    {
        Assert.True(_quarter.Sent.ExitCode == 0, _quarter.Sent.ToString());
        Assert.StartsWith("SUBMITTED, receipt ", _quarter.Sent.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordsOutsideTheForceArea_AreAQueryAndNotDropped()
    {
        var groups = await ViolationsAsync();
        Assert.Equal(73, groups["X401"]);
        Assert.Equal(
            "1", HampshireQuarter.Query($"select count(*) from {Files} where coalesce(\"LSOA code\", '') = ''")[0][0]);
        Assert.Equal(1, groups["X402"]);
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(_quarter.Release, "manifest.json"), TestContext.Current.CancellationToken));
        Assert.Equal(74, manifest.RootElement.GetProperty("outside_every_area").GetProperty("value").GetInt64());
    }

    async Task<Dictionary<string, long>> ViolationsAsync()
    {
        var submission = _quarter.Sent.LastLine.Split(' ')[2];
        var ran = await _quarter.Exchange.IsaxAsync("hampshire-police.records", "violations", submission, "-o", "json");
        Assert.True(ran.ExitCode == 0, ran.ToString());
        using var said = JsonDocument.Parse(ran.Output);
        return said.RootElement.GetProperty("violation_groups").EnumerateArray()
            .ToDictionary(
                g => g.GetProperty("rule").GetString()!, g => g.GetProperty("count").GetInt64(),
                StringComparer.Ordinal);
    }

    [Fact]
    public async Task CountsByPlace_AreRoundedAndProvedSafe()
    {
        Assert.True(_quarter.PublishedByPlace.ExitCode == 0, _quarter.PublishedByPlace.ToString());
        Assert.True(_quarter.GotByPlace.ExitCode == 0, _quarter.GotByPlace.ToString());
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(_quarter.ReleaseByPlace, "manifest.json"), TestContext.Current.CancellationToken));
        var check = manifest.RootElement.GetProperty("interval_check");
        Assert.Equal(3, check.GetProperty("required_width").GetInt32());
        Assert.False(check.TryGetProperty("protected_cells", out _), "that is a count of small counts");
        Assert.True(check.GetProperty("statements_before").GetInt32() > 0, "the open feed was not looked at");

        // A small area has less than one crime of a type in a month: that table is published by district.
        var coarser = manifest.RootElement.GetProperty("geography").EnumerateArray()
            .Select(g => (g.GetProperty("table").GetString(), g.GetProperty("published").GetString()));
        Assert.Equal([("small-areas-by-type-by-month", "lsoa/lad")], coarser);

        // Against the police's own files, read by somebody else's engine.
        var small = HampshireQuarter.Csv(Path.Combine(_quarter.ReleaseByPlace, "small-areas.csv"));
        var off = HampshireQuarter.Query(
            $"""
            with truth as (select "LSOA code" as lsoa, count(*) as n from {Files} group by 1)
            select count(*), count(*) filter (abs(value::int - coalesce(n, 0)) > 4),
                   count(*) filter (value::int % 5 > 0),
                   count(*) filter (status = 'few'), count(*) filter (abs(value::int - coalesce(n, 0)) > 0)
            from {small} left join truth using (lsoa) where lsoa not in ('ALL', 'not-stated')
            """)[0];
        Assert.Equal(["0", "0"], off[1..3]);
        Assert.InRange(int.Parse(off[0], System.Globalization.CultureInfo.InvariantCulture), 1_000, 1_500);
        Assert.InRange(int.Parse(off[4], System.Globalization.CultureInfo.InvariantCulture), 500, 1_500);
    }

    [Fact]
    public void CountsByWard_AreThoseOfThePublishersLookUp()
    {
        Assert.True(_quarter.GotByPlace.ExitCode == 0, _quarter.GotByPlace.ToString());
        var wards = HampshireQuarter.Csv(Path.Combine(_quarter.ReleaseByPlace, "wards.csv"));
        var lsoa = HampshireQuarter.Csv(SharedFolders.Data("geo", "lsoa11_ward18_lad18.csv"));
        var off = HampshireQuarter.Query(
            $"""
            with truth as (
                select WD18CD as lsoa_ward, any_value(WD18NM) as name, count("LSOA code") as n
                from {lsoa} left join {Files} on LSOA11CD = "LSOA code" group by 1)
            select count(*), count(*) filter (abs(value::int - n) <= 4 and value::int % 5 = 0),
                   count(*) filter (lsoa_ward_title = name), count(*) filter (status = 'few')
            from {wards} left join truth using (lsoa_ward) where lsoa_ward not in ('ALL', 'not-stated')
            """)[0];
        var count = int.Parse(off[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(count, 200, 500);
        Assert.Equal([off[0], off[0]], [off[1], off[2]]);
        Assert.Equal("0", off[3]);
    }

    [Fact]
    public async Task CountsThatAnybodyCanLookUp_AreNamedAndHinderNoRelease()
    {
        Assert.True(_quarter.PublishedBeside.ExitCode == 0, _quarter.PublishedBeside.ToString());
        Assert.True(_quarter.GotBeside.ExitCode == 0, _quarter.GotBeside.ToString());
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(_quarter.ReleaseBeside, "manifest.json"), TestContext.Current.CancellationToken));
        var table = Assert.Single(manifest.RootElement.GetProperty("outside_tables").EnumerateArray());
        Assert.Equal(
            ("street-counts", "data.police.uk"),
            (table.GetProperty("id").GetString(), table.GetProperty("source").GetString()));
        Assert.Contains(
            "taken as known: street-counts (data.police.uk)",
            manifest.RootElement.GetProperty("guarantee").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            await File.ReadAllBytesAsync(
                Path.Combine(_quarter.ReleaseByPlace, "small-areas.csv"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(
                Path.Combine(_quarter.ReleaseBeside, "small-areas.csv"), TestContext.Current.CancellationToken));
        Assert.True(_quarter.Checked is { ExitCode: 0, LastLine: "SOUND" }, _quarter.Checked.ToString());
        Assert.Contains("3 releases (3 proved anew)", _quarter.Checked.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void IdenticalRows_AreAllCounted()
    {
        // 392 rows of the files repeat another one whole; each is an event of its own.
        Assert.Equal("392", HampshireQuarter.Query(
            $"select sum(n - 1) from (select *, count(*) n from {Files} group by all)")[0][0]);
        Assert.Equal(
            "40104",
            HampshireQuarter.Query($"select value from {Table} where area = 'ALL' and crime_type = 'ALL'")[0][0]);
    }

    [Fact]
    public void EveryReleasedCell_EqualsAnIndependentRecount()
    {
        Assert.True(_quarter.Published.ExitCode == 0, _quarter.Published.ToString());
        Assert.True(_quarter.Got.ExitCode == 0, _quarter.Got.ToString());
        var lsoa = HampshireQuarter.Csv(SharedFolders.Data("geo", "lsoa11_ward18_lad18.csv"));
        var lad = HampshireQuarter.Csv(SharedFolders.Data("geo", "lad18_csp18_pfa18.csv"));
        var counted = HampshireQuarter.Query(
            $"""
            select coalesce(d.CSP18CD, 'ALL'), coalesce(p."Crime type", 'Total'), count(*) from {Files} p
            join {lsoa} l on l.LSOA11CD = p."LSOA code" join {lad} d on d.LAD18CD = l.LAD18CD
            where d.PFA18CD = '{HampshireQuarter.PoliceForceArea}' group by cube (d.CSP18CD, p."Crime type")
            """).ToDictionary(r => (r[0], r[1]), r => r[2]);
        var released = HampshireQuarter.Query($"select area, crime_type_title, value, status from {Table}");
        Assert.Equal((12 + 1) * (14 + 1), released.Count);
        foreach (var cell in released)
        {
            Assert.Equal("shown", cell[3]);
            Assert.Equal(counted.GetValueOrDefault((cell[0], cell[1]), "0"), cell[2]);
        }

        Assert.Equal("40104", counted[("ALL", "Total")]);
        Assert.Equal("8181", counted[("E22000120", "Total")]);
        Assert.Equal("1618", counted[("E22000110", "Total")]);
    }

    [Fact]
    public void RecordsReadBack_EqualTheSourceFiles()
    {
        Assert.True(_quarter.Read.ExitCode == 0, _quarter.Read.ToString());
        var read = HampshireQuarter.Csv(_quarter.RecordsFile);
        Assert.Equal("40104", HampshireQuarter.Query($"select count(*) from {read}")[0][0]);
        var lsoa = HampshireQuarter.Csv(SharedFolders.Data("geo", "lsoa11_ward18_lad18.csv"));
        var lad = HampshireQuarter.Csv(SharedFolders.Data("geo", "lad18_csp18_pfa18.csv"));
        var source =
            $"""
            select p.Month, replace(lower(replace("Crime type", ' ', '-')), '-and-arson', '-arson'), "LSOA code"
            from {Files} p
            join {lsoa} l on l.LSOA11CD = p."LSOA code" join {lad} d on d.LAD18CD = l.LAD18CD
            where d.PFA18CD = '{HampshireQuarter.PoliceForceArea}'
            """;
        var theirs = $"select event_month, crime_type, lsoa from {read}";
        Assert.Empty(HampshireQuarter.Query($"({source}) except all ({theirs})"));
        Assert.Empty(HampshireQuarter.Query($"({theirs}) except all ({source})"));
    }

    [Fact]
    public async Task SentAgain_GivesTheSameReceiptAndNothingNew()
    {
        var again = await _quarter.Exchange.IsaxAsync(
            "hampshire-police.records", "send", _quarter.PreparedFile, "--dataset", "police-street-level", "--period",
            HampshireQuarter.Period, "--submit");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(_quarter.Sent.LastLine, again.LastLine);
    }

    [Fact]
    public async Task TheOfficer_ProvesWhoReadTheRelease()
    {
        var bundle = Path.Combine(_quarter.Exchange.Root, "bundle");
        var who = await _quarter.Exchange.IsaxAsync(
            "officer-one", "who", "--dataset", "police-street-level", "-o", "csv");
        Assert.Contains("read.release_file", who.Output, StringComparison.Ordinal);
        Assert.Contains("Analyst One", who.Output, StringComparison.Ordinal);
        var exported = await _quarter.Exchange.IsaxAsync("officer-one", "audit", "export", "--out", bundle);
        Assert.True(exported.ExitCode == 0, exported.ToString());
        var key = Path.Combine(_quarter.Exchange.Credential("officer-one"), "log.vkey");
        var verified = await Programs.RunIsaxAsync("audit", "verify", bundle, "--vkey", key);
        Assert.True(verified.ExitCode == 0, verified.ToString());

        var entries = Path.Combine(bundle, "entries.jsonl");
        var text = await File.ReadAllTextAsync(entries, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            entries, text.Replace("strategic-assessment", "something-else-here", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var tampered = await Programs.RunIsaxAsync("audit", "verify", bundle, "--vkey", key);
        Assert.Equal(8, tampered.ExitCode);
    }
}
