using System.Globalization;
using System.Text;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>What must hold after any number of kills.</summary>
sealed class KilledExchangeChecks(TestExchange exchange)
{
    static readonly TimeSpan SweepMax = TimeSpan.FromSeconds(20);

    readonly LogWatch _log = new(exchange);
    int _opened;
    int _leftovers;

    /// <summary>Whatever was acknowledged is there, once; the log holds it and extends the log of before.</summary>
    public async Task AfterKillAsync(IReadOnlyList<Story> stories, SenderActs acts, CancellationToken ct)
    {
        var told = stories[^1];
        if (told.Name.Length > 0)
            await acts.AskAsync(told, ct);
        var listed = await acts.ListAsync(ct);
        Assert.Equal(listed.Count, listed.DistinctBy(s => (s.Period, s.Areas[0])).Count());
        var byName = listed.ToDictionary(s => s.Name, StringComparer.Ordinal);
        foreach (var story in stories.Where(s => s.Name.Length > 0))
        {
            Assert.True(byName.TryGetValue(story.Name, out var submission), $"{story.Name} is gone.");
            if (story.Receipt is not { } receipt)
                continue;
            Assert.Equal(Submission.Types.State.Submitted, submission.State);
            Assert.Equal(receipt.SignedNote, submission.Receipt.SignedNote);
            Assert.Equal(receipt.EventId, submission.Receipt.EventId);
        }

        if (told.Receipt is not null)
            await acts.SubmitAsync(told, ct);
        await CheckLogAsync(stories, ct);
    }

    async Task CheckLogAsync(IReadOnlyList<Story> stories, CancellationToken ct)
    {
        await _log.CheckAsync([.. stories.Select(s => s.Receipt).OfType<Receipt>()], ct);
        Assert.All(_log.Submitted, s => Assert.True(s.Value == 1, $"The log has {s.Value} receipts for {s.Key}."));
        Assert.All(stories.Where(s => s.Receipt is not null), s => Assert.True(_log.Submitted.ContainsKey(s.Name)));
    }

    /// <summary>
    /// All stories are told: requests repeated give the same answers, nothing is counted twice, nothing is left over.
    /// </summary>
    public async Task LastAsync(IReadOnlyList<Story> stories, CancellationToken ct)
    {
        var sender = new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender));
        var acts = new SenderActs(sender, new Random(0));
        foreach (var story in stories)
        {
            await acts.CreateAsync(story, ct);
            await acts.SubmitAsync(story, ct);
        }

        Assert.Equal(stories.Count, (await acts.ListAsync(ct)).Count);
        await CheckLogAsync(stories, ct);
        foreach (var month in stories.GroupBy(s => s.File.Month))
            await CheckReleaseAsync(month.Key, [.. month], ct);
    }

    /// <summary>The housekeeping of a start, some time later, removes what torn calls left.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        await exchange.StopAsync();
        var objects = new ObjectsFolder(exchange);
        _leftovers = objects.Leftovers().Count;
        objects.AgeLeftovers();
        await exchange.ServeAsync();
        for (var waited = 0; objects.Leftovers() is [var left, ..]; waited += 100)
        {
            Assert.True(waited < SweepMax.TotalMilliseconds, $"Nothing sweeps {left}");
            await Task.Delay(100, ct);
        }
    }

    /// <summary>Rows, log and objects hold against each other.</summary>
    public async Task SoundAsync()
    {
        await exchange.StopAsync();
        var ran = await exchange.RunServiceAsync("fsck", "--home", exchange.Home);
        Assert.True(ran.ExitCode == 0 && ran.LastLine == "SOUND", ran.ToString());
    }

    /// <summary>Publishes the month: every area shows the records of its receipt, and the total their sum.</summary>
    async Task CheckReleaseAsync(DateOnly month, List<Story> stories, CancellationToken ct)
    {
        var request = new PublishReleaseRequest { Parent = Northmere.StreetFeed, Period = Northmere.Months(month, 1) };
        var steward = new FeedService.FeedServiceClient(exchange.As(Northmere.Steward));
        var published = await steward.PublishReleaseAsync(request, Uploads.Options(ct));
        var totals = await TotalsAsync(published.Name, ct);
        foreach (var story in stories)
            Assert.Equal(Text(story.Receipt!.RecordCount), totals[story.File.AreaCodes[0]]);
        if (stories.Count == 4)
            Assert.Equal(Text(stories.Sum(s => s.Receipt!.RecordCount)), totals["ALL"]);
    }

    async Task<Dictionary<string, string>> TotalsAsync(string release, CancellationToken ct)
    {
        var request = new ReadReleaseFileRequest
        {
            Name = release, File = "area-by-type.csv", Purpose = NorthmerePolicies.Purpose,
        };
        using var call = new FeedService.FeedServiceClient(exchange.As(Northmere.CouncilAnalyst))
            .ReadReleaseFile(request, Uploads.Options(ct));
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
            content.Write(part.Data.Span);
        var text = Encoding.UTF8.GetString(content.ToArray()).TrimEnd('\n');
        var lines = text.Split('\n').Select(l => l.Split(',')).ToList();
        var (area, type, value) = (lines[0].IndexOf("area"), lines[0].IndexOf("crime_type"), lines[0].IndexOf("value"));
        return lines.Where(l => l[type] == "ALL").ToDictionary(l => l[area], l => l[value], StringComparer.Ordinal);
    }

    /// <summary>Where stock age is installed: exports every submitted content to it and compares.</summary>
    public async Task OpenContentsAsync(IReadOnlyList<Story> stories, CancellationToken ct)
    {
        using var age = await StockAge.TryAsync();
        if (age is null)
            return;
        var officer = new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceOfficer));
        foreach (var story in stories)
        {
            var path = Path.Combine(exchange.Root, "exported.age");
            await using (var file = File.Create(path))
            {
                var request = new ExportContentRequest
                {
                    Name = story.Name, Recipient = age.Recipient, Purpose = NorthmerePolicies.Purpose,
                };
                using var call = officer.ExportContent(request, Uploads.Options(ct));
                await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
                    await file.WriteAsync(part.Data.Memory, ct);
            }

            Assert.Equal(story.Sha256, await age.OpenedSha256Async(path));
            _opened++;
        }
    }

    public override string ToString() =>
        $"{_opened} contents opened by stock age and equal, {_log.Size} log entries verified, "
        + $"{_leftovers} leftovers swept";

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
