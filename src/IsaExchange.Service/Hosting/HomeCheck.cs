using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>The home folder: who can read it, what runs out, and how much space is left.</summary>
static class HomeCheck
{
    const long FreeBytesMin = 1L << 30;
    static readonly TimeSpan RunsOutSoon = TimeSpan.FromDays(30);

    public static IEnumerable<Diagnosis> Run(HomeFolder home, ExchangeSettings settings, TimeProvider clock)
    {
        yield return Modes(home);
        yield return Certificate("the private authority", home.AuthorityCertificate, clock);
        yield return Certificate("the service", home.ServerCertificate, clock);
        if (Directory.Exists(home.Credentials))
            yield return Diagnosis.Warning(
                "credentials/ still holds what init made: hand each folder to its owner, then remove it");
        if (settings.Vault is null)
            yield return SameVolume(home, settings);
        if (settings.Postgres is null || settings.Blobs is null)
            yield return Space(home);
        if (settings.DemoIssuer)
            yield return Diagnosis.Warning("demo_issuer is set: whoever has this folder is anybody");
    }

    static Diagnosis Modes(HomeFolder home)
    {
        if (OperatingSystem.IsWindows())
            return Diagnosis.Warning("who can read the home is not looked at on Windows");
        var open = Directory.EnumerateFileSystemEntries(home.Root, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetDirectoryName(path) == home.Root
                || path.StartsWith(home.Keys, StringComparison.Ordinal))
            .Where(IsOpen).Take(5).ToList();
        return open.Count == 0
            ? Diagnosis.Ok("nobody else can read the home")
            : Diagnosis.Fault($"others can read {string.Join(", ", open)}: chmod -R go= {home.Root}");
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    static bool IsOpen(string path) =>
        (File.GetUnixFileMode(path) & ~DurableFiles.PrivateFolder) != UnixFileMode.None;

    static Diagnosis Certificate(string whose, string file, TimeProvider clock)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        var left = end - clock.GetUtcNow();
        var said = string.Create(
            CultureInfo.InvariantCulture, $"the certificate of {whose} runs until {end:yyyy-MM-dd}");
        return left <= TimeSpan.Zero ? Diagnosis.Fault(said)
            : left < RunsOutSoon ? Diagnosis.Warning(said) : Diagnosis.Ok(said);
    }

    static Diagnosis SameVolume(HomeFolder home, ExchangeSettings settings) =>
        settings.Blobs is null && Volume(home.KeyEncryptionKeys) == Volume(home.Objects)
            ? Diagnosis.Warning("keys and objects lie on one volume: whoever takes it can open everything")
            : Diagnosis.Ok("keys and objects do not lie on one volume");

    static string Volume(string path) => DriveInfo.GetDrives().Select(d => d.RootDirectory.FullName)
        .Where(root => path.StartsWith(root, StringComparison.Ordinal)).MaxBy(root => root.Length) ?? "/";

    static Diagnosis Space(HomeFolder home)
    {
        var free = new DriveInfo(home.Root).AvailableFreeSpace;
        var said = string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MiB are free for the home");
        return free < FreeBytesMin ? Diagnosis.Warning(said) : Diagnosis.Ok(said);
    }
}
