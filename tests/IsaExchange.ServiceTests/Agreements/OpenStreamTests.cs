using System.Diagnostics;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>
/// The agreement is asked again while a stream is open: one that was permitted ends when what permitted it ends, and
/// leaves nothing half done.
/// </summary>
public sealed class OpenStreamTests(NorthmereExchange northmere) : IClassFixture<NorthmereExchange>
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    // A public key of X25519 for age; its private half was thrown away.
    const string Recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    async Task SuspendAsync() => await northmere.Agreements(Northmere.Steward).SuspendAgreementAsync(
        new SuspendAgreementRequest { Name = Northmere.Agreement, Reason = "a trial" }, cancellationToken: Stop);

    async Task ResumeAsync() => await northmere.Agreements(Northmere.Steward).ResumeAgreementAsync(
        new ResumeAgreementRequest { Name = Northmere.Agreement, Reason = "it is over" }, cancellationToken: Stop);

    /// <summary>Begins an upload, ends what permits it, and gives the name of what was being sent.</summary>
    async Task<string> UploadEndsAsync(string who, Slot slot, byte[] content, string expected, Func<Task> end)
    {
        var sender = new WireSender(northmere.Submissions(who), Northmere.Street);
        var name = (await sender.CreateAsync(slot)).Name;
        using var call = sender.Submissions.WriteContent(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(WireSender.Message(name, content, 0, content.Length / 2), Stop);
        await Task.Delay(500, Stop);
        Assert.False(call.ResponseAsync.IsCompleted, "the stream ended before anything ended it");
        await end();
        var since = Stopwatch.StartNew();
        var refused = await Problem.IsAsync(expected, () => call.ResponseAsync);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, Within);
        Assert.NotEqual("", refused["contact"]);
        return name;
    }

    /// <summary>What was durable is gone on with by whoever is permitted now, and comes out whole.</summary>
    static async Task GoOnAsync(WireSender sender, string name, byte[] content)
    {
        var persisted = (int)(await sender.StatusAsync(name)).PersistedSize;
        Assert.InRange(persisted, 0, content.Length / 2);
        var rest = WireSender.Finish(
            WireSender.Message(name, content, persisted, content.Length - persisted), content);
        Assert.Equal(Submission.Types.State.Ready, (await sender.WriteAsync(rest)).Submission.State);
        Assert.NotNull((await sender.SubmitAsync(name)).Receipt);
    }

    [Fact]
    public async Task SuspendedDuringAnUpload_ItEndsAndGoesOnWhenResumed()
    {
        var slot = northmere.NextSlot();
        var content = slot.Table(3_000);
        var name = await UploadEndsAsync(
            Northmere.PoliceSender, slot, content, "PermissionDenied AGREEMENT_SUSPENDED", SuspendAsync);
        await Problem.IsAsync("PermissionDenied AGREEMENT_SUSPENDED", () => northmere.Police.StatusAsync(name));
        await ResumeAsync();
        await GoOnAsync(northmere.Police, name, content);
    }

    [Fact]
    public async Task DesignationEndedDuringAnUpload_ItEndsAndTheDeputyGoesOn()
    {
        var slot = northmere.NextSlot();
        var content = slot.Table(3_000);
        var directory = new DirectoryService.DirectoryServiceClient(northmere.Exchange.As("iris-calder"));
        var name = await UploadEndsAsync(
            Northmere.PoliceOfficer, slot, content, "PermissionDenied NOT_DESIGNATED_OFFICER",
            async () => await directory.EndDesignationAsync(
                new EndDesignationRequest
                {
                    Parent = Northmere.Police, Clause = "officers[northmere-police/amara-okafor]", Reason = "moved on",
                },
                cancellationToken: Stop));
        var deputy = new WireSender(northmere.Submissions(Northmere.PoliceDeputy), Northmere.Street);
        await GoOnAsync(deputy, name, content);
    }

    [Fact]
    public async Task SuspendedDuringADownload_ItEndsBeforeItsEnd()
    {
        var slot = northmere.NextSlot();
        var submitted = await northmere.Police.SubmitAsync(northmere.Police.Request(slot), slot.Table(120_000));
        using var call = northmere.Submissions(Northmere.PoliceDeputy).ExportContent(
            new ExportContentRequest { Name = submitted.Name, Recipient = Recipient, Purpose = "problem-solving" },
            cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        long received = call.ResponseStream.Current.Data.Length;
        await SuspendAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), Stop);
        await Problem.IsAsync("PermissionDenied AGREEMENT_SUSPENDED", async () =>
        {
            while (await call.ResponseStream.MoveNext(Stop))
                received += call.ResponseStream.Current.Data.Length;
        });
        await ResumeAsync();
        Assert.InRange(received, 1, 3 << 20);
    }
}
