using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>
/// Published cells are chosen, laid out and compared by the exchange: from what was published, for a purpose, with an
/// event; and nothing is ever added up or taken for zero.
/// </summary>
public sealed class ReleaseReadingTests(PublishedExchange northmere) : IClassFixture<PublishedExchange>
{
    const string Purpose = "strategic-assessment";
    const string Table = "area-by-block";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    FeedService.FeedServiceClient Feeds => northmere.Feeds(Northmere.CouncilAnalyst);

    async Task<ReadTableResponse> ReadAsync(
        Release release, string filter = "", string pivot = "", int size = 1000, string token = "") =>
        await Feeds.ReadTableAsync(
            new ReadTableRequest
            {
                Name = release.Name, Table = Table, Purpose = Purpose, Filter = filter, Pivot = pivot, PageSize = size,
                PageToken = token,
            }, cancellationToken: Stop);

    static string Shown(CellStatement cell) => cell.HasValue ? $"{cell.Value} {cell.Status}" : cell.Status;

    [Fact]
    public async Task Table_IsWhatTheFileSays()
    {
        var table = await ReadAsync(northmere.Complete);
        Assert.Equal((northmere.Complete.Name, 20), (table.Release, table.RowCount));
        var content = await northmere.ReadAsync(northmere.Complete.Name, Table + ".csv");
        var file = System.Text.Encoding.UTF8.GetString(content).TrimEnd('\n').Split('\n').Skip(1)
            .Select(l => l.Split(','));
        Assert.Equal(
            file.Select(c => $"{c[0]}/{c[2]}: {(c[7].Length > 0 ? c[7] + " " : "")}{c[8]} {c[9]} {c[10]}"),
            table.Rows.Select(r => $"{string.Join('/', r.Codes)}: {Shown(r.Cells[0])} {r.Cells[0].Lo} "
                + (r.Cells[0].HasHi ? $"{r.Cells[0].Hi}" : "")));
    }

    [Fact]
    public async Task FilterAndPivot_ShowPublishedCellsAndMakeNone()
    {
        var table = await ReadAsync(
            northmere.WestAlone, "block = \"SUBSTANCE\" AND (status = \"rounded\" OR status = missing)", "area");
        Assert.Equal(["block"], table.Dimensions);
        Assert.Equal(["X22000001", "X22000003", "X22000004", "ALL"], table.Columns.Select(c => c.Code));
        var row = Assert.Single(table.Rows);
        Assert.Equal(["10 rounded", "missing", "missing", "missing"], row.Cells.Select(Shown));

        // Of an area without its block there is nothing published, and so nothing to be had.
        Assert.DoesNotContain((await ReadAsync(northmere.WestAlone, "", "block")).Columns, c => c.Code == "ALL");
    }

    [Fact]
    public async Task Pages_FollowEachOtherAndBelongToOneQuestion()
    {
        var (rows, token) = (new List<ReleaseTableRow>(), "");
        do
        {
            var page = await ReadAsync(northmere.Complete, "status != missing", "", 7, token);
            Assert.Equal(20, page.RowCount);
            rows.AddRange(page.Rows);
            token = page.NextPageToken;
            if (token.Length > 0)
                await Problem.IsAsync("InvalidArgument PAGE_TOKEN_INVALID", () =>
                    ReadAsync(northmere.AfterCorrection, "status != missing", "", 7, token));
        }
        while (token.Length > 0);
        Assert.Equal((await ReadAsync(northmere.Complete, "status != missing")).Rows, rows);
    }

    [Theory]
    [InlineData("area = \"X1\"", "", "InvalidArgument FILTER_INVALID", "at character 8")]
    [InlineData("region = \"X22000001\"", "", "InvalidArgument FILTER_INVALID", "area, block, status, value")]
    [InlineData("", "month", "InvalidArgument UNKNOWN_DIMENSION", "area, block")]
    public async Task QuestionThatMeansNothing_IsRefusedWithItsPlace(
        string filter, string pivot, string expected, string words)
    {
        var problem = await Problem.IsAsync(expected, () => ReadAsync(northmere.Complete, filter, pivot));
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("coverage")]
    [InlineData("manifest.json")]
    [InlineData("no-such-table")]
    public async Task WhatIsNoTable_IsNotFound(string table) => await Problem.IsAsync(
        "NotFound NOT_FOUND", async () => await Feeds.ReadTableAsync(new ReadTableRequest
        {
            Name = northmere.Complete.Name, Table = table, Purpose = Purpose,
        }));

