using System.Text.Json.Nodes;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>A whole exchange whose keys are in a vault of its own, which can fail.</summary>
public sealed class VaultExchange : IAsyncLifetime
{
    const string Recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    TestExchange? _exchange;
    VaultStandIn? _vault;
    TestAuthority? _authority;
    IdentityEndpoint? _identity;
    int _slots;

    public TestExchange Exchange => _exchange ?? throw new InvalidOperationException("The exchange is not up.");

    public VaultStandIn Vault => _vault ?? throw new InvalidOperationException("The vault is not up.");

    public WireSender Police => new(Submissions(Northmere.PoliceSender), Northmere.Street);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public SubmissionService.SubmissionServiceClient Submissions(string who) => new(Exchange.As(who));

    public async ValueTask InitializeAsync()
    {
        _exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder, await BesideAsync());
        await Exchange.StopAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(Exchange.Home, "keys", "kek")))
            File.Delete(file);
        var path = Path.Combine(Exchange.Home, "settings.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        settings["vault"] = new JsonObject { ["address"] = Vault.Address.GetLeftPart(UriPartial.Authority) };
        await File.WriteAllTextAsync(path, settings.ToJsonString());
        await Exchange.ServeAsync();
    }

    /// <summary>Starts the vault; gives the variables with which the service trusts it and has an identity. Servers
    /// that the exchange has anyway bring an authority and an identity with them.</summary>
    async Task<IReadOnlyDictionary<string, string>> BesideAsync()
    {
        if (SetUp.IsServers)
        {
            var parts = await ProductionParts.StartedAsync();
            _vault = await VaultStandIn.StartAsync(parts.Authority);
            return parts.Environment;
        }

        _authority = new TestAuthority();
        _identity = await IdentityEndpoint.StartAsync();
        _vault = await VaultStandIn.StartAsync(_authority);
        return new Dictionary<string, string>(_identity.Environment, StringComparer.Ordinal)
        {
            ["SSL_CERT_FILE"] = _authority.PemFile,
        };
    }

    /// <summary>A month and area that no other test of this exchange submits for.</summary>
    public Slot NextSlot()
    {
        var slot = Interlocked.Increment(ref _slots) - 1;
        var month = Northmere.Months(new DateOnly(2024, 5, 1).AddMonths(slot / Northmere.Areas.Count), 1);
        return new Slot(month, Northmere.Areas[slot % Northmere.Areas.Count]);
    }

    public async Task<Submission> SubmitAsync()
    {
        var slot = NextSlot();
        return await Police.SubmitAsync(Police.Request(slot), slot.Table());
    }

    /// <summary>The sealed bytes of a submission, as its officer exports them.</summary>
    public async Task<byte[]> ExportAsync(string name)
    {
        using var call = Submissions(Northmere.PoliceOfficer).ExportContent(
            new ExportContentRequest { Name = name, Recipient = Recipient, Purpose = "problem-solving" },
            cancellationToken: Stop);
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(Stop))
            content.Write(part.Data.Span);
        return content.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        if (_vault is not null)
            await _vault.DisposeAsync();
        if (_identity is not null)
            await _identity.DisposeAsync();
        _authority?.Dispose();
    }
}
