using System.Buffers.Binary;
using System.Globalization;
using IsaExchange.TransparencyLog.Formats;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace IsaExchange.TransparencyLog;

/// <summary>
/// A public key that a reader trusts, under the name it signs as. Two types: Ed25519 over the note text (C2SP
/// signed-note, type 0x01) and a witness's timestamped cosignature/v1 (C2SP tlog-cosignature, type 0x04).
/// </summary>
public sealed class NoteVerifier
{
    const int TimestampSize = 8;

    readonly byte _type;
    readonly byte[] _publicKey;

    internal NoteVerifier(string name, byte type, byte[] publicKey)
    {
        Name = name;
        _type = type;
        _publicKey = publicKey;
        KeyId = NoteKeys.Id(name, type, publicKey);
    }

    public string Name { get; }

    /// <summary>Tells keys apart; it is short, and proves nothing.</summary>
    public uint KeyId { get; }

    /// <summary>Whether this key is a witness's: its signatures say "seen at this time", not "issued".</summary>
    public bool IsCosigner => _type == NoteKeys.CosignatureType;

    /// <summary>The key as text: name+id+base64(type || public key).</summary>
    public string VKey => NoteKeys.Write(Name, KeyId, _type, _publicKey);

    /// <exception cref="LogFormatException">Not a vkey, of another type, or its id is not that of its key.</exception>
    public static NoteVerifier Parse(string vkey)
    {
        var (name, id, type, key) = NoteKeys.Read(vkey, "verifier key");
        if (type is not (NoteKeys.Ed25519Type or NoteKeys.CosignatureType))
            throw new LogFormatException("The verifier key is neither Ed25519 (0x01) nor cosignature/v1 (0x04).");
        if (id != NoteKeys.Id(name, type, key))
            throw new LogFormatException("The id in the verifier key is not the id of its name and key.");
        // A point of small order would verify signatures that nobody made.
        if (!Ed25519.ValidatePublicKeyFull(key))
            throw new LogFormatException("The verifier key is not a point of the Ed25519 group.");
        return new(name, type, key);
    }

    /// <summary>Whether <paramref name="signature"/>, without its key id, is this key's over the note text.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (!IsCosigner)
            return IsSignature(signature, message);
        if (signature.Length != TimestampSize + Ed25519.SignatureSize)
            return false;
        var seconds = BinaryPrimitives.ReadUInt64BigEndian(signature);
        if (seconds > long.MaxValue)
            return false;
        var head = string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n");
        byte[] cosigned = [.. StrictText.Utf8.GetBytes(head), .. message];
        return IsSignature(signature[TimestampSize..], cosigned);
    }

    /// <summary>Whether both wrap one public key, whatever their names.</summary>
    public bool IsOfSameKey(NoteVerifier other) => _publicKey.AsSpan().SequenceEqual(other._publicKey);

    /// <summary>When a witness says it has cosigned.</summary>
    /// <param name="cosignature">Verified by a witness's key.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static DateTimeOffset TimeOf(NoteSignature cosignature)
    {
        if (cosignature.VerifiedBy is not { IsCosigner: true })
            throw new ArgumentException("Not a verified cosignature.", nameof(cosignature));
        var seconds = BinaryPrimitives.ReadUInt64BigEndian(cosignature.Signature.Span);
        // A time beyond the calendar is in the future, whichever.
        return seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : DateTimeOffset.MaxValue;
    }

    bool IsSignature(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message) =>
        signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, _publicKey.AsSpan(), message);
}
