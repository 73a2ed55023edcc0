using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>
/// Only an access token of a known issuer, for us, of a linked subject, gets in, and no refusal says what was wrong.
/// </summary>
[Collection(TokensTogether.Name)]
public sealed class TokenTests(TokenExchange northmere)
{
    /// <summary>Each is right in everything but one thing.</summary>
    static readonly Dictionary<string, Func<TokenExchange, Task<string>>> Bad = new(StringComparer.Ordinal)
    {
        ["algorithm none"] = x => Done(Good(x).WithHeader("alg", "none").WithoutSignature()),
        ["algorithm None"] = x => Done(Good(x).WithHeader("alg", "None").WithoutSignature()),
        ["HS256 by the public key"] = x => Done(Good(x).WithHeader("alg", "HS256").SignHmac(
            Encoding.ASCII.GetBytes(x.Provider.Key.ExportSubjectPublicKeyInfoPem()))),
        ["its own key beside it"] = x => Done(EmbeddedKey(x)),
        ["the key's name, another key"] = x => Done(SignedByStranger(Good(x))),
        ["a key nobody knows"] = x => Done(SignedByStranger(Good(x).WithHeader("kid", "another"))),
        ["no key named"] = x => Done(Sign(x, Good(x).WithHeader("kid", null))),
        ["payload changed"] = x => Done(Changed(Sign(x, Good(x)))),
        ["another issuer"] = x => Done(Sign(x, Good(x).With("iss", "https://localhost:1"))),
        ["another audience"] = x => Done(Sign(x, Good(x).With("aud", "https://elsewhere.example"))),
        ["expired 4 minutes ago"] = x => Done(Sign(x, Good(x).EndingIn(TimeSpan.FromMinutes(-3.5)))),
        ["expired 6 minutes ago"] = x => Done(Sign(x, Good(x).EndingIn(TimeSpan.FromMinutes(-5.5)))),
        ["expired, within the usual skew"] = x => Done(Sign(x, Good(x).EndingIn(TimeSpan.FromSeconds(-5)))),
        ["no expiry"] = x => Done(Sign(x, Good(x).With("exp", null))),
        ["no time of issue"] = x => Done(Sign(x, Good(x).With("iat", null))),
        ["not valid yet"] = x => Done(Sign(x, Good(x).With("nbf", Seconds(TimeSpan.FromMinutes(5))))),
        ["issued in the future"] = x => Done(Sign(x, Good(x).With("iat", Seconds(TimeSpan.FromMinutes(5))))),
        ["valid for two hours"] = x => Done(Sign(x, Good(x).With("exp", Seconds(TimeSpan.FromHours(2))))),
        ["foreign type"] = x => Done(Sign(x, Good(x).WithHeader("typ", "secevent+jwt"))),
        ["no type"] = x => Done(Sign(x, Good(x).WithHeader("typ", null))),
        ["PS256 by the same key"] = x => Done(Good(x).WithHeader("alg", "PS256").SignRsa(
            x.Provider.Key, padding: RSASignaturePadding.Pss)),
        ["RS512 by the same key"] = x => Done(Good(x).WithHeader("alg", "RS512").SignRsa(
            x.Provider.Key, HashAlgorithmName.SHA512)),
        ["a critical header"] = x => Done(Sign(x, Good(x).WithHeader("crit", new JsonArray("b64")))),
        ["no subject"] = x => Done(Sign(x, Good(x).With("sub", null))),
        ["a subject that is no text"] = x => Done(Sign(x, Good(x).With("sub", new JsonArray("a")))),
        ["a subject nobody linked"] = x => Done(Sign(x, Good(x).With("sub", "8f6102c4-nobody"))),
        ["a subject in other letters"] = x => Done(Sign(x, Good(x).With("sub", "8F6102C4-OFFICER"))),
        ["no program named"] = x => Done(Sign(x, Good(x).With("client_id", null))),
        ["two programs, one not allowed"] = x => Done(Sign(x, Good(x).With("azp", "another-program"))),
        ["no scope"] = x => Done(Sign(x, Good(x).With("scope", null))),
        ["bound to a key"] = x => Done(Sign(x, Good(x).With("cnf", new JsonObject { ["jkt"] = "abc" }))),
        ["no tenant"] = x => Done(Sign(x, Good(x).With("tid", null))),
        ["ID token"] = async x => (await x.Provider.LoginAsync(TokenExchange.OfficerSubject)).IdToken,
        ["without MFA"] = async x => (await x.Provider.LoginAsync(TokenExchange.NoMfaSubject)).AccessToken,
        ["from a consumer tenant"] =
            async x => (await x.Provider.LoginAsync(TokenExchange.ConsumerSubject)).AccessToken,
        ["for another program"] = async x =>
            (await x.Provider.LoginAsync(TokenExchange.OfficerSubject, OidcProvider.OtherClient)).AccessToken,
        ["not a token"] = _ => Done("8f6102c4-officer"),
        ["empty"] = _ => Done(""),
        ["five parts"] = x => Done(Sign(x, Good(x)) + ".AA.AA"),
        ["very long"] = x => Done(Sign(x, Good(x).With("more", new string('a', 9000)))),
    };

