using IsaExchange.Exchange.Storage;

namespace IsaExchange.ServiceTests.Objects;

public sealed class AzuriteContractTests : SealedObjectContract
{
    protected override async Task<(IObjectStore Store, IObjectStore Other)> CreateAsync()
    {
        var account = await BlobAccounts.AzuriteAsync();
        return (account.Store(), account.Store());
    }
}
