using System.Globalization;
using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.ServiceTests.Journeys;

public sealed class HampshireQuarterTests(HampshireQuarter quarter) : IClassFixture<HampshireQuarter>
{
    static string Files => HampshireQuarter.Csv(HampshireQuarter.StreetFiles);

    string Table => HampshireQuarter.Csv(Path.Combine(quarter.Release, "area-by-type.csv"));

    [Fact]
    public void ThreeMonthlyFiles_BecomeOneOfTheSameRecords()
    {
        Assert.True(quarter.Prepared.ExitCode == 0, quarter.Prepared.ToString());
        var prepared = HampshireQuarter.Query(
            $"""
            select count(*), count(*) filter (crime_type = 'anti-social-behaviour')
            from {HampshireQuarter.Csv(quarter.PreparedFile)}
            """)[0];
        Assert.Equal(["40178", "2887"], prepared);
        Assert.Equal(prepared, HampshireQuarter.Query(
            $"select count(*), count(*) filter (\"Crime type\" = 'Anti-social behaviour') from {Files}")[0]);
    }

    [Fact]
    public void Sent_IsSubmittedWithItsReceipt()
    {
        Assert.True(quarter.Sent.ExitCode == 0, quarter.Sent.ToString());
        Assert.StartsWith("SUBMITTED, receipt ", quarter.Sent.LastLine, StringComparison.Ordinal);
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
            Path.Combine(quarter.Release, "manifest.json"), TestContext.Current.CancellationToken));
        Assert.Equal(74, manifest.RootElement.GetProperty("outside_every_area").GetProperty("value").GetInt64());
    }

    async Task<Dictionary<string, long>> ViolationsAsync()
    {
        var submission = quarter.Sent.LastLine.Split(' ')[2];
        var ran = await quarter.Exchange.IsaxAsync("hampshire-police.records", "violations", submission, "-o", "json");
        Assert.True(ran.ExitCode == 0, ran.ToString());
        using var said = JsonDocument.Parse(ran.Output);
        return said.RootElement.GetProperty("violation_groups").EnumerateArray()
            .ToDictionary(
                g => g.GetProperty("rule").GetString()!, g => g.GetProperty("count").GetInt64(),
                StringComparer.Ordinal);
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
        Assert.True(quarter.Published.ExitCode == 0, quarter.Published.ToString());
        Assert.True(quarter.Got.ExitCode == 0, quarter.Got.ToString());
        var lsoa = HampshireQuarter.Csv(SharedFolders.Data("geo", "lsoa11_ward18_lad18.csv"));
        var lad = HampshireQuarter.Csv(SharedFolders.Data("geo", "lad18_csp18_pfa18.csv"));
        var counted = HampshireQuarter.Query(
            $"""
            select d.CSP18CD, p."Crime type", count(*) from {Files} p
            join {lsoa} l on l.LSOA11CD = p."LSOA code" join {lad} d on d.LAD18CD = l.LAD18CD
            where d.PFA18CD = '{HampshireQuarter.PoliceForceArea}' group by 1, 2
            """).ToDictionary(r => (r[0], r[1]), r => r[2]);
        var released = HampshireQuarter.Query(
            $"select area, crime_type_title, value, status from {Table} where area <> 'ALL' and crime_type <> 'ALL'");
        Assert.Equal(12 * 14, released.Count);
        foreach (var cell in released)
        {
            Assert.Equal("shown", cell[3]);
            Assert.Equal(counted.GetValueOrDefault((cell[0], cell[1]), "0"), cell[2]);
        }

        Assert.Equal(40104, released.Sum(c => long.Parse(c[2], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Totals_AreThoseOfTheCells()
    {
        var wrong = HampshireQuarter.Query(
            $"""
            select t.area from {Table} t join (
              select area, sum(value::bigint) s from {Table} where area <> 'ALL' and crime_type <> 'ALL' group by 1) c
            on c.area = t.area where t.crime_type = 'ALL' and t.value::bigint <> c.s
            """);
        Assert.Empty(wrong);
        Assert.Equal(
            "8181",
            HampshireQuarter.Query(
                $"select max(value::bigint) from {Table} where crime_type = 'ALL' and area <> 'ALL'")[0][0]);
        Assert.Equal(
            "1618", HampshireQuarter.Query($"select min(value::bigint) from {Table} where crime_type = 'ALL'")[0][0]);
    }

    [Fact]
    public async Task SentAgain_GivesTheSameReceiptAndNothingNew()
    {
        var again = await quarter.Exchange.IsaxAsync(
            "hampshire-police.records", "send", quarter.PreparedFile, "--dataset", "police-street-level", "--period",
            HampshireQuarter.Period, "--submit");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(quarter.Sent.LastLine, again.LastLine);
    }

    [Fact]
    public async Task TheOfficer_ProvesWhoReadTheRelease()
    {
        var bundle = Path.Combine(quarter.Exchange.Root, "bundle");
        var who = await quarter.Exchange.IsaxAsync(
            "officer-one", "who", "--dataset", "police-street-level", "-o", "csv");
        Assert.Contains("read.release_file", who.Output, StringComparison.Ordinal);
        Assert.Contains("Analyst One", who.Output, StringComparison.Ordinal);
        var exported = await quarter.Exchange.IsaxAsync("officer-one", "audit", "export", "--out", bundle);
        Assert.True(exported.ExitCode == 0, exported.ToString());
        var key = Path.Combine(quarter.Exchange.Credential("officer-one"), "log.vkey");
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
