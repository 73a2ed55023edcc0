using System.Buffers.Binary;
using System.Text;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog;

/// <summary>One signature line. <paramref name="Signature"/> is without the key id.</summary>
/// <param name="VerifiedBy">The known key that made it; null when the key is unknown and the line says nothing.</param>
public sealed record NoteSignature(
    string Name, uint KeyId, ReadOnlyMemory<byte> Signature, NoteVerifier? VerifiedBy);

/// <summary>Why a note is not believed.</summary>
public enum NoteRefusal
{
    Malformed,
    TooManySignatures,

    /// <summary>A line claims a known key, and that key did not make it.</summary>
    InvalidSignature,

    /// <summary>No known key has signed.</summary>
    NoKnownSignature,
}

/// <summary>The note must not be used: neither its text nor its signatures.</summary>
public sealed class NoteRefusedException(NoteRefusal reason, string message) : Exception(message)
{
    public NoteRefusal Reason { get; } = reason;
}

/// <summary>
/// Text with signatures (C2SP signed-note). Only <see cref="Open(string, IReadOnlyList{NoteVerifier})"/> makes one from
/// outside text, and only when a known key has signed it.
/// </summary>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>As in the Go reference: a signature costs a verification, so their number is bounded.</summary>
    public const int SignaturesMax = 100;

    /// <summary>A larger note is refused before it is looked at.</summary>
    public const int CharsMax = 1_000_000;

    const string LineStart = "— ";
    const int KeyIdSize = 4;

    /// <summary>The known keys that have signed, each once.</summary>
    public IEnumerable<NoteVerifier> SignedBy => Signatures.Select(s => s.VerifiedBy).OfType<NoteVerifier>();

    /// <summary>Writes the note: the text, an empty line, one line a signer.</summary>
    /// <exception cref="ArgumentException">Text that no reader would accept, no signer, or one twice.</exception>
    public static string Sign(string text, params NoteSigner[] signers)
    {
        if (!text.EndsWith('\n') || !StrictText.IsFreeOfControls(text))
            throw new ArgumentException("A note's text ends in a newline and has no other control.", nameof(text));
        if (signers.Length == 0 || signers.DistinctBy(s => (s.Name, s.Verifier.KeyId)).Count() != signers.Length)
            throw new ArgumentException("A note is signed by at least one key, by each once.", nameof(signers));
        var message = StrictText.Utf8.GetBytes(text);
        var note = new StringBuilder(text).Append('\n');
        foreach (var signer in signers)
        {
            var signature = new byte[KeyIdSize + NoteKeys.KeySize * 2];
            BinaryPrimitives.WriteUInt32BigEndian(signature, signer.Verifier.KeyId);
            signer.Sign(message).CopyTo(signature, KeyIdSize);
            note.Append(LineStart).Append(signer.Name).Append(' ');
            note.Append(Convert.ToBase64String(signature)).Append('\n');
        }

        return note.ToString();
    }

    /// <inheritdoc cref="Open(string, IReadOnlyList{NoteVerifier})"/>
    public static SignedNote Open(ReadOnlySpan<byte> note, IReadOnlyList<NoteVerifier> known)
    {
        try
        {
            return Open(StrictText.Utf8.GetString(note), known);
        }
        catch (DecoderFallbackException)
        {
            throw new NoteRefusedException(NoteRefusal.Malformed, "The note is not UTF-8.");
        }
    }

    /// <summary>Verifies every signature that claims a known key; one that fails refuses the note.</summary>
    /// <exception cref="NoteRefusedException">Malformed, or not signed by a known key.</exception>
    /// <exception cref="ArgumentException">Two known keys share name and id.</exception>
    public static SignedNote Open(string note, IReadOnlyList<NoteVerifier> known)
    {
        var keys = new Dictionary<(string, uint), NoteVerifier>();
        foreach (var key in known)
            keys.Add((key.Name, key.KeyId), key);
        var (text, message, lines) = Split(note);
        var signatures = new List<NoteSignature>();
        var seen = new HashSet<(string, uint)>();
        foreach (var line in lines)
        {
            var signature = ReadLine(line);
            var id = (signature.Name, signature.KeyId);
            var key = keys.GetValueOrDefault(id);
            if (key is null)
                signatures.Add(signature);
            else if (!key.Verify(message, signature.Signature.Span))
                throw new NoteRefusedException(NoteRefusal.InvalidSignature, $"{key.Name} did not sign this text.");
            else if (seen.Add(id))
                signatures.Add(signature with { VerifiedBy = key });
        }

        if (seen.Count == 0)
            throw new NoteRefusedException(NoteRefusal.NoKnownSignature, "No known key has signed the note.");
        return new(text, signatures);
    }

    static (string Text, byte[] Message, string[] Lines) Split(string note)
    {
        if (note.Length > CharsMax)
            throw Malformed($"The note is longer than {CharsMax} characters.");
        if (!StrictText.IsFreeOfControls(note))
            throw Malformed("The note holds a control character.");
        // The text may hold empty lines: the last one separates.
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
            throw Malformed("The note has no empty line before its signatures.");
        var text = note[..(end + 1)];
        var rest = note[(end + 2)..];
        if (!rest.EndsWith('\n'))
            throw Malformed("The signatures do not end in a newline.");
        var lines = rest[..^1].Split('\n', SignaturesMax + 1);
        if (lines.Length > SignaturesMax)
        {
            throw new NoteRefusedException(
                NoteRefusal.TooManySignatures, $"The note has more than {SignaturesMax} signatures.");
        }

        try
        {
            return (text, StrictText.Utf8.GetBytes(text), lines);
        }
        catch (EncoderFallbackException)
        {
            throw Malformed("The note is not Unicode text.");
        }
    }

    static NoteSignature ReadLine(string line)
    {
        var parts = line.Split(' ');
        if (parts is not ["—", var name, var base64] || !NoteKeys.IsName(name))
            throw Malformed("A signature line is not an em dash, a key name and a signature.");
        if (!StrictText.TryBase64(base64, out var bytes) || bytes.Length <= KeyIdSize)
            throw Malformed("A signature is not base64 of a key id and a signature.");
        return new(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(KeyIdSize), VerifiedBy: null);
    }

    static NoteRefusedException Malformed(string message) => new(NoteRefusal.Malformed, message);
}
