using System.Security.Cryptography.X509Certificates;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>The keys of an exchange and what they seal, opened by the operator beside the service.</summary>
sealed class OpenedKeys : IAsyncDisposable
{
    readonly PartnershipBook _book;

    public OpenedKeys(HomeFolder home, TimeProvider clock)
    {
        Parts = new OpenedParts(home, clock);
        var limits = Parts.Settings.ToLimits();
        _book = new PartnershipBook(
            PolicyFolders.Load(Parts.Settings.Policies), Parts.Catalogue,
            new SignatureCheck(X509CertificateLoader.LoadCertificateFromFile(home.AuthorityCertificate)), limits,
            clock);
        var trail = new AuditTrail(Parts.Catalogue, clock, Parts.Settings.Exchange);
        Holders = new KeyHolders(new AgreementGate(_book, trail, clock), Parts.Catalogue);
        Rotate = new RotateKeys(Holders, trail, Parts.Catalogue, Parts.Objects, Parts.Keys, limits, clock);
        Report = new KeyReport(Parts.Objects, Parts.Keys);
    }

    public OpenedParts Parts { get; }

    public PolicyFolders Policies => _book.Policies;

    public IKeyRing Keys => Parts.Keys;

    public KeyHolders Holders { get; }

    public RotateKeys Rotate { get; }

    public KeyReport Report { get; }

    public ValueTask DisposeAsync()
    {
        _book.Dispose();
        return Parts.DisposeAsync();
    }
}
