using System.Security.Cryptography;
using System.Text;
using Azure.Core.Cryptography;
using IsaExchange.Exchange.Sealing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Sealing;

public sealed class SealedHeaderTests : IDisposable
{
    const string Name = "northmere/police/1";
    static readonly AgeStanza Bind = new(SealedHeader.BindType, [Name], []);

    readonly SealedSample sample = new();
    readonly FileKey key = FileKey.Generate();

    static CancellationToken Ct => SealedSample.Ct;

    public void Dispose()
    {
        key.Dispose();
        sample.Dispose();
    }

    [Fact]
    public async Task OwnHeader_GivesTheFileKeyBack()
    {
        using var opened = await SealedHeader.OpenAsync(await sample.HeaderAsync(Name, key), Name, sample.Ring, Ct);
        Assert.True(opened.Bytes.SequenceEqual(key.Bytes));
    }

    [Fact]
    public async Task OwnHeader_HasExactlyTheTwoStanzasOfTheProfile()
    {
        var lines = Encoding.ASCII.GetString(await sample.HeaderAsync(Name, key)).Split('\n');
        Assert.Equal("age-encryption.org/v1", lines[0]);
        Assert.Equal("-> isaexchange.example/bind northmere/police/1", lines[1]);
        Assert.Equal("", lines[2]);
        Assert.Equal("-> isaexchange.example/kek AES-KWP northmere-police.standard.v1", lines[3]);
        Assert.Equal(32, lines[4].Length);
        Assert.StartsWith("--- ", lines[5], StringComparison.Ordinal);
        Assert.Equal(["", ""], [lines[6], string.Concat(lines[7..])]);
    }

    [Fact]
    public async Task HeaderOfAnotherName_IsRefused() =>
        await RefusedAsync(SealBreak.BoundToAnotherName, await sample.HeaderAsync("northmere/police/2", key));

    [Fact]
    public async Task NameRewrittenInTheHeader_FailsTheHmac()
    {
        var text = Encoding.ASCII.GetString(await sample.HeaderAsync("northmere/police/2", key));
        var renamed = Encoding.ASCII.GetBytes(text.Replace("police/2", "police/1", StringComparison.Ordinal));
        await RefusedAsync(SealBreak.HeaderAltered, renamed);
    }

    [Fact]
    public async Task BindMissingOrDoubledOrOverfull_IsRefused()
    {
        var kek = await KeyStanzaAsync();
        await RefusedAsync(SealBreak.BindMissing, AgeHeader.Write(key, kek));
        await RefusedAsync(SealBreak.BindDoubled, AgeHeader.Write(key, Bind, Bind, kek));
        await RefusedAsync(SealBreak.BindDoubled, AgeHeader.Write(key, Bind, kek, Bind with { Arguments = ["other"] }));
        await RefusedAsync(SealBreak.BindMalformed, AgeHeader.Write(key, Bind with { Body = [1] }, kek));
        await RefusedAsync(SealBreak.BindMalformed, AgeHeader.Write(key, Bind with { Arguments = [Name, Name] }, kek));
        await RefusedAsync(SealBreak.BindMalformed, AgeHeader.Write(key, Bind with { Arguments = [] }, kek));
    }

    [Fact]
    public async Task KeyStanzaMissingOrDoubledOrUnknown_IsRefused()
    {
        var kek = await KeyStanzaAsync();
        await RefusedAsync(SealBreak.KeyStanzaMissing, AgeHeader.Write(key, Bind));
        await RefusedAsync(SealBreak.KeyStanzaDoubled, AgeHeader.Write(key, Bind, kek, kek));
        await RefusedAsync(
            SealBreak.KeyStanzaMalformed, AgeHeader.Write(key, Bind, kek with { Arguments = ["ROT13", "k.v1"] }));
        await RefusedAsync(
            SealBreak.KeyStanzaMalformed, AgeHeader.Write(key, Bind, kek with { Arguments = ["AES-KWP"] }));
        await RefusedAsync(SealBreak.FileKeyNotUnwrapped, AgeHeader.Write(key, Bind, kek with { Body = [] }));
        await RefusedAsync(
            SealBreak.FileKeyNotUnwrapped, AgeHeader.Write(key, Bind, kek with { Body = kek.Body[1..] }));
    }

