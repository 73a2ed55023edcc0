using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace IsaExchange.Exchange.Sealing;

/// <summary>The native X25519 recipient of age (C2SP age v1, "The X25519 recipient type").</summary>
static class AgeX25519
{
    internal const string StanzaType = "X25519";
    const string RecipientPrefix = "age";
    const string IdentityPrefix = "AGE-SECRET-KEY-";
    const int PointSize = 32;
    const int TagSize = 16;
    static readonly byte[] ZeroNonce = new byte[12];

    /// <exception cref="FormatException">Not Bech32 of an X25519 point under the prefix of age recipients.</exception>
    internal static byte[] ParseRecipient(string text) =>
        Bech32.Decode(text, RecipientPrefix) is { Length: PointSize } point
            ? point
            : throw new FormatException("That is not an age X25519 recipient: age1 and 58 characters.");

    /// <exception cref="FormatException">Not Bech32 of an X25519 scalar under the prefix of age identities.</exception>
    internal static byte[] ParseIdentity(string text) =>
        Bech32.Decode(text, IdentityPrefix) is { Length: PointSize } scalar
            ? scalar
            : throw new FormatException("That is not an age X25519 identity.");

    internal static AgeStanza Wrap(FileKey key, byte[] recipient)
    {
        var ephemeral = RandomNumberGenerator.GetBytes(PointSize);
        var share = new byte[PointSize];
        X25519.ScalarMultBase(ephemeral, 0, share, 0);
        Span<byte> wrapKey = stackalloc byte[32];
        try
        {
            if (!TryDeriveWrapKey(ephemeral, recipient, share, recipient, wrapKey))
                throw new FormatException("That age recipient is a point of low order: nobody can own it.");
            var body = new byte[FileKey.Size + TagSize];
            using var seal = new ChaCha20Poly1305(wrapKey);
            seal.Encrypt(ZeroNonce, key.Bytes, body.AsSpan(0, FileKey.Size), body.AsSpan(FileKey.Size));
            return new AgeStanza(StanzaType, [AgeBase64.Encode(share)], body);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }

    /// <summary>The file key, or null when the stanza is for somebody else.</summary>
    /// <exception cref="SealBrokenException">The stanza is malformed: wrong sizes, low order share.</exception>
    internal static FileKey? Unwrap(AgeStanza stanza, byte[] identity)
    {
        if (stanza.Arguments is not [var text]
            || AgeBase64.Decode(System.Text.Encoding.ASCII.GetBytes(text)) is not { Length: PointSize } share
            // Checked before decrypting: a body of another length would be an oracle for partitioning attacks.
            || stanza.Body.Length != FileKey.Size + TagSize)
            throw Malformed();
        var recipient = new byte[PointSize];
        X25519.ScalarMultBase(identity, 0, recipient, 0);
        Span<byte> wrapKey = stackalloc byte[32];
        Span<byte> bare = stackalloc byte[FileKey.Size];
        try
        {
            if (!TryDeriveWrapKey(identity, share, share, recipient, wrapKey))
                throw Malformed();
            using var seal = new ChaCha20Poly1305(wrapKey);
            seal.Decrypt(ZeroNonce, stanza.Body.AsSpan(0, FileKey.Size), stanza.Body.AsSpan(FileKey.Size), bare);
            return FileKey.Copy(bare);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrapKey);
            CryptographicOperations.ZeroMemory(bare);
        }
    }

    static bool TryDeriveWrapKey(byte[] scalar, byte[] point, byte[] share, byte[] recipient, Span<byte> wrapKey)
    {
        var shared = new byte[PointSize];
        // False for an all-zero result: a low order point, whose owner everybody is.
        if (!X25519.CalculateAgreement(scalar, 0, point, 0, shared, 0))
            return false;
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256, shared, wrapKey, [.. share, .. recipient], "age-encryption.org/v1/X25519"u8);
        CryptographicOperations.ZeroMemory(shared);
        return true;
    }

    static SealBrokenException Malformed() => new(SealBreak.HeaderMalformed, "An X25519 stanza is malformed.");
}
