using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Submitting;

/// <summary>To say how far an upload is all of it is opened: no party has that done many times at once.</summary>
public sealed class UploadLooksTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    readonly SqliteCatalogue _catalogue;
    readonly HeldLooks _store;
    readonly UploadSessions _uploads;

    public UploadLooksTests()
    {
        _catalogue = new SqliteCatalogue(_folder["catalogue.db"]);
        _store = new HeldLooks(new FolderObjectStore(_folder["objects"]));
        _uploads = new UploadSessions(
            _store, new KeyFileRing(_folder["keys"], TimeProvider.System), _catalogue, new SecretBox(new byte[32]),
            new Limits(), TimeProvider.System);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _uploads.DisposeAsync();
        _catalogue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task LooksOfOneParty_FollowEachOtherAndHoldUpNoOther()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var first = _uploads.DurableAsync(Row("s1", "northmere-police"), Ct);
        var second = _uploads.DurableAsync(Row("s2", "northmere-police"), Ct);
        var third = _uploads.DurableAsync(Row("s3", "northmere-police"), leaving.Token);
        Assert.Equal(["s1"], _store.Looks);

        // Another party's is looked for at once, and so is nothing at all.
        var others = _uploads.DurableAsync(Row("s4", "northmere-fire"), Ct);
        Assert.Equal(["s1", "s4"], _store.Looks);
        Assert.Null(await _uploads.DurableAsync(Row("s5", "northmere-police", attempt: 0), Ct));

        // Whoever leaves while waiting has had no turn, and takes none from those behind.
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        _store.Go.SetResult();
        await Task.WhenAll(first, second, others);
        Assert.Equal(["s1", "s4", "s2"], _store.Looks);
    }

    [Fact]
    public async Task LookThatFailed_LetsTheNextOneIn()
    {
        _store.Go.SetException(StorageFaultException.Because("Reading failed with EIO.", "EIO"));
        var row = Row("s1", "northmere-police");
        await Assert.ThrowsAsync<StorageFaultException>(() => _uploads.DurableAsync(row, Ct));
        _store.Go = new TaskCompletionSource();
        _store.Go.SetResult();
        Assert.Null(await _uploads.DurableAsync(row, Ct));
    }

    static SubmissionRow Row(string id, string party, int attempt = 1) => new()
    {
        Id = id, Agreement = "northmere", AgreementRevision = "r", Party = party, Dataset = "police-street-level",
        PeriodStart = "2018-10-01", PeriodEnd = "2019-01-01", Areas = "E22000001", State = SubmissionState.Open,
        CreatedBy = "sender", CreateTicks = 0, ExpireTicks = long.MaxValue, Attempt = attempt, LastAttempt = attempt,
    };

    /// <summary>Every look waits until it may go.</summary>
    sealed class HeldLooks(IObjectStore inner) : StoreBetween(inner)
    {
        public List<string> Looks { get; } = [];

        public TaskCompletionSource Go { get; set; } = new();

        public override async Task<StoredObject?> ReadStagedAsync(ObjectName name, CancellationToken ct)
        {
            Looks.Add(name.Value.Split('/')[^1].Split('.')[0]);
            await Go.Task;
            return await base.ReadStagedAsync(name, ct);
        }
    }
}
