using System.Security.Cryptography.X509Certificates;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>
/// What attackers are after: a submitted month of the police with a query in it, its release, and somebody whose
/// credential is in order but whom no agreement names.
/// </summary>
public sealed class ThreatsExchange : NorthmereExchange
{
    public const string Stranger = "stranger";

    /// <summary>Of the police; unlinked by whoever may.</summary>
    public const string LinkedIdentity = "linked";

    /// <summary>Of a key of the police, with a certificate about the event of <see cref="Target"/>.</summary>
    public const string Erasure = "until-2020";

    /// <summary>Submitted, with one group of queries.</summary>
    public Submission Target { get; private set; } = new();

    /// <summary>Name of that group.</summary>
    public string QueryGroup { get; private set; } = "";

    public Release Release { get; private set; } = new();

    /// <summary>The one in force, with its signatures.</summary>
    public Agreement Revision { get; private set; } = new();

    /// <summary>Of the county council to the police.</summary>
    public InformationRequest Request { get; private set; } = new();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        EnrolStranger();
        var revisions = await Agreements(Northmere.Steward).ListRevisionsAsync(
            new ListRevisionsRequest { Name = Northmere.Agreement });
        Revision = Assert.Single(revisions.Revisions);
        Catalogue.Link(LinkedIdentity, "https://login.example", "linked-subject", Northmere.PoliceAnalyst);
        var slot = NextSlot();
        var submitted = await Police.SubmitAsync(Police.Request(slot), slot.TableOutside());
        Target = await IntegratedAsync(submitted.Name);
        var found = await Submissions(Northmere.PoliceSender).ListViolationsAsync(
            new ListViolationsRequest { Parent = Target.Name });
        Certify();
        QueryGroup = Assert.Single(found.ViolationGroups).Name;
        Release = await Feeds(Northmere.Steward).PublishReleaseAsync(
            new PublishReleaseRequest { Parent = Northmere.StreetFeed, Period = slot.Month });
        Request = await Requests(Northmere.CouncilAnalyst).MakeRequestAsync(new MakeRequestRequest
        {
            Parent = Northmere.Police,
            InformationRequest = new InformationRequest
            {
                Kind = InformationRequest.Types.Kind.Information, Text = "Repeat calls by street.",
            },
        });
    }

    void Certify()
    {
        using var signer = NoteSigner.Parse(
            File.ReadAllText(Path.Combine(Exchange.Home, "keys", "log.skey")).Trim());
        var leaf = Convert.ToBase64String(Target.Receipt.LeafHash.Span);
        var note = SignedNote.Sign(
            $"isaexchange.example/erasure/v1\nparty {Northmere.Police}\nkept until 2020-12-31\n"
            + $"event {Target.Receipt.EventId} leaf {leaf}\n",
            signer);
        Catalogue.Change(
            """
            insert into Erasures (KeyName, Agreement, Party, KeyIds, OrderTicks, EffectiveTicks, Event, Note)
            values ($key, 'northmere', 'northmere-police', 'one two', $ticks, $ticks, $event, $note)
            """,
            ("$key", "northmere.northmere-police." + Erasure), ("$event", Target.Receipt.EventId), ("$note", note),
            ("$ticks", new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks));
    }

    void EnrolStranger()
    {
        const string Subject = "urn:isaexchange:person:nobody-known";
        using var certificate = new ForgedCredential { Subjects = [Subject] }.Issue(Exchange);
        Catalogue.Enrol(ForgedCredential.Spki(certificate), Subject);
        var folder = Directory.CreateDirectory(Exchange.Credential(Stranger));
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(
            Path.Combine(folder.FullName, "credential.pem"),
            certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}

/// <summary>The classes of one collection share an exchange and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ThreatsTogether : ICollectionFixture<ThreatsExchange>
{
    public const string Name = "threats";
}
