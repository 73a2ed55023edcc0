using System.Buffers;
using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using IsaExchange.Exchange.Storage;
using IsaExchange.ServiceTests.Harness.Production;

namespace IsaExchange.Benchmarks.Peers;

/// <summary>Keeps the bytes of one upload; they are durable when it is finished.</summary>
interface IPeerStore : IAsyncDisposable
{
    ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken ct);

    Task FinishAsync(CancellationToken ct);
}

/// <summary>A file, flushed to the medium once at the end. Gone with this object.</summary>
sealed class FolderPeerStore : IPeerStore
{
    readonly string _path;
    readonly FileStream _file;

    public FolderPeerStore(string folder)
    {
        _path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        _file = new FileStream(_path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.DeleteOnClose,
        });
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken ct) => _file.WriteAsync(content, ct);

    public Task FinishAsync(CancellationToken ct)
    {
        DurableFiles.Sync(_file.SafeFileHandle, _path);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

/// <summary>
/// A block blob in blocks of the size the exchange uses: one block is on its way while the next one fills, and one
/// commit at the end makes them the blob.
/// </summary>
sealed class BlobPeerStore(string account) : IPeerStore
{
    const int BlockBytes = 4 << 20;

    readonly BlobContainerClient _container = new(
        new Uri($"{account}/peer-{Guid.NewGuid():N}"), IdentityEndpoint.Credential);

    readonly List<string> _blocks = [];
    ArrayBufferWriter<byte> _filling = new(BlockBytes + (1 << 20));
    ArrayBufferWriter<byte> _leaving = new(BlockBytes + (1 << 20));
    Task _sent = Task.CompletedTask;
    BlockBlobClient? _blob;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        _filling.Write(content.Span);
        if (_filling.WrittenCount >= BlockBytes)
            await SendAsync(ct);
    }

    async Task SendAsync(CancellationToken ct)
    {
        if (_blob is null)
        {
            await _container.CreateAsync(cancellationToken: ct);
            _blob = _container.GetBlockBlobClient("content");
        }

        await _sent;
        _leaving.ResetWrittenCount();
        (_filling, _leaving) = (_leaving, _filling);
        var id = Convert.ToBase64String(
            Encoding.ASCII.GetBytes(_blocks.Count.ToString("D8", CultureInfo.InvariantCulture)));
        _blocks.Add(id);
        _sent = StageAsync(_blob, id, _leaving.WrittenMemory, ct);
    }

    static async Task StageAsync(BlockBlobClient blob, string id, ReadOnlyMemory<byte> block, CancellationToken ct)
    {
        await using var content = BinaryContent(block);
        await blob.StageBlockAsync(id, content, cancellationToken: ct);
    }

    static Stream BinaryContent(ReadOnlyMemory<byte> block) => BinaryData.FromBytes(block).ToStream();

    public async Task FinishAsync(CancellationToken ct)
    {
        await SendAsync(ct);
        await _sent;
        await _blob!.CommitBlockListAsync(_blocks, cancellationToken: ct);
    }

    public async ValueTask DisposeAsync() => await _container.DeleteIfExistsAsync();
}
