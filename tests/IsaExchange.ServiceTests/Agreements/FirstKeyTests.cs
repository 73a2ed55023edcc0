using System.Security.Cryptography;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Identity;
using IsaExchange.V1;
using Xunit;
using Stage = IsaExchange.V1.Agreement.Types.Stage;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>Keys of signatories: of one whom only a draft names, and of one who signed and lost theirs.</summary>
public sealed class FirstKeyTests(DraftExchange northmere) : IClassFixture<DraftExchange>
{
    const string Chief = "iris-calder";
    const string Successor = "nora-vale";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    CredentialService.CredentialServiceClient Keys(string who) => new(northmere.Exchange.As(who));

    [Fact]
    public async Task SignatoryOfADraft_SignsWithTheKeyThatTheOperatorEnrolled()
    {
        var first = await northmere.GetAsync();
        var police = Signer.Of(northmere.Exchange, first, "northmere-police");
        await (police with { Ahead = TimeSpan.FromMinutes(3) }).SignAsync(Stop);
        await northmere.SignAsync(await northmere.GetAsync(), 7);
        await northmere.ActivateAsync(first);
        await SignatureOutlivesItsKeyAsync();
        var draft = await northmere.ProposedAsync(DraftExchange.Yaml
            .Replace("  - { id: iris-calder,", "  - { id: nora-vale, name: Nora Vale, contact: n@police.example }\n"
                + "  - { id: iris-calder,", StringComparison.Ordinal)
            .Replace("person: iris-calder, office", "person: nora-vale, office", StringComparison.Ordinal));
        var tooEarly = Signer.Of(northmere.Exchange, draft, "northmere-fire") with { Ahead = TimeSpan.FromHours(-1) };
        await Problem.IsAsync("FailedPrecondition SIGNED_BEFORE_PROPOSAL", () => tooEarly.SignAsync(Stop));
        await NotForOthersToNameAsync();
        await EnrolAsync();
        var signed = await Signer.Of(northmere.Exchange, draft, "northmere-police").SignAsync(Stop);
        Assert.Contains(signed.Signatures, s => s.Party == "northmere-police");
    }

    /// <summary>The statement's time comes after the end of its key; it arrived before, and that counts.</summary>
    async Task SignatureOutlivesItsKeyAsync()
    {
        var listed = await Keys(Chief).ListCredentialsAsync(
            new ListCredentialsRequest { Parent = Northmere.Police, PageSize = 1000 }, cancellationToken: Stop);
        var key = listed.Credentials.Single(c => c.Holder == "urn:isaexchange:person:" + Chief);
        await Keys(Northmere.PoliceOfficer).RevokeCredentialAsync(
            new RevokeCredentialRequest { Name = key.Name, Reason = "lost" }, cancellationToken: Stop);
        await northmere.Exchange.StopAsync();
        await northmere.Exchange.ServeAsync();
        Assert.Equal(Stage.InForce, (await northmere.GetAsync()).Stage);
    }

    /// <summary>Else another party could enrol a key for whoever is about to become a signatory.</summary>
    async Task NotForOthersToNameAsync()
    {
        var wanted = new AppointDeputyRequest
        {
            Parent = Northmere.WestHealth, Person = Successor, PersonName = "Nora Vale", Contact = "n@west.example",
        };
        await Problem.IsAsync("FailedPrecondition PERSON_KNOWN", async () =>
            await northmere.DirectoryAs(Northmere.WestOfficer).AppointDeputyAsync(wanted));
    }

    async Task EnrolAsync()
    {
        using var key = SigningRequests.NewKey();
        var request = SigningRequests.Of(key);
        const string Holder = "urn:isaexchange:person:" + Successor;
        await Problem.IsAsync("InvalidArgument HOLDER_NOT_DESIGNATED", async () =>
            await Keys(Northmere.PoliceOfficer).EnrolCredentialAsync(new EnrolCredentialRequest
            {
                Parent = Northmere.Police, Holder = Holder, CertificateRequest = request,
            }));
        var (file, target) = (Path.Combine(northmere.Exchange.Root, "r.pem"), northmere.Exchange.Credential(Successor));
        await File.WriteAllTextAsync(
            file, PemEncoding.WriteString("CERTIFICATE REQUEST", request.Span), Stop);
        string[] enrol = ["credential", "enrol", file, "--home", northmere.Exchange.Home, "--holder", Holder, "--out"];
        var stray = await Programs.RunIsaxAsync([.. enrol, target + "-stray", "--party", "northmere-fire"]);
        Assert.NotEqual(0, stray.ExitCode);
        var ran = await Programs.RunIsaxAsync([.. enrol, target, "--party", "northmere-police"]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        var certificate = await File.ReadAllTextAsync(Path.Combine(target, "certificate.pem"), Stop);
        await File.WriteAllTextAsync(
            Path.Combine(target, "credential.pem"), $"{certificate}\n{key.ExportPkcs8PrivateKeyPem()}\n", Stop);
    }
}
