using System.Net.Http.Headers;
using System.Text.Json;
using Azure.Core;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>
/// Asks Azure, at every start, in which regions the account keeps its data, and stops the start when one of them is not
/// allowed, or when no answer can be had. Needs the role Reader on the account. Where no regions are set nothing is
/// asked.
/// </summary>
/// <param name="blobs">The account, and where it may be.</param>
/// <param name="credential">Who we are.</param>
/// <param name="management">Null for Azure itself.</param>
/// <param name="handler">Null for the usual one.</param>
sealed class RegionCheck(
    BlobSettings blobs, TokenCredential credential, Uri? management = null, HttpMessageHandler? handler = null)
    : IHostedService
{
    /// <summary>Of the resource provider Microsoft.Storage.</summary>
    const string ApiVersion = "2023-05-01";

    static readonly Uri Azure = new("https://management.azure.com/");
    static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (blobs.Regions.Count == 0)
            return;
        using var account = await AskAsync(cancellationToken);
        var resource = account.RootElement;
        if (!resource.TryGetProperty("properties", out var properties))
            throw Refused("has no properties");

        // Else the right account would vouch for another one.
        var endpoint = properties.TryGetProperty("primaryEndpoints", out var endpoints)
            ? Text(endpoints, "blob")
            : null;
        if (endpoint is null || !Uri.TryCreate(endpoint, UriKind.Absolute, out var found)
            || !string.Equals(found.Host, new Uri(blobs.Account).Host, StringComparison.OrdinalIgnoreCase))
            throw Refused($"is not the account {blobs.Account}");
        var location = Text(resource, "location") ?? throw Refused("does not say where it is");
        foreach (var region in (string?[])[location, Text(properties, "primaryLocation"),
            Text(properties, "secondaryLocation")])
        {
            if (region is not null && !blobs.Regions.Any(allowed => Plain(allowed) == Plain(region)))
                throw Refused($"keeps data in {Plain(region)}, which blobs.regions does not allow");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task<JsonDocument> AskAsync(CancellationToken ct)
    {
        using var client = new HttpClient(handler ?? new SocketsHttpHandler(), disposeHandler: handler is null);
        client.Timeout = Wait;
        var address = new Uri(management ?? Azure, $"{blobs.ResourceId!.TrimStart('/')}?api-version={ApiVersion}");
        try
        {
            var token = await credential.GetTokenAsync(
                new TokenRequestContext([new Uri(Azure, ".default").ToString()]), ct);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
            using var answer = await client.SendAsync(request, ct);
            if (!answer.IsSuccessStatusCode)
                throw Refused($"could not be asked: status {(int)answer.StatusCode}");
            return await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
        }
        catch (Exception e) when (e is not SettingsException && !ct.IsCancellationRequested)
        {
            // Not knowing where data would lie is as good as knowing that it lies in the wrong place.
            throw Refused($"could not be asked: {e.GetType().Name}", e);
        }
    }

    SettingsException Refused(string why, Exception? inner = null) => new(
        $"The storage account {blobs.ResourceId} {why}. The exchange does not start.", inner);

    static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>UK South and uksouth are the same region.</summary>
    static string Plain(string region) =>
        region.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}
