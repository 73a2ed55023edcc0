using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IsaExchange.Cli.Wire;

/// <summary>What a credential says about its holder: profile.json in the credential folder.</summary>
/// <param name="Server">https address of the exchange.</param>
/// <param name="Agreement">Id of the agreement.</param>
/// <param name="Party">Id of the authority the holder acts for.</param>
/// <param name="Subject">URN in the certificate.</param>
sealed record Profile(
    [property: JsonPropertyName("server"), JsonRequired] string Server,
    [property: JsonPropertyName("agreement"), JsonRequired] string Agreement,
    [property: JsonPropertyName("party"), JsonRequired] string Party,
    [property: JsonPropertyName("subject"), JsonRequired] string Subject);

/// <summary>
/// A credential folder: credential.pem (certificate and PKCS#8 key; or certificate.pem and key.pem, as enrolment leaves
/// them; or none of them for somebody who calls by token), ca.pem (the exchange's authority), log.vkey
/// (verifier key of its log) and profile.json.
/// </summary>
sealed class Credential : IDisposable
{
    public const string KeyFile = "credential.pem";
    public const string CertificateFile = "certificate.pem";
    const string BareKeyFile = "key.pem";

    readonly X509Certificate2? _certificate;

    Credential(string folder, Profile profile, X509Certificate2? certificate, X509Certificate2 authority)
    {
        Folder = folder;
        Profile = profile;
        _certificate = certificate;
        Authority = authority;
    }

    public string Folder { get; }

    public Profile Profile { get; }

    /// <exception cref="VerbException">Usage: the folder is of somebody who calls by token.</exception>
    public X509Certificate2 Certificate => _certificate ?? throw new VerbException(
        ExitCode.Usage, $"{Folder} holds no certificate", "pass --token-file, or have the key enrolled");

    public X509Certificate2 Authority { get; }

    public string LogVkeyPath => Path.Combine(Folder, "log.vkey");

    public string RememberedCheckpointPath => Path.Combine(Folder, "checkpoint");

    /// <summary>Whether anybody said who acts.</summary>
    public static bool IsGiven(string? folder) => !string.IsNullOrWhiteSpace(Chosen(folder));

    /// <exception cref="VerbException">Usage: the folder or a file in it is missing or cannot be read.</exception>
    public static Credential Load(string? folder)
    {
        folder = Chosen(folder);
        if (string.IsNullOrWhiteSpace(folder))
            throw new VerbException(ExitCode.Usage, "who is asking? No credential was given.",
                "pass --as DIR or set ISAX_CREDENTIAL to a credential folder; isax init writes one for everybody");
        if (!Directory.Exists(folder))
            throw new VerbException(ExitCode.Usage, $"there is no credential folder {folder}");
        try
        {
            return new Credential(Path.GetFullPath(folder), ReadProfile(folder), ReadCertificate(folder),
                X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.pem")));
        }
        catch (Exception e) when (e is IOException or CryptographicException or JsonException
            or UnauthorizedAccessException)
        {
            // The reason of a cryptographic failure may quote the file; its kind is enough.
            var reason = e is CryptographicException ? "a certificate or key in it cannot be read" : e.Message;
            throw new VerbException(ExitCode.Usage, $"the credential folder {folder} cannot be used: {reason}",
                inner: e);
        }
    }

    /// <summary>True where others on this machine can read the private key.</summary>
    public bool IsOpenToOthers() =>
        KeyPaths(Folder).Where(File.Exists).Any(PrivateFiles.IsOpenToOthers);

    /// <summary>Certificate and key as one text.</summary>
    public string ToPem()
    {
        using var key = Certificate.GetECDsaPrivateKey()
            ?? throw new VerbException(ExitCode.Usage, $"the key in {Folder} is not an elliptic-curve key");
        return Certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public void Dispose()
    {
        _certificate?.Dispose();
        Authority.Dispose();
    }

    static string[] KeyPaths(string folder) => [Path.Combine(folder, KeyFile), Path.Combine(folder, BareKeyFile)];

    static string? Chosen(string? folder) => folder ?? Environment.GetEnvironmentVariable("ISAX_CREDENTIAL");

    static Profile ReadProfile(string folder)
    {
        using var stream = File.OpenRead(Path.Combine(folder, "profile.json"));
        return JsonSerializer.Deserialize<Profile>(stream)
            ?? throw new JsonException("profile.json is empty");
    }

    static X509Certificate2? ReadCertificate(string folder)
    {
        var (whole, bare) = (Path.Combine(folder, KeyFile), Path.Combine(folder, CertificateFile));
        if (!File.Exists(whole) && !File.Exists(bare)) return null;
        var certificate = File.Exists(whole)
            ? X509Certificate2.CreateFromPemFile(whole)
            : X509Certificate2.CreateFromPemFile(bare, Path.Combine(folder, BareKeyFile));
        if (!OperatingSystem.IsWindows()) return certificate;

        // Windows' TLS cannot use a key that lives only in memory as PEM gives it.
        using (certificate)
        {
            var pfx = certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password: null);
            return X509CertificateLoader.LoadPkcs12(pfx, password: null);
        }
    }
}