    [Fact]
    public async Task PurposeIsAskedFor_AndEveryPageIsInTheLogOfThoseItCameFrom()
    {
        await Problem.IsAsync("PermissionDenied PURPOSE_REQUIRED", async () => await Feeds.ReadTableAsync(
            new ReadTableRequest { Name = northmere.Complete.Name, Table = Table }));
        var before = northmere.Catalogue.Events("read.release_table");
        await ReadAsync(northmere.Complete, "area = \"X22000001\"", "area");
        Assert.Equal(before + 1, northmere.Catalogue.Events("read.release_table"));
        var listed = await northmere.Audit(Northmere.EastOfficer).ListAccessesAsync(
            new ListAccessesRequest { Parent = Northmere.EastHealth, PageSize = 5 }, cancellationToken: Stop);
        var read = listed.Accesses.First(a => a.Action == "read.release_table");
        Assert.Equal(
            ($"{northmere.Complete.Name}/files/{Table}.csv", Purpose, 4L), (read.Object, read.Purpose, read.Rows));
    }

    [Fact]
    public async Task FrozenReturn_IsInNoTableAndNoComparison_AndItsRecallNamesWhoReadThem()
    {
        await ReadAsync(northmere.Complete);
        await CompareAsync(northmere.WestAlone, northmere.Complete);
        var steward = northmere.Submissions(Northmere.Steward);
        await steward.FreezeSubmissionAsync(
            new FreezeSubmissionRequest { Name = northmere.East.Name, Reason = "a trial" }, cancellationToken: Stop);
        try
        {
            const string Frozen = "FailedPrecondition FROZEN";
            await Problem.IsAsync(Frozen, () => ReadAsync(northmere.Complete));
            await Problem.IsAsync(Frozen, () => CompareAsync(northmere.WestAlone, northmere.Complete));
            await Problem.IsAsync(Frozen, () => CompareAsync(northmere.Complete, northmere.WestAlone));
            Assert.Equal(20, (await ReadAsync(northmere.WestAlone)).RowCount);
        }
        finally
        {
            await steward.UnfreezeSubmissionAsync(
                new UnfreezeSubmissionRequest { Name = northmere.East.Name, Reason = "it was a trial" },
                cancellationToken: Stop);
        }

        var recall = await northmere.Submissions(Northmere.EastOfficer).ReadRecallAsync(
            new ReadRecallRequest { Name = northmere.East.Name, PageSize = 1000 }, cancellationToken: Stop);
        Assert.Contains(recall.Pulls, p => p is { Action: "read.release_table", Rows: 20, Purpose: Purpose }
            && p.Object.StartsWith(northmere.Complete.Name + "/", StringComparison.Ordinal));
        Assert.Contains(recall.Pulls, p => p is { Action: "read.release_compare", Rows: 20 });
    }

    async Task<CompareReleasesResponse> CompareAsync(
        Release first, Release other, bool even = false, int size = 1000, string token = "") =>
        await Feeds.CompareReleasesAsync(
            new CompareReleasesRequest
            {
                Name = first.Name, Other = other.Name, Purpose = Purpose, EvenIfCoverageDiffers = even, PageSize = size,
                PageToken = token,
            }, cancellationToken: Stop);

    static string Told(CellDifference d) =>
        $"{string.Join('/', d.Codes)}: {Shown(d.First)} > {Shown(d.Other)}"
        + (d.HasDifference ? $" {d.Difference} [{d.DifferenceLo}, {d.DifferenceHi}]" : "");

    [Fact]
    public async Task Correction_IsARevision_WithWhatChangedAndHowWellThatIsKnown()
    {
        var found = await CompareAsync(northmere.Complete, northmere.AfterCorrection);
        Assert.True(found.SamePeriod);
        Assert.Equal(("nhs-2018", "nhs-2018"), (found.First.Regime, found.Other.Regime));
        Assert.NotEmpty(found.First.Caveats);
        Assert.Equal(northmere.AfterCorrection.Name, found.Other.Release.Name);
        Assert.Empty(found.CoverageDifferences);
        Assert.False(found.CoverageDiffers);
        Assert.Equal(
            [(northmere.West.Name, false), (northmere.Corrected.Name, true)],
            found.InputDifferences.Select(i => (i.Submission, i.Added)));
        var table = Assert.Single(found.Tables);
        Assert.Equal((true, 20L, 2L, 0L, 0L), (
            table.Comparable, table.CellCount, table.DifferenceCount, table.OnlyFirstCount, table.OnlyOtherCount));
        Assert.Equal(
            [
                "X22000001/SUBSTANCE: 10 rounded > 40 rounded 30 [26, 34]",
                "ALL/SUBSTANCE: 40 rounded > 70 rounded 30 [26, 34]",
            ],
            found.Differences.Select(Told));
        Assert.DoesNotContain(found.Differences, d => d.CoverageDiffers);
    }

