using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>An exchange whose operator allows a party very little at once.</summary>
public class TightExchange : NorthmereExchange
{
    /// <summary>Calls a second; twice that can be saved up.</summary>
    protected virtual int CallsPerSecond => 200;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Exchange.KillAsync();
        var file = Path.Combine(Exchange.Home, "settings.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        settings["uploads_per_party"] = 1;
        settings["streams_out_per_party"] = 1;
        settings["connections_per_party"] = 6;
        settings["calls_per_second"] = CallsPerSecond;
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        await Exchange.ServeAsync();
    }
}

/// <summary>What one party has under way does not keep the others waiting; it is told how long to wait.</summary>
public sealed class PartyLimitTests(TightExchange northmere) : IClassFixture<TightExchange>
{
    // A public key of X25519 for age; its private half was thrown away.
    const string Recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static async Task IsExhaustedAsync(Func<Task> call)
    {
        var problem = await Problem.IsAsync("ResourceExhausted QUOTA", call);
        var wait = Google.Rpc.Status.Parser.ParseFrom(problem.Status).GetDetail<RetryInfo>();
        Assert.NotNull(wait);
        Assert.InRange(wait.RetryDelay.ToTimeSpan(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    internal static async Task AskAsync(CallInvoker invoker) =>
        await new AgreementService.AgreementServiceClient(invoker)
        .GetAgreementAsync(new GetAgreementRequest { Name = Northmere.Agreement }, cancellationToken: Stop);

    [Fact]
    public async Task SecondUploadOfAParty_WaitsWhoeverOfThemSendsIt()
    {
        var content = Slot.Unused.Table(50_000);
        var police = northmere.Police;
        var (first, second) = (await police.CreateAsync(Slot.Unused), await police.CreateAsync(Slot.Unused));
        using var open = police.Submissions.WriteContent(cancellationToken: Stop);
        await open.RequestStream.WriteAsync(WireSender.Message(first.Name, content, 0, 100_000), Stop);
        while (!(await police.GetAsync(first.Name)).State.Equals(Submission.Types.State.Validating))
            await Task.Delay(200, Stop);
        var officer = new WireSender(northmere.Submissions(Northmere.PoliceOfficer), Northmere.Street);
        await IsExhaustedAsync(() => officer.WriteAsync(WireSender.Messages(second.Name, content)));

        // Another party's is taken meanwhile, and this one's as soon as the first has let go.
        var west = new WireSender(northmere.Submissions(Northmere.WestSender), Northmere.WestAdmissions);
        var quarter = Northmere.Quarter(2024, 4);
        await west.SendAsync(
            west.Request(quarter, "X22000001", "X22000002"),
            Northmere.AdmissionsTable(quarter, ("X22000001", "F10", 4)));
        await open.RequestStream.CompleteAsync();
        await open;
        await officer.WriteAsync(WireSender.Messages(second.Name, content));
    }

    [Fact]
    public async Task SecondDownloadOfAParty_WaitsWhoeverOfThemAsks()
    {
        var police = northmere.Police;
        var slot = northmere.NextSlot();
        var submitted = await police.SubmitAsync(police.Request(slot), slot.Table(120_000));
        var request = new ExportContentRequest
        {
            Name = submitted.Name, Recipient = Recipient, Purpose = "problem-solving",
        };
        var deputy = northmere.Submissions(Northmere.PoliceOfficer);
        using (var open = deputy.ExportContent(request, cancellationToken: Stop))
        {
            Assert.True(await open.ResponseStream.MoveNext(Stop));
            var log = new ExportLogRequest { Parent = Northmere.Police };
            await IsExhaustedAsync(async () =>
            {
                using var second = northmere.Audit(Northmere.PoliceOfficer).ExportLog(log, cancellationToken: Stop);
                await second.ResponseStream.MoveNext(Stop);
            });
            var west = new ExportLogRequest { Parent = Northmere.WestHealth };
            using var other = northmere.Audit(Northmere.WestOfficer).ExportLog(west, cancellationToken: Stop);
            Assert.True(await other.ResponseStream.MoveNext(Stop));
        }

        await AgainUntilTakenAsync(async () =>
        {
            using var again = deputy.ExportContent(request, cancellationToken: Stop);
            await again.ResponseStream.MoveNext(Stop);
        });
    }

    [Fact]
    public async Task ConnectionOverTheLimit_WaitsUntilOneIsClosed()
    {
        var channels = new List<GrpcChannel>();
        try
        {
            for (var i = 0; i < 6; i++)
            {
                channels.Add(Connect(Northmere.EastOfficer));
                await AskAsync(channels[^1].CreateCallInvoker());
            }

            using var over = Connect(Northmere.EastSender);
            await IsExhaustedAsync(() => AskAsync(over.CreateCallInvoker()));
            using (var other = Connect(Northmere.CouncilAnalyst))
                await AskAsync(other.CreateCallInvoker());
            channels[0].Dispose();
            await AgainUntilTakenAsync(() => AskAsync(over.CreateCallInvoker()));
        }
        finally
        {
            channels.ForEach(c => c.Dispose());
        }
    }

    GrpcChannel Connect(string who)
    {
        var pem = Path.Combine(northmere.Exchange.Credential(who), "credential.pem");
        return northmere.Exchange.Connect(X509Certificate2.CreateFromPemFile(pem, pem));
    }

    /// <summary>The service hears of the end of a stream or connection a moment after the caller.</summary>
    static async Task AgainUntilTakenAsync(Func<Task> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await call();
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted && tries < 50)
            {
                await Task.Delay(200, Stop);
            }
        }
    }
}

/// <summary>An exchange on which everybody may call once a second, so that however slow a machine floods it.</summary>
public sealed class SlowExchange : TightExchange
{
    protected override int CallsPerSecond => 1;
}

public sealed class CallRateTests(SlowExchange northmere) : IClassFixture<SlowExchange>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallsInAFlood_AreToldToWaitAndOthersAreNot()
    {
        var invoker = northmere.Exchange.As(Northmere.Auditor);
        await PartyLimitTests.AskAsync(invoker);

        // Fewer at once than a connection takes: what is over that limit breaks the connection instead.
        var callers = Enumerable.Range(0, 15).Select(_ => Task.Run(
            async () =>
            {
                for (var calls = 0; calls < 20; calls++)
                    await PartyLimitTests.AskAsync(invoker);
            },
            Stop));
        await PartyLimitTests.IsExhaustedAsync(() => Task.WhenAll(callers));
        await PartyLimitTests.AskAsync(northmere.Exchange.As(Northmere.Steward));
    }
}
