using System.Net;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Settings;
using IsaExchange.ServiceTests.Harness.Production;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>Against a stand-in of Azure's resource manager, as it answers for a storage account.</summary>
public sealed class RegionCheckTests
{
    const string Resource = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/isax";

    static readonly BlobSettings Blobs = new()
    {
        Account = "https://isax.blob.core.windows.net", ResourceId = Resource, Regions = ["uksouth", "UK West"],
    };

    [Theory]
    [InlineData("uksouth", null)]
    [InlineData("UK South", "ukwest")]
    public async Task AccountInAllowedRegions_Starts(string location, string? secondary)
    {
        using var azure = new AzureStandIn(Account(location, secondary));
        await CheckAsync(azure);
        var asked = Assert.Single(azure.Asked);
        Assert.Equal("/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/isax"
            + "?api-version=2023-05-01", asked.RequestUri!.PathAndQuery);
        Assert.Equal("Bearer", asked.Headers.Authorization!.Scheme);
    }

    [Theory]
    [InlineData("westeurope", null, "westeurope")]
    [InlineData("uksouth", "northeurope", "northeurope")]
    public async Task AccountElsewhere_DoesNotStart(string location, string? secondary, string named)
    {
        using var azure = new AzureStandIn(Account(location, secondary));
        var refusal = await Assert.ThrowsAsync<SettingsException>(() => CheckAsync(azure));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"location\":\"uksouth\",\"properties\":{}}")]
    [InlineData("{\"location\":\"uksouth\",\"properties\":{\"primaryEndpoints\":{\"blob\":\"https://x.test/\"}}}")]
    [InlineData("{\"properties\":{\"primaryEndpoints\":{\"blob\":\"https://isax.blob.core.windows.net/\"}}}")]
    public async Task AnswerThatDoesNotSayIt_DoesNotStart(string answer)
    {
        using var azure = new AzureStandIn(answer);
        await Assert.ThrowsAsync<SettingsException>(() => CheckAsync(azure));
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(null)]
    public async Task AccountThatCannotBeAsked_DoesNotStart(HttpStatusCode? status)
    {
        using var azure = new AzureStandIn(Account("uksouth", null)) { Status = status };
        var refusal = await Assert.ThrowsAsync<SettingsException>(() => CheckAsync(azure));
        Assert.Contains("could not be asked", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoRegions_NothingIsAsked()
    {
        using var azure = new AzureStandIn("");
        await CheckAsync(azure, Blobs with { Regions = [] });
        Assert.Empty(azure.Asked);
    }

    static Task CheckAsync(AzureStandIn azure, BlobSettings? blobs = null) =>
        new RegionCheck(blobs ?? Blobs, IdentityEndpoint.Credential, new Uri("https://stand-in.test/"), azure)
            .StartAsync(TestContext.Current.CancellationToken);

    static string Account(string location, string? secondary) => $$"""
        {"location":"{{location}}","properties":{
          "primaryEndpoints":{"blob":"https://isax.blob.core.windows.net/"},"primaryLocation":"{{location}}"
          {{(secondary is null ? "" : $",\"secondaryLocation\":\"{secondary}\"")}} } }
        """;

    sealed class AzureStandIn(string answer) : HttpMessageHandler
    {
        public List<HttpRequestMessage> Asked { get; } = [];

        /// <summary>Null breaks the connection.</summary>
        public HttpStatusCode? Status { get; init; } = HttpStatusCode.OK;

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request);
            return Status is { } status
                ? Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(answer) })
                : throw new HttpRequestException("reset");
        }
    }
}
