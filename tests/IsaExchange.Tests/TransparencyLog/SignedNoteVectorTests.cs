using System.Text;
using System.Text.Json.Nodes;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>Notes of golang/mod, C2SP, Tessera and Sunlight, and one head of sum.golang.org.</summary>
public class SignedNoteVectorTests
{
    [Fact]
    public void NotesOfOthers_AreAllJudgedAsExpected()
    {
        var cases = VectorFiles.Derived("notes.json")["cases"]!.AsArray();
        Assert.Equal(36, cases.Count);
        Assert.Equal(12, cases.Count(c => !c!.Flag("ok")));
        Assert.Empty(cases.Select(c => Judge(c!)).OfType<string>());
    }

    [Fact]
    public void SigningIsDeterministic_AndGivesTheLineOfTheGoReference()
    {
        var vector = VectorFiles.Derived("notes.json")["signing"]!.AsArray().Single()!;
        using var signer = NoteSigner.Parse(vector.Text("skey"));
        var text = vector.Text("text");
        Assert.Equal(text + "\n" + vector.Text("signatureLine"), SignedNote.Sign(text, signer));
        Assert.Equal(vector.Text("skey"), signer.SKey);
        Assert.Equal("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", signer.Verifier.VKey);
    }

    [Fact]
    public void AnyBitFlippedInASignedNote_IsRefused()
    {
        var cases = VectorFiles.Derived("notes.json")["cases"]!.AsArray();
        var vector = cases.Single(c => c!.Text("name") == "C2SP example")!;
        var key = NoteVerifier.Parse(vector.Texts("vkeys").Single());
        var note = Convert.FromBase64String(vector.Text("noteBase64"));
        Assert.Equal([key], SignedNote.Open(note, [key]).SignedBy);
        for (var bit = 0; bit < note.Length * 8; bit++)
        {
            var flipped = note.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<NoteRefusedException>(() => SignedNote.Open(flipped, [key]));
        }

        for (var length = 0; length < note.Length; length++)
            Assert.Throws<NoteRefusedException>(() => SignedNote.Open(note.AsSpan(0, length), [key]));
    }

    // Null when the case is judged as the vector says.
    static string? Judge(JsonNode vector)
    {
        var keys = vector.Texts("vkeys").Select(NoteVerifier.Parse).ToArray();
        var bytes = Convert.FromBase64String(vector.Text("noteBase64"));
        try
        {
            var note = SignedNote.Open(bytes, keys);
            var asExpected = vector.Flag("ok")
                && note.SignedBy.Select(k => k.Name).Order().SequenceEqual(vector.Texts("verified").Order())
                && note.Signatures.Count(s => s.VerifiedBy is null) == Unverified(vector, note)
                && Encoding.UTF8.GetString(bytes).StartsWith(note.Text + "\n", StringComparison.Ordinal);
            return asExpected ? null : vector.Text("name");
        }
        catch (NoteRefusedException)
        {
            return vector.Flag("ok") ? vector.Text("name") : null;
        }
    }

    // The Go reference lists an unknown line once, however often it is repeated; we keep what is there.
    static int Unverified(JsonNode vector, SignedNote note) =>
        note.Signatures.Where(s => s.VerifiedBy is null).DistinctBy(s => Convert.ToHexString(s.Signature.Span)).Count()
            == vector.Number("unverifiedCount")
            ? note.Signatures.Count(s => s.VerifiedBy is null)
            : -1;
}
