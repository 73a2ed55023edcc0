using System.Buffers;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.ServiceTests.Faults;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>How far an upload is, asked beside its writer: the blob is another state with every block that is
/// added.</summary>
public sealed class BlobStatusTests : IDisposable
{
    const int Chunk = 64 << 10;

    /// <summary>So much is there before the first look: it takes several ranges to read.</summary>
    const int Begun = 72;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-looks-");
    readonly SqliteCatalogue _catalogue;
    readonly SubmissionRow _row = new()
    {
        Id = Guid.NewGuid().ToString("N"), Agreement = "northmere", AgreementRevision = "r", Party = "police",
        Dataset = "crime", PeriodStart = "2026-04-01", PeriodEnd = "2026-07-01", Areas = "X22000001",
        State = SubmissionState.Open, CreatedBy = "", CreateTicks = 0, ExpireTicks = 0, Attempt = 1, LastAttempt = 1,
    };

    long _underWay;
    long _acknowledged;

    public BlobStatusTests() => _catalogue = new SqliteCatalogue(Path.Combine(_folder.FullName, "catalogue.db"));

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LooksBesideAWriter_FailNeverAndTellWhatIsThere()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        await using var uploads = new UploadSessions(
            stage.Plain, stage.Sealing.Ring, _catalogue, new SecretBox(new byte[32]), new Limits(),
            TimeProvider.System);
        using var key = FileKey.Generate();
        var name = _row.ContentOf(1);
        await using var staged = await stage.Plain.StageAsync(
            name, await stage.Sealing.HeaderAsync(name.Staged, key), Stop);
        using var sealer = new PayloadSealer(key);
        await AppendAsync(staged, sealer, Begun * Chunk);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var writing = Task.Run(() => WriteAsync(staged, sealer, enough.Token), Stop);
        var (looks, told, rises, time) = (0, 0L, 0, CampaignTime.Begin());
        var most = BlobFaultStage.IsFull ? 2_000 : 8;
        for (; looks < most && !time.IsOver && !writing.IsCompleted; looks++)
        {
            var before = Interlocked.Read(ref _acknowledged);
            var durable = await uploads.DurableAsync(_row, Stop);

            // A block counts when the account has it: that its writer has not heard so yet makes it no less durable.
            var after = Interlocked.Read(ref _underWay);
            Assert.True(
                durable >= before && durable >= told && durable <= after,
                $"ISAX_SEED={BlobFaultStage.Seed}, look {looks}: {before} <= {durable} <= {after}, {told} before");
            rises += durable > told ? 1 : 0;
            told = durable.Value;
        }

        await enough.CancelAsync();
        var commits = await writing;
        Assert.True(rises > 1, $"{rises} rises in {looks} looks");
        Assert.Equal(_acknowledged, await uploads.DurableAsync(_row, Stop));
        BlobFaultStage.Say($"{looks} looks beside {commits} commits, {rises} rises, 0 failures, 0 falls");
    }

    async Task<int> WriteAsync(IStagedObject staged, PayloadSealer sealer, CancellationToken enough)
    {
        var random = new Random(BlobFaultStage.Seed);
        var commits = 0;
        for (; !enough.IsCancellationRequested; commits++)
            await AppendAsync(staged, sealer, random.Next(1, 3 * Chunk));
        return commits;
    }

    async Task AppendAsync(IStagedObject staged, PayloadSealer sealer, int length)
    {
        var output = new ArrayBufferWriter<byte>();
        sealer.Write(new byte[length], output);
        if (output.WrittenCount == 0)
            return;
        Interlocked.Exchange(ref _underWay, ChunksIn(staged.Length + output.WrittenCount));
        await staged.AppendAsync(output.WrittenMemory, Stop);
        Interlocked.Exchange(ref _acknowledged, ChunksIn(staged.Length));
    }

    /// <summary>Content in the whole chunks of so many bytes of payload.</summary>
    static long ChunksIn(long payload) =>
        (payload - PayloadSealer.NonceSize) / PayloadSealer.SealedChunkSize * PayloadSealer.ChunkSize;

    public void Dispose()
    {
        _catalogue.Dispose();
        _folder.Delete(recursive: true);
    }
}
