using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Service.Adapters;
using IsaExchange.Service.Errors;
using IsaExchange.Service.Grpc;
using IsaExchange.Service.Identity;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;
using IsaExchange.TransparencyLog;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IsaExchange.Service.Hosting;

/// <summary>Wires an exchange: the only place that knows which adapter stands behind which interface.</summary>
static class ExchangeHost
{
    public static WebApplication Build(HomeFolder home, ExchangeSettings settings, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, home, settings));
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);

        // What a driver or server quotes of its input must not reach a log: exceptions are logged by our interceptor.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Grpc.JsonTranscoding", LogLevel.None)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);

        // A pipeline logs what the call through it gave, and what its exception said. Its metrics say neither.
        builder.Logging.AddFilter("Polly", LogLevel.None);
        AddParts(builder.Services, home, settings, clock);
        AddJourneys(builder.Services);
        AddWire(builder.Services);
        TelemetryExport.Add(builder);

        var app = builder.Build();
        JsonReads.Use(app);
        app.MapGrpcService<SubmissionEndpoint>();
        app.MapGrpcService<FeedEndpoint>();
        app.MapGrpcService<AuditEndpoint>();
        app.MapGrpcService<AgreementEndpoint>();
        app.MapGrpcService<DirectoryEndpoint>();
        app.MapGrpcService<ComplianceEndpoint>();
        app.MapGrpcService<RequestEndpoint>();
        app.MapGrpcService<CredentialEndpoint>();
        app.MapGrpcHealthChecksService();
        return app;
    }

    static void Listen(KestrelServerOptions kestrel, HomeFolder home, ExchangeSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 1000;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 20;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.Listen(IPAddress.Loopback, settings.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = X509Certificate2.CreateFromPemFile(
                    home.ServerCertificate, home.ServerCertificate);
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;

                // Any certificate may open a connection; each call is then checked by CredentialCheck, so that every
                // refusal is the same answer and stands in the log. Only health answers without a credential.
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = static (_, _, _) => true;

                // The handshake looks at the chain too, and would fetch an issuer from wherever a stranger says.
                https.OnAuthenticate = static (_, tls) => tls.CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
            });
        });
    }

    static void AddParts(IServiceCollection services, HomeFolder home, ExchangeSettings settings, TimeProvider clock)
    {
        var fingerprintKey = File.ReadAllBytes(home.FingerprintKey);
        services.AddSingleton(clock);
        services.AddSingleton(settings.ToLimits());
        services.AddSingleton(PolicyFolders.Load(settings.Policies));
        services.AddSingleton(_ => new SignatureCheck(
            X509CertificateLoader.LoadCertificateFromFile(home.AuthorityCertificate)));
        services.AddSingleton<PartnershipBook>();
        services.AddSingleton(new SecretBox(fingerprintKey));
        StorageParts.Add(services, home, settings, clock);
        services.AddSingleton(_ => NoteSigner.Parse(File.ReadAllText(home.LogKey).Trim()));
        services.AddSingleton(p => new AuditTrail(p.GetRequiredService<ICatalogue>(), clock, settings.Exchange));
        services.AddSingleton<INoticeCarrier>(_ => settings.Smtp is { } smtp
            ? new SmtpCarrier(smtp)
            : new FolderCarrier(home.Root, home.Outbox, settings.Exchange));
        IdentityParts.Add(services, home, settings, clock);
        services.AddSingleton(p => new PageTokens(
            HKDF.DeriveKey(
                HashAlgorithmName.SHA256, fingerprintKey, 32, info: Encoding.UTF8.GetBytes("isaexchange page tokens")),
            p.GetRequiredService<Limits>(), clock));
    }

    static void AddJourneys(IServiceCollection services)
    {
        services.AddSingleton<AgreementGate>().AddSingleton<SubmissionAccess>().AddSingleton<UploadSessions>();
        services.AddSingleton<LogReader>().AddSingleton<LogIntegrator>();
        services.AddSingleton<ReceiptProofs>().AddSingleton<Housekeeping>().AddSingleton<DestroyContent>();
        services.AddSingleton<KeyHolders>().AddSingleton<RotateKeys>();
        services.AddSingleton<EraseExpired>().AddSingleton<EraseReleaseSecrets>().AddSingleton<DestroyKeys>();
        services.AddSingleton<CreateSubmission>().AddSingleton<ReceiveContent>().AddSingleton<SubmitDataset>();
        services.AddSingleton<ComparePeriods>().AddSingleton<ReadSubmission>().AddSingleton<ExplainQueries>();
        services.AddSingleton<ExportRecords>().AddSingleton<ReadEffect>();
        services.AddSingleton<Freezes>().AddSingleton<FreezeDataset>().AddSingleton<WithdrawDataset>();
        services.AddSingleton<ReadRecords>().AddSingleton<ReadRecall>().AddSingleton<DamagedObjects>();
        services.AddSingleton<RequestInformation>().AddSingleton<AnswerRequest>().AddSingleton<ReadRequests>();
        services.AddSingleton<PublishRelease>().AddSingleton<ReadRelease>().AddSingleton<ReadProposals>();
        services.AddSingleton<ProposeRelease>().AddSingleton<ApproveRelease>().AddSingleton<RetractRelease>();
        services.AddSingleton<ReadTable>().AddSingleton<CompareReleases>();
        services.AddSingleton<ReadAudit>().AddSingleton<ReadErasures>().AddSingleton<ReadCompliance>();
        services.AddSingleton<RevisionAccess>().AddSingleton<ReadAgreement>().AddSingleton<ProposeRevision>();
        services.AddSingleton<CommentRevision>().AddSingleton<SignRevision>().AddSingleton<GovernAgreement>();
        services.AddSingleton<WithdrawParty>().AddSingleton<AgreementJourneys>();
        services.AddSingleton<ReadDirectory>().AddSingleton<DesignateOfficer>().AddSingleton<ReadHandover>();
        services.AddSingleton<GrantExceptions>().AddSingleton<WithholdReturn>();
        services.AddSingleton<SendReminders>().AddSingleton<ReadNotices>().AddSingleton<NoticeDelivery>();
        services.AddSingleton<CredentialRegistry>().AddSingleton<EnrolCredential>().AddSingleton<RenewCredential>();
        services.AddSingleton<PersonHomes>();
        services.AddSingleton<RevokeCredential>().AddSingleton<ReadCredentials>().AddSingleton<LinkIdentity>();
        services.AddHostedService<IntegrationLoop>().AddHostedService<HousekeepingLoop>();
        services.AddHostedService<NoticeLoop>().AddHostedService<KeyLifeLoop>();
    }

    static void AddWire(IServiceCollection services)
    {
        services.AddSingleton<CallLimits>().AddSingleton<ContentStream>().AddSingleton<ComplianceWire>();
        services.AddSingleton<SubmissionEndpoint>().AddSingleton<FeedEndpoint>().AddSingleton<AuditEndpoint>();
        services.AddSingleton<RecordsStream>().AddSingleton<RequestEndpoint>();
        services.AddSingleton<AgreementEndpoint>().AddSingleton<ComplianceEndpoint>();
        services.AddSingleton<CredentialEndpoint>().AddSingleton<DirectoryEndpoint>();
        JsonReads.Add(services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = (1 << 20) + (64 << 10);
            options.EnableDetailedErrors = false;
            options.Interceptors.Add<ErrorInterceptor>();
            options.Interceptors.Add<CallerInterceptor>();
            options.Interceptors.Add<RuleInterceptor>();
        }));
        // An altered agreement must not take the others' exchange away: it has a health of its own.
        var checks = services.AddGrpcHealthChecks(health =>
        {
            health.Services.Map("", check => check.Name == LogHealth.Name);
            health.Services.Map("isaexchange.v1.AgreementService", check => check.Name == RegisterHealth.Name);
            foreach (var name in Dependencies.Names)
                health.Services.Map(DependencyHealth.Prefix + name, check => check.Name == name);
        }).AddCheck<LogHealth>(LogHealth.Name).AddCheck<RegisterHealth>(RegisterHealth.Name);
        foreach (var name in Dependencies.Names)
            checks.Add(new HealthCheckRegistration(
                name, p => new DependencyHealth(name, p.GetRequiredService<DependencyStates>()), null, null));
        services.AddSingleton<DependencyStates>().AddHostedService<ProbeLoop>();
    }
}
