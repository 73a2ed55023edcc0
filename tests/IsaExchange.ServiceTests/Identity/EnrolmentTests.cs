using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>A key is let in from its approval to its end, and only for whom it was approved.</summary>
[Collection(TokensTogether.Name)]
public sealed class EnrolmentTests(TokenExchange northmere)
{
    static readonly Dictionary<string, (Func<ByteString> Request, string Reason)> Bad = new(StringComparer.Ordinal)
    {
        ["nothing"] = (() => ByteString.Empty, "REQUEST_MALFORMED"),
        ["garbage"] = (() => ByteString.CopyFrom(new byte[300]), "REQUEST_MALFORMED"),
        ["too long"] = (() => ByteString.CopyFrom(new byte[9000]), "REQUEST_MALFORMED"),
        ["bytes after it"] = (() => ByteString.CopyFrom([.. Fresh(), 0]), "REQUEST_MALFORMED"),
        ["another curve"] = (SigningRequests.OnAnotherCurve, "KEY_NOT_P256"),
        ["RSA"] = (SigningRequests.OfRsa, "KEY_NOT_P256"),
        ["signed by another key"] = (SigningRequests.SignedByAnother, "KEY_NOT_PROVED"),
        ["for another"] = (
            () => SigningRequests.Naming("urn:isaexchange:person:amara-okafor"), "REQUEST_FOR_ANOTHER"),
    };

    public static TheoryData<string> Faults => [.. Bad.Keys];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    CredentialService.CredentialServiceClient As(string who) => new(northmere.Exchange.As(who));

    static ByteString Fresh()
    {
        using var key = SigningRequests.NewKey();
        return SigningRequests.Of(key);
    }

    static EnrolCredentialRequest Request(ByteString request, string holder = SigningRequests.PoliceDeputy) => new()
    {
        Parent = Northmere.Police, Holder = holder, CertificateRequest = request,
    };

    static async Task AskAsync(CallInvoker invoker) => await new AgreementService.AgreementServiceClient(invoker)
        .GetAgreementAsync(new GetAgreementRequest { Name = Northmere.Agreement }, cancellationToken: Stop);

    /// <summary>A key of the holder that the liaison officer of the police has approved.</summary>
    async Task<(X509Certificate2 Certificate, Credential Credential)> EnrolAsync(
        string holder = SigningRequests.PoliceDeputy)
    {
        using var key = SigningRequests.NewKey();
        var enrolled = await As(Northmere.PoliceOfficer).EnrolCredentialAsync(
            Request(SigningRequests.Of(key), holder), cancellationToken: Stop);
        using var bare = X509Certificate2.CreateFromPem(enrolled.CertificatePem);
        return (bare.CopyWithPrivateKey(key), enrolled);
    }

    [Theory]
    [InlineData(SigningRequests.PoliceSender, 90)]
    [InlineData(SigningRequests.PoliceDeputy, 365)]
    public async Task ApprovedKey_IsLetInForItsLife(string holder, int days)
    {
        var (certificate, enrolled) = await EnrolAsync(holder);
        using var channel = northmere.Exchange.Connect(certificate);
        await AskAsync(channel.CreateCallInvoker());
        Assert.Equal(holder, enrolled.Holder);
        Assert.Equal(Credential.Types.State.Active, enrolled.State);
        Assert.Equal("urn:isaexchange:person:" + Northmere.PoliceOfficer, enrolled.ApprovedBy);
        Assert.Matches("^[0-9a-f]{64}$", enrolled.AgreementRevision);
        var life = enrolled.NotAfterTime.ToDateTime() - TimeProvider.System.GetUtcNow().UtcDateTime;
        Assert.InRange(life.TotalDays, days - 0.1, days + 0.1);
    }

