using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using IsaExchange.V1;

namespace IsaExchange.Cli.Wire;

/// <summary>
/// The mutually authenticated channel to one exchange. The server must prove itself with a certificate of the authority
/// in the credential folder; the machine's own trust store counts for nothing here.
/// </summary>
sealed class Connection : IDisposable
{
    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    readonly GrpcChannel _channel;

    Connection(GrpcChannel channel, Credential credential, Uri server)
    {
        _channel = channel;
        Credential = credential;
        Server = server;
        Submissions = new SubmissionService.SubmissionServiceClient(channel);
        Compliance = new ComplianceService.ComplianceServiceClient(channel);
        Feeds = new FeedService.FeedServiceClient(channel);
        Audit = new AuditService.AuditServiceClient(channel);
        Requests = new RequestService.RequestServiceClient(channel);
        Agreements = new AgreementService.AgreementServiceClient(channel);
        Directory = new DirectoryService.DirectoryServiceClient(channel);
        Credentials = new CredentialService.CredentialServiceClient(channel);
    }

    public Credential Credential { get; }

    public Uri Server { get; }

    /// <summary>Id of the agreement meant: one credential works in all that name its holder.</summary>
    public required string Agreement { get; init; }

    public string Party => Credential.Profile.Party;

    public SubmissionService.SubmissionServiceClient Submissions { get; }

    public ComplianceService.ComplianceServiceClient Compliance { get; }

    public FeedService.FeedServiceClient Feeds { get; }

    public DirectoryService.DirectoryServiceClient Directory { get; }

    public AuditService.AuditServiceClient Audit { get; }

    public RequestService.RequestServiceClient Requests { get; }

    public AgreementService.AgreementServiceClient Agreements { get; }

    public CredentialService.CredentialServiceClient Credentials { get; }

    /// <param name="server">Overrides the address in the credential's profile; null = the profile's.</param>
    /// <param name="token">Proves who calls in place of the certificate; null = the certificate does.</param>
    /// <param name="agreement">Overrides the profile's as well; null = the profile's.</param>
    public static Connection Open(Credential credential, string? server, string? token, string? agreement)
    {
        var address = server ?? credential.Profile.Server;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
            throw new VerbException(ExitCode.Usage, $"{address} is not an https address",
                "write --server https://host:port");
        var channel = GrpcChannel.ForAddress(uri, new GrpcChannelOptions
        {
            HttpHandler = Handler(credential, uri, token is null),
            DisposeHttpClient = true,
            Credentials = token is null ? null : ByToken(token),
        });
        return new Connection(channel, credential, uri) { Agreement = agreement ?? credential.Profile.Agreement };
    }

    public void Dispose() => _channel.Dispose();

    static ChannelCredentials ByToken(string token) => ChannelCredentials.Create(
        ChannelCredentials.SecureSsl,
        CallCredentials.FromInterceptor((_, headers) =>
        {
            headers.Add("authorization", "Bearer " + token);
            return Task.CompletedTask;
        }));

    static SocketsHttpHandler Handler(Credential credential, Uri server, bool byCertificate)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.Add(credential.Authority);
        trust.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A link that died without a word is noticed within a minute; the upload then goes on from what is durable.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            EnableMultipleHttp2Connections = true,
            // A proxy from the environment cannot reach this machine's own loopback.
            UseProxy = !server.IsLoopback,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = trust,
                // A context, not a collection: it is sent whatever issuers the server names.
                ClientCertificateContext = byCertificate
                    ? SslStreamCertificateContext.Create(
                        credential.Certificate, additionalCertificates: null, offline: true)
                    : null,
            },
        };
    }
}