    public static TheoryData<string> Faults => [.. Bad.Keys];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Task<string> Done(string token) => Task.FromResult(token);

    static ForgedToken Good(TokenExchange x) => new(x.Provider, TokenExchange.OfficerSubject);

    static string Sign(TokenExchange x, ForgedToken token) => token.SignRsa(x.Provider.Key);

    static string SignedByStranger(ForgedToken token)
    {
        using var stranger = RSA.Create(2048);
        return token.SignRsa(stranger);
    }

    static string EmbeddedKey(TokenExchange x)
    {
        using var stranger = RSA.Create(2048);
        var p = stranger.ExportParameters(false);
        return Good(x).WithHeader("kid", null).WithHeader("jwk", new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = System.Buffers.Text.Base64Url.EncodeToString(p.Modulus),
            ["e"] = System.Buffers.Text.Base64Url.EncodeToString(p.Exponent),
        }).SignRsa(stranger);
    }

    static string Changed(string token)
    {
        var parts = token.Split('.');
        var payload = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
        var changed = payload.Replace("-officer", "-analyst", StringComparison.Ordinal);
        Assert.NotEqual(payload, changed);
        return $"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(changed))}.{parts[2]}";
    }

    static long Seconds(TimeSpan fromNow) => (TimeProvider.System.GetUtcNow() + fromNow).ToUnixTimeSeconds();

    static async Task AskAsync(CallInvoker invoker, Metadata headers) =>
        await new AgreementService.AgreementServiceClient(invoker).GetAgreementAsync(
            new GetAgreementRequest { Name = Northmere.Agreement }, headers, cancellationToken: Stop);

    async Task AskAsync(string token)
    {
        using var channel = northmere.Anonymous();
        await AskAsync(channel.CreateCallInvoker(), TokenExchange.Bearer(token));
    }

    async Task<Problem> WithoutAnyAsync()
    {
        using var channel = northmere.Anonymous();
        return await Problem.OfAsync(() => AskAsync(channel.CreateCallInvoker(), []));
    }

    [Fact]
    public async Task TokenOfARealLogin_IsLetInAndLoggedWithoutNamingAnybody()
    {
        var tokens = await northmere.Provider.LoginAsync(TokenExchange.OfficerSubject);
        var before = northmere.Catalogue.Events("read.agreement");
        await AskAsync(tokens.AccessToken);
        Assert.Equal(before + 1, northmere.Catalogue.Events("read.agreement"));
        var id = (string)JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(
            tokens.AccessToken.Split('.')[1]))!["jti"]!;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        Assert.Equal(1, northmere.Catalogue.Scalar(
            "select count(*) from Events where json_extract(Json, '$.credential') = $digest", ("$digest", digest)));
        foreach (var secret in (string[])[TokenExchange.OfficerSubject, id, tokens.AccessToken.Split('.')[2]])
        {
            Assert.DoesNotContain(secret, northmere.Exchange.Log, StringComparison.Ordinal);
            Assert.Equal(0, northmere.Catalogue.Scalar(
                "select count(*) from Events where instr(Json, $secret) > 0", ("$secret", secret)));
        }
    }

    [Fact]
    public async Task ForgedTokenWithoutAFault_IsLetIn() => await AskAsync(Sign(northmere, Good(northmere)));

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task BadToken_IsRefusedLikeNoneAtAllAndLogged(string fault)
    {
        var expected = await WithoutAnyAsync();
        var token = await Bad[fault](northmere);
        var before = northmere.Catalogue.Events("auth.refused");
        var problem = await Problem.OfAsync(() => AskAsync(token));
        Assert.Equal("Unauthenticated UNAUTHENTICATED", problem.ToString());
        Assert.Equal(expected.Status, problem.Status);
        Assert.Equal(before + 1, northmere.Catalogue.Events("auth.refused"));
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("")]
    public async Task HeaderOfAnotherKind_IsRefused(string header)
    {
        using var channel = northmere.Anonymous();
        var invoker = channel.CreateCallInvoker();
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () =>
            AskAsync(invoker, new Metadata { { "authorization", header } }));
    }

    [Fact]
    public async Task TwoTokens_AreRefused()
    {
        using var channel = northmere.Anonymous();
        var invoker = channel.CreateCallInvoker();
        var headers = TokenExchange.Bearer(Sign(northmere, Good(northmere)));
        headers.Add("authorization", "Bearer " + Sign(northmere, Good(northmere)));
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(invoker, headers));
    }

    [Fact]
    public async Task CertificateAndTokenOfOnePerson_AreLetIn() => await AskAsync(
        northmere.Exchange.As(Northmere.PoliceOfficer), TokenExchange.Bearer(Sign(northmere, Good(northmere))));

    [Theory]
    [InlineData(Northmere.PoliceSender)]
    [InlineData(Northmere.PoliceAnalyst)]
    [InlineData(Northmere.WestOfficer)]
    public async Task CertificateAndTokenOfDifferentPrincipals_AreRefused(string who) =>
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(
            northmere.Exchange.As(who), TokenExchange.Bearer(Sign(northmere, Good(northmere)))));

    [Fact]
    public async Task GoodCertificateWithABadToken_IsRefused() =>
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(
            northmere.Exchange.As(Northmere.PoliceOfficer), TokenExchange.Bearer(SignedByStranger(Good(northmere)))));

    [Fact]
    public async Task BadCertificateWithAGoodToken_IsRefused()
    {
        using var certificate = new ForgedCredential
        {
            Subjects = ["urn:isaexchange:person:" + Northmere.PoliceOfficer],
        }.Issue(northmere.Exchange);
        using var channel = northmere.Exchange.Connect(new X509Certificate2(certificate));
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(
            channel.CreateCallInvoker(), TokenExchange.Bearer(Sign(northmere, Good(northmere)))));
    }

    [Fact]
    public async Task Officer_LinksAndUnlinksAPerson()
    {
        const string Subject = "8f6102c4-deputy";
        var officer = new CredentialService.CredentialServiceClient(northmere.Exchange.As(Northmere.PoliceOfficer));
        var token = Sign(northmere, Good(northmere).With("sub", Subject));
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(token));
        var request = new LinkIdentityRequest
        {
            Parent = Northmere.Police,
            Identity = new V1.Identity
            {
                Issuer = northmere.Provider.Issuer, Subject = Subject, Person = Northmere.PoliceDeputy,
            },
        };
        var linked = await officer.LinkIdentityAsync(request, cancellationToken: Stop);
        await AskAsync(token);
        var listed = await officer.ListIdentitiesAsync(
            new ListIdentitiesRequest { Parent = Northmere.Police }, cancellationToken: Stop);
        Assert.Contains(listed.Identities, i => i.Name == linked.Name && i.Person == Northmere.PoliceDeputy);
        await officer.UnlinkIdentityAsync(new UnlinkIdentityRequest { Name = linked.Name }, cancellationToken: Stop);
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(token));
    }

    [Theory]
    [InlineData("https://elsewhere.example", "s", Northmere.PoliceDeputy, "UNKNOWN_ISSUER")]
    [InlineData("", "ben.hartley@police.example", Northmere.PoliceDeputy, "SUBJECT_IS_AN_ADDRESS")]
    [InlineData("", "", Northmere.PoliceDeputy, "SUBJECT_MALFORMED")]
    [InlineData("", "s", Northmere.WestOfficer, "HOLDER_NOT_DESIGNATED")]
    [InlineData("", "s", "nobody-at-all", "HOLDER_NOT_DESIGNATED")]
    public async Task LinkThatCannotBe_IsRefused(string issuer, string subject, string person, string reason)
    {
        var officer = new CredentialService.CredentialServiceClient(northmere.Exchange.As(Northmere.PoliceOfficer));
        var problem = await Problem.OfAsync(async () => await officer.LinkIdentityAsync(
            new LinkIdentityRequest
            {
                Parent = Northmere.Police,
                Identity = new V1.Identity
                {
                    Issuer = issuer.Length > 0 ? issuer : northmere.Provider.Issuer, Subject = subject, Person = person,
                },
            },
            cancellationToken: Stop));
        Assert.Equal($"InvalidArgument {reason}", problem.ToString());
    }
}
