using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Identity;
using IsaExchange.Service.Settings;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Service.Hosting;

/// <summary>
/// First run of an embedded exchange: private authority, keys (0600), catalogue, and one credential for every person
/// and
/// sender of the agreements. settings.json comes last: a home without it is one whose making was interrupted.
/// </summary>
sealed class InitialiseHome(HomeFolder home, string policies, int port, TimeProvider clock)
{
    public async Task RunAsync(TextWriter output, CancellationToken ct)
    {
        var root = new DirectoryInfo(home.Root);
        if (root.Exists && root.EnumerateFileSystemInfos().Any())
            throw new SettingsException($"{home.Root} is not empty. Name a new folder: keys are never overwritten.");
        var book = PartnershipBook.Load(policies);
        DurableFiles.CreateFolders(Path.GetPathRoot(home.Keys)!, home.Keys);
        DurableFiles.CreateFolders(home.Root, home.Credentials);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(home.Root, DurableFiles.PrivateFolder);

        var exchange = "isaexchange.example/" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        var settings = new ExchangeSettings { Exchange = exchange, Policies = Path.GetFullPath(policies), Port = port };
        using var authority = PrivateAuthority.Create(exchange, clock);
        using var log = NoteSigner.Generate(exchange);
        WriteKeys(authority, log);
        var credentials = await EnrolAsync(book, settings, authority, log, ct);
        Write(home.Settings, settings.ToJson());

        await output.WriteLineAsync($"Exchange {exchange} is set up in {home.Root}");
        await output.WriteLineAsync($"authority SHA-256 {authority.FingerprintSha256}");
        await output.WriteLineAsync($"log key {log.Verifier.VKey}");
        await output.WriteLineAsync(
            $"{credentials} credentials in {home.Credentials}: hand each folder to its owner, then remove it here");
    }

    void WriteKeys(PrivateAuthority authority, NoteSigner log)
    {
        Write(home.AuthorityCertificate, authority.CertificatePem + "\n");
        Write(home.AuthorityKey, authority.KeyPem + "\n");
        Write(home.ServerCertificate, authority.IssueServer());
        Write(home.LogKey, log.SKey + "\n");
        DurableFiles.CreateNew(home.FingerprintKey, RandomNumberGenerator.GetBytes(32));
    }

    async Task<int> EnrolAsync(
        PartnershipBook book, ExchangeSettings settings, PrivateAuthority authority, NoteSigner log,
        CancellationToken ct)
    {
        // SQLite gives its journal files the mode of the database: make that one private before it fills.
        DurableFiles.CreateNew(home.Catalogue, []);
        using var catalogue = new SqliteCatalogue(home.Catalogue);
        await catalogue.CreateAsync(ct);
        var trail = new AuditTrail(catalogue, clock, settings.Exchange);
        var registry = new CredentialRegistry(authority, settings.ToLimits(), clock);
        var enrolment = new EnrolmentByOperator(trail, registry);
        var count = 0;
        foreach (var holder in book.All.SelectMany(p => Holders(p.Agreement)).DistinctBy(h => h.Subject))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var row = await enrolment.RunAsync(holder.Enrolment, NewKey.Request(key), ct);
            WriteCredential(
                holder, row.CertificatePem + key.ExportPkcs8PrivateKeyPem() + "\n", authority, log, settings.Port);
            count++;
        }

        return count;
    }

    void WriteCredential(Holder holder, string pem, PrivateAuthority authority, NoteSigner log, int port)
    {
        var folder = Path.Combine(home.Credentials, holder.Folder);
        DurableFiles.CreateFolders(home.Credentials, folder);
        Write(Path.Combine(folder, "credential.pem"), pem);
        Write(Path.Combine(folder, "ca.pem"), authority.CertificatePem + "\n");
        Write(Path.Combine(folder, "log.vkey"), log.Verifier.VKey + "\n");
        var profile = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["server"] = $"https://localhost:{port}",
            ["agreement"] = holder.Agreement,
            ["party"] = holder.Party,
            ["subject"] = holder.Subject,
        };
        Write(Path.Combine(folder, "profile.json"), JsonSerializer.Serialize(profile) + "\n");
    }

    static void Write(string path, string text) => DurableFiles.CreateNew(path, Encoding.UTF8.GetBytes(text));

    sealed record Holder(NewHolder Enrolment, string Folder)
    {
        public string Subject => Enrolment.Subject;

        public string Agreement => Enrolment.Agreement.Id;

        public string Party => Enrolment.Party;
    }

    /// <summary>Everyone the agreement names. A person with several designations holds one credential.</summary>
    static IEnumerable<Holder> Holders(SharingAgreement agreement)
    {
        foreach (var sender in agreement.Senders)
            yield return new Holder(
                new NewHolder(agreement, sender.Party, Principal.Sender(sender.Party, sender.Name).Subject),
                $"{sender.Party}.{sender.Name}");
        foreach (var (person, party) in CredentialRegistry.People(agreement))
            yield return new Holder(
                new NewHolder(agreement, party, Principal.ForPerson(person).Subject), person);
    }
}
