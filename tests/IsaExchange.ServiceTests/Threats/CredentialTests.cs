using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>
/// Only an enrolled key under the exchange's own authority gets in, and no refusal says what was
/// wrong.
/// </summary>
[Collection(ThreatsTogether.Name)]
public sealed class CredentialTests(ThreatsExchange northmere)
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>Each is enrolled, so that nothing but its one fault can refuse it.</summary>
    static readonly Dictionary<string, Func<TestExchange, X509Certificate2>> Faulty = new(StringComparer.Ordinal)
    {
        ["another authority"] = x => new ForgedCredential().IssueByStranger(x),
        ["expired"] = x =>
            new ForgedCredential { NotBefore = Now.AddMinutes(-2), NotAfter = Now.AddSeconds(-10) }.Issue(x),
        ["not yet valid"] = x =>
            new ForgedCredential { NotBefore = Now.AddDays(1), NotAfter = Now.AddDays(2) }.Issue(x),
        ["a server's"] = x => new ForgedCredential { Usage = ForgedCredential.ServerUsage }.Issue(x),
        ["without usage"] = x => new ForgedCredential { Usage = null }.Issue(x),
        ["an authority's"] = x => new ForgedCredential { IsAuthority = true }.Issue(x),
        ["two subjects"] = x => new ForgedCredential
        {
            Subjects = [ForgedCredential.PoliceSubject, "urn:isaexchange:person:amara-okafor"],
        }.Issue(x),
        ["no subject"] = x => new ForgedCredential { RawSubjects = [0x30, 0x00] }.Issue(x),
        ["a broken subject"] = x => new ForgedCredential { RawSubjects = [0x30, 0x03, 0x86, 0x01, 0xFF] }.Issue(x),
        ["a subject of no kind"] = x =>
            new ForgedCredential { Subjects = ["https://northmere.example/police"] }.Issue(x),
        ["another's enrolment"] = x =>
            new ForgedCredential { Subjects = ["urn:isaexchange:person:tom-ellery"] }.Issue(x),
    };

    public static TheoryData<string> Faults => [.. Faulty.Keys];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What a caller without any certificate is told: nobody may be told more.</summary>
    async Task<Problem> WithoutAnyAsync()
    {
        using var channel = northmere.Exchange.Connect(null);
        return await RefusedAsync(channel.CreateCallInvoker());
    }

    static Task<Problem> RefusedAsync(CallInvoker invoker) => Problem.OfAsync(() => AskAsync(invoker));

    static async Task AskAsync(CallInvoker invoker) => await new AgreementService.AgreementServiceClient(invoker)
        .GetAgreementAsync(new GetAgreementRequest { Name = Northmere.Agreement }, cancellationToken: Stop);

    X509Certificate2 Enrolled(
        Func<TestExchange, X509Certificate2> issue, string subject = ForgedCredential.PoliceSubject)
    {
        var certificate = issue(northmere.Exchange);
        northmere.Catalogue.Enrol(ForgedCredential.Spki(certificate), subject);
        return certificate;
    }

    [Fact]
    public async Task InOrderAndEnrolled_IsLetIn()
    {
        using var channel = northmere.Exchange.Connect(Enrolled(new ForgedCredential().Issue));
        await AskAsync(channel.CreateCallInvoker());
    }

    [Fact]
    public async Task NoCertificate_IsRefusedAndLogged()
    {
        var before = northmere.Catalogue.Events("auth.refused");
        var problem = await WithoutAnyAsync();
        Assert.Equal("Unauthenticated UNAUTHENTICATED", problem.ToString());
        Assert.Equal(before + 1, northmere.Catalogue.Events("auth.refused"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task FaultyCertificate_IsRefusedLikeNoneAtAllAndLogged(string fault)
    {
        var expected = await WithoutAnyAsync();
        var before = northmere.Catalogue.Events("auth.refused");
        using var channel = northmere.Exchange.Connect(Enrolled(Faulty[fault]));
        var problem = await RefusedAsync(channel.CreateCallInvoker());
        Assert.Equal(expected.Status, problem.Status);
        Assert.Equal(before + 1, northmere.Catalogue.Events("auth.refused"));
    }

    [Fact]
    public async Task KeyNotEnrolled_IsRefusedLikeNoneAtAll()
    {
        var expected = await WithoutAnyAsync();
        using var channel = northmere.Exchange.Connect(new ForgedCredential().Issue(northmere.Exchange));
        Assert.Equal(expected.Status, (await RefusedAsync(channel.CreateCallInvoker())).Status);
    }

    [Fact]
    public async Task RevokedWhileTheConnectionIsOpen_TheNextCallIsRefused()
    {
        var expected = await WithoutAnyAsync();
        var certificate = Enrolled(new ForgedCredential().Issue);
        using var channel = northmere.Exchange.Connect(certificate);
        var invoker = channel.CreateCallInvoker();
        await AskAsync(invoker);
        northmere.Catalogue.Revoke(ForgedCredential.Spki(certificate));
        Assert.Equal(expected.Status, (await RefusedAsync(invoker)).Status);
    }

    [Fact]
    public async Task ExpiredWhileTheConnectionIsOpen_TheNextCallIsRefused()
    {
        var end = TimeProvider.System.GetUtcNow().AddSeconds(4);
        using var channel = northmere.Exchange.Connect(Enrolled(new ForgedCredential { NotAfter = end }.Issue));
        var invoker = channel.CreateCallInvoker();
        await AskAsync(invoker);
        await Task.Delay(end - TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1), Stop);
        Assert.Equal(StatusCode.Unauthenticated, (await RefusedAsync(invoker)).Code);
    }

    [Fact]
    public async Task EveryRpc_RefusesWhoeverIsNotKnown()
    {
        var expected = await WithoutAnyAsync();
        using var channel = northmere.Exchange.Connect(null);
        var invoker = channel.CreateCallInvoker();
        foreach (var rpc in RawCall.All)
        {
            var options = new CallOptions(cancellationToken: Stop);
            var problem = await Problem.OfAsync(() =>
                RawCall.SendAsync(invoker, rpc.Service.FullName, rpc.Name, options, [[]]));
            Assert.True(expected.Status.AsSpan().SequenceEqual(problem.Status), $"{rpc.FullName}: {problem}");
        }
    }

    [Fact]
    public async Task CertificateThatNamesAnAddressOfItsIssuer_IsNotFollowed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/issuer.crt";
        var certificate = new ForgedCredential { IssuerAddress = address }.IssueByStranger(northmere.Exchange);
        using var channel = northmere.Exchange.Connect(certificate);
        Assert.Equal(StatusCode.Unauthenticated, (await RefusedAsync(channel.CreateCallInvoker())).Code);
        Assert.False(listener.Pending(), "the exchange went to an address that a stranger gave it");
    }

    [Fact]
    public async Task Health_AnswersWithoutACredential()
    {
        using var channel = northmere.Exchange.Connect(null);
        var options = new CallOptions(cancellationToken: Stop);
        var answers = await RawCall.SendAsync(
            channel.CreateCallInvoker(), "grpc.health.v1.Health", "Check", options, [[]]);

        // HealthCheckResponse { status: SERVING }
        Assert.Equal([0x08, 0x01], Assert.Single(answers));
    }
}
