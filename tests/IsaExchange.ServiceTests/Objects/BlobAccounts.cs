using System.Security.Cryptography;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Resilience;
using IsaExchange.ServiceTests.Harness.Production;
using Microsoft.Extensions.Logging.Abstractions;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>An account of Blob Storage with containers of this test's own in it.</summary>
sealed class BlobAccounts(Uri account, TokenCredential credential, Func<HttpMessageHandler> transport)
{
    public string Prefix { get; } = "t" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>The account itself, past the store.</summary>
    public BlobServiceClient Client { get; } = BlobAccount.Client(account, credential, Transport(transport()));

    /// <summary>The emulator of this run, with containers of its own for each caller.</summary>
    public static async Task<BlobAccounts> AzuriteAsync()
    {
        var parts = await ProductionParts.StartedAsync();
        return new BlobAccounts(parts.Azurite.Account, IdentityEndpoint.Credential, parts.Authority.TrustingHandler);
    }

    public BlobObjectStore Store() => Store(static transport => transport);

    /// <param name="between">Puts something between the store and the account.</param>
    /// <param name="terms">Other terms than those of the product.</param>
    public BlobObjectStore Store(
        Func<HttpMessageHandler, HttpMessageHandler> between, DependencyTerms? terms = null) => new(
        account, credential, Prefix,
        new Dependency(terms ?? Dependencies.Objects, TimeProvider.System, NullLoggerFactory.Instance),
        Transport(between(transport())));

    /// <summary>The blob of an object, past the store.</summary>
    public BlockBlobClient Blob(ObjectName name) =>
        Client.GetBlobContainerClient(new BlobNames(Prefix).ContainerOf(name)).GetBlockBlobClient(name.Value);

    /// <summary>Writes over a blob as somebody with rights to the account could: other bytes, the same
    /// metadata.</summary>
    public async Task WriteOverAsync(
        ObjectName name, byte[] bytes, IDictionary<string, string>? metadata, CancellationToken ct)
    {
        var blob = Blob(name);
        metadata ??= (await blob.GetPropertiesAsync(cancellationToken: ct)).Value.Metadata;
        using var content = new MemoryStream(bytes);
        await blob.UploadAsync(content, new BlobUploadOptions { Metadata = metadata }, ct);
    }

    public async Task<byte[]> BytesAsync(ObjectName name, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await Blob(name).DownloadToAsync(bytes, ct);
        return bytes.ToArray();
    }

    public async Task RemoveContainersAsync()
    {
        await foreach (var container in Client.GetBlobContainersAsync(
            BlobContainerTraits.None, BlobContainerStates.None, Prefix, CancellationToken.None))
            await Client.GetBlobContainerClient(container.Name).DeleteIfExistsAsync();
    }

    static HttpClientTransport Transport(HttpMessageHandler handler) => new(handler);
}
