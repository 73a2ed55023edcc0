using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class SignedNoteTests
{
    const string Text = "first line\n\nthird line\n";

    readonly NoteSigner _signer = NoteSigner.Generate("exchange.example/log");
    readonly NoteSigner _stranger = NoteSigner.Generate("exchange.example/log");

    [Fact]
    public void NoteSignedByTwo_OpensWithEitherKeyOrBoth()
    {
        var note = SignedNote.Sign(Text, _signer, _stranger);
        var (ours, theirs) = (_signer.Verifier, _stranger.Verifier);
        foreach (var known in new NoteVerifier[][] { [ours], [theirs], [ours, theirs] })
        {
            var opened = SignedNote.Open(note, known);
            Assert.Equal(Text, opened.Text);
            Assert.Equal(2, opened.Signatures.Count);
            Assert.Equal(known, opened.SignedBy);
        }
    }

    [Fact]
    public void NoteOfAStranger_IsRefusedEvenUnderAKnownName() => AssertRefused(
        NoteRefusal.NoKnownSignature, SignedNote.Sign(Text, _stranger), _signer.Verifier);

    [Fact]
    public void KnownKeyWithASignatureOverAnotherText_RefusesTheNoteThoughAnotherKeySigned()
    {
        var other = SignedNote.Sign("another text\n", _signer);
        var borrowed = SignedNote.Sign(Text, _stranger) + other[(other.IndexOf('\n', StringComparison.Ordinal) + 2)..];
        Assert.Equal([_stranger.Verifier], SignedNote.Open(borrowed, [_stranger.Verifier]).SignedBy);
        AssertRefused(NoteRefusal.InvalidSignature, borrowed, _signer.Verifier, _stranger.Verifier);
    }

    [Fact]
    public void HundredSignatures_AreReadAndOneMoreIsNot()
    {
        var note = SignedNote.Sign(Text, _signer);
        var line = note[(Text.Length + 1)..];
        var hundred = note + string.Concat(Enumerable.Repeat(line, SignedNote.SignaturesMax - 1));
        Assert.Equal([_signer.Verifier], SignedNote.Open(hundred, [_signer.Verifier]).SignedBy);
        AssertRefused(NoteRefusal.TooManySignatures, hundred + line, _signer.Verifier);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("text\n\n\n")]
    [InlineData("text\n\n— name\n")]
    [InlineData("text\n\n— name AAAAAAA= more\n")]
    [InlineData("text\n\n—  AAAAAAA=\n")]
    [InlineData("text\n\n- name AAAAAAA=\n")]
    [InlineData("text\n\n— na+me AAAAAAA=\n")]
    [InlineData("text\n\n— na\u00a0me AAAAAAA=\n")]
    [InlineData("text\n\n— name AAAAAA==\n")]
    [InlineData("text\n\n— name AAAAAAA\n")]
    [InlineData("text\r\n\n— name AAAAAAA=\n")]
    [InlineData("te\0xt\n\n— name AAAAAAA=\n")]
    public void MalformedNote_IsRefused(string note) => AssertRefused(NoteRefusal.Malformed, note, _signer.Verifier);

    // A lone surrogate has no UTF-8, so no attribute can carry it.
    [Fact]
    public void TextThatIsNotUnicode_IsRefused()
    {
        AssertRefused(NoteRefusal.Malformed, "te" + '\ud800' + "xt\n\n— name AAAAAAA=\n", _signer.Verifier);
        var bytes = Assert.Throws<NoteRefusedException>(() => SignedNote.Open([0xc3, 0x28, 0x0a], [_signer.Verifier]));
        Assert.Equal(NoteRefusal.Malformed, bytes.Reason);
    }

    [Fact]
    public void NoteTooLarge_IsRefused() => AssertRefused(
        NoteRefusal.Malformed,
        SignedNote.Sign(new string('x', SignedNote.CharsMax) + "\n", _signer), _signer.Verifier);

    [Theory]
    [InlineData("")]
    [InlineData("no newline")]
    [InlineData("carriage return\r\n")]
    public void TextThatNoReaderAccepts_IsNotSigned(string text) =>
        Assert.Throws<ArgumentException>(() => SignedNote.Sign(text, _signer));

    [Fact]
    public void NoSignerOrOneTwice_IsABug()
    {
        Assert.Throws<ArgumentException>(() => SignedNote.Sign(Text));
        Assert.Throws<ArgumentException>(() => SignedNote.Sign(Text, _signer, _signer));
        Assert.Throws<ArgumentException>(() => SignedNote.Open(Text, [_signer.Verifier, _signer.Verifier]));
    }

    static void AssertRefused(NoteRefusal reason, string note, params NoteVerifier[] known) =>
        Assert.Equal(reason, Assert.Throws<NoteRefusedException>(() => SignedNote.Open(note, known)).Reason);
}
