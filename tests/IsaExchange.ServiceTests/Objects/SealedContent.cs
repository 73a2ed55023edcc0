using System.Buffers;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>A key ring in a temporary folder, and content sealed with it.</summary>
sealed class SealedContent : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-sealed-").FullName;

    public SealedContent() => Ring = new KeyFileRing(_folder);

    public KeyFileRing Ring { get; }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Seal(FileKey key, ReadOnlySpan<byte> content)
    {
        using var sealer = new PayloadSealer(key);
        var output = new ArrayBufferWriter<byte>();
        sealer.Write(content, output);
        sealer.Finish(output);
        return output.WrittenSpan.ToArray();
    }

    public Task<IKeyEncryptionKey> KekAsync() => Ring.CurrentAsync("northmere-police.standard", Stop);

    public async Task<byte[]> HeaderAsync(string bound, FileKey key) =>
        await SealedHeader.CreateAsync(bound, key, await KekAsync(), Stop);

    /// <summary>Stages sealed content in some appends; the key opens it.</summary>
    public async Task<FileKey> StageAsync(IObjectStore store, ObjectName name, byte[] content, int pieces)
    {
        var key = FileKey.Generate();
        var payload = Seal(key, content);
        await using var writer = await store.StageAsync(name, await HeaderAsync(name.Staged, key), Stop);
        var step = Math.Max(1, payload.Length / pieces);
        for (var at = 0; at < payload.Length; at += step)
            await writer.AppendAsync(payload.AsMemory(at, Math.Min(step, payload.Length - at)), Stop);
        return key;
    }

    /// <summary>The content of an object, the way every reader opens it.</summary>
    public async Task<byte[]> OpenAsync(IObjectStore store, ObjectName name)
    {
        await using var opened = await SealedObjects.OpenAsync(store, name, Ring, Stop);
        using var content = new MemoryStream();
        await opened.CopyToAsync(content, Stop);
        return content.ToArray();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
