using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>What let a call in is asked again while it is open: a stream ends with what it stood on.</summary>
[Collection(TokensTogether.Name)]
public sealed class OpenCallTests(TokenExchange northmere)
{
    /// <summary>From the end of a credential to the end of its streams.</summary>
    static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    // A public key of X25519 for age; its private half was thrown away.
    const string Recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    static readonly byte[] Content = Slot.Unused.Table(60_000);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    X509Certificate2 Enrolled(string subject, DateTimeOffset? notAfter = null)
    {
        var forged = new ForgedCredential { Subjects = [subject] };
        var certificate = (notAfter is { } end ? forged with { NotAfter = end } : forged).Issue(northmere.Exchange);
        northmere.Catalogue.Enrol(ForgedCredential.Spki(certificate), subject);
        return certificate;
    }

    /// <summary>An upload that has sent one message and says nothing more; ended from without.</summary>
    async Task UploadEndsAsync(CallInvoker invoker, Metadata? headers, Func<Task> end)
    {
        var police = northmere.Police;
        var name = (await police.CreateAsync(Slot.Unused)).Name;
        using var call = new SubmissionService.SubmissionServiceClient(invoker).WriteContent(
            headers, cancellationToken: Stop);
        await call.RequestStream.WriteAsync(WireSender.Message(name, Content, 0, 256 << 10), Stop);
        await Task.Delay(500, Stop);
        Assert.False(call.ResponseAsync.IsCompleted, "the stream ended before anything ended it");
        var before = northmere.Catalogue.Events("auth.refused");
        await end();
        var since = Stopwatch.StartNew();
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => call.ResponseAsync);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, Within);
        Assert.Equal(before + 1, northmere.Catalogue.Events("auth.refused"));

        // Nothing was acknowledged, what is durable can be gone on with, and nothing is half written.
        var persisted = (int)(await police.StatusAsync(name)).PersistedSize;
        Assert.Equal(Submission.Types.State.Validating, (await police.GetAsync(name)).State);
        await police.WriteAsync(WireSender.Finish(
            WireSender.Message(name, Content[..(256 << 10)], persisted, (256 << 10) - persisted),
            Content[..(256 << 10)]));
    }

    [Fact]
    public async Task RevokedDuringASilentUpload_TheStreamEnds()
    {
        var certificate = Enrolled(SigningRequests.PoliceSender);
        using var channel = northmere.Exchange.Connect(certificate);
        await UploadEndsAsync(channel.CreateCallInvoker(), null, () =>
        {
            northmere.Catalogue.Revoke(ForgedCredential.Spki(certificate));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task ExpiredDuringASilentUpload_TheStreamEnds()
    {
        var end = TimeProvider.System.GetUtcNow().AddSeconds(6);
        using var channel = northmere.Exchange.Connect(Enrolled(SigningRequests.PoliceSender, end));
        await UploadEndsAsync(channel.CreateCallInvoker(), null, () => UntilAsync(end));
    }

    [Fact]
    public async Task TokenThatRunsOutDuringAnUpload_TheStreamEnds()
    {
        var end = TimeProvider.System.GetUtcNow().AddSeconds(6);
        var token = new ForgedToken(northmere.Provider, TokenExchange.OfficerSubject)
            .EndingIn(TimeSpan.FromSeconds(6)).SignRsa(northmere.Provider.Key);
        using var channel = northmere.Anonymous();
        await UploadEndsAsync(channel.CreateCallInvoker(), TokenExchange.Bearer(token), () => UntilAsync(end));
    }

    [Fact]
    public async Task UnlinkedDuringAnUpload_TheStreamEnds()
    {
        const string Subject = "8f6102c4-unlinked";
        northmere.Catalogue.Link(Subject, northmere.Provider.Issuer, Subject, Northmere.PoliceOfficer);
        var token = new ForgedToken(northmere.Provider, Subject).SignRsa(northmere.Provider.Key);
        using var channel = northmere.Anonymous();
        await UploadEndsAsync(channel.CreateCallInvoker(), TokenExchange.Bearer(token), () =>
        {
            northmere.Catalogue.Unlink(Subject);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task RevokedDuringADownload_TheStreamEndsBeforeItsEnd()
    {
        var police = northmere.Police;
        var slot = northmere.NextSlot();
        var submitted = await police.SubmitAsync(police.Request(slot), slot.Table(120_000));
        var certificate = Enrolled("urn:isaexchange:person:" + Northmere.PoliceOfficer);
        using var channel = northmere.Exchange.Connect(certificate);
        using var call = new SubmissionService.SubmissionServiceClient(channel).ExportContent(
            new ExportContentRequest { Name = submitted.Name, Recipient = Recipient, Purpose = "problem-solving" },
            cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        long received = call.ResponseStream.Current.Data.Length;
        northmere.Catalogue.Revoke(ForgedCredential.Spki(certificate));
        await Task.Delay(TimeSpan.FromSeconds(3), Stop);
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", async () =>
        {
            while (await call.ResponseStream.MoveNext(Stop))
                received += call.ResponseStream.Current.Data.Length;
        });
        Assert.InRange(received, 1, 3 << 20);
    }

    static async Task UntilAsync(DateTimeOffset end)
    {
        var left = end - TimeProvider.System.GetUtcNow();
        if (left > TimeSpan.Zero)
            await Task.Delay(left, Stop);
    }
}
