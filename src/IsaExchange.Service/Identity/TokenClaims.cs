using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IsaExchange.Service.Identity;

/// <summary>
/// The payload of a token whose signature holds, read strictly: a claim that stands twice, or is of another type than
/// it should be, counts as absent.
/// </summary>
sealed class TokenClaims
{
    readonly JsonElement _root;

    TokenClaims(JsonElement root) => _root = root;

    /// <summary>Null when it is not one JSON object whose names are distinct.</summary>
    public static TokenClaims? Read(JsonWebToken token)
    {
        try
        {
            using var document = JsonDocument.Parse(
                Base64UrlEncoder.DecodeBytes(token.EncodedPayload),
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object ? new TokenClaims(root) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    public bool Has(string name) => _root.TryGetProperty(name, out _);

    public string? Text(string name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>An array of texts, or words with spaces between.</summary>
    public IReadOnlyList<string> Words(string name)
    {
        if (!_root.TryGetProperty(name, out var value))
            return [];
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) =>
                [.. value.EnumerateArray().Select(v => v.GetString()!)],
            _ => [],
        };
    }

    /// <summary>A time in seconds since 1970.</summary>
    public DateTimeOffset? Time(string name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
