using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;
using Xunit;
using Status = IsaExchange.V1.CoverageEntry.Types.Status;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>A release says who is in it, hides what its regime hides, never changes, and is read in the open.</summary>
public sealed class ReleaseTests(PublishedExchange northmere) : IClassFixture<PublishedExchange>
{
    const string Table = "area-by-block.csv";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>count, value and status by area and block.</summary>
    static Dictionary<(string Area, string Block), (string Count, string Value, string Status)> Cells(byte[] table)
    {
        var lines = Encoding.UTF8.GetString(table).TrimEnd('\n').Split('\n');
        Assert.Equal("area,area_title,block,block_title,first_day,last_day,count,value,status,lo,hi", lines[0]);
        var cells = lines.Skip(1).Select(l => l.Split(',')).ToDictionary(c => (c[0], c[2]), c => (c[6], c[7], c[8]));
        Assert.Equal((4 + 1) * 4, cells.Count);
        return cells;
    }

    [Fact]
    public void RegimeOfTheFeed_IsKept()
    {
        var cells = Cells(northmere.FirstFiles[Table]);
        Assert.Equal(("10", "10", "rounded"), cells[("X22000001", "SUBSTANCE")]);
        Assert.Equal(("10", "10", "rounded"), cells[("X22000001", "ALC_TOXIC")]);
        Assert.Equal(("[c]", "", "few"), cells[("X22000001", "ASSAULT")]);
        Assert.Equal(("0", "0", "shown"), cells[("X22000001", "ALC_EVIDENCE")]);
        Assert.Equal(("[c]", "", "few"), cells[("X22000002", "SUBSTANCE")]);

        // One admission may be in several blocks: nothing is published that adds them up.
        Assert.DoesNotContain(cells.Keys, key => key.Block == "ALL");
    }

    [Fact]
    public void AuthorityThatHasNotSubmitted_IsMissingAndSoIsEveryTotalItBelongsTo()
    {
        var cells = Cells(northmere.FirstFiles[Table]);
        foreach (var (key, cell) in cells)
        {
            if (key.Area is "X22000003" or "X22000004" or "ALL")
                Assert.Equal(("[x]", "", "missing"), cell);
            else
                Assert.NotEqual("missing", cell.Status);
        }
    }

