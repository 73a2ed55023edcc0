namespace IsaExchange.Service.Settings;

/// <summary>Where an embedded exchange keeps what is its own.</summary>
public sealed record HomeFolder(string Root)
{
    public string Settings => Path.Combine(Root, ExchangeSettings.FileName);

    public string Catalogue => Path.Combine(Root, "catalogue.db");

    public string Objects => Path.Combine(Root, "objects");

    public string Keys => Path.Combine(Root, "keys");

    /// <summary>Certificate of the private authority: public.</summary>
    public string AuthorityCertificate => Path.Combine(Keys, "authority.pem");

    public string AuthorityKey => Path.Combine(Keys, "authority.key");

    public string ServerCertificate => Path.Combine(Keys, "server.pem");

    public string LogKey => Path.Combine(Keys, "log.skey");

    public string FingerprintKey => Path.Combine(Keys, "fingerprint.key");

    public string KeyEncryptionKeys => Path.Combine(Keys, "kek");

    /// <summary>Only where the issuer without logins is in use.</summary>
    public string DemoIssuerKey => Path.Combine(Keys, "demo-issuer.key");

    /// <summary>One folder per person and sender, to be handed to them and then removed from here.</summary>
    public string Credentials => Path.Combine(Root, "credentials");
}
