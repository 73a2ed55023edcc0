using System.Text;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Fuzz.Harnesses;

/// <summary>
/// Texts of the log that a stranger hands over: notes, checkpoints, proofs, keys. The first byte says which. A
/// signature would stop a fuzzer at the door, so notes are also signed here, over whatever text there is.
/// </summary>
sealed class SignedNoteHarness : Harness
{
    static readonly NoteSigner s_signer =
        NoteSigner.Parse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");

    static readonly NoteVerifier[] s_known =
    [
        s_signer.Verifier,
        NoteVerifier.Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
    ];

    public override string Name => "signed-note";

    public override bool Try(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return false;
        var rest = content[1..];
        return (content[0] % 5) switch
        {
            0 => Note(rest),
            1 => Signed(rest),
            2 => Comes<Checkpoint>(rest, Checkpoint.Parse, c => c.ToText()),
            3 => Comes<TlogProof>(rest, TlogProof.Parse, p => p.ToText()),
            // The digits of a key id may be written in capitals.
            _ => Comes<NoteVerifier>(
                rest, NoteVerifier.Parse, k => k.VKey, StringComparer.OrdinalIgnoreCase),
        };
    }

    static bool Note(ReadOnlySpan<byte> content)
    {
        try
        {
            AssertOpened(content, SignedNote.Open(content, s_known[..1]));
            return true;
        }
        catch (NoteRefusedException)
        {
            return false;
        }
    }

    /// <summary>The text up to the last empty line, signed, with the lines behind it as others' signatures.</summary>
    static bool Signed(ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content);
        var end = text.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        string note;
        try
        {
            note = SignedNote.Sign(text[..(end + 1)], s_signer);
        }
        catch (ArgumentException)
        {
            return false;
        }

        var bytes = Encoding.UTF8.GetBytes(note + text[(end + 2)..]);
        try
        {
            AssertOpened(bytes, SignedNote.Open(bytes, s_known[..1]));
            return true;
        }
        catch (NoteRefusedException refused)
        {
            BrokenPromiseException.Unless(
                refused.Reason != NoteRefusal.NoKnownSignature, "a note that a known key signed is signed by it");
            return false;
        }
    }

    static void AssertOpened(ReadOnlySpan<byte> content, SignedNote note)
    {
        BrokenPromiseException.Unless(
            content.StartsWith(Encoding.UTF8.GetBytes(note.Text + "\n")), "the text is the bytes that were signed");
        BrokenPromiseException.Unless(note.SignedBy.Any(), "a note that opens is signed by a known key");
        BrokenPromiseException.Unless(
            note.SignedBy.All(k => ReferenceEquals(k, s_known[0])), "only known keys are said to have signed");
        var lines = note.Signatures.Select(Line);
        BrokenPromiseException.Unless(
            content.Length >= Encoding.UTF8.GetByteCount(note.Text + "\n" + string.Concat(lines)),
            "no signature is made up");
        try
        {
            _ = Checkpoint.Parse(note.Text);
        }
        catch (LogFormatException)
        {
            // Not every note is a checkpoint.
        }
    }

    static string Line(NoteSignature signature) =>
        $"— {signature.Name} {Convert.ToBase64String([0, 0, 0, 0, .. signature.Signature.Span])}\n";

    /// <summary>Refused, or written as the very text that was read.</summary>
    static bool Comes<T>(
        ReadOnlySpan<byte> content, Func<string, T> parse, Func<T, string> write, StringComparer? spelling = null)
    {
        var text = Encoding.UTF8.GetString(content);
        try
        {
            BrokenPromiseException.Unless(
                (spelling ?? StringComparer.Ordinal).Equals(write(parse(text)), text), "one value has one spelling");
            return true;
        }
        catch (LogFormatException)
        {
            return false;
        }
    }
}
