using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using IsaExchange.ServiceTests.Harness;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>An exchange that takes tokens of a provider which runs beside it.</summary>
public sealed class TokenExchange : NorthmereExchange
{
    /// <summary>What the provider calls the liaison officer of the police, and their analyst.</summary>
    public const string OfficerSubject = "8f6102c4-officer";
    public const string AnalystSubject = "8f6102c4-analyst";

    /// <summary>Linked to the officer too; "nomfa" and "consumer" are what the provider goes by.</summary>
    public const string NoMfaSubject = "nomfa-officer";
    public const string ConsumerSubject = "consumer-officer";

    OidcProvider? _provider;

    public OidcProvider Provider =>
        _provider ?? throw new InvalidOperationException("The provider has not been started.");

    public override async ValueTask InitializeAsync()
    {
        _provider = await OidcProvider.StartAsync();
        await base.InitializeAsync();
        await Exchange.KillAsync();
        var file = Path.Combine(Exchange.Home, "settings.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        settings["issuers"] = new JsonArray(new JsonObject
        {
            ["issuer"] = Provider.Issuer,
            ["audience"] = OidcProvider.Audience,
            ["allowed_clients"] = new JsonArray(OidcProvider.Client),
            ["allowed_tenants"] = new JsonArray("northmere"),
            ["trusted_authority"] = Provider.AuthorityPem,
        });
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        await Exchange.ServeAsync();
        foreach (var subject in (string[])[OfficerSubject, NoMfaSubject, ConsumerSubject])
            Catalogue.Link(subject, Provider.Issuer, subject, Northmere.PoliceOfficer);
        Catalogue.Link(AnalystSubject, Provider.Issuer, AnalystSubject, Northmere.PoliceAnalyst);
    }

    /// <summary>A channel that proves nothing of itself: what proves who calls is said per call.</summary>
    public GrpcChannel Anonymous() => Exchange.Connect(null);

    public static Metadata Bearer(string token) => new() { { "authorization", "Bearer " + token } };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
    }
}

/// <summary>The classes of one collection share an exchange and run one after the other.</summary>
[Xunit.CollectionDefinition(Name)]
public sealed class TokensTogether : Xunit.ICollectionFixture<TokenExchange>
{
    public const string Name = "tokens";
}
