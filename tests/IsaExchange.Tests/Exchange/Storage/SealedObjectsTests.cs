using System.Text;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Tests.Exchange.Sealing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Storage;

public sealed class SealedObjectsTests : IDisposable
{
    const string Canary = "canary-7f3a-plaintext-on-disk";
    static readonly ObjectName Name = new("northmere/police/1/cube");

    readonly TemporaryFolder folder = new();
    readonly SealedSample sample = new();
    readonly FolderObjectStore store;

    public SealedObjectsTests() => store = new FolderObjectStore(folder.Path);

    static CancellationToken Ct => SealedSample.Ct;

    public void Dispose()
    {
        sample.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65536)]
    [InlineData(200_000)]
    public async Task PutAndOpened_IsTheSame(int size)
    {
        var plaintext = SealedSample.Plaintext(size);
        await SealedObjects.PutAsync(store, Name, await sample.KekAsync(), plaintext, Ct);
        Assert.Equal(plaintext, await OpenAsync(Name));
    }

    [Fact]
    public async Task PutRepeatedWithTheSameBytes_SucceedsWithOthersIsRefused()
    {
        var kek = await sample.KekAsync();
        await SealedObjects.PutAsync(store, Name, kek, new byte[] { 1, 2 }, Ct);
        await SealedObjects.PutAsync(store, Name, kek, new byte[] { 1, 2 }, Ct);
        foreach (var other in (byte[][])[[1], [1, 2, 3], [1, 3], []])
            await Assert.ThrowsAsync<ObjectExistsException>(() => SealedObjects.PutAsync(store, Name, kek, other, Ct));
        var otherKek = await sample.Ring.CurrentAsync("other", Ct);
        await Assert.ThrowsAsync<ObjectExistsException>(
            () => SealedObjects.PutAsync(store, Name, otherKek, new byte[] { 1, 2 }, Ct));
    }

    [Fact]
    public async Task ObjectCopiedToAnotherName_IsRefused()
    {
        await SealedObjects.PutAsync(store, Name, await sample.KekAsync(), new byte[] { 1, 2 }, Ct);
        var other = new ObjectName("northmere/police/2/cube");
        await using (var stored = await store.OpenAsync(Name, Ct))
        {
            var payload = new byte[stored.PayloadLength];
            await stored.Payload.ReadExactlyAsync(payload, Ct);
            await store.PutAsync(other, stored.Header, payload, Ct);
        }

        var refusal = await Assert.ThrowsAsync<SealBrokenException>(() => OpenAsync(other));
        Assert.Equal(SealBreak.BoundToAnotherName, refusal.Reason);
    }

    [Fact]
    public async Task Plaintext_IsInNoStagedNorStoredFile()
    {
        var plaintext = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Canary, 10_000)));
        await SealedObjects.PutAsync(store, Name, await sample.KekAsync(), plaintext, Ct);
        using var key = FileKey.Generate();
        await using (var staged = await store.StageAsync(new ObjectName("s1"), await sample.HeaderAsync("s1", key), Ct))
            await staged.AppendAsync(SealedSample.SealPayload(key, plaintext), Ct);

        var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        Assert.True(files.Sum(file => new FileInfo(file).Length) > 2 * plaintext.Length);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file, Ct);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Canary)) < 0, $"{file} holds plaintext");
            Assert.True(bytes.AsSpan().IndexOf(key.Bytes) < 0, $"{file} holds a bare file key");
        }
    }

    [Fact]
    public async Task ObjectThatIsNotThere_IsNotFound() =>
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => OpenAsync(Name));

    async Task<byte[]> OpenAsync(ObjectName name)
    {
        await using var opened = await SealedObjects.OpenAsync(store, name, sample.Ring, Ct);
        using var plaintext = new MemoryStream();
        await opened.CopyToAsync(plaintext, Ct);
        return plaintext.ToArray();
    }
}
