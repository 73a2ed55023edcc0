using System.Text.Json;

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

    public Exchange.Limits ToLimits() => new() { DatasetBytesMax = DatasetBytesMax, UploadsPerParty = UploadsPerParty };

    /// <exception cref="SettingsException">Missing, not JSON, an unknown or missing setting, or one out of
    /// range.</exception>
    public static ExchangeSettings Load(HomeFolder home)
    {
        try
        {
            var settings = JsonSerializer.Deserialize<ExchangeSettings>(File.ReadAllText(home.Settings), Json)
                ?? throw new SettingsException($"{home.Settings} is empty. Run init again in a new folder.");
            return settings.Checked(home);
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

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    ExchangeSettings Checked(HomeFolder home)
    {
        if (Port is < 1 or > 65535)
            throw new SettingsException($"{home.Settings}: port must be between 1 and 65535.");
        if (DatasetBytesMax < 1 || UploadsPerParty < 1)
            throw new SettingsException(
                $"{home.Settings}: dataset_bytes_max and uploads_per_party must be at least 1.");
        Smtp?.Check(home.Settings);
        if (!Directory.Exists(Policies))
            throw new SettingsException($"{home.Settings}: policies names a folder that does not exist: {Policies}");
        return this;
    }
}

/// <summary>The exchange cannot start as it is set up; the message says what to change.</summary>
public sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
