using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class NoteKeyTests
{
    const string VKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    [Fact]
    public void KeyTexts_ComeBackUnchanged()
    {
        using var signer = NoteSigner.Generate("exchange.example/log");
        using var again = NoteSigner.Parse(signer.SKey);
        Assert.Equal(signer.SKey, again.SKey);
        Assert.Equal(signer.Verifier.VKey, again.Verifier.VKey);
        Assert.Equal(VKey, NoteVerifier.Parse(VKey).VKey);
        Assert.Equal(0xc74f20a3u, NoteVerifier.Parse(VKey).KeyId);
        Assert.False(NoteVerifier.Parse(VKey).IsCosigner);
        var message = "text\n"u8;
        Assert.True(NoteVerifier.Parse(signer.Verifier.VKey).Verify(message, again.Sign(message)));
    }

    [Fact]
    public void TwoGeneratedKeys_Differ()
    {
        using var one = NoteSigner.Generate("a");
        using var two = NoteSigner.Generate("a");
        Assert.NotEqual(one.SKey, two.SKey);
        Assert.False(two.Verifier.Verify("text\n"u8, one.Sign("text\n"u8)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PeterNeumann")]
    [InlineData("PeterNeumann+c74f20a3")]
    [InlineData("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("CarmenSandiego+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+ c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW=")]
    [InlineData("PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy")]
    public void DamagedVerifierKey_IsRefused(string vkey) =>
        Assert.Throws<LogFormatException>(() => NoteVerifier.Parse(vkey));

    [Fact]
    public void PointOfSmallOrder_IsRefusedAsAKey()
    {
        // The neutral element: any message has a "signature" under it.
        byte[] neutral = [1, .. new byte[31]];
        Assert.Throws<LogFormatException>(() => NoteVerifier.Parse(WithId("name", [0x01, .. neutral])));
    }

    [Fact]
    public void UnknownType_IsRefusedThoughItsIdIsRight()
    {
        var key = Convert.FromBase64String(VKey.Split('+')[2]);
        Assert.Equal(VKey, WithId("PeterNeumann", key));
        foreach (var type in new byte[] { 0x00, 0x02, 0x03, 0x05, 0x06, 0xff })
            Assert.Throws<LogFormatException>(() => NoteVerifier.Parse(WithId("PeterNeumann", [type, .. key[1..]])));
        Assert.True(NoteVerifier.Parse(WithId("PeterNeumann", [0x04, .. key[1..]])).IsCosigner);
    }

    [Fact]
    public void SigningKeyThatIsDamaged_IsRefusedWithoutBeingRepeated()
    {
        using var signer = NoteSigner.Generate("name");
        var skey = signer.SKey;
        foreach (var damaged in new[]
        {
            "", skey[12..], skey[..^4], signer.Verifier.VKey,
            skey.Replace("name", "nome", StringComparison.Ordinal),
            skey.Replace("KEY", "key", StringComparison.Ordinal),
        })
        {
            var refused = Assert.Throws<LogFormatException>(() => NoteSigner.Parse(damaged));
            Assert.DoesNotContain(skey[^20..^4], refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DisposedSigner_SignsNothingAndShowsNothing()
    {
        var signer = NoteSigner.Generate("name");
        signer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => signer.Sign("text\n"u8));
        Assert.Throws<ObjectDisposedException>(() => signer.SKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("a\nb")]
    [InlineData("a\u2003b")]
    public void NameThatNoNoteCanCarry_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => NoteSigner.Generate(name));

    [Fact]
    public void CosignatureOfAnotherTimeOrLength_IsRefused()
    {
        var vector = VectorFiles.Derived("notes.json")["cases"]!.AsArray()
            .Single(c => c!.Text("name") == "sunlight witness2 cosignature/v1")!;
        var key = NoteVerifier.Parse(vector.Texts("vkeys").Single());
        var note = SignedNote.Open(Convert.FromBase64String(vector.Text("noteBase64")), [key]);
        var text = Encoding.UTF8.GetBytes(note.Text);
        var signature = note.Signatures.Single().Signature.ToArray();
        Assert.Equal(72, signature.Length);
        Assert.True(key.Verify(text, signature));
        for (var i = 0; i < signature.Length; i++)
        {
            var changed = signature.ToArray();
            changed[i] ^= 0x80;
            Assert.False(key.Verify(text, changed), $"byte {i}");
        }

        Assert.False(key.Verify(text, signature.AsSpan(8)));
        Assert.False(key.Verify(text, signature.AsSpan(0, 71)));
        Assert.False(key.Verify(text, []));
    }

    static string WithId(string name, byte[] key)
    {
        byte[] input = [.. Encoding.UTF8.GetBytes(name), 0x0a, .. key];
        var id = Convert.ToHexStringLower(SHA256.HashData(input)[..4]);
        return string.Create(CultureInfo.InvariantCulture, $"{name}+{id}+{Convert.ToBase64String(key)}");
    }
}
