using System.Text.Json;
using System.Text.Json.Nodes;

namespace IsaExchange.Service.Settings;

/// <summary>
/// settings.json of a home folder. Paths only: no secret ever stands here. Who can change this file decides which
/// agreements are enforced; see deploy/README.md for each setting's trust sentence.
/// </summary>
public sealed record ExchangeSettings
{
    public const string FileName = "settings.json";

    static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Name of this exchange: origin of its log, name of its signing key.</summary>
    public required string Exchange { get; init; }

    /// <summary>Folder of agreements and dataset specifications.</summary>
    public required string Policies { get; init; }

    /// <summary>TCP port on the loopback interface.</summary>
    public required int Port { get; init; }

    /// <summary>Bytes of one dataset.</summary>
    public long DatasetBytesMax { get; init; } = new Exchange.Limits().DatasetBytesMax;

    /// <summary>Uploads of one party at once.</summary>
    public int UploadsPerParty { get; init; } = new Exchange.Limits().UploadsPerParty;

    /// <summary>The mail server that takes notices; null writes them to files in the home folder.</summary>
    public SmtpSettings? Smtp { get; init; }

    /// <summary>Downloads and exports of one party at once.</summary>
    public int StreamsOutPerParty { get; init; } = new Exchange.Limits().StreamsOutPerParty;

    /// <summary>Open connections of one party.</summary>
    public int ConnectionsPerParty { get; init; } = new Exchange.Limits().ConnectionsPerParty;

    /// <summary>Calls a second of one party's senders, or of one person.</summary>
    public int CallsPerSecond { get; init; } = new Exchange.Limits().CallsPerSecond;

    /// <summary>Days that a sender's certificate is valid for.</summary>
    public int SenderCredentialDays { get; init; } = new Exchange.Limits().SenderCredentialLife.Days;

    /// <summary>Days that a person's certificate is valid for.</summary>
    public int PersonCredentialDays { get; init; } = new Exchange.Limits().PersonCredentialLife.Days;

    /// <summary>Hours for which a renewed certificate still lets in.</summary>
    public int CredentialOverlapHours { get; init; } = (int)new Exchange.Limits().CredentialOverlap.TotalHours;

    /// <summary>Days after which a key gets a new version by itself.</summary>
    public int KeyRotationDays { get; init; } = new Exchange.Limits().KeyVersionLife.Days;

    /// <summary>Minutes for which an old key version is kept enabled at least after it got a successor.</summary>
    public int KeyOverlapMinutes { get; init; } = (int)new Exchange.Limits().KeyVersionOverlap.TotalMinutes;

    /// <summary>OpenID providers whose tokens are taken; none unless they are named.</summary>
    public IReadOnlyList<IssuerSettings> Issuers { get; init; } = [];

    /// <summary>PostgreSQL as the catalogue; null keeps it in a file of the home.</summary>
    public PostgresSettings? Postgres { get; init; }

    /// <summary>Azure Blob Storage as the object store; null keeps objects in a folder of the home.</summary>
    public BlobSettings? Blobs { get; init; }

    /// <summary>Azure Key Vault as the keeper of keys; null keeps them in files of the home.</summary>
    public VaultSettings? Vault { get; init; }

    /// <summary>Takes tokens of an issuer without logins; a service that is not in Development does not
    /// start.</summary>
    public bool DemoIssuer { get; init; }

    public Exchange.Limits ToLimits()
    {
        var usual = new Exchange.Limits();
        return usual with
        {
            DatasetBytesMax = DatasetBytesMax,
            UploadsPerParty = UploadsPerParty,
            StreamsOutPerParty = StreamsOutPerParty,
            ConnectionsPerParty = ConnectionsPerParty,
            CallsPerSecond = CallsPerSecond,
            CallsBurst = Math.Max(2 * CallsPerSecond, 1),
            SenderCredentialLife = TimeSpan.FromDays(SenderCredentialDays),
            PersonCredentialLife = TimeSpan.FromDays(PersonCredentialDays),
            CredentialOverlap = TimeSpan.FromHours(CredentialOverlapHours),
            KeyVersionLife = TimeSpan.FromDays(KeyRotationDays),
            KeyVersionOverlap = TimeSpan.FromMinutes(KeyOverlapMinutes),
        };
    }