    [Fact]
    public async Task WhatTheRequestAsksFor_IsNotGiven()
    {
        using var key = SigningRequests.NewKey();
        var asked = SigningRequests.Of(
            key,
            SigningRequests.Names(SigningRequests.PoliceDeputy),
            new X509BasicConstraintsExtension(true, true, 9, true),
            new X509EnhancedKeyUsageExtension([new Oid(ForgedCredential.ServerUsage)], true));
        var enrolled = await As(Northmere.PoliceOfficer).EnrolCredentialAsync(Request(asked), cancellationToken: Stop);
        using var certificate = X509Certificate2.CreateFromPem(enrolled.CertificatePem);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(ForgedCredential.ClientUsage, Assert.Single(certificate.Extensions
            .OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>()).Value);
        Assert.DoesNotContain("whatever", certificate.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task FaultyRequest_IsRefusedWithItsReason(string fault)
    {
        var (request, reason) = Bad[fault];
        await Problem.IsAsync($"InvalidArgument {reason}", async () =>
            await As(Northmere.PoliceOfficer).EnrolCredentialAsync(Request(request()), cancellationToken: Stop));
    }

    [Theory]
    [InlineData("urn:isaexchange:person:fatima-noor")]
    [InlineData("urn:isaexchange:person:nobody-at-all")]
    [InlineData("urn:isaexchange:party:northmere-police:sender:nothing")]
    [InlineData("urn:isaexchange:party:northmere-west-health:sender:data-warehouse")]
    [InlineData("https://northmere.example/police")]
    [InlineData("")]
    public async Task HolderOfAnotherPartyOrNobody_IsRefusedAlike(string holder)
    {
        var problem = await Problem.IsAsync("InvalidArgument HOLDER_NOT_DESIGNATED", async () =>
            await As(Northmere.PoliceOfficer).EnrolCredentialAsync(Request(Fresh(), holder), cancellationToken: Stop));
        Assert.DoesNotContain("fatima", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameRequestTwice_GivesTheSameCertificate()
    {
        var request = Request(Fresh());
        request.RequestId = Guid.NewGuid().ToString();
        var one = await As(Northmere.PoliceOfficer).EnrolCredentialAsync(request, cancellationToken: Stop);
        var two = await As(Northmere.PoliceOfficer).EnrolCredentialAsync(request, cancellationToken: Stop);
        Assert.Equal(one, two);
    }

    [Fact]
    public async Task KeyThatWasEnrolled_IsNotEnrolledAgainNotEvenAfterItsEnd()
    {
        var request = Fresh();
        var officer = As(Northmere.PoliceOfficer);
        var first = await officer.EnrolCredentialAsync(Request(request), cancellationToken: Stop);
        await Problem.IsAsync("AlreadyExists KEY_ALREADY_ENROLLED", async () =>
            await officer.EnrolCredentialAsync(Request(request), cancellationToken: Stop));
        await officer.RevokeCredentialAsync(
            new RevokeCredentialRequest { Name = first.Name, Reason = "test" }, cancellationToken: Stop);
        await Problem.IsAsync("AlreadyExists KEY_ALREADY_ENROLLED", async () =>
            await officer.EnrolCredentialAsync(Request(request), cancellationToken: Stop));
    }

    [Fact]
    public async Task RevokedKey_IsRefusedOnTheNextCallOfTheOpenConnection()
    {
        var (certificate, enrolled) = await EnrolAsync();
        using var channel = northmere.Exchange.Connect(certificate);
        var invoker = channel.CreateCallInvoker();
        await AskAsync(invoker);
        var revoked = await As(Northmere.PoliceOfficer).RevokeCredentialAsync(
            new RevokeCredentialRequest { Name = enrolled.Name, Reason = "laptop of Ben lost" },
            cancellationToken: Stop);
        Assert.Equal(Credential.Types.State.Revoked, revoked.State);
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(invoker));

        // The reason stands beside the credential and, as a digest alone, in the log.
        Assert.Equal(0, northmere.Catalogue.Scalar("select count(*) from Events where instr(Json, 'laptop') > 0"));
        var digest = Convert.ToHexStringLower(SHA256.HashData("laptop of Ben lost"u8));
        Assert.Equal(1, northmere.Catalogue.Scalar(
            "select count(*) from Events where json_extract(Json, '$.object_sha256') = $digest", ("$digest", digest)));
    }

    [Fact]
    public async Task AnotherPartysOfficer_NeitherSeesNorRevokes()
    {
        var (_, enrolled) = await EnrolAsync();
        var other = As(Northmere.WestOfficer);
        await Problem.IsAsync("NotFound NOT_FOUND", async () => await other.RevokeCredentialAsync(
            new RevokeCredentialRequest { Name = enrolled.Name, Reason = "test" }, cancellationToken: Stop));
        var borrowed = enrolled.Name.Replace("northmere-police", "northmere-west-health", StringComparison.Ordinal);
        await Problem.IsAsync("NotFound NOT_FOUND", async () => await other.RevokeCredentialAsync(
            new RevokeCredentialRequest { Name = borrowed, Reason = "test" }, cancellationToken: Stop));
        var own = await other.ListCredentialsAsync(
            new ListCredentialsRequest { Parent = Northmere.WestHealth }, cancellationToken: Stop);
        Assert.NotEmpty(own.Credentials);
        Assert.All(own.Credentials, c =>
            Assert.StartsWith(Northmere.WestHealth + "/", c.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renewal_TakesThePlaceOfTheOldKeyWhichLetsInABitLonger()
    {
        var (certificate, enrolled) = await EnrolAsync();
        using var channel = northmere.Exchange.Connect(certificate);
        var old = new CredentialService.CredentialServiceClient(channel.CreateCallInvoker());
        using var key = SigningRequests.NewKey();
        var request = new RenewCredentialRequest
        {
            Parent = Northmere.Police,
            CertificateRequest = SigningRequests.Of(key),
            RequestId = Guid.NewGuid().ToString(),
        };
        var renewed = await old.RenewCredentialAsync(request, cancellationToken: Stop);

        // The answer may be lost: asked again, with the old key, it is the same.
        Assert.Equal(renewed, await old.RenewCredentialAsync(request, cancellationToken: Stop));
        using var bare = X509Certificate2.CreateFromPem(renewed.CertificatePem);
        using var fresh = northmere.Exchange.Connect(bare.CopyWithPrivateKey(key));
        await AskAsync(fresh.CreateCallInvoker());
        await Problem.IsAsync("FailedPrecondition ALREADY_RENEWED", async () => await old.RenewCredentialAsync(
            new RenewCredentialRequest { Parent = Northmere.Police, CertificateRequest = Fresh() },
            cancellationToken: Stop));
        var listed = await As(Northmere.PoliceOfficer).ListCredentialsAsync(
            new ListCredentialsRequest { Parent = Northmere.Police, PageSize = 1000 }, cancellationToken: Stop);
        var replaced = Assert.Single(listed.Credentials, c => c.Name == enrolled.Name);
        Assert.Equal(Credential.Types.State.Replaced, replaced.State);
        northmere.Catalogue.EndOverlap(Convert.ToHexStringLower(replaced.KeySha256.Span));
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(channel.CreateCallInvoker()));
    }

    [Fact]
    public async Task RenewalByToken_IsRefused()
    {
        using var channel = northmere.Anonymous();
        var token = new ForgedToken(northmere.Provider, TokenExchange.OfficerSubject).SignRsa(northmere.Provider.Key);
        var client = new CredentialService.CredentialServiceClient(channel);
        await Problem.IsAsync("FailedPrecondition RENEWAL_NEEDS_THE_OLD_KEY", async () =>
            await client.RenewCredentialAsync(
                new RenewCredentialRequest { Parent = Northmere.Police, CertificateRequest = Fresh() },
                TokenExchange.Bearer(token), cancellationToken: Stop));
    }
}
