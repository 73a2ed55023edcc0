using System.Text.Json.Nodes;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>What lets strangers in is refused at the start, not found out later.</summary>
public sealed class StartTests(NorthmereExchange northmere) : IClassFixture<NorthmereExchange>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static JsonObject Issuer(string word, JsonNode value) => new(new JsonObject
    {
        ["issuer"] = "https://login.example",
        ["audience"] = "isa",
        ["allowed_clients"] = new JsonArray("isax"),
        [word] = value,
    }.ToDictionary(p => p.Key, p => p.Value?.DeepClone()));

    /// <summary>A home with the same files and other settings.</summary>
    string HomeWith(string word, JsonNode value)
    {
        var home = Directory.CreateDirectory(Path.Combine(northmere.Exchange.Root, Guid.NewGuid().ToString("N")));
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(northmere.Exchange.Home, "settings.json")))!;
        settings[word] = value;
        File.WriteAllText(Path.Combine(home.FullName, "settings.json"), settings.ToJsonString());
        return home.FullName;
    }

    static Task<Ran> ServeAsync(string home) => Programs.RunAsync("dotnet", Programs.Service, "serve", "--home", home);

    [Fact]
    public async Task DemoIssuerOutsideOfDevelopment_DoesNotStart()
    {
        var ran = await ServeAsync(HomeWith("demo_issuer", true));
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains("demo_issuer", ran.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("issuer", "http://login.example")]
    [InlineData("issuer", "http://localhost:8080")]
    [InlineData("issuer", "login.example")]
    [InlineData("audience", "")]
    [InlineData("algorithm", "HS256")]
    [InlineData("algorithm", "none")]
    [InlineData("subject_claim", "email")]
    [InlineData("trusted_authority", "no/such/file.pem")]
    [InlineData("unknown_word", "x")]
    public async Task IssuerThatCannotBeTrusted_DoesNotStart(string word, string value)
    {
        var ran = await ServeAsync(HomeWith("issuers", new JsonArray(Issuer(word, value))));
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains("settings.json", ran.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoProgramAllowed_DoesNotStart()
    {
        var ran = await ServeAsync(HomeWith("issuers", new JsonArray(Issuer("allowed_clients", new JsonArray()))));
        Assert.Equal(2, ran.ExitCode);
    }
}

/// <summary>An exchange that is being tried out: its own issuer vouches for anybody.</summary>
public sealed class DemoIssuerTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TokenOfTheIssuerWithoutLogins_IsTakenInDevelopment()
    {
        await using var exchange = await TestExchange.StartAsync(
            NorthmerePolicies.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_ENVIRONMENT"] = "Development" });
        await exchange.KillAsync();
        var file = Path.Combine(exchange.Home, "settings.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(file, Stop))!;
        settings["demo_issuer"] = true;
        await File.WriteAllTextAsync(file, settings.ToJsonString(), Stop);
        await exchange.ServeAsync();
        using var make = Programs.Start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
            "dotnet", Programs.Service, "demo-token", "--home", exchange.Home, "--person", Northmere.PoliceOfficer);
        var token = (await make.StandardOutput.ReadToEndAsync(Stop)).Trim();
        using var channel = exchange.Connect(null);
        var answer = await new AgreementService.AgreementServiceClient(channel).GetAgreementAsync(
            new GetAgreementRequest { Name = Northmere.Agreement },
            new Metadata { { "authorization", "Bearer " + token } }, cancellationToken: Stop);
        Assert.Equal($"{Northmere.Agreement}@{answer.Revision}", answer.Name);
        Assert.Equal(0, exchange.Catalogue.Events("auth.refused"));
    }
}