    [Fact]
    public async Task ReturnThatCameLater_IsNoRiseFromZero()
    {
        var found = await CompareAsync(northmere.WestAlone, northmere.Complete);
        Assert.Equal(
            [("northmere-east-health", "X22000003"), ("northmere-east-health", "X22000004")],
            found.CoverageDifferences.Select(c => (c.Party, c.Area)));
        Assert.Equal(12, found.Differences.Count);
        Assert.All(found.Differences, d =>
        {
            Assert.Equal("missing", d.First.Status);
            Assert.False(d.HasDifference || d.HasDifferenceLo || d.HasDifferenceHi, Told(d));
        });

        var (paged, token) = (new List<CellDifference>(), "");
        do
        {
            var page = await CompareAsync(northmere.WestAlone, northmere.Complete, even: false, 5, token);
            Assert.Equal(token.Length == 0, page.First is not null);
            paged.AddRange(page.Differences);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Assert.Equal(found.Differences, paged);
    }

    [Fact]
    public async Task ARevisionWithOtherReturns_IsFlaggedAsAWhole()
    {
        var found = await CompareAsync(northmere.WestAlone, northmere.Complete);
        Assert.True(found.SamePeriod);
        Assert.True(found.CoverageDiffers);
        Assert.NotEmpty(found.CoverageDifferences);
    }

    [Fact]
    public async Task TwoPeriods_AreComparedWhenTheSameReturnsAreInThem()
    {
        var earlier = await PublishEarlierAsync();
        var found = await CompareAsync(earlier, northmere.WestAlone);
        Assert.False(found.SamePeriod);
        Assert.Equal(
            [
                "X22000001/SUBSTANCE: 20 rounded > 10 rounded -10 [-14, -6]",
                "X22000001/ALC_TOXIC: 0 shown > 10 rounded 10 [8, 12]",
            ],
            found.Differences.Where(d => d.Codes[0] == "X22000001" && d.HasDifference).Select(Told));

        var before = northmere.Catalogue.Events("read.release_compare");
        var refused = await Problem.IsAsync(
            "FailedPrecondition COVERAGE_DIFFERS", () => CompareAsync(earlier, northmere.Complete));
        Assert.Contains(
            "northmere-east-health for X22000003 is missing in release", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before + 2, northmere.Catalogue.Events("read.release_compare"));

        found = await CompareAsync(earlier, northmere.Complete, even: true);
        Assert.NotEmpty(found.Differences);
        Assert.All(found.Differences, d => Assert.True(d.CoverageDiffers, Told(d)));
        Assert.All(
            found.Differences.Where(d => d.First.Status == "missing"), d => Assert.False(d.HasDifference, Told(d)));
    }

    async Task<Release> PublishEarlierAsync()
    {
        var quarter = Northmere.Quarter(2024, 4);
        var west = new WireSender(northmere.Submissions(Northmere.WestSender), Northmere.WestAdmissions);
        await west.SubmitAsync(
            west.Request(quarter, "X22000001", "X22000002"),
            Northmere.AdmissionsTable(quarter, ("X22000001", "F10", 21), ("X22000002", "F11", 7)));
        return await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(
            new PublishReleaseRequest { Parent = Northmere.AdmissionsFeed, Period = quarter }, cancellationToken: Stop);
    }

    [Fact]
    public async Task ReleasesOfTwoFeeds_AreNotCompared() => await Problem.IsAsync(
        "InvalidArgument NOT_ONE_FEED", async () => await Feeds.CompareReleasesAsync(new CompareReleasesRequest
        {
            Name = northmere.Complete.Name, Other = Northmere.StreetFeed + "/releases/1", Purpose = Purpose,
        }));
}
