using Azure.Identity;
using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>
/// The same against the real service: ISAX_AZURE_BLOBS=https://ACCOUNT.blob.core.windows.net, with whatever identity
/// this machine has (managed identity, or the login of az). Its containers are removed afterwards.
/// </summary>
public sealed class AzureContractTests : SealedObjectContract
{
    BlobAccounts? _account;

    protected override Task<(IObjectStore Store, IObjectStore Other)> CreateAsync()
    {
        var address = Environment.GetEnvironmentVariable("ISAX_AZURE_BLOBS");
        Assert.SkipWhen(
            string.IsNullOrEmpty(address),
            "Not run: ISAX_AZURE_BLOBS names no account. What Azurite does is all that is known.");
        _account = new BlobAccounts(new Uri(address!), new DefaultAzureCredential(), () => new SocketsHttpHandler());
        return Task.FromResult<(IObjectStore, IObjectStore)>((_account.Store(), _account.Store()));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_account is not null)
            await _account.RemoveContainersAsync();
    }
}
