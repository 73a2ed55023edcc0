using IsaExchange.TransparencyLog;
using IsaExchange.TransparencyLog.Witnessing;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>Which cosignatures make a head one to rely on (C2SP tlog-policy).</summary>
public sealed class LogPolicyTests : IDisposable
{
    readonly NoteSigner _log = NoteSigner.Generate("log.example");
    readonly CosignatureSigner[] _witnesses =
        [.. Enumerable.Range(1, 6).Select(i => CosignatureSigner.Generate($"witness.example/{i}"))];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string Policy => $"""
        # Two of the X, and one of the Y.
        log {_log.Verifier.VKey} https://log.example/

        witness X1 {_witnesses[0].Verifier.VKey}
        witness X2 {_witnesses[1].Verifier.VKey}	https://witness.example/
          witness X3 {_witnesses[2].Verifier.VKey}
        group X-witnesses 2 X1 X2 X3
        witness Y1 {_witnesses[3].Verifier.VKey}
        witness Y2 {_witnesses[4].Verifier.VKey}
        witness Y3 {_witnesses[5].Verifier.VKey}
        group Y-witnesses any Y1 Y2 Y3
        group X-and-Y all X-witnesses Y-witnesses
        quorum X-and-Y

        """.ReplaceLineEndings("\n");

    public void Dispose()
    {
        _log.Dispose();
        foreach (var witness in _witnesses)
            witness.Dispose();
    }

    [Fact]
    public async Task EverySetOfCosignatures_IsJudgedByTheQuorum()
    {
        var policy = LogPolicy.Parse(Policy);
        Assert.Equal(3, policy.FewestWitnesses);
        Assert.Equal(["X1", "X2", "X3", "Y1", "Y2", "Y3"], policy.Witnesses.Keys.Order());
        for (var set = 0; set < 64; set++)
        {
            int[] cosigned = [.. Enumerable.Range(0, 6).Where(i => (set >> i & 1) != 0)];
            var verdict = policy.Check(await HeadAsync(cosigned));
            Assert.Equal(cosigned.Count(i => i < 3) >= 2 && cosigned.Any(i => i >= 3), verdict.IsMet);
            Assert.Equal(cosigned.Length, verdict.Witnesses.Count);
        }
    }

    [Fact]
    public async Task CosignaturesWithoutTheLog_AreNoHead()
    {
        using var other = NoteSigner.Generate("log.example");
        var note = await new SignedTree(other).NoteAsync(0, Ct);
        var text = note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)];
        note += string.Concat(_witnesses.Select(w => w.Cosign(text, DateTimeOffset.UnixEpoch)));
        Assert.False(LogPolicy.Parse(Policy).Check(note).IsMet);
    }

    [Fact]
    public async Task HeadOfAnotherOriginThanItsKey_IsRefused()
    {
        var head = new Checkpoint("other.example", 0, MerkleTree.EmptyRoot, []);
        var policy = LogPolicy.Parse($"log {_log.Verifier.VKey}\nquorum none\n");
        Assert.False(policy.Check(SignedNote.Sign(head.ToText(), _log)).IsMet);
        Assert.True(policy.Check(await HeadAsync([])).IsMet);
        Assert.False(policy.NeedsWitnesses);
    }

    [Fact]
    public async Task CosignatureThatDoesNotHold_RefusesTheHead()
    {
        var note = await HeadAsync([0, 1]);
        var wrong = _witnesses[3].Cosign("another text\n", DateTimeOffset.UnixEpoch);
        var verdict = LogPolicy.Parse(Policy).Check(note + wrong);
        Assert.False(verdict.IsMet);
        Assert.Null(verdict.Head);
    }

    [Theory]
    [InlineData("")]
    [InlineData("quorum none")]
    [InlineData("# nothing\n")]
    [InlineData("quorum X1\n")]
    [InlineData("quorum none\nquorum none\n")]
    [InlineData("log nothing\nquorum none\n")]
    [InlineData("quorum none\r\n")]
    [InlineData("other line\nquorum none\n")]
    [InlineData("{log}\n{log}\nquorum none\n")]
    [InlineData("witness none {1}\nquorum none\n")]
    [InlineData("witness A {1}\nwitness A {2}\nquorum A\n")]
    [InlineData("witness A {1}\nwitness B {1}\nquorum A\n")]
    [InlineData("witness A {logkey}\nquorum A\n")]
    [InlineData("log {1}\nquorum none\n")]
    [InlineData("witness A {1} url more\nquorum A\n")]
    [InlineData("group G any A\nwitness A {1}\nquorum G\n")]
    [InlineData("witness A {1}\ngroup G 2 A\nquorum G\n")]
    [InlineData("witness A {1}\ngroup G 0 A\nquorum G\n")]
    [InlineData("witness A {1}\ngroup G 01 A\nquorum G\n")]
    [InlineData("witness A {1}\ngroup G all A A\nquorum G\n")]
    [InlineData("witness A {1}\ngroup G any A\ngroup H any A\nquorum G\n")]
    [InlineData("witness A {1}\ngroup G any none\nquorum G\n")]
    [InlineData("witness A {1}\ngroup G any\nquorum A\n")]
    public void OtherTexts_AreNoPolicy(string text) => Assert.Throws<LogFormatException>(() => LogPolicy.Parse(text
        .Replace("{logkey}", _log.Verifier.VKey, StringComparison.Ordinal)
        .Replace("{log}", "log " + _log.Verifier.VKey, StringComparison.Ordinal)
        .Replace("{1}", _witnesses[0].Verifier.VKey, StringComparison.Ordinal)
        .Replace("{2}", _witnesses[1].Verifier.VKey, StringComparison.Ordinal)));

    async Task<string> HeadAsync(int[] cosigned)
    {
        var log = new SignedTree(_log);
        log.GrowTo(3);
        var note = await log.NoteAsync(3, Ct);
        var text = note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)];
        return note + string.Concat(cosigned.Select(i => _witnesses[i].Cosign(text, DateTimeOffset.UnixEpoch)));
    }
}
