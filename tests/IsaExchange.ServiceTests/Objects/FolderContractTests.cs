using IsaExchange.Exchange.Storage;

namespace IsaExchange.ServiceTests.Objects;

public sealed class FolderContractTests : SealedObjectContract
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-folder-").FullName;

    protected override Task<(IObjectStore Store, IObjectStore Other)> CreateAsync() =>
        Task.FromResult<(IObjectStore, IObjectStore)>((new FolderObjectStore(_folder), new FolderObjectStore(_folder)));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
