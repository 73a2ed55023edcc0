using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Datasets;
using IsaExchange.Tests.Exchange.KeyLife;
using IsaExchange.Tests.Exchange.Queries;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Submitting;

/// <summary>A verdict that could not be given just now is given when the upload is ended once more.</summary>
public sealed class RepeatedVerdictTests
{
    static readonly Caller Sender = new(Principal.Sender("northmere-police", "records-system"), new string('0', 64));

    static readonly byte[] Content = Encoding.ASCII.GetBytes(TestDatasets.StreetHeader + "\n" + string.Concat(
        Enumerable.Range(1, 20_000).Select(i => $"{i},2026-06,drugs,X01000001\n")));

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AfterAPassingFault_NothingAcknowledgedIsLostAndTheEndIsAskedAgain()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var before = await stage.SealAsync(5, QueryStage.Cube("drugs 20000"), Stop);
        var row = QueryStage.Row(6, SubmissionState.Open, revision: stage.Revision);
        await stage.AddAsync(row);
        var name = SubmissionName.Parse(row.Name);
        await using var uploads = new UploadSessions(
            stage.Keys.Store, stage.Keys.Keys, stage.Keys.Catalogue, new SecretBox(new byte[32]), stage.Limits,
            stage.Keys.Clock);
        var faulty = Journey(stage, uploads, new FaultyReads(stage.Keys.Store, before.CubeOf(1)));
        long acknowledged;
        await using (var writer = await faulty.OpenAsync(Sender, name, Stop))
        {
            acknowledged = await WriteAsync(writer!, 0);
            Assert.True(acknowledged > 0);
            await Assert.ThrowsAsync<StorageFaultException>(() => FinishAsync(writer!));
        }

        var journey = Journey(stage, uploads, stage.Keys.Store);
        var status = await journey.StatusAsync(Sender, name, Stop);
        Assert.True(status.Persisted >= acknowledged);
        Assert.False(status.Complete);
        await using (var writer = await journey.OpenAsync(Sender, name, Stop))
        {
            await WriteAsync(writer!, (int)status.Persisted);
            Assert.Equal(SubmissionState.Ready, (await FinishAsync(writer!)).Submission.State);
        }

        var kept = await stage.Keys.Catalogue.ReadAsync(
            db => db.Reports.SingleAsync(r => r.Submission == row.Id, Stop), Stop);
        var report = ReportJson.FromRow(kept);
        Assert.Equal([before.Name], report.Comparison!.With);
        Assert.Contains("lsoa 2019-04", report.Editions.Select(e => $"{e.List} {e.Edition}"));
    }

    static ReceiveContent Journey(QueryStage stage, UploadSessions uploads, IObjectStore compared) => new(
        stage.Keys.Gate, new SubmissionAccess(stage.Keys.Gate, stage.Keys.Catalogue), stage.Keys.Trail,
        stage.Keys.Catalogue, stage.Keys.Store, stage.Keys.Keys, uploads, stage.With(compared), stage.Limits);

    static async Task<long> WriteAsync(ContentWriter writer, int from)
    {
        var message = Content.AsMemory(from);
        await writer.WriteAsync(new ContentMessage(from, message, Crc32C.Compute(message.Span)), Stop);
        await writer.PersistAsync(Stop);
        return writer.Persisted;
    }

    static Task<WriteProgress> FinishAsync(ContentWriter writer) =>
        writer.FinishAsync(SHA256.HashData(Content), Stop);
}
