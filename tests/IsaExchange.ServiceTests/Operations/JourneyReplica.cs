extern alias agreement;

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core.Pipeline;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Adapters.Vault;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using IsaExchange.TransparencyLog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using InformationPeriod = agreement::IsaExchange.Agreement.InformationPeriod;
using Principal = agreement::IsaExchange.Agreement.Principal;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>
/// The journeys of one replica in this process, wired as the host wires them, past the wire: thousands of acts of two
/// replicas in the time of some hundreds. On the servers, the keys and the agreement of an exchange that was made and
/// stopped. What an act is refused with is thrown as the journey throws it.
/// </summary>
sealed class JourneyReplica : IAsyncDisposable
{
    static readonly Caller Sender = new(
        new Principal("urn:isaexchange:party:northmere-police:sender:records-system"), new string('0', 64));

    readonly ServiceProvider _parts;
    readonly CancellationTokenSource _over = new();
    readonly Task _integrating;

    /// <param name="exchange">Whose home, servers and agreement these are.</param>
    /// <param name="way">Another way to its catalogue.</param>
    /// <param name="isIntegrating">Whether it takes its turn at giving events their place in the log.</param>
    public JourneyReplica(TestExchange exchange, PostgresSettings? way = null, bool isIntegrating = true)
    {
        var home = new HomeFolder(exchange.Home);
        var settings = ExchangeSettings.Load(home);
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System)
            .AddSingleton(settings.ToLimits() with { UploadsPerParty = 64 })
            .AddSingleton(PolicyFolders.Load(settings.Policies))
            .AddSingleton(new SignatureCheck(X509CertificateLoader.LoadCertificateFromFile(home.AuthorityCertificate)))
            .AddSingleton(new SecretBox(File.ReadAllBytes(home.FingerprintKey)))
            .AddSingleton(_ => NoteSigner.Parse(File.ReadAllText(home.LogKey).Trim()))
            .AddSingleton(p => new AuditTrail(
                p.GetRequiredService<ICatalogue>(), TimeProvider.System, settings.Exchange));
        AddServers(services, exchange.Servers, way ?? exchange.Servers.Postgres);
        services.AddSingleton<PartnershipBook>().AddSingleton<AgreementGate>().AddSingleton<SubmissionAccess>()
            .AddSingleton<UploadSessions>().AddSingleton<CreateSubmission>().AddSingleton<ComparePeriods>()
            .AddSingleton<ReceiveContent>()
            .AddSingleton<SubmitDataset>().AddSingleton<LogIntegrator>();
        _parts = services.BuildServiceProvider();
        _integrating = isIntegrating ? IntegrateAsync() : Task.CompletedTask;
    }

    public ICatalogue Catalogue => Get<ICatalogue>();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static void AddServers(ServiceCollection services, Servers servers, PostgresSettings way)
    {
        var trusting = new HttpClientTransport(servers.Parts.Authority.TrustingHandler());
        services.AddSingleton<ICatalogue>(
            _ => new PostgresCatalogue(way, TimeProvider.System, NullLoggerFactory.Instance));
        services.AddSingleton<IObjectStore>(_ => new BlobObjectStore(
            servers.Parts.Azurite.Account, IdentityEndpoint.Credential, servers.ContainerPrefix,
            Pipeline(Dependencies.Objects), trusting));
        services.AddSingleton(_ => new VaultKeyRing(
            servers.Vault.Address, IdentityEndpoint.Credential, Pipeline(Dependencies.Keys), TimeProvider.System,
            trusting));
        services.AddSingleton<IKeyRing>(p =>
        {
            var limits = p.GetRequiredService<Limits>();
            return new CachedKeyRing(
                p.GetRequiredService<VaultKeyRing>(), limits.UnwrappedKeyLife, limits.UnwrappedKeysMax,
                TimeProvider.System);
        });
    }

    static Dependency Pipeline(DependencyTerms terms) => new(terms, TimeProvider.System, NullLoggerFactory.Instance);

    T Get<T>()
        where T : notnull => _parts.GetRequiredService<T>();

    async Task IntegrateAsync()
    {
        await Task.Yield();
        while (!_over.IsCancellationRequested)
        {
            try
            {
                await Get<LogIntegrator>().IntegrateAsync(_over.Token);
                await Task.Delay(300, _over.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ExchangeException
                or System.Data.Common.DbException)
            {
                // Over; or another time.
            }
        }
    }

    /// <param name="slot">What it is for.</param>
    /// <param name="request">A request id, or empty.</param>
    /// <param name="supersedes">The submitted one that it corrects.</param>
    /// <param name="isNil">A nil return: READY at once, without content.</param>
    public async Task<SubmissionRow> CreateAsync(
        Slot slot, string request = "", SubmissionRow? supersedes = null, bool isNil = false)
    {
        PartyRows.BeginCall();
        var wanted = new NewSubmission(
            SubmissionName.ParseParent(Northmere.Street),
            new InformationPeriod(Day(slot.Month.StartDate), Day(slot.Month.EndDateExclusive)), [slot.Area])
        {
            NilReason = isNil ? "Nothing was recorded." : null,
            Supersedes = supersedes is null ? null : SubmissionName.Parse(supersedes.Name),
            CorrectionReason = supersedes is null ? null : "Counted again.",
        };
        return await Get<CreateSubmission>().RunAsync(Sender, wanted, KeyOf(request, "create"), Stop);
    }

    public async Task<ContentWriter?> OpenAsync(SubmissionRow row)
    {
        PartyRows.BeginCall();
        return await Get<ReceiveContent>().OpenAsync(Sender, SubmissionName.Parse(row.Name), Stop);
    }

    public async Task<WriteProgress> StatusAsync(SubmissionRow row)
    {
        PartyRows.BeginCall();
        return await Get<ReceiveContent>().StatusAsync(Sender, SubmissionName.Parse(row.Name), Stop);
    }

    public async Task<SubmissionRow> SubmitAsync(SubmissionRow row, string request)
    {
        PartyRows.BeginCall();
        return await Get<SubmitDataset>().RunAsync(
            Sender, SubmissionName.Parse(row.Name), etag: "", KeyOf(request, "submit " + row.Id), Stop);
    }

    /// <summary>Sends what is not durable yet and ends the content; its verdict.</summary>
    public async Task<SubmissionRow> UploadAsync(SubmissionRow row, byte[] content)
    {
        await using var writer = await OpenAsync(row);
        if (writer is null)
            return (await StatusAsync(row)).Submission;
        await WriteAsync(writer, content, writer.Persisted, content.Length);
        return (await writer.FinishAsync(SHA256.HashData(content), Stop)).Submission;
    }

    public static async Task WriteAsync(ContentWriter writer, byte[] content, long from, long upTo)
    {
        const int MessageBytes = 100_000;
        for (var at = from; at < upTo; at += MessageBytes)
        {
            var part = content.AsMemory((int)at, (int)Math.Min(MessageBytes, upTo - at));
            await writer.WriteAsync(new ContentMessage(at, part, WireSender.Checksum(part.Span)), Stop);
        }
    }

    /// <summary>Hex digest of what lies in staging for a submission that is READY, opened as a reader would.</summary>
    public async Task<string> StagedSha256Async(SubmissionRow row)
    {
        var name = row.ContentOf(row.Attempt);
        await using var staged = await Get<IObjectStore>().ReadStagedAsync(name, Stop);
        Assert.NotNull(staged);
        using var key = await SealedHeader.OpenAsync(staged.Header, name.Staged, Get<IKeyRing>(), Stop);
        await using var opened = PayloadOpener.OpenStream(staged.Payload, key, leaveOpen: true);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(opened, Stop));
    }

    static RequestKey KeyOf(string request, string body) => RequestKey.Of(request, Encoding.UTF8.GetBytes(body));

    static DateOnly Day(Google.Type.Date date) => new(date.Year, date.Month, date.Day);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _integrating;
        await _parts.DisposeAsync();
        _over.Dispose();
    }
}
