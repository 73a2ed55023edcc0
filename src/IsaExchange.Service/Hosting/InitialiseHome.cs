using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Identity;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Settings;
using IsaExchange.TransparencyLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace IsaExchange.Service.Hosting;

/// <summary>
/// First run of an exchange: private authority, keys (0600), catalogue, and one credential for every person and
/// sender of the agreements, which enter the register as revisions open for signing.
/// settings.json comes last: a home without it is one whose making was interrupted.
/// </summary>
/// <param name="sign">Sign in everybody's name with the credentials just made: for trying out only.</param>
/// <param name="more">JSON file of further settings; null for none.</param>
sealed class InitialiseHome(
    HomeFolder home, string policies, int port, bool sign, FileInfo? more, TimeProvider clock)
{
    public async Task RunAsync(TextWriter output, CancellationToken ct)
    {
        var root = new DirectoryInfo(home.Root);
        if (root.Exists && root.EnumerateFileSystemInfos().Any())
            throw new SettingsException($"{home.Root} is not empty. Name a new folder: keys are never overwritten.");
        var folders = PolicyFolders.Load(policies);
        var exchange = "isaexchange.example/" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        var settings = Settings(exchange);
        if (settings.Postgres is { } postgres)
            await CheckEmptyAsync(postgres, ct);
        DurableFiles.CreateFolders(Path.GetPathRoot(home.Keys)!, home.Keys);
        DurableFiles.CreateFolders(home.Root, home.Credentials);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(home.Root, DurableFiles.PrivateFolder);

        using var authority = PrivateAuthority.Create(exchange, clock);
        using var log = NoteSigner.Generate(exchange);
        WriteKeys(authority, log);
        var credentials = await FillAsync(folders, settings, authority, log, ct);
        Write(home.Settings, settings.ToJson());

        await output.WriteLineAsync($"Exchange {exchange} is set up in {home.Root}");
        await output.WriteLineAsync($"authority SHA-256 {authority.FingerprintSha256}");
        await output.WriteLineAsync($"log key {log.Verifier.VKey}");
        await output.WriteLineAsync(
            $"{credentials} credentials in {home.Credentials}: hand each folder to its owner, then remove it here");
        var agreements = string.Join(", ", folders.All.Select(f => f.Agreement.Id));
        await output.WriteLineAsync(sign
            ? SignedByInit
            : $"{agreements}: open for signing, not in force. Each signatory: isax agreement sign. "
                + "Then: isax agreement activate");
    }

    ExchangeSettings Settings(string exchange)
    {
        var own = new ExchangeSettings { Exchange = exchange, Policies = Path.GetFullPath(policies), Port = port };
        return more is null ? own : own.With(more.FullName);
    }

    /// <summary>Before anything is written: a database of another exchange is left as it is.</summary>
    static async Task CheckEmptyAsync(PostgresSettings postgres, CancellationToken ct)
    {
        if (await PostgresOwner.IsInUseAsync(postgres, ct))
            throw new SettingsException(
                "The database holds an exchange already, or the beginning of one. Name an empty database.");
    }

    const string SignedByInit = "SIGNED BY INIT in the name of every signatory, with keys made on this machine, and in "
        + "force: for trying out. In earnest nobody signs for another: leave --sign out, and let each sign";

    void WriteKeys(PrivateAuthority authority, NoteSigner log)
    {
        Write(home.AuthorityCertificate, authority.CertificatePem + "\n");
        Write(home.AuthorityKey, authority.KeyPem + "\n");
        Write(home.ServerCertificate, authority.IssueServer());
        Write(home.LogKey, log.SKey + "\n");
        DurableFiles.CreateNew(home.FingerprintKey, RandomNumberGenerator.GetBytes(32));
    }

    async Task<int> FillAsync(
        PolicyFolders folders, ExchangeSettings settings, PrivateAuthority authority, NoteSigner log,
        CancellationToken ct)
    {
        // SQLite gives its journal files the mode of the database: make that one private before it fills.
        if (settings.Postgres is null)
            DurableFiles.CreateNew(home.Catalogue, []);
        await CatalogueChoice.MigrateAsync(home, settings, ct);
        using var catalogue = CatalogueChoice.Open(home, settings, clock, NullLoggerFactory.Instance);
        var trail = new AuditTrail(catalogue, clock, settings.Exchange);
        var registry = new CredentialRegistry(authority, settings.ToLimits(), clock);
        var enrolment = new EnrolmentByOperator(trail, registry);
        var credentials = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var holder in folders.All.SelectMany(p => Holders(p.Agreement)).DistinctBy(h => h.Enrolment.Subject))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var row = await enrolment.RunAsync(holder.Enrolment, NewKey.Request(key), ct);
            var pem = row.CertificatePem + key.ExportPkcs8PrivateKeyPem() + "\n";
            WriteCredential(holder, pem, authority, log, settings.Port);
            credentials.Add(holder.Enrolment.Subject, pem);
        }

        var import = new ImportAgreement(trail, clock);
        foreach (var folder in folders.All)
            await import.RunAsync(folder, sign ? person => credentials[Principal.ForPerson(person).Subject] : null, ct);
        return credentials.Count;
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
