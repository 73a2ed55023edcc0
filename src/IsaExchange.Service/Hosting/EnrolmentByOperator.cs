using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Identity;
using IsaExchange.Service.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace IsaExchange.Service.Hosting;

/// <summary>Whom the operator enrols, and for which party.</summary>
sealed record NewHolder(SharingAgreement Agreement, string Party, string Subject);

/// <summary>
/// Enrols on the home itself, for whoever has no credential to call with: at the first run, and after every one of a
/// party was lost or has run out. The party sees it in its log.
/// </summary>
sealed class EnrolmentByOperator(AuditTrail trail, CredentialRegistry registry)
{
    public async Task<CredentialRow> RunAsync(NewHolder whom, byte[] signingRequest, CancellationToken ct)
    {
        var holder = CredentialRegistry.Holder(whom.Agreement, whom.Party, whom.Subject);
        var wanted = SigningRequest.Parse(signingRequest, holder);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var row = await registry.AddAsync(
                    scope.Catalogue, new PartyName(whom.Agreement.Id, whom.Party), whom.Agreement.Revision, holder,
                    wanted, approvedBy: "", ct);
                await scope.RecordAsync(new AuditEvent(AuditActions.EnrolCredential, row.Name)
                {
                    Agreement = whom.Agreement.Id,
                    Revision = whom.Agreement.Revision,
                    ObjectSha256 = row.SpkiSha256,
                    Subjects = [new EventSubject(whom.Party, "")],
                });
                return row;
            },
            ct);
        return audited.Value;
    }
}

/// <summary>A request for a key that was just made.</summary>
static class NewKey
{
    public static byte[] Request(ECDsa key) =>
        new CertificateRequest("CN=IsaExchange credential", key, HashAlgorithmName.SHA256).CreateSigningRequest();
}

/// <summary>The home of an exchange, opened by the operator beside the service, which may run meanwhile.</summary>
sealed class OpenedHome : IDisposable
{
    readonly ICatalogue _catalogue;
    readonly PrivateAuthority _authority;

    OpenedHome(HomeFolder home, TimeProvider clock)
    {
        Settings = ExchangeSettings.Load(home);
        _catalogue = CatalogueChoice.Open(home, Settings, clock, NullLoggerFactory.Instance);
        Book = new PartnershipBook(
            PolicyFolders.Load(Settings.Policies), _catalogue,
            new SignatureCheck(X509CertificateLoader.LoadCertificateFromFile(home.AuthorityCertificate)),
            Settings.ToLimits(), clock);
        _authority = PrivateAuthority.Open(home, clock);
        Trail = new AuditTrail(_catalogue, clock, Settings.Exchange);
        Registry = new CredentialRegistry(_authority, Settings.ToLimits(), clock);
    }

    public static async Task<OpenedHome> OpenAsync(HomeFolder home, TimeProvider clock, CancellationToken ct)
    {
        var opened = new OpenedHome(home, clock);
        await opened._catalogue.CheckSchemaAsync(ct);
        await opened.Book.ReloadAsync(ct);
        return opened;
    }

    public ExchangeSettings Settings { get; }

    public PartnershipBook Book { get; }

    public AuditTrail Trail { get; }

    public CredentialRegistry Registry { get; }

    /// <summary>The agreement named, or the only one there is.</summary>
    /// <exception cref="SettingsException">There is none of that name, or several and none was named.</exception>
    public SharingAgreement Agreement(string? id)
    {
        var all = Book.All.Select(p => p.Agreement).Where(a => id is null || a.Id == id).ToList();
        return all is [var one] ? one : throw new SettingsException(
            "Name the agreement: --agreement "
            + string.Join(" or ", Book.All.Select(p => p.Agreement.Id).Order(StringComparer.Ordinal)));
    }

    /// <summary>
    /// The revision that designates the holder: the one that rules, else the latest that is on its way, because whoever
    /// is to sign it needs a key first.
    /// </summary>
    /// <exception cref="SettingsException">No agreement of that name, or several and none was named.</exception>
    public SharingAgreement Designating(string? id, string party, string subject)
    {
        var rules = Agreement(id);
        if (!Principal.TryParse(subject, out var holder) || CredentialRegistry.Designates(rules, party, holder))
            return rules;
        return Book.Find(rules.Id)!.History.Where(r => r.Stage <= AgreementStage.Signing).Select(r => r.Agreement)
            .OfType<SharingAgreement>().LastOrDefault(a => CredentialRegistry.Designates(a, party, holder)) ?? rules;
    }

    public void Dispose()
    {
        Book.Dispose();
        _authority.Dispose();
        _catalogue.Dispose();
    }
}