    [Fact]
    public void Coverage_SaysWhoIsInAndWhoIsNot()
    {
        var release = northmere.WestAlone;
        Assert.False(release.Complete);
        Assert.Equal(
            [
                ("northmere-west-health", "X22000001", Status.Received, northmere.West.Name),
                ("northmere-west-health", "X22000002", Status.Received, northmere.West.Name),
                ("northmere-east-health", "X22000003", Status.Missing, ""),
                ("northmere-east-health", "X22000004", Status.Missing, ""),
            ],
            release.Coverage.Select(c => (c.Party, c.Area, c.Status, string.Join(' ', c.Submissions))));
        Assert.Contains(
            "X22000003,northmere-east-health,missing,no,\n",
            Encoding.UTF8.GetString(northmere.FirstFiles["coverage.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenEverybodyIsIn_TheNextReleaseIsComplete()
    {
        Assert.True(northmere.Complete.Complete);
        Assert.All(northmere.Complete.Coverage, c => Assert.Equal(Status.Received, c.Status));
        var cells = Cells(await northmere.ReadAsync(northmere.Complete.Name, Table));
        Assert.DoesNotContain(cells.Values, c => c.Status == "missing");
        Assert.Equal(("20", "20", "rounded"), cells[("X22000003", "SUBSTANCE")]);
        Assert.Equal(("[c]", "", "few"), cells[("X22000004", "ALC_EVIDENCE")]);
        Assert.Equal(("40", "40", "rounded"), cells[("ALL", "SUBSTANCE")]);
    }

    [Fact]
    public async Task Releases_AreNumberedWithoutGapAndListedNewestFirst()
    {
        Assert.Equal(
            [1, 2, 3],
            new[] { northmere.WestAlone, northmere.Complete, northmere.AfterCorrection }.Select(Number));
        var listed = await northmere.Feeds(Northmere.CouncilAnalyst)
            .ListReleasesAsync(new ListReleasesRequest { Parent = Northmere.AdmissionsFeed }, cancellationToken: Stop);
        Assert.Equal([3, 2, 1], listed.Releases.Select(Number));
        Assert.Equal(3, Number(await GetAsync(Northmere.AdmissionsFeed + "/releases/latest")));
    }

    static int Number(Release release) =>
        int.Parse(release.Name[(release.Name.LastIndexOf('/') + 1)..],
            System.Globalization.CultureInfo.InvariantCulture);

    async Task<Release> GetAsync(string name) => await northmere.Feeds(Northmere.CouncilAnalyst)
        .GetReleaseAsync(new GetReleaseRequest { Name = name }, cancellationToken: Stop);

    [Fact]
    public async Task LaterReleasesAndCorrections_ChangeNoByteOfAnEarlierOne()
    {
        Assert.Equal(Submission.Types.State.Superseded, (await SubmittedAsync(northmere.West.Name)).State);
        Assert.Equal(("40", "40", "rounded"),
            Cells(await northmere.ReadAsync(northmere.AfterCorrection.Name, Table))[("X22000001", "SUBSTANCE")]);
        Assert.Equal(northmere.WestAlone, await GetAsync(northmere.WestAlone.Name));
        var again = await northmere.FilesAsync(northmere.WestAlone);
        Assert.Equal(northmere.FirstFiles.Keys, again.Keys);
        Assert.All(again, file => Assert.Equal(northmere.FirstFiles[file.Key], file.Value));
    }

    async Task<Submission> SubmittedAsync(string name) => await northmere.Submissions(Northmere.WestOfficer)
        .GetSubmissionAsync(new GetSubmissionRequest { Name = name }, cancellationToken: Stop);

    [Fact]
    public void Manifest_IsSignedAndNamesEveryFile()
    {
        var release = northmere.WestAlone;
        Assert.Equal(
            [
                Table, Table + "-metadata.json", "area-by-block.parquet",
                "coverage.csv", "coverage.csv-metadata.json", "coverage.parquet",
                "area-by-block.sdmx.csv", "admissions-by-csp.xlsx", "datapackage.json", "manifest.json",
            ],
            release.Files.Select(f => f.Name));
        foreach (var file in release.Files)
        {
            Assert.Equal(SHA256.HashData(northmere.FirstFiles[file.Name]), file.Sha256.ToByteArray());
            Assert.Equal(northmere.FirstFiles[file.Name].Length, file.SizeBytes);
        }

        var manifest = northmere.FirstFiles["manifest.json"];
        var digest = Hex(SHA256.HashData(manifest));
        Assert.Equal(
            $"isaexchange.example/release/v1\nrelease {release.Name}\nmanifest sha256 {digest}\n",
            SignedNote.Open(release.ManifestNote, [northmere.LogKey]).Text);
        using var said = JsonDocument.Parse(manifest);
        Assert.Equal(
            release.Files.SkipLast(1).Select(f => (f.Name, Hex(f.Sha256.ToByteArray()))),
            said.RootElement.GetProperty("files").EnumerateArray()
                .Select(f => (f.GetProperty("name").GetString()!, f.GetProperty("sha256").GetString()!)));
    }

    static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [Fact]
    public async Task FileReadFromAnOffset_IsTheRestOfIt()
    {
        var whole = northmere.FirstFiles[Table];
        foreach (var offset in new[] { 1, whole.Length / 2, whole.Length - 1, whole.Length })
            Assert.Equal(whole[offset..], await northmere.ReadAsync(northmere.WestAlone.Name, Table, offset));
        foreach (var offset in new[] { -1, whole.Length + 1, long.MaxValue, long.MinValue })
        {
            var problem = await Problem.OfAsync(() => northmere.ReadAsync(northmere.WestAlone.Name, Table, offset));
            Assert.Equal("OutOfRange OFFSET_OUT_OF_RANGE", problem.ToString());
        }
    }

    [Fact]
    public async Task WhoReadsARelease_StandsInTheLogBeforeTheFirstByteArrives()
    {
        var before = northmere.Catalogue.Events("read.release_file");
        using var call = northmere.Feeds(Northmere.PoliceAnalyst).ReadReleaseFile(
            new ReadReleaseFileRequest { Name = northmere.Complete.Name, File = Table, Purpose = "partnership-plan" },
            cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        Assert.Equal(before + 1, northmere.Catalogue.Events("read.release_file"));
        (string, string)[] contributors =
            [(Northmere.WestOfficer, Northmere.WestHealth), (Northmere.EastOfficer, Northmere.EastHealth)];
        foreach (var (officer, party) in contributors)
        {
            var listed = await northmere.Audit(officer).ListAccessesAsync(
                new ListAccessesRequest { Parent = party, Dataset = "hospital-admissions", PageSize = 20 },
                cancellationToken: Stop);
            var read = listed.Accesses.First(a => a is { Action: "read.release_file", ActorName: "Lewis Grant" });
            Assert.Equal((northmere.Complete.Name + "/files/" + Table, "partnership-plan"),
                (read.Object, read.Purpose));
            Assert.Equal((true, 20), (read.Allowed, read.Rows));
        }
    }

    [Fact]
    public async Task WhoWasNotInARelease_IsNotToldOfItsReaders()
    {
        await northmere.ReadAsync(northmere.WestAlone.Name, Table);
        var listed = await northmere.Audit(Northmere.EastOfficer).ListAccessesAsync(
            new ListAccessesRequest { Parent = Northmere.EastHealth, PageSize = 1000 }, cancellationToken: Stop);
        Assert.DoesNotContain(listed.Accesses, a =>
            a.Object.StartsWith(northmere.WestAlone.Name + "/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PublishedByFiveAtOnce_NumbersHaveNeitherGapNorRepeat()
    {
        var slot = northmere.NextSlot();
        await northmere.Police.SubmitAsync(northmere.Police.Request(slot), slot.Table());
        var request = new PublishReleaseRequest { Parent = Northmere.StreetFeed, Period = slot.Month };
        var feeds = northmere.Feeds(Northmere.Steward);
        var made = await FiveAtOnceAsync();
        Assert.Equal([1, 2, 3, 4, 5], made.Select(Number).Order());

        request.RequestId = Guid.NewGuid().ToString("D");
        Assert.All(await FiveAtOnceAsync(), release => Assert.Equal(6, Number(release)));

        Task<Release[]> FiveAtOnceAsync() => Task.WhenAll(
            Enumerable.Range(0, 5).Select(async _ =>
                await feeds.PublishReleaseAsync(request, cancellationToken: Stop)));
    }

    [Fact]
    public async Task PeriodOfWhichNothingIsIn_IsNotPublished()
    {
        var request = new PublishReleaseRequest
        {
            Parent = Northmere.AdmissionsFeed, Period = Northmere.Quarter(2024, 10),
        };
        var problem = await Problem.OfAsync(async () =>
            await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(request, cancellationToken: Stop));
        Assert.Equal("FailedPrecondition NOTHING_SUBMITTED", problem.ToString());
    }
}
