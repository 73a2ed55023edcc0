using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>
/// A token made by whoever holds a key. As it stands it is what the provider issues; each test makes it wrong in one
/// way.
/// </summary>
public sealed class ForgedToken
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public ForgedToken(OidcProvider provider, string subject)
    {
        Header = new JsonObject { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = OidcProvider.KeyId };
        Payload = new JsonObject
        {
            ["iss"] = provider.Issuer,
            ["sub"] = subject,
            ["aud"] = OidcProvider.Audience,
            ["client_id"] = OidcProvider.Client,
            ["scope"] = "isa",
            ["amr"] = new JsonArray("pwd", "mfa"),
            ["tid"] = "northmere",
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = Now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["exp"] = Now.AddMinutes(10).ToUnixTimeSeconds(),
        };
    }

    public JsonObject Header { get; }

    public JsonObject Payload { get; }

    public ForgedToken With(string claim, JsonNode? value)
    {
        if (value is null)
            Payload.Remove(claim);
        else
            Payload[claim] = value;
        return this;
    }

    public ForgedToken WithHeader(string name, JsonNode? value)
    {
        if (value is null)
            Header.Remove(name);
        else
            Header[name] = value;
        return this;
    }

    /// <summary>Valid for the given time from the moment it runs out at the exchange, half a minute's skew
    /// included.</summary>
    public ForgedToken EndingIn(TimeSpan time)
    {
        var now = TimeProvider.System.GetUtcNow();
        Payload["iat"] = now.AddMinutes(-5).ToUnixTimeSeconds();
        Payload["exp"] = (now + time).AddSeconds(-30).ToUnixTimeSeconds();
        return this;
    }

    string Signed => Part(Header) + "." + Part(Payload);

    public string SignRsa(RSA key, HashAlgorithmName? hash = null, RSASignaturePadding? padding = null) =>
        $"{Signed}.{Base64Url.EncodeToString(key.SignData(
            Encoding.ASCII.GetBytes(Signed), hash ?? HashAlgorithmName.SHA256, padding ?? RSASignaturePadding.Pkcs1))}";

    public string SignHmac(byte[] key) =>
        $"{Signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(Signed)))}";

    public string WithoutSignature() => Signed + ".";

    static string Part(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
