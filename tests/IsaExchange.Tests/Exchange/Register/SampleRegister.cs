using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Exchange.Register;

/// <summary>A register in memory: rows as a catalogue holds them, and an authority of its own.</summary>
sealed class SampleRegister : IDisposable
{
    public static readonly DateTimeOffset Begin = new(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);

    static readonly Lazy<PolicyFolders> Folders = new(
        () => PolicyFolders.Load(Path.Combine(SharedFolders.Repository, "policies")));

    readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 _authority;
    readonly Dictionary<string, (X509Certificate2 Certificate, ECDsa Key)> _people = new(StringComparer.Ordinal);

    public SampleRegister()
    {
        var request = new CertificateRequest("CN=sample authority", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        _authority = request.CreateSelfSigned(Begin.AddDays(-1), Begin.AddYears(5));
        Check = new SignatureCheck(X509CertificateLoader.LoadCertificate(_authority.RawData));
    }

    public static PolicyFolders Policies => Folders.Value;

    public SignatureCheck Check { get; }

    public List<RevisionRow> Revisions { get; } = [];

    public List<RevisionStageRow> Stages { get; } = [];

    public List<SignatureRow> Signatures { get; } = [];

    public List<DesignationRow> Designations { get; } = [];

    public List<DesignationEndRow> Ends { get; } = [];

    public List<NamedPersonRow> People { get; } = [];

    public List<PartyWithdrawalRow> Withdrawals { get; } = [];

    public List<CredentialRow> Credentials { get; } = [];

    public List<ExceptionRow> Exceptions { get; } = [];

    public static string Yaml { get; } =
        File.ReadAllText(Path.Combine(SharedFolders.Repository, "policies", "northmere", "agreement.yaml"));

    public RevisionRow Propose(string yaml, DateTimeOffset time)
    {
        var read = AgreementLoader.Parse(yaml, "agreement.yaml", Policies.Vocabulary);
        Assert.True(read.Agreement is not null, string.Join('\n', read.Faults));
        var source = Encoding.UTF8.GetBytes(yaml);
        var row = new RevisionRow
        {
            Agreement = read.Agreement.Id, Revision = read.Agreement.Revision, Source = source,
            SourceSha256 = RegisterWrite.Digest(source), Proposer = "", Ticks = time.UtcTicks,
        };
        Revisions.Add(row);
        return row;
    }

    public void Reach(RevisionRow row, AgreementStage stage, DateTimeOffset time) => Stages.Add(new RevisionStageRow
    {
        Sequence = Stages.Count + 1, Agreement = row.Agreement, Revision = row.Revision, Stage = (int)stage,
        Actor = "", Reason = "", Ticks = time.UtcTicks,
    });

    /// <summary>Signs for so many parties, or for those named.</summary>
    public void Sign(RevisionRow row, DateTimeOffset time, int count, params string[] parties)
    {
        var agreement = RevisionText.Parse(row.Source, null).Agreement!;
        var signatories = agreement.Signing.Signatories.Where(s => parties.Length == 0 || parties.Contains(s.Party));
        foreach (var signatory in signatories.Take(count))
        {
            var (certificate, key) = Person(signatory.Person);
            var said = new SignatureStatement(
                row.Agreement, row.Revision, row.SourceSha256, signatory.Party, signatory.Person, signatory.Office,
                time);
            Signatures.Add(new SignatureRow
            {
                Agreement = row.Agreement, Revision = row.Revision, Party = signatory.Party, Person = signatory.Person,
                Office = signatory.Office, Certificate = certificate.ExportCertificatePem(), Statement = said.Text,
                Signature = key.SignData(
                    said.Bytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
                Ticks = time.UtcTicks,
            });
        }
    }

    (X509Certificate2 Certificate, ECDsa Key) Person(string person)
    {
        if (_people.TryGetValue(person, out var known))
            return known;
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sample", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(Principal.ForPerson(person).Subject));
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.Create(
            _authority, Begin.AddDays(-1), Begin.AddYears(1), RandomNumberGenerator.GetBytes(16));
        Credentials.Add(Enrolled(
            Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())),
            Principal.ForPerson(person).Subject, Begin.AddHours(-1)));
        _people.Add(person, (certificate, key));
        return (certificate, key);
    }

    public static CredentialRow Enrolled(string spki, string subject, DateTimeOffset time) => new()
    {
        SpkiSha256 = spki, Id = spki[..32], Subject = subject, Agreement = "northmere", AgreementRevision = "",
        Party = "", NotBeforeTicks = 0, NotAfterTicks = 0, EnrolTicks = time.UtcTicks, EnrolledBy = "",
        CertificatePem = "",
    };

    public (Partnership Northmere, IReadOnlyList<RevisionFault> Faults) Load()
    {
        var loader = new RevisionLoader(Policies, Check, ValidationLimits.Default);
        return (loader.Load(Read())["northmere"], [.. loader.Faults]);
    }

    /// <summary>The same rows in a catalogue.</summary>
    public Task SaveAsync(ICatalogue catalogue, CancellationToken ct) => catalogue.WriteAsync(
        async db =>
        {
            db.Revisions.AddRange(Revisions);
            db.RevisionStages.AddRange(Stages);
            db.Signatures.AddRange(Signatures);
            db.Credentials.AddRange(Credentials);
            await RegisterWrite.ActedAsync(db);
            return true;
        },
        ct);

    RegisterRead Read() => new()
    {
        Version = 1,
        Revisions = Revisions,
        Stages = Stages.ToLookup(s => (s.Agreement, s.Revision)),
        Signatures = Signatures.ToLookup(s => (s.Agreement, s.Revision)),
        Designations = Designations.ToLookup(d => d.Agreement),
        Ends = Ends.ToLookup(e => e.Agreement),
        People = People.ToLookup(p => p.Agreement),
        Withdrawals = Withdrawals.ToLookup(w => w.Agreement),
        Exceptions = Exceptions.ToLookup(e => e.Agreement),
        Credentials = Credentials.ToLookup(c => c.Subject),
    };

    public void Dispose()
    {
        foreach (var (certificate, key) in _people.Values)
        {
            certificate.Dispose();
            key.Dispose();
        }

        _authority.Dispose();
        _authorityKey.Dispose();
    }
}
