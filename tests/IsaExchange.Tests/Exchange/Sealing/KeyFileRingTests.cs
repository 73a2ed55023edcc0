using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Tests.Exchange.Storage;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Exchange.Sealing;

public sealed class KeyFileRingTests : IDisposable
{
    const string Name = "northmere-police.standard";
    const string Id = Name + ".v1";

    readonly TemporaryFolder folder = new();
    readonly KeyFileRing ring;

    public KeyFileRingTests() => ring = new KeyFileRing(folder["keys"]);

    string KeyPath => folder["keys", Id + ".key"];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task FirstUse_MakesAPrivateFileAndLaterUsesKeepIt()
    {
        var kek = await ring.CurrentAsync(Name, Ct);
        var content = await File.ReadAllBytesAsync(KeyPath, Ct);
        _ = await new KeyFileRing(folder["keys"]).CurrentAsync(Name, Ct);

        Assert.Equal(Id, kek.KeyId);
        Assert.Equal(content, await File.ReadAllBytesAsync(KeyPath, Ct));
        Assert.Equal([KeyPath], Directory.GetFiles(folder["keys"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(DurableFiles.PrivateFile, TemporaryFolder.ModeOf(KeyPath));
            Assert.Equal(DurableFiles.PrivateFolder, TemporaryFolder.ModeOf(folder["keys"]));
        }
    }

    [Fact]
    public async Task ConcurrentFirstUses_AllGetTheSameKey()
    {
        var keks = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => new KeyFileRing(folder["keys"]).CurrentAsync(Name, Ct)));
        var wrapped = keks.Select(kek => Convert.ToHexString(kek.WrapKey("AES-KWP", new byte[16], Ct))).Distinct();
        Assert.Single(wrapped);
        Assert.Single(Directory.GetFiles(folder["keys"]));
    }

    [Fact]
    public async Task EveryBitOfTheFileFlipped_IsRefused()
    {
        _ = await ring.CurrentAsync(Name, Ct);
        var content = await File.ReadAllBytesAsync(KeyPath, Ct);
        for (var bit = 0; bit < content.Length * 8; bit++)
        {
            var altered = content.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            await RefusedWithAsync(altered, $"bit {bit} flipped");
        }

        for (var length = 0; length < content.Length; length++)
            await RefusedWithAsync(content[..length], $"cut to {length}");
        await RefusedWithAsync([.. content, (byte)'\n'], "a line more");
        await RefusedWithAsync(new byte[100_000], "far too long");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task FileThatOthersMayTouch_IsRefusedWithTheModeToSet(UnixFileMode more)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        _ = await ring.CurrentAsync(Name, Ct);
        TemporaryFolder.SetMode(KeyPath, DurableFiles.PrivateFile | more);
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => ring.ResolveAsync(Id, Ct));
        Assert.Contains("Wanted: 600", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderThatOthersMayEnter_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        TemporaryFolder.SetMode(folder["keys"], DurableFiles.PrivateFolder | UnixFileMode.GroupExecute);
        var refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => ring.CurrentAsync(Name, Ct));
        Assert.Contains("wanted is 700", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileOfAnotherKeyUnderThisName_IsRefused()
    {
        _ = await ring.CurrentAsync("other", Ct);
        File.Move(folder["keys", "other.v1.key"], KeyPath);
        Assert.Throws<KeyUnavailableException>(() => ring.Resolve(Id, Ct));
    }

    [Theory]
    [InlineData("../keys/northmere-police.standard.v1")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    public void IdThatLeadsOutOfTheFolder_IsUnavailable(string keyId) =>
        Assert.Throws<KeyUnavailableException>(() => ring.Resolve(keyId, Ct));

    [Fact]
    public async Task KeyTakenAway_StopsWorkingAtOnce()
    {
        var kek = await ring.CurrentAsync(Name, Ct);
        File.Delete(KeyPath);
        Assert.Throws<KeyUnavailableException>(() => kek.WrapKey("AES-KWP", new byte[16], Ct));
    }

    [Fact]
    public async Task OtherAlgorithm_IsRefused()
    {
        var kek = await ring.CurrentAsync(Name, Ct);
        Assert.Throws<CryptographicException>(() => kek.WrapKey("A256KW", new byte[16], Ct));
    }

    [Fact]
    public async Task Refusal_NeverShowsTheKey()
    {
        _ = await ring.CurrentAsync(Name, Ct);
        var content = Encoding.ASCII.GetString(await File.ReadAllBytesAsync(KeyPath, Ct));
        var key = content.Split('\n')[2]["key: ".Length..];
        await File.WriteAllTextAsync(KeyPath, content + "x", Ct);
        var refusal = Assert.Throws<KeyUnavailableException>(() => ring.Resolve(Id, Ct));
        Assert.DoesNotContain(key, refusal.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Wycheproof aes_kwp, the 94 cases with a key as long as ours, through a key file on the disk.</summary>
    [Fact]
    public async Task WycheproofCases_ThroughAKeyFile()
    {
        var path = SharedFolders.Vectors("crypto-vectors", "wycheproof", "testvectors_v1", "aes_kwp_test.json");
        using var vectors = JsonDocument.Parse(await File.ReadAllBytesAsync(path, Ct));
        var group = vectors.RootElement.GetProperty("testGroups").EnumerateArray()
            .Single(g => g.GetProperty("keySize").GetInt32() == KeyFile.KeySize * 8);
        var right = 0;
        foreach (var one in group.GetProperty("tests").EnumerateArray())
        {
            var (message, wrapped) = (Hex(one, "msg"), Hex(one, "ct"));
            await WriteKeyFileAsync(Hex(one, "key"));
            var kek = ring.Resolve(Id, Ct);
            if (one.GetProperty("result").GetString() == "valid")
            {
                Assert.Equal(wrapped, kek.WrapKey("AES-KWP", message, Ct));
                Assert.Equal(message, kek.UnwrapKey("AES-KWP", wrapped, Ct));
            }
            else
            {
                Assert.Throws<CryptographicException>(() => kek.UnwrapKey("AES-KWP", wrapped, Ct));
            }

            right++;
        }

        Assert.Equal(94, right);

        static byte[] Hex(JsonElement one, string property) =>
            Convert.FromHexString(one.GetProperty(property).GetString()!);
    }

    async Task WriteKeyFileAsync(byte[] key)
    {
        await File.WriteAllBytesAsync(KeyPath, KeyFile.Format(Id, key), Ct);
        TemporaryFolder.SetMode(KeyPath, DurableFiles.PrivateFile);
    }

    async Task RefusedWithAsync(byte[] content, string how)
    {
        await File.WriteAllBytesAsync(KeyPath, content, Ct);
        Assert.True(Record.Exception(() => ring.Resolve(Id, Ct)) is KeyUnavailableException, $"accepted: {how}");
    }
}
