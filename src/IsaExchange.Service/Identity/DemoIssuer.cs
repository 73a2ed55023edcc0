using System.Security.Cryptography;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Settings;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IsaExchange.Service.Identity;

/// <summary>
/// An issuer without logins, to try tokens out on one's own machine: whoever has the home folder is anybody. Only a
/// service that runs in Development takes its tokens; any other refuses to start with it in the settings.
/// </summary>
sealed class DemoIssuer : IIssuerKeys
{
    public const string Issuer = "https://DEMO-issuer.isaexchange.example";
    const string Audience = "isaexchange-demo";
    const string Client = "isax-demo";
    static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    readonly RsaSecurityKey _key;

    DemoIssuer(RSA key) => _key = new RsaSecurityKey(key) { KeyId = "demo" };

    public static IssuerSettings Settings { get; } = new()
    {
        Issuer = Issuer, Audience = Audience, AllowedClients = [Client], RequireMfa = false,
    };

    /// <summary>The key of this home; made when there is none.</summary>
    public static DemoIssuer Open(HomeFolder home)
    {
        if (!File.Exists(home.DemoIssuerKey))
        {
            using var made = RSA.Create(2048);
            DurableFiles.CreateExclusive(
                home.DemoIssuerKey, System.Text.Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem()));
        }

        var key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(home.DemoIssuerKey));
        return new DemoIssuer(key);
    }

    public string Token(string person, TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = Audience,
                IssuedAt = now,
                NotBefore = now,
                Expires = now + Life,
                TokenType = "at+jwt",
                Claims = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["sub"] = person,
                    ["client_id"] = Client,
                    ["scope"] = "isa",
                    ["jti"] = Guid.NewGuid().ToString("N"),
                },
                SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
            });
    }

    public Task<ICollection<SecurityKey>?> CurrentAsync(CancellationToken ct) =>
        Task.FromResult<ICollection<SecurityKey>?>([_key]);

    public Task<bool> RefreshAsync(CancellationToken ct) => Task.FromResult(false);
}