    [Fact]
    public async Task UnknownExtraStanza_IsAccepted()
    {
        var stranger = new AgeStanza("example.org/grease", ["x", "y"], new byte[100]);
        var header = AgeHeader.Write(key, stranger, Bind, await KeyStanzaAsync(), stranger);
        using var opened = await SealedHeader.OpenAsync(header, Name, sample.Ring, Ct);
        Assert.True(opened.Bytes.SequenceEqual(key.Bytes));
    }

    [Fact]
    public async Task WrappedKeyOfAnotherObjectPastedIn_FailsTheHmac()
    {
        using var other = FileKey.Generate();
        var pasted = AgeHeader.Parse(await sample.HeaderAsync(Name, other)).Stanzas[1];
        await RefusedAsync(SealBreak.HeaderAltered, AgeHeader.Write(key, Bind, pasted));
    }

    [Fact]
    public async Task LongerWrappedKey_IsRefusedAlthoughTheKekWrappedIt()
    {
        var kek = await sample.KekAsync();
        var wrapped = kek.WrapKey("AES-KWP", new byte[32], Ct);
        var stanza = new AgeStanza(SealedHeader.KeyType, ["AES-KWP", kek.KeyId], wrapped);
        await RefusedAsync(SealBreak.FileKeyNotUnwrapped, AgeHeader.Write(key, Bind, stanza));
    }

    [Fact]
    public async Task EveryBitOfTheHeaderFlipped_IsRefused()
    {
        var header = await sample.HeaderAsync(Name, key);
        var (attempted, refused) = (0, 0);
        for (var bit = 0; bit < header.Length * 8; bit++)
        {
            var altered = header.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            attempted++;
            refused += await IsRefusedAsync(altered) ? 1 : 0;
        }

        Assert.Equal(header.Length * 8, attempted);
        Assert.Equal(attempted, refused);
    }

    [Fact]
    public async Task EveryTruncationAndExtensionOfTheHeader_IsRefused()
    {
        var header = await sample.HeaderAsync(Name, key);
        for (var length = 0; length < header.Length; length++)
            Assert.True(await IsRefusedAsync(header[..length]), $"{length} bytes of {header.Length} were accepted");
        await RefusedAsync(SealBreak.HeaderMalformed, [.. header, (byte)'\n']);
        await RefusedAsync(SealBreak.HeaderMalformed, [.. header, .. header]);
    }

    [Fact]
    public async Task HeaderThatNeverEnds_IsRefusedWithoutReadingItAll()
    {
        var line = Encoding.ASCII.GetBytes(new string('A', 64) + "\n");
        byte[] endless =
            [.. "age-encryption.org/v1\n-> x\n"u8, .. Enumerable.Repeat(line, 100_000).SelectMany(bytes => bytes)];
        await RefusedAsync(SealBreak.HeaderMalformed, endless);
    }

    [Fact]
    public async Task KekAbsent_IsKeyUnavailableAndNotABrokenSeal()
    {
        var header = await sample.HeaderAsync(Name, key);
        using var elsewhere = new SealedSample();
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(
            () => SealedHeader.OpenAsync(header, Name, elsewhere.Ring, Ct));
        Assert.Equal("northmere-police.standard.v1", refusal.KeyId);
    }

    [Fact]
    public async Task KeyServiceThatThrows_IsKeyUnavailableForWrapAndUnwrap()
    {
        var broken = new Vault(
            _ => throw new HttpRequestException("503"), _ => throw new HttpRequestException("503"));
        await Assert.ThrowsAsync<KeyUnavailableException>(() => SealedHeader.CreateAsync(Name, key, broken, Ct));
        var header = AgeHeader.Write(
            key, Bind, new AgeStanza(SealedHeader.KeyType, ["RSA-OAEP-256", broken.KeyId], new byte[384]));
        await Assert.ThrowsAsync<KeyUnavailableException>(() => SealedHeader.OpenAsync(header, Name, broken, Ct));
    }

