using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using IsaExchange.TransparencyLog.Formats;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace IsaExchange.TransparencyLog.Witnessing;

/// <summary>
/// A witness's Ed25519 key (C2SP tlog-cosignature, type 0x04). The signature does not commit to the witness's name: a
/// key is never to be used under two. Disposing wipes the seed.
/// </summary>
public sealed class CosignatureSigner : IDisposable
{
    const string Prefix = "PRIVATE+KEY+";
    const int KeyIdSize = 4;
    const int TimestampSize = 8;

    readonly byte[] _seed;
    readonly byte[] _publicKey = new byte[NoteKeys.KeySize];
    bool _isWiped;

    CosignatureSigner(string name, byte[] seed)
    {
        _seed = seed;
        Ed25519.GeneratePublicKey(seed.AsSpan(), _publicKey.AsSpan());
        Verifier = new(name, NoteKeys.CosignatureType, _publicKey);
    }

    public NoteVerifier Verifier { get; }

    /// <summary>The secret as text, "PRIVATE+KEY+name+id+base64". Whoever reads it can witness: it never leaves the
    /// machine it was made on.</summary>
    public string SKey
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isWiped, this);
            return Prefix + NoteKeys.Write(Verifier.Name, Verifier.KeyId, NoteKeys.CosignatureType, _seed);
        }
    }

    /// <exception cref="ArgumentException">The name is empty or holds a space, a plus or a control.</exception>
    public static CosignatureSigner Generate(string name)
    {
        if (!NoteKeys.IsName(name))
            throw new ArgumentException("A key name is not empty and has no spaces, pluses or controls.", nameof(name));
        return new(name, RandomNumberGenerator.GetBytes(NoteKeys.KeySize));
    }

    /// <exception cref="LogFormatException">Not a witness's key, or damaged; no part of it is repeated.</exception>
    public static CosignatureSigner Parse(string skey)
    {
        ArgumentNullException.ThrowIfNull(skey);
        if (!skey.StartsWith(Prefix, StringComparison.Ordinal))
            throw new LogFormatException($"A witness key begins with {Prefix}.");
        var (name, id, type, seed) = NoteKeys.Read(skey[Prefix.Length..], "witness key");
        if (type != NoteKeys.CosignatureType)
            throw new LogFormatException("The witness key is not of the type of cosignatures (0x04).");
        var signer = new CosignatureSigner(name, seed);
        if (signer.Verifier.KeyId == id)
            return signer;
        signer.Dispose();
        throw new LogFormatException("The id in the witness key is not the id of its name and key.");
    }

    /// <summary>The signature line over a checkpoint's text, newline included.</summary>
    /// <param name="text">Of the checkpoint's note, without signatures.</param>
    /// <param name="time">Of the cosignature, to the second: it says that nothing larger was seen until then.</param>
    public string Cosign(string text, DateTimeOffset time)
    {
        ObjectDisposedException.ThrowIf(_isWiped, this);
        var seconds = time.ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfNegative(seconds, nameof(time));
        var message = StrictText.Utf8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));
        var line = new byte[KeyIdSize + TimestampSize + Ed25519.SignatureSize];
        BinaryPrimitives.WriteUInt32BigEndian(line, Verifier.KeyId);
        BinaryPrimitives.WriteInt64BigEndian(line.AsSpan(KeyIdSize), seconds);
        ReadOnlySpan<byte> publicKey = _publicKey;
        Ed25519.Sign(_seed, publicKey, message, line.AsSpan(KeyIdSize + TimestampSize));
        return $"— {Verifier.Name} {Convert.ToBase64String(line)}\n";
    }

    public void Dispose()
    {
        _isWiped = true;
        CryptographicOperations.ZeroMemory(_seed);
    }
}
