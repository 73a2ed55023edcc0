using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// One exchange and its sender's stories, one after the other, each from create to receipt, while the service is killed
/// again and again. After each kill it is started on the same home, and everything that was ever acknowledged is held
/// against what it says now.
/// </summary>
sealed class KilledExchange(TestExchange exchange, Random random) : IAsyncDisposable
{
    readonly List<Story> _stories = [];
    readonly Strike _strike = new(exchange, random);
    readonly KilledExchangeChecks _checks = new(exchange);

    public Strike Strike => _strike;

    public int Contents { get; private set; }

    public static async Task<KilledExchange> StartAsync(Random random) =>
        new(await TestExchange.StartAsync(NorthmerePolicies.Folder), random);

    SubmissionService.SubmissionServiceClient Sender => new(exchange.As(NorthmerePolicies.Sender));

    SenderActs Acts => new(Sender, random);

    public async Task RunAsync(int points, CancellationToken ct)
    {
        while (_strike.Points < points)
        {
            var story = new Story(random, _stories.Count);
            _stories.Add(story);
            await CreateAsync(story, ct);
            await UploadAsync(story, ct);
            await SubmitAsync(story, ct);
        }

        await _checks.LastAsync(_stories, ct);
        Contents = await _checks.OpenContentsAsync(_stories, ct);
    }

    async Task CreateAsync(Story story, CancellationToken ct)
    {
        if (random.Next(6) == 0)
            await StruckAsync(story, _strike.AtSomeTimeAsync("create", () => Acts.CreateAsync(story, ct)), ct);
        await _strike.InPeaceAsync("create", () => Acts.CreateAsync(story, ct));
    }

    async Task UploadAsync(Story story, CancellationToken ct)
    {
        for (var strikes = random.Next(1, 5); strikes > 0 && !story.IsWhole; strikes--)
            await StruckAsync(story, StrikeUpload(story, ct), ct);
        if (!story.IsWhole)
            await _strike.InPeaceAsync("finish", () => Acts.StreamAsync(story, story.Content.Length, finish: true, ct));
    }

    async Task SubmitAsync(Story story, CancellationToken ct)
    {
        for (var strikes = random.Next(3); strikes > 0 && story.Receipt is null; strikes--)
            await StruckAsync(story, StrikeSubmit(story, ct), ct);
        await _strike.InPeaceAsync("submit", () => Acts.SubmitAsync(story, ct));
    }

    Task StrikeUpload(Story story, CancellationToken ct)
    {
        var left = story.Content.Length - story.Persisted;
        var upTo = story.Persisted + random.NextInt64(1, left + 1);
        var acts = Acts;
        switch (random.Next(8))
        {
            case 0:
                return _strike.AtSomeTimeAsync("stream", () => acts.StreamAsync(story, upTo, finish: false, ct));
            case 1:
                return _strike.WhenAsync("stream", "so many bytes are sent", () => acts.StreamAsync(story, story.Content.Length, finish: false, ct), () => acts.Sent >= upTo);
            case 2:
                return _strike.AtSomeTimeAsync("append", () => acts.AppendAsync(story, random.Next(1, 6), ct));
            case 3:
                return _strike.WhenAsync("stream", "it was left for later", () => acts.StreamAsync(story, upTo, finish: false, ct), () => false);
            case 4:
                return _strike.WhenAsync("finish", "a cube is made", () => acts.StreamAsync(story, story.Content.Length, finish: true, ct), () => Exists("objects/cubes", story));
            case 5:
                return _strike.WhenAsync("finish", "the last message is sent", () => acts.StreamAsync(story, story.Content.Length, finish: true, ct), () => acts.HasEnded);
            default:
                return _strike.AtSomeTimeAsync("finish", () => acts.StreamAsync(story, story.Content.Length, finish: true, ct));
        }
    }

    Task StrikeSubmit(Story story, CancellationToken ct)
    {
        var acts = Acts;
        return random.Next(4) switch
        {
            0 => _strike.WhenAsync("submit", "an object is in the making", () => acts.SubmitAsync(story, ct), IsMaking),
            1 => _strike.WhenAsync("submit", "the dataset stands", () => acts.SubmitAsync(story, ct), () => Exists("objects/datasets", story)),
            _ => _strike.AtSomeTimeAsync("submit", () => acts.SubmitAsync(story, ct)),
        };
    }

    /// <summary>After a kill: perhaps another one while the service recovers, then the checks.</summary>
    async Task StruckAsync(Story story, Task strike, CancellationToken ct)
    {
        await strike;
        while (random.Next(4) == 0)
            await StrikeRecoveryAsync(story, ct);
        await exchange.ServeAsync();
        await _checks.AfterKillAsync(_stories, Acts, ct);
    }

    async Task StrikeRecoveryAsync(Story story, CancellationToken ct)
    {
        if (random.Next(3) == 0 || story.Name.Length == 0)
        {
            await _strike.AtSomeTimeAsync("start", StartAsync);
            await exchange.KillAsync();
            return;
        }

        await exchange.ServeAsync();
        var before = Attempts(story);
        await (random.Next(2) == 0
            ? _strike.AtSomeTimeAsync("recover", () => Acts.AskAsync(story, ct))
            : _strike.WhenAsync("recover", "a new attempt is staged", () => Acts.AskAsync(story, ct), () => Attempts(story) > before));
    }

    async Task StartAsync()
    {
        try
        {
            await exchange.ServeAsync();
        }
        catch (InvalidOperationException e)
        {
            throw new OperationCanceledException("It was killed before it listened.", e);
        }
    }

    // The search is for the one story's id below a folder of few entries.
    bool Exists(string folder, Story story) => Below(folder) is { } path
        && Directory.EnumerateDirectories(path, $"{story.Id}*", SearchOption.AllDirectories).Any();

    bool IsMaking() => Below("new") is { } path && Directory.EnumerateDirectories(path).Any();

    int Attempts(Story story) => Below("used") is { } path ? Directory.EnumerateFiles(path, $"{story.Id}.*").Count() : 0;

    string? Below(string folder) => Path.Combine(exchange.Home, "objects", folder) is var path && Directory.Exists(path) ? path : null;

    public ValueTask DisposeAsync() => exchange.DisposeAsync();
}
