using System.Security.Cryptography;
using IsaExchange.TransparencyLog.Formats;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace IsaExchange.TransparencyLog;

/// <summary>An Ed25519 key that signs notes (C2SP signed-note, type 0x01). Disposing wipes the seed.</summary>
public sealed class NoteSigner : IDisposable
{
    const string Prefix = "PRIVATE+KEY+";

    readonly byte[] _seed;
    readonly byte[] _publicKey = new byte[NoteKeys.KeySize];
    bool _isWiped;

    NoteSigner(string name, byte[] seed)
    {
        _seed = seed;
        Ed25519.GeneratePublicKey(seed.AsSpan(), _publicKey.AsSpan());
        Verifier = new(name, NoteKeys.Ed25519Type, _publicKey);
    }

    public string Name => Verifier.Name;

    /// <summary>The key that verifies what this one signs.</summary>
    public NoteVerifier Verifier { get; }

    /// <summary>The secret as text, "PRIVATE+KEY+name+id+base64". Whoever reads it can sign: keep it sealed.</summary>
    public string SKey
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isWiped, this);
            return Prefix + NoteKeys.Write(Name, Verifier.KeyId, NoteKeys.Ed25519Type, _seed);
        }
    }

    /// <exception cref="ArgumentException">The name is empty or holds a space, a plus or a control.</exception>
    public static NoteSigner Generate(string name)
    {
        if (!NoteKeys.IsName(name))
            throw new ArgumentException("A key name is not empty and has no spaces, pluses or controls.", nameof(name));
        return new(name, RandomNumberGenerator.GetBytes(NoteKeys.KeySize));
    }

    /// <exception cref="LogFormatException">Not a signing key, or damaged; no part of it is repeated.</exception>
    public static NoteSigner Parse(string skey)
    {
        ArgumentNullException.ThrowIfNull(skey);
        if (!skey.StartsWith(Prefix, StringComparison.Ordinal))
            throw new LogFormatException($"A signing key begins with {Prefix}.");
        var (name, id, type, seed) = NoteKeys.Read(skey[Prefix.Length..], "signing key");
        if (type != NoteKeys.Ed25519Type)
            throw new LogFormatException("The signing key is not Ed25519 (0x01).");
        var signer = new NoteSigner(name, seed);
        if (signer.Verifier.KeyId == id)
            return signer;
        signer.Dispose();
        throw new LogFormatException("The id in the signing key is not the id of its name and key.");
    }

    /// <summary>The 64-byte signature; the same message always gives the same one.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        ObjectDisposedException.ThrowIf(_isWiped, this);
        var signature = new byte[Ed25519.SignatureSize];
        // As an array the public key would be taken for a context: that overload signs Ed25519ctx, another algorithm.
        ReadOnlySpan<byte> publicKey = _publicKey;
        Ed25519.Sign(_seed, publicKey, message, signature);
        return signature;
    }

    public void Dispose()
    {
        _isWiped = true;
        CryptographicOperations.ZeroMemory(_seed);
    }
}
