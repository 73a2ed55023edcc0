using Azure.Core.Cryptography;
using IsaExchange.Exchange.Sealing;

namespace IsaExchange.Fuzz.Harnesses;

/// <summary>
/// The header of a sealed object. Its HMAC would stop a fuzzer at the door: what can be parsed is also written anew
/// under a key that we hold, and then opened as an object is.
/// </summary>
sealed class AgeHeaderHarness : Harness
{
    const string ObjectName = "datasets/a/b";

    public override string Name => "age-header";

    public override bool Try(ReadOnlySpan<byte> content)
    {
        AgeHeader header;
        try
        {
            header = AgeHeader.Parse(content);
        }
        catch (SealBrokenException broken)
        {
            BrokenPromiseException.Unless(
                broken.Reason == SealBreak.HeaderMalformed, "what cannot be parsed is malformed");
            return false;
        }

        using var key = FileKey.Copy(new byte[FileKey.Size]);
        var written = AgeHeader.Write(key, [.. header.Stanzas]);
        BrokenPromiseException.Unless(
            written.Length == header.Length && content.StartsWith(header.Authenticated)
                && written.AsSpan().StartsWith(header.Authenticated),
            "a header that was parsed is written as the same bytes, but for its HMAC");
        var again = AgeHeader.Parse(written);
        BrokenPromiseException.Unless(AreSame(header, again), "what was written is read as the same stanzas");
        again.Verify(key);
        AssertAltered(header, again, key);
        return Open(written, header);
    }

    static bool AreSame(AgeHeader one, AgeHeader other) =>
        one.Stanzas.Count == other.Stanzas.Count && one.Stanzas.Zip(other.Stanzas).All(p =>
            p.First.Type == p.Second.Type && p.First.Arguments.SequenceEqual(p.Second.Arguments)
            && p.First.Body.AsSpan().SequenceEqual(p.Second.Body));

    /// <summary>Only the HMAC under the key is believed.</summary>
    static void AssertAltered(AgeHeader header, AgeHeader written, FileKey key)
    {
        var isAuthentic = header.Length == written.Length;
        try
        {
            header.Verify(key);
        }
        catch (SealBrokenException broken) when (broken.Reason == SealBreak.HeaderAltered)
        {
            return;
        }

        BrokenPromiseException.Unless(isAuthentic, "only the bytes that were authenticated verify");
    }

    /// <summary>Opens exactly when it has one bind stanza of this name and one key stanza of an algorithm we
    /// know.</summary>
    static bool Open(byte[] written, AgeHeader header)
    {
        var isOurs = IsOurs(header);
        try
        {
            using var key = SealedHeader.OpenAsync(written, ObjectName, new OneKey(), CancellationToken.None)
                .GetAwaiter().GetResult();
            BrokenPromiseException.Unless(isOurs, "only a header of this object opens");
            BrokenPromiseException.Unless(
                SealedHeader.KeyIdOf(written).Length > 0, "what opens names the key that wrapped it");
            return true;
        }
        catch (SealBrokenException broken)
        {
            BrokenPromiseException.Unless(!isOurs, "a header of this object opens");
            BrokenPromiseException.Unless(broken.ObjectName == ObjectName, "a refusal names the object");
            return false;
        }
    }

    static bool IsOurs(AgeHeader header)
    {
        var binds = header.Stanzas.Where(s => s.Type == SealedHeader.BindType).ToArray();
        var keys = header.Stanzas.Where(s => s.Type == SealedHeader.KeyType).ToArray();
        return binds is [{ Arguments: [ObjectName], Body: [] }]
            && keys is [{ Arguments: ["AES-KWP" or "RSA-OAEP-256", _] }];
    }

    /// <summary>Takes every wrapped key for the one that this harness writes with.</summary>
    sealed class OneKey : IKeyEncryptionKeyResolver, IKeyEncryptionKey
    {
        public string KeyId => "key";

        public IKeyEncryptionKey Resolve(string keyId, CancellationToken cancellationToken = default) => this;

        public Task<IKeyEncryptionKey> ResolveAsync(string keyId, CancellationToken cancellationToken = default) =>
            Task.FromResult<IKeyEncryptionKey>(this);

        public byte[] UnwrapKey(string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken ct = default) =>
            new byte[FileKey.Size];

        public Task<byte[]> UnwrapKeyAsync(
            string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken ct = default) =>
            Task.FromResult(UnwrapKey(algorithm, encryptedKey, ct));

        public byte[] WrapKey(string algorithm, ReadOnlyMemory<byte> key, CancellationToken ct = default) =>
            throw new NotSupportedException();

        public Task<byte[]> WrapKeyAsync(
            string algorithm, ReadOnlyMemory<byte> key, CancellationToken ct = default) =>
            throw new NotSupportedException();
    }
}
