using System.Globalization;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Resilience;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>A blob store with faults between it and the emulator, and the life of an object to be disturbed.</summary>
sealed class BlobFaultStage : IDisposable
{
    /// <summary>The product's terms with short waits, and no breaker: it is not what is tested here.</summary>
    static readonly DependencyTerms Terms = Dependencies.Objects with
    {
        RetryFirst = TimeSpan.FromMilliseconds(1),
        Attempt = TimeSpan.FromSeconds(20),
        SamplingCallsMin = 1_000_000,
    };

    int _names;

    BlobFaultStage(BlobAccounts account, TimeSpan attempt)
    {
        Account = account;
        Store = account.Store(
            inner =>
            {
                Faults = new HttpFaults(inner);
                return Faults;
            },
            Terms with { Attempt = attempt });
        Plain = account.Store();
    }

    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("ISAX_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : new Random().Next();

    public static int RetriesMax => Terms.Retries;

    public BlobAccounts Account { get; }

    public HttpFaults Faults { get; private set; } = null!;

    /// <summary>The store whose requests are disturbed.</summary>
    public BlobObjectStore Store { get; }

    /// <summary>Another process's, undisturbed.</summary>
    public BlobObjectStore Plain { get; }

    public SealedContent Sealing { get; } = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="attempt">So long is an answer waited for; null for long enough on any machine.</param>
    public static async Task<BlobFaultStage> CreateAsync(TimeSpan? attempt = null)
    {
        var stage = new BlobFaultStage(await BlobAccounts.AzuriteAsync(), attempt ?? Terms.Attempt);

        // The container is made once in the life of an exchange; what is counted starts after it.
        await stage.LiveAsync(SealedContent.Random(10));
        return stage;
    }

    public ObjectName NewName() => new($"datasets/northmere/police/crime/f{++_names}.1");

    public static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {line}");

    /// <summary>
    /// Stage, two appends, take-over by a second attempt, its promotion, an exchange of the header, reading, and a cube
    /// put and deleted. Afterwards exactly the one object stands, with the content that went in.
    /// </summary>
    public async Task LiveAsync(byte[] content)
    {
        ObjectName first = NewName(), second = NewName(), cube = NewName();
        using var key = FileKey.Generate();
        var payload = SealedContent.Seal(key, content);
        var half = payload.Length / 2;
        await using (var writer = await Store.StageAsync(first, await Sealing.HeaderAsync(first.Staged, key), Stop))
        {
            await writer.AppendAsync(payload.AsMemory(0, half), Stop);
            await (await Store.TakeOverAsync(first, Stop))!.DisposeAsync();
            await Assert.ThrowsAsync<StagingTakenOverException>(() => writer.AppendAsync(payload.AsMemory(half), Stop));
        }

        await using (var writer = await Store.StageAsync(second, await Sealing.HeaderAsync(second.Staged, key), Stop))
        {
            await writer.AppendAsync(payload.AsMemory(0, half), Stop);
            await writer.AppendAsync(payload.AsMemory(half), Stop);
        }

        await Store.DiscardStagedAsync(first, Stop);
        var promoted = await Sealing.HeaderAsync(second.Value, key);
        await Store.PromoteAsync(second, promoted, Stop);
        await Store.ReplaceHeaderAsync(second, promoted, await Sealing.HeaderAsync(second.Value, key), Stop);
        await SealedObjects.PutAsync(Store, cube, await Sealing.KekAsync(), content, Stop);
        await Store.DeleteAsync(cube, Stop);
        Assert.True((await Sealing.OpenAsync(Store, second)).SequenceEqual(content), "other content");
        Assert.Equal([second], await Store.ListAsync("datasets/northmere/police/", Stop).ToListAsync(Stop));
        Assert.Empty(await Store.ListStagedAsync(Stop).ToListAsync(Stop));
        await Plain.DeleteAsync(second, Stop);
    }

    public void Dispose()
    {
        Sealing.Dispose();
        Faults.Dispose();
    }
}