    /// <exception cref="SettingsException">Missing, not JSON, an unknown or missing setting, or one out of
    /// range.</exception>
    public static ExchangeSettings Load(HomeFolder home)
    {
        try
        {
            var settings = JsonSerializer.Deserialize<ExchangeSettings>(File.ReadAllText(home.Settings), Json)
                ?? throw new SettingsException($"{home.Settings} is empty. Run init again in a new folder.");
            return settings.Checked(home.Settings);
        }
        catch (JsonException e)
        {
            throw new SettingsException($"{home.Settings}: {e.Message} See deploy/README.md for the settings.", e);
        }
        catch (IOException e)
        {
            throw new SettingsException(
                $"{home.Root} is not the home of an exchange (no {FileName}). Run init first.", e);
        }
    }

    /// <summary>The settings of a backup for a new home: with its own policies, and perhaps on other servers.</summary>
    /// <exception cref="SettingsException">As <see cref="With"/>.</exception>
    public static ExchangeSettings Restored(string file, string policies, string? servers)
    {
        var text = JsonNode.Parse(File.ReadAllText(file))!;
        text["policies"] = policies;
        var settings = text.Deserialize<ExchangeSettings>(Json)!;
        return servers is null ? settings.Checked(file) : settings.With(servers);
    }

    /// <summary>These settings with those of a file beside them. What init itself decides does not stand
    /// there.</summary>
    /// <exception cref="SettingsException">Missing, not JSON, or as <see cref="Load"/>.</exception>
    public ExchangeSettings With(string file)
    {
        try
        {
            var whole = JsonNode.Parse(ToJson())!.AsObject();
            foreach (var (name, value) in JsonNode.Parse(File.ReadAllText(file))!.AsObject())
            {
                if (name is "exchange" or "policies" or "port")
                    throw new SettingsException($"{file}: init sets {name} itself.");
                whole[name] = value?.DeepClone();
            }

            return whole.Deserialize<ExchangeSettings>(Json)!.Checked(file);
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException)
        {
            throw new SettingsException($"{file}: {e.Message} See deploy/README.md for the settings.", e);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    ExchangeSettings Checked(string file)
    {
        if (Port is < 1 or > 65535)
            throw new SettingsException($"{file}: port must be between 1 and 65535.");
        if (DatasetBytesMax < 1 || UploadsPerParty < 1 || StreamsOutPerParty < 1 || ConnectionsPerParty < 1
            || CallsPerSecond < 1)
            throw new SettingsException(
                $"{file}: dataset_bytes_max, uploads_per_party, streams_out_per_party,"
                + " connections_per_party and calls_per_second must be at least 1.");
        if (SenderCredentialDays is < 1 or > 825 || PersonCredentialDays is < 1 or > 825
            || CredentialOverlapHours is < 0 or > 168)
            throw new SettingsException(
                $"{file}: sender_credential_days and person_credential_days go from 1 to 825,"
                + " credential_overlap_hours from 0 to 168.");
        // Shorter than a replica takes the present version for the present one, and it could seal with a disabled one.
        if (KeyRotationDays is < 1 or > 3650 || KeyOverlapMinutes is < 2 or > 10_080)
            throw new SettingsException(
                $"{file}: key_rotation_days goes from 1 to 3650, key_overlap_minutes from 2 to 10080.");
        CheckIssuers(file);
        Smtp?.Check(file);
        Postgres?.Check(file);
        Blobs?.Check(file);
        Vault?.Check(file);
        if (!Directory.Exists(Policies))
            throw new SettingsException($"{file}: policies names a folder that does not exist: {Policies}");
        return this;
    }

    void CheckIssuers(string file)
    {
        foreach (var issuer in Issuers)
        {
            if (issuer.Fault() is { } fault)
                throw new SettingsException($"{file}: issuers: {fault}");
        }

        if (Issuers.DistinctBy(i => i.Issuer, StringComparer.Ordinal).Count() != Issuers.Count)
            throw new SettingsException($"{file}: issuers: one of them is named twice.");
        if (DemoIssuer && !ServiceEnvironment.IsDevelopment)
            throw new SettingsException(
                $"{file}: demo_issuer lets whoever has this folder be anybody. Take it out, or start the"
                + " service with ASPNETCORE_ENVIRONMENT=Development.");
    }
}

/// <summary>The exchange cannot start as it is set up; the message says what to change.</summary>
public sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
