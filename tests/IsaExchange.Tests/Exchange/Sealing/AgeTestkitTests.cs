using System.Security.Cryptography;
using IsaExchange.Exchange.Sealing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Sealing;

/// <summary>The C2SP age testkit, as far as our profile goes: header grammar, HMAC, X25519, STREAM.</summary>
public class AgeTestkitTests
{
    /// <summary>Recipients and the text armour that the profile leaves out: 33 + 18 + 25 files.</summary>
    static readonly string[] OutOfProfile = ["armor_", "hybrid", "scrypt"];

    const string HeaderFailure = "header failure";
    const string PayloadFailure = "payload failure";

    [Fact]
    public void EveryVectorOfTheProfile_EndsAsItsHeadSays()
    {
        var names = AgeVector.Names.ToList();
        var covered = names.Where(IsInProfile).ToList();
        var wrong = new List<string>();
        foreach (var name in covered)
        {
            var vector = AgeVector.Read(name);
            var (outcome, released) = Open(vector);
            if (outcome != vector.Expect)
                wrong.Add($"{name}: expected {vector.Expect}, was {outcome}");
            else if (vector.Expect is "success" or PayloadFailure && Hash(released) != vector.PayloadHash)
                wrong.Add($"{name}: released {released.Length} bytes that are not those of the vector");
        }

        Assert.Empty(wrong);
        Assert.Equal((143, 67), (names.Count, covered.Count));
    }

    [Fact]
    public void EveryHeaderThatParses_IsWrittenBackByteForByte()
    {
        var written = 0;
        foreach (var name in AgeVector.Names.Where(name => IsRoundTripped(name)))
        {
            var vector = AgeVector.Read(name);
            if (vector.Expect == HeaderFailure || FileKeyOf(vector) is not { } key)
                continue;
            var header = AgeHeader.Parse(vector.File);
            Assert.Equal(vector.File[..header.Length], AgeHeader.Write(key, [.. header.Stanzas]));
            key.Dispose();
            written++;
        }

        Assert.Equal(6, written);
    }

    static bool IsInProfile(string name) =>
        !OutOfProfile.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    static bool IsRoundTripped(string name) =>
        name.StartsWith("stanza_", StringComparison.Ordinal) || name.StartsWith("x25519", StringComparison.Ordinal);

    static (string Outcome, byte[] Released) Open(AgeVector vector)
    {
        AgeHeader header;
        FileKey? key;
        try
        {
            header = AgeHeader.Parse(vector.File);
            key = FileKeyOf(vector);
            if (key is null)
                return ("no match", []);
            header.Verify(key);
        }
        catch (SealBrokenException refusal)
        {
            return (refusal.Reason == SealBreak.HeaderAltered ? "HMAC failure" : HeaderFailure, []);
        }

        using (key)
            return ReadAll(vector.File[header.Length..], key);
    }

    static FileKey? FileKeyOf(AgeVector vector)
    {
        var identities = vector.Identities.Select(AgeX25519.ParseIdentity).ToList();
        var stanzas = AgeHeader.Parse(vector.File).Stanzas.Where(stanza => stanza.Type == AgeX25519.StanzaType);
        return stanzas.SelectMany(stanza => identities.Select(identity => AgeX25519.Unwrap(stanza, identity)))
            .FirstOrDefault(key => key is not null);
    }

    static (string Outcome, byte[] Released) ReadAll(byte[] payload, FileKey key)
    {
        var released = new MemoryStream();
        using var stream = PayloadOpener.OpenStream(new MemoryStream(payload), key);
        var buffer = new byte[1000];
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
                released.Write(buffer, 0, read);
            return ("success", released.ToArray());
        }
        catch (SealBrokenException)
        {
            // The testkit counts a missing nonce to the header; ours is the first part of the payload.
            var outcome = payload.Length < PayloadSealer.NonceSize ? HeaderFailure : PayloadFailure;
            return (outcome, released.ToArray());
        }
    }

    static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
