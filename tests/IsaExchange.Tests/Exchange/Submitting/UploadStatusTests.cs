using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Datasets;
using IsaExchange.Tests.Exchange.KeyLife;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Submitting;

/// <summary>How far an upload is, asked at a replica that has it in memory while another goes on with it.</summary>
public sealed class UploadStatusTests
{
    const int Chunk = 64 << 10;

    static readonly Caller Sender = new(Principal.Sender("northmere-police", "records-system"), new string('0', 64));
    static readonly SubmissionName Name = new("northmere", "northmere-police", KeyStage.Crime, "s1");

    static readonly byte[] Content =
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a,b,c\n", 10 * Chunk / 6)));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OvertakenBetweenLookAndLease_TheOthersNumberIsToldAndTheyGoOn(bool isBroken)
    {
        await using var stage = await KeyStage.AtAsync("2026-07-20T09:00:00Z", Ct);
        await AddAsync(stage);
        var between = new MeanwhileCatalogue(stage.Catalogue);
        await using var here = Uploads(stage, between);
        await using var there = Uploads(stage, stage.Catalogue);
        await using (var writer = await OpenAsync(stage, here))
            await WriteAsync(writer, 0, 3 * Chunk);
        if (isBroken)
            await BreakAsync(stage, here);
        ContentWriter? other = null;
        var (sent, persisted) = (0, 0L);
        between.Meanwhile = async () =>
        {
            other = await OpenAsync(stage, there);
            sent = (int)other.Persisted + (3 * Chunk);
            persisted = await WriteAsync(other, (int)other.Persisted, 3 * Chunk);
        };
        var told = await Journey(stage, here).StatusAsync(Sender, Name, Ct);
        await using var goesOn = Assert.IsType<ContentWriter>(other);
        Assert.Equal((persisted, false), (told.Persisted, told.Complete));
        Assert.Equal(2, (await RowAsync(stage)).LastAttempt);
        Assert.False(here.IsLive(Name.Id));
        Assert.True(await WriteAsync(goesOn, sent, 2 * Chunk) > persisted);
    }

    [Fact]
    public async Task AskedWhereItIsInMemory_IsToldFromMemory()
    {
        await using var stage = await KeyStage.AtAsync("2026-07-20T09:00:00Z", Ct);
        await AddAsync(stage);
        await using var here = Uploads(stage, stage.Catalogue);
        Assert.Equal(0, (await Journey(stage, here).StatusAsync(Sender, Name, Ct)).Persisted);
        long persisted;
        await using (var writer = await OpenAsync(stage, here))
            persisted = await WriteAsync(writer, 0, 3 * Chunk);
        Assert.True(persisted > 0);
        Assert.Equal(persisted, (await Journey(stage, here).StatusAsync(Sender, Name, Ct)).Persisted);
        Assert.True(here.IsLive(Name.Id));
        Assert.Equal(1, (await RowAsync(stage)).LastAttempt);

        // One that a fault ended is sealed anew for the answer: what it left may not be durable.
        await BreakAsync(stage, here);
        Assert.True((await Journey(stage, here).StatusAsync(Sender, Name, Ct)).Persisted >= persisted);
        Assert.Equal(2, (await RowAsync(stage)).LastAttempt);
    }

    static UploadSessions Uploads(KeyStage stage, ICatalogue catalogue) => new(
        new FolderObjectStore(stage.Folder["objects"]), stage.Keys, catalogue, new SecretBox(new byte[32]),
        stage.Limits, stage.Clock);

    static ReceiveContent Journey(KeyStage stage, UploadSessions uploads) => new(
        stage.Gate, new SubmissionAccess(stage.Gate, stage.Catalogue), stage.Trail, stage.Catalogue, stage.Store,
        stage.Keys, uploads,
        new ComparePeriods(stage.Gate, stage.Catalogue, stage.Store, stage.Keys, stage.Limits),
        stage.Limits);

    static async Task<ContentWriter> OpenAsync(KeyStage stage, UploadSessions uploads) =>
        Assert.IsType<ContentWriter>(await Journey(stage, uploads).OpenAsync(Sender, Name, Ct));

    /// <summary>Bytes that the exchange says are durable.</summary>
    static async Task<long> WriteAsync(ContentWriter writer, int from, int length)
    {
        var message = Content.AsMemory(from, length);
        await writer.WriteAsync(new ContentMessage(from, message, Crc32C.Compute(message.Span)), Ct);
        await writer.PersistAsync(Ct);
        return writer.Persisted;
    }

    /// <summary>As after a fault of the medium.</summary>
    static async Task BreakAsync(KeyStage stage, UploadSessions uploads)
    {
        await using var lease = await uploads.AcquireAsync(
            await RowAsync(stage), TestDatasets.Street, "is in memory already", Ct);
        lease.Session.Break();
    }

    static Task<SubmissionRow> RowAsync(KeyStage stage) =>
        stage.Catalogue.ReadAsync(db => db.Submissions.SingleAsync(s => s.Id == Name.Id, Ct), Ct);

    static async Task AddAsync(KeyStage stage)
    {
        var row = new SubmissionRow
        {
            Id = Name.Id, Agreement = Name.Agreement, Party = Name.Party, Dataset = Name.Dataset,
            AgreementRevision = stage.Gate.Find("northmere", "").Agreement.Revision, PeriodStart = "2026-04-01",
            PeriodEnd = "2026-07-01", Areas = "X22000001", State = SubmissionState.Open, CreatedBy = "",
            CreateTicks = stage.Clock.GetUtcNow().UtcTicks, ExpireTicks = long.MaxValue,
        };
        await stage.Catalogue.WriteAsync(db => Task.FromResult(db.Submissions.Add(row)), Ct);
    }
}
