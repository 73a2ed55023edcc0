using IsaExchange.Datasets.Mapping;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

/// <summary>
/// The committed mappings over real files, and what the validator then says: the figures that tests/README.md quotes.
/// </summary>
public sealed class RealSourceTests : IDisposable
{
    static readonly MappingPeriod Autumn2018 = new(new DateOnly(2018, 10, 1), new DateOnly(2018, 12, 31));
    static readonly MappingPeriod Winter2005 = new(new DateOnly(2005, 1, 1), new DateOnly(2005, 3, 31));

    readonly string _folder = Directory.CreateTempSubdirectory("isax-real-source-").FullName;

    string Output => Path.Combine(_folder, "out.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void DwellingFiresOfLondon_AreAQuarterOfTheSixteenYears()
    {
        var report = Prepare("london-fire-dwellings", Autumn2018, "fire", "lfb_dwelling_fires_2009-2024.csv");
        Assert.Empty(report.Faults);
        Assert.Equal((90_146, 88_832, 1_314), (report.RecordsRead, report.OutsidePeriod, report.RecordsWritten));
        Assert.Equal(
            ["ward", "easting_rounded", "northing_rounded", "hmo_yn", "hmo_license", "property_type"],
            report.DroppedColumns);
        var checkedReport = Validate("fires-published", Autumn2018, OnsLists.LondonPartnerships);
        Assert.Equal((1_314, 0, 0), (checkedReport.AcceptedCount, checkedReport.ErrorCount, checkedReport.QueryCount));
        Assert.All(checkedReport.RecordsByArea.Take(32), count => Assert.True(count > 0));
    }

    [Fact]
    public void AllYearsInOnePeriod_AreOneFaultToldOnceAndNotBirths()
    {
        var report = Prepare("london-fire-dwellings", null, "fire", "lfb_dwelling_fires_2009-2024.csv");
        Assert.Equal((90_146, null), (report.RecordsWritten, report.OutsidePeriod));
        var told = Validate("fires-published", Autumn2018, OnsLists.LondonPartnerships);
        Assert.Equal(["P601 event_date 88832"], told.Groups.Select(g => $"{g.Rule} {g.Field} {g.Count}"));
    }

    [Fact]
    public void EightySpellingsOfBoroughs_LeadToTheirPartnerships()
    {
        var spellings = File.ReadLines(SharedFolders.Data("fire", "lfb_fires_major_events_2009-2024.csv")).Skip(1)
            .Select(line => line[(line.LastIndexOf(',') + 1)..]).Distinct().ToList();
        Assert.Equal(80, spellings.Count);
        var report = Prepare("london-fire-events", Autumn2018, "fire", "lfb_fires_major_events_2009-2024.csv");
        Assert.Empty(report.Faults);
        Assert.Equal((27_113, 160), (report.RecordsRead, Assert.Single(report.Skipped).Records));
        Assert.Equal((25_619, 1_334), (report.OutsidePeriod, report.RecordsWritten));
        var told = Validate("fires-published", Autumn2018, OnsLists.LondonPartnerships);
        Assert.Equal(0, told.ErrorCount);
        Assert.Equal(report.RecordsWritten, told.AcceptedCount);
    }

    [Fact]
    public void FiresOutsideLondon_AreOutsideTheAreasAndAskedAbout()
    {
        Prepare("london-fire-events", null, "fire", "lfb_fires_major_events_2009-2024.csv");
        var written = File.ReadLines(Output).Skip(1).Select(line => line[..line.IndexOf(',')]).ToList();
        Assert.Equal(26_953, written.Count);
        // 12 districts outside London, each with a few fires that the brigade went to.
        var outside = written.Except(OnsLists.LondonPartnerships).ToList();
        Assert.Equal(12, outside.Count);
    }

    [Fact]
    public void FiresWithoutACause_AreNoReturnOfFireIncidents()
    {
        var report = Prepare("london-fire-as-incidents", null, "fire", "lfb_fires_major_events_2009-2024.csv");
        Assert.Empty(report.Faults);
        Assert.False(report.Succeeded);
        Assert.Equal("kind", Assert.Single(report.Lacking).Column);
        Assert.Contains("deliberate", report.Lacking[0].Reason, StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void PublishedExclusions_BecomeNoRecordsAndNoSuppressedNumberBecomesZero()
    {
        var report = Prepare("dfe-exclusions", null, "education", "dfe_exclusion_reasons_la_201617.csv");
        Assert.Equal((7_004, 0, 0), (report.RecordsRead, report.RecordsWritten, report.FaultCount));
        Assert.Equal(484, Assert.Single(report.Skipped).Records);
        Assert.Equal(24, report.Suppressed.Count);
        Assert.Equal(SuppressedOfAuthorities(), report.Suppressed.Sum(c => c.Values));
        Assert.Equal(20_851, SuppressedOfAuthorities());
        Assert.Equal(["decision_month", "age", "gender", "school"], report.Lacking.Select(l => l.Column));
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void CollisionsWithTheirCasualties_AreCountedByAgeAndSeverity()
    {
        var report = Prepare("stats19", Winter2005, "stats19", "dft_accidents_sample_2005.csv",
            SharedFolders.Data("stats19", "dft_casualties_sample_2005.csv"));
        Assert.Empty(report.Faults);
        Assert.Equal((100, 100, 0), (report.RecordsRead, report.RecordsWritten, report.OutsidePeriod));
        Assert.Equal(new CountedSecond("casualties", 99, 16, 0), report.Second);
        Assert.Contains("Accident_Index", report.DroppedColumns);
        var rows = File.ReadLines(Output).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(99, rows.Sum(row => row[7..].Sum(int.Parse)));
        // The sample of casualties ends before that of collisions does: those without any are told, not invented.
        var told = Validate("road-collisions", Winter2005, ["E22000192", "E22000198", "E22000205"]);
        Assert.Equal(["X409 adult_killed 16", "X403 location 4"],
            told.Groups.Select(g => $"{g.Rule} {g.Field} {g.Count}"));
        Assert.Contains("1 for adult_killed, adult_serious,", told.Groups[0].Description, StringComparison.Ordinal);
        Assert.Equal(84, told.AcceptedCount);
    }

    [Fact]
    public void CollisionsWithoutTheirCasualties_AreRefused()
    {
        var report = Prepare("stats19", Winter2005, "stats19", "dft_accidents_sample_2005.csv");
        Assert.Equal(MappingFaultKind.SecondFile, MappingBench.Single(report).Kind);
        Assert.False(File.Exists(Output));
    }

    /// <summary>Counted by other means than the mapping's.</summary>
    static long SuppressedOfAuthorities() =>
        File.ReadLines(SharedFolders.Data("education", "dfe_exclusion_reasons_la_201617.csv")).Skip(1)
            .Where(line => line.Contains(",LOCAL AUTHORITY,", StringComparison.Ordinal))
            .Sum(line => line.Split(',').LongCount(field => field == "x"));

    MappingReport Prepare(
        string mapping, MappingPeriod? period, string folder, string file, string? second = null) =>
        PrepareFiles.Run(OnsLists.Mapping(mapping, period ?? Autumn2018), [SharedFolders.Data(folder, file)], Output,
            TestContext.Current.CancellationToken, secondPath: second, period: period);

    ValidationReport Validate(string dataset, MappingPeriod period, IReadOnlyList<string> areas) =>
        OnsLists.Plan(dataset, period, areas).Validate(File.ReadAllBytes(Output));
}
