using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// One exchange and its sender's stories, one after the other, each from create to receipt, while the service is killed
/// again and again. After each kill it is started on the same home, and everything that was ever acknowledged is held
/// against what it says now.
/// </summary>
sealed class KilledExchange(TestExchange exchange, FaultProxy? way, Random random) : IAsyncDisposable
{
    readonly List<Story> _stories = [];
    readonly ObjectMoments _objects = ObjectMoments.Of(exchange, way);
    readonly KilledExchangeChecks _checks = new(exchange);

    public Strike Strike { get; } = new(exchange, random);

    public string Summary => $"{_stories.Count} submissions, {_checks}\n{Strike}";

    public static async Task<KilledExchange> StartAsync(Random random)
    {
        var way = await WayAsync();
        return new KilledExchange(await StartAsync(way), way, random);
    }

    /// <summary>Where objects lie on a server, what its calls to them go through; null for a home.</summary>
    public static async Task<FaultProxy?> WayAsync()
    {
        if (SetUp.IsEmbedded)
            return null;
        var parts = await ProductionParts.StartedAsync();
        return await FaultProxy.StartAsync(parts.Authority, parts.Azurite.Account);
    }

    public static Task<TestExchange> StartAsync(FaultProxy? way) =>
        TestExchange.StartAsync(NorthmerePolicies.Folder, arrange: servers => servers.Account = way!.Address);

    SenderActs Acts =>
        new(new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender)), random);

    public async Task RunAsync(int points, CancellationToken ct)
    {
        while (Strike.Points < points)
        {
            var story = new Story(random, _stories.Count);
            _stories.Add(story);
            await CreateAsync(story, ct);
            await UploadAsync(story, ct);
            await SubmitAsync(story, ct);
        }

        await _checks.LastAsync(_stories, ct);
        await _checks.OpenContentsAsync(_stories, ct);
        await (SetUp.IsServers ? _checks.SoundAsync() : _checks.SweepAsync(ct));
    }

    async Task CreateAsync(Story story, CancellationToken ct)
    {
        if (random.Next(6) == 0)
            await StruckAsync(story, Strike.AtSomeTimeAsync("create", () => Acts.CreateAsync(story, ct)), ct);
        await Strike.InPeaceAsync("create", () => Acts.CreateAsync(story, ct));
    }

    async Task UploadAsync(Story story, CancellationToken ct)
    {
        for (var strikes = random.Next(1, 5); strikes > 0 && !story.IsWhole; strikes--)
            await StruckAsync(story, StrikeUpload(story, ct), ct);
        if (!story.IsWhole)
            await Strike.InPeaceAsync("finish", () => Acts.FinishAsync(story, ct));
    }

    async Task SubmitAsync(Story story, CancellationToken ct)
    {
        for (var strikes = random.Next(3); strikes > 0 && story.Receipt is null; strikes--)
            await StruckAsync(story, StrikeSubmit(story, ct), ct);
        await Strike.InPeaceAsync("submit", () => Acts.SubmitAsync(story, ct));
    }

    Task StrikeUpload(Story story, CancellationToken ct)
    {
        var acts = Acts;
        var upTo = random.NextInt64(story.Persisted, story.Content.Length) + 1;
        Task Finish() => acts.FinishAsync(story, ct);
        Task Stream() => acts.StreamAsync(story, upTo, finish: false, ct);
        return random.Next(8) switch
        {
            0 => Strike.AtSomeTimeAsync("stream", Stream),
            1 => Strike.WhenAsync("stream", "so many bytes are sent", Finish, () => acts.Sent >= upTo),
            2 => Strike.AtSomeTimeAsync("append", () => acts.AppendAsync(story, random.Next(1, 6), ct)),
            3 => Strike.WhenAsync("stream", "it was left for later", Stream, () => false),
            4 => Strike.WhenAsync("finish", "a cube is made", Finish, () => _objects.CountCubes(story.Id) > 0),
            5 => Strike.WhenAsync("finish", "the last message is sent", Finish, () => acts.HasEnded),
            _ => Strike.AtSomeTimeAsync("finish", Finish),
        };
    }

    Task StrikeSubmit(Story story, CancellationToken ct)
    {
        var acts = Acts;
        Task Submit() => acts.SubmitAsync(story, ct);
        return random.Next(4) switch
        {
            0 => Strike.WhenAsync("submit", "an object is in the making", Submit, () => _objects.IsMaking),
            1 => Strike.WhenAsync("submit", "the dataset stands", Submit, () => _objects.CountDatasets(story.Id) > 0),
            _ => Strike.AtSomeTimeAsync("submit", Submit),
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
        // What is whole is not replayed: then only the start is left to strike.
        if (random.Next(3) == 0 || story.Name.Length == 0 || story.IsWhole)
        {
            await Strike.AtSomeTimeAsync("start", StartAsync);
            await exchange.KillAsync();
            return;
        }

        await exchange.ServeAsync();
        var before = _objects.CountAttempts(story.Id);
        Task Recover() => Acts.AskAsync(story, ct);
        bool IsReplaying() => _objects.CountAttempts(story.Id) > before;
        await (random.Next(2) == 0
            ? Strike.AtSomeTimeAsync("recover", Recover)
            : Strike.WhenAsync("recover", "a new attempt is staged", Recover, IsReplaying));
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

    public async ValueTask DisposeAsync()
    {
        await exchange.DisposeAsync();
        if (way is not null)
            await way.DisposeAsync();
    }
}
