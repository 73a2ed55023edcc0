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
            Assert.True(byName.TryGetValue(story.Name, out var submission), $"{story.Name} was acknowledged and is gone.");
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

    /// <summary>All stories are told: requests repeated give the same answers, nothing is counted twice, nothing is left over.</summary>
    public async Task LastAsync(IReadOnlyList<Story> stories, CancellationToken ct)
    {
        var acts = new SenderActs(new SubmissionService.SubmissionServiceClient(exchange.As(NorthmerePolicies.Sender)), new Random(0));
        foreach (var story in stories)
        {
            await acts.CreateAsync(story, ct);
            await acts.SubmitAsync(story, ct);
        }

        Assert.Equal(stories.Count, (await acts.ListAsync(ct)).Count);
        await CheckLogAsync(stories, ct);
        foreach (var month in stories.GroupBy(s => s.File.Month))
            await CheckReleaseAsync(month.Key, [.. month], ct);

        // The housekeeping of a start removes what torn attempts left.
        await exchange.StopAsync();
        await exchange.ServeAsync();
        var staging = Path.Combine(exchange.Home, "objects", "staging");
        for (var waited = 0; Directory.EnumerateFileSystemEntries(staging).Any(); waited += 100)
        {
            Assert.True(waited < SweepMax.TotalMilliseconds, $"Left in staging: {Directory.GetFileSystemEntries(staging)[0]}");
            await Task.Delay(100, ct);
        }
    }

    /// <summary>Publishes the month: every area shows the records that its receipt says, and the total their sum.</summary>
    async Task CheckReleaseAsync(DateOnly month, List<Story> stories, CancellationToken ct)
    {
        var feed = $"{NorthmerePolicies.Agreement}/feeds/{NorthmerePolicies.Feed}";
        var published = await new FeedService.FeedServiceClient(exchange.As(NorthmerePolicies.Steward)).PublishReleaseAsync(
            new PublishReleaseRequest { Parent = feed, Period = Uploads.Month(month) }, Uploads.Options(ct));
        var totals = await TotalsAsync(published.Name, ct);
        foreach (var story in stories)
            Assert.Equal(Text(story.Receipt!.RecordCount), totals[story.File.AreaCodes[0]]);
        if (stories.Count == 4)
            Assert.Equal(Text(stories.Sum(s => s.Receipt!.RecordCount)), totals["ALL"]);
    }

    async Task<Dictionary<string, string>> TotalsAsync(string release, CancellationToken ct)
    {
        var request = new ReadReleaseFileRequest { Name = release, File = "area-by-type.csv", Purpose = NorthmerePolicies.Purpose };
        using var call = new FeedService.FeedServiceClient(exchange.As(NorthmerePolicies.Analyst))
            .ReadReleaseFile(request, Uploads.Options(ct));
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
            content.Write(part.Data.Span);
        var lines = Encoding.UTF8.GetString(content.ToArray()).TrimEnd('\n').Split('\n').Select(l => l.Split(',')).ToList();
        var (area, type, value) = (lines[0].IndexOf("area"), lines[0].IndexOf("crime_type"), lines[0].IndexOf("value"));
        return lines.Where(l => l[type] == "ALL").ToDictionary(l => l[area], l => l[value], StringComparer.Ordinal);
    }

    /// <summary>Exports every submitted content to stock age and compares it with what was sent.</summary>
    /// <returns>How many; 0 where age is not installed.</returns>
    public async Task<int> OpenContentsAsync(IReadOnlyList<Story> stories, CancellationToken ct)
    {
        using var age = await StockAge.TryAsync();
        if (age is null)
            return 0;
        var officer = new SubmissionService.SubmissionServiceClient(exchange.As(NorthmerePolicies.Officer));
        foreach (var story in stories)
        {
            var path = Path.Combine(exchange.Root, "exported.age");
            await using (var file = File.Create(path))
            {
                using var call = officer.ExportContent(
                    new ExportContentRequest { Name = story.Name, Recipient = age.Recipient, Purpose = NorthmerePolicies.Purpose },
                    Uploads.Options(ct));
                await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
                    await file.WriteAsync(part.Data.Memory, ct);
            }

            Assert.Equal(story.Sha256, await age.OpenedSha256Async(path));
        }

        return stories.Count;
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
