using System.Buffers;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Tests.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Sealing;

/// <summary>A key ring in a temporary folder, and objects sealed with it, as bytes to tamper with.</summary>
sealed class SealedSample : IDisposable
{
    readonly TemporaryFolder folder = new();

    public SealedSample() => Ring = new KeyFileRing(folder["keys"]);

    public KeyFileRing Ring { get; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static byte[] Plaintext(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    public static byte[] SealPayload(FileKey key, ReadOnlySpan<byte> plaintext)
    {
        using var sealer = new PayloadSealer(key);
        var output = new ArrayBufferWriter<byte>();
        sealer.Write(plaintext, output);
        sealer.Finish(output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] OpenPayload(byte[] payload, FileKey key)
    {
        using var stream = PayloadOpener.OpenStream(new MemoryStream(payload), key);
        using var plaintext = new MemoryStream();
        stream.CopyTo(plaintext);
        return plaintext.ToArray();
    }

    public Task<IKeyEncryptionKey> KekAsync() => Ring.CurrentAsync("northmere-police.standard", Ct);

    public async Task<byte[]> HeaderAsync(string name, FileKey key) =>
        await SealedHeader.CreateAsync(name, key, await KekAsync(), Ct);

    public async Task<byte[]> OpenAsync(byte[] header, byte[] payload, string name)
    {
        using var key = await SealedHeader.OpenAsync(header, name, Ring, Ct);
        return OpenPayload(payload, key);
    }

    public void Dispose() => folder.Dispose();
}