    [Fact]
    public async Task KekOfTheSameIdButOtherBytes_DidNotWrapIt()
    {
        var header = await sample.HeaderAsync(Name, key);
        using var elsewhere = new SealedSample();
        _ = await elsewhere.KekAsync();
        var refusal = await Assert.ThrowsAsync<SealBrokenException>(
            () => SealedHeader.OpenAsync(header, Name, elsewhere.Ring, Ct));
        Assert.Equal(SealBreak.FileKeyNotUnwrapped, refusal.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nfeed")]
    [InlineData("é")]
    public async Task NameThatNoStanzaCanHold_IsRefusedBeforeSealing(string name)
    {
        var kek = await sample.KekAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => SealedHeader.CreateAsync(name, key, kek, Ct));
    }

    [Fact]
    public async Task VaultKeyThatNamesNoAlgorithm_WrapsWithRsaOaep()
    {
        using var rsa = RSA.Create(2048);
        var vault = new Vault(
            bytes => rsa.Encrypt(bytes, RSAEncryptionPadding.OaepSHA256),
            bytes => rsa.Decrypt(bytes, RSAEncryptionPadding.OaepSHA256));
        var header = await SealedHeader.CreateAsync(Name, key, vault, Ct);
        Assert.Contains("kek RSA-OAEP-256 vault-key/1\n", Encoding.ASCII.GetString(header), StringComparison.Ordinal);
        using var opened = await SealedHeader.OpenAsync(header, Name, vault, Ct);
        Assert.True(opened.Bytes.SequenceEqual(key.Bytes));
    }

    [Fact]
    public void DisposedFileKey_GivesNoBytes()
    {
        var disposed = FileKey.Generate();
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => disposed.Bytes.Length);
    }

    async Task<AgeStanza> KeyStanzaAsync() => AgeHeader.Parse(await sample.HeaderAsync(Name, key)).Stanzas[1];

    async Task RefusedAsync(SealBreak reason, byte[] header)
    {
        var refusal = await Assert.ThrowsAsync<SealBrokenException>(
            () => SealedHeader.OpenAsync(header, Name, sample.Ring, Ct));
        Assert.Equal(reason, refusal.Reason);
    }

    async Task<bool> IsRefusedAsync(byte[] header)
    {
        try
        {
            (await SealedHeader.OpenAsync(header, Name, sample.Ring, Ct)).Dispose();
            return false;
        }
        catch (Exception refusal) when (refusal is SealBrokenException or KeyUnavailableException)
        {
            return true;
        }
    }

    /// <summary>What a vault is to us: it names no algorithm, and it may be down.</summary>
    sealed class Vault(Func<byte[], byte[]> wrap, Func<byte[], byte[]> unwrap)
        : IKeyEncryptionKey, IKeyEncryptionKeyResolver
    {
        public string KeyId => "vault-key/1";

        public byte[] WrapKey(
            string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) =>
            Use(wrap, algorithm, key);

        public Task<byte[]> WrapKeyAsync(
            string algorithm, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) =>
            Task.FromResult(Use(wrap, algorithm, key));

        public byte[] UnwrapKey(
            string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken = default) =>
            Use(unwrap, algorithm, encryptedKey);

        public Task<byte[]> UnwrapKeyAsync(
            string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken = default) =>
            Task.FromResult(Use(unwrap, algorithm, encryptedKey));

        public IKeyEncryptionKey Resolve(string keyId, CancellationToken cancellationToken = default) => this;

        public Task<IKeyEncryptionKey> ResolveAsync(string keyId, CancellationToken cancellationToken = default) =>
            Task.FromResult<IKeyEncryptionKey>(this);

        static byte[] Use(Func<byte[], byte[]> work, string algorithm, ReadOnlyMemory<byte> bytes)
        {
            Assert.Equal("RSA-OAEP-256", algorithm);
            return work(bytes.ToArray());
        }
    }
}
