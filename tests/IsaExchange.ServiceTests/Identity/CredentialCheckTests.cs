using System.Data.Common;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Identity;
using IsaExchange.ServiceTests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>What the streams of one connection share must not make one of them a stranger.</summary>
public sealed class CredentialCheckTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-credentials-");
    readonly PrivateAuthority _authority = PrivateAuthority.Create("isaexchange.example/test", TimeProvider.System);
    readonly SqliteCatalogue _catalogue;

    public CredentialCheckTests() => _catalogue = new SqliteCatalogue(Path.Combine(_folder.FullName, "catalogue.db"));

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StreamsOfOneConnection_AreAllLetInAtOnce()
    {
        const int Rounds = 150;
        const int Streams = 8;
        var der = await EnrolAsync();
        for (var round = 0; round < Rounds; round++)
        {
            // As after a start: nothing is remembered yet, and the certificate of the connection is decoded by nobody.
            var check = new CredentialCheck(_authority.Certificate, _catalogue, TimeProvider.System);
            using var shared = X509CertificateLoader.LoadCertificate(der);
            using var together = new Barrier(Streams);
            var callers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait(Stop);
                    return check.IdentifyAsync(shared, Stop);
                },
                Stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
            Assert.All(callers, caller => Assert.NotNull(caller));
            Assert.NotNull(await check.IdentifyAsync(shared, Stop));
        }
    }

    [Fact]
    public async Task CertificateOfAnotherAuthority_IsNeverLetIn()
    {
        var der = await EnrolAsync();
        using var stranger = PrivateAuthority.Create("isaexchange.example/test", TimeProvider.System);
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        var check = new CredentialCheck(stranger.Certificate, _catalogue, TimeProvider.System);
        for (var tries = 0; tries < 3; tries++)
            Assert.Null(await check.IdentifyAsync(certificate, Stop));
        Assert.NotNull(await new CredentialCheck(_authority.Certificate, _catalogue, TimeProvider.System)
            .IdentifyAsync(certificate, Stop));
    }

    [Fact]
    public async Task RefusalBecauseOfTheTime_IsNotRememberedWhenTheTimeHasCome()
    {
        // An authority of tomorrow, as a clock that lags sees the one that was just made.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(1));
        using var tomorrows = PrivateAuthority.Create("isaexchange.example/test", clock);
        var der = await EnrolAsync(
            new ForgedCredential { NotAfter = clock.GetUtcNow().AddDays(2) }, tomorrows.Certificate);
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        var seen = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var check = new CredentialCheck(tomorrows.Certificate, _catalogue, seen);
        for (var tries = 0; tries < 2; tries++)
            Assert.Null(await check.IdentifyAsync(certificate, Stop));
        seen.Advance(TimeSpan.FromDays(1.5));
        Assert.NotNull(await check.IdentifyAsync(certificate, Stop));

        // And over again when it is over: what is remembered is whom it names, never that it lets in.
        seen.Advance(TimeSpan.FromDays(2));
        Assert.Null(await check.IdentifyAsync(certificate, Stop));
    }

    [Fact]
    public async Task CatalogueThatDoesNotAnswer_IsAFaultAndNoRefusalForTheNextCall()
    {
        using var certificate = new ForgedCredential().Issue(_authority.Certificate);
        var check = new CredentialCheck(_authority.Certificate, _catalogue, TimeProvider.System);
        await Assert.ThrowsAnyAsync<DbException>(() => check.IdentifyAsync(certificate, Stop));
        await EnrolAsync(certificate);
        Assert.NotNull(await check.IdentifyAsync(certificate, Stop));
    }

    [Fact]
    public void LimiterThatWasJustDisposed_IsAskedForAnew()
    {
        using var limiter = new Disposing(times: 2);
        using var lease = CallLimits.Acquire(limiter, "somebody");
        Assert.True(lease.IsAcquired);
        using var broken = new Disposing(times: int.MaxValue);
        Assert.Throws<ObjectDisposedException>(() => CallLimits.Acquire(broken, "somebody"));
    }

    Task<byte[]> EnrolAsync() => EnrolAsync(new ForgedCredential(), _authority.Certificate);

    async Task<byte[]> EnrolAsync(ForgedCredential credential, X509Certificate2 authority)
    {
        using var certificate = credential.Issue(authority);
        return await EnrolAsync(certificate);
    }

    async Task<byte[]> EnrolAsync(X509Certificate2 certificate)
    {
        await _catalogue.CreateAsync(Stop);
        await _catalogue.WriteAsync(
            db => Task.FromResult(db.Credentials.Add(new CredentialRow
            {
                SpkiSha256 = ForgedCredential.Spki(certificate), Id = "one", Subject = ForgedCredential.PoliceSubject,
                Agreement = "northmere", AgreementRevision = "", Party = "northmere-police", NotBeforeTicks = 0,
                NotAfterTicks = 0, EnrolTicks = 0, EnrolledBy = "", CertificatePem = "",
            })),
            Stop);
        return certificate.RawData;
    }

    public void Dispose()
    {
        _catalogue.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>As the platform's, which now and then gives out a limiter that it has just disposed.</summary>
    sealed class Disposing(int times) : PartitionedRateLimiter<string>
    {
        int _left = times;

        public override RateLimiterStatistics? GetStatistics(string resource) => null;

        protected override RateLimitLease AttemptAcquireCore(string resource, int permitCount) =>
            _left-- > 0 ? throw new ObjectDisposedException("limiter") : new Lease();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(
            string resource, int permitCount, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    sealed class Lease : RateLimitLease
    {
        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
