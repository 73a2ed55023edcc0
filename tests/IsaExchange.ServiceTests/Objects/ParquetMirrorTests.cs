using Azure.Storage.Blobs.Models;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Resilience;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

public sealed class ParquetMirrorTests
{
    static readonly ReleaseFile Manifest = new("manifest.json", "application/json", "{}"u8.ToArray(), 0);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ContainerThatAnybodyCanRead_GetsNothingAndDoctorNamesIt()
    {
        var account = await BlobAccounts.AzuriteAsync();
        var (name, folder) = ("open-" + account.Prefix, "northmere/admissions-by-csp/release=1");
        var container = account.Client.GetBlobContainerClient(name);
        Assert.Empty((await account.Store().LookAtContainersAsync(name, Stop)).Open);
        await container.CreateAsync(PublicAccessType.Blob, cancellationToken: Stop);
        var mirror = Mirror(account, name);

        var fault = await Assert.ThrowsAsync<StorageFaultException>(() => mirror.WriteAsync(folder, [Manifest], Stop));
        Assert.Equal("PUBLIC_ACCESS", fault.ErrorName);
        Assert.Empty(await container.GetBlobsAsync(cancellationToken: Stop).ToListAsync(Stop));
        Assert.Equal([name], (await account.Store().LookAtContainersAsync(name, Stop)).Open);

        // Only the key of the account can close it; one that the mirror makes itself is closed.
        name += "-closed";
        mirror = Mirror(account, name);
        await mirror.WriteAsync(folder, [Manifest], Stop);
        Assert.Equal("", (await mirror.FoldersAsync(Stop))[folder]);
        await mirror.CompleteAsync(folder, "{}"u8.ToArray(), Stop);
        Assert.NotEqual("", (await mirror.FoldersAsync(Stop))[folder]);
        Assert.Empty((await account.Store().LookAtContainersAsync(name, Stop)).Open);
    }

    static ParquetMirror Mirror(BlobAccounts account, string container) => new(
        account.Client, container,
        new Dependency(Dependencies.Objects, TimeProvider.System, NullLoggerFactory.Instance));
}
