using System.Security.Cryptography;
using System.Text;
using IsaExchange.TransparencyLog;
using IsaExchange.TransparencyLog.Witnessing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>A witness cosigns a log that grows, and nothing else.</summary>
public sealed class WitnessTests : IDisposable
{
    static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    readonly CosignatureSigner _key = CosignatureSigner.Generate("witness.example/council");
    readonly NoteSigner _log = NoteSigner.Generate("log.example/exchange");
    readonly WitnessMemory _memory = new();
    readonly FakeTimeProvider _clock = new(Noon);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    Witness Witness => new(_key, [_log.Verifier], _memory, _clock);

    public void Dispose()
    {
        _key.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task TranscriptOfAnotherWitness_IsAnsweredAlike()
    {
        var transcript = VectorFiles.Derived("witness-transcript.json");
        var name = transcript.Text("logOrigin");
        byte[] key = [0x01, .. Convert.FromHexString(transcript.Text("logEd25519PublicKeyHex"))];
        var id = SHA256.HashData([.. Encoding.UTF8.GetBytes(name + "\n"), .. key]);
        var log = NoteVerifier.Parse($"{name}+{Convert.ToHexStringLower(id[..4])}+{Convert.ToBase64String(key)}");
        var witness = new Witness(_key, [log], _memory, _clock);
        var steps = transcript["steps"]!.AsArray();
        Assert.Equal(9, steps.Count);
        foreach (var (step, index) in steps.Select((s, i) => (s!, i)))
        {
            var answer = await witness.AddCheckpointAsync(AddCheckpointRequest.Parse(step.Text("request")), Ct);
            // Of 2025: by now the specification has 404 where a log is not known.
            var expected = index == 2 ? 404 : (int)step.Number("status")!.Value;
            Assert.Equal((index, expected), (index, (int)answer.Verdict));
            if (step["body"] is not null)
                Assert.Equal(step.Text("body"), $"{answer.Seen}\n");
        }
    }

    [Fact]
    public async Task HeadThatExtendsWhatWasSeen_IsCosignedWithTheTime()
    {
        var log = new SignedTree(_log);
        foreach (var (from, to) in new[] { (0, 3), (3, 3), (3, 8), (8, 20) })
        {
            log.GrowTo(to);
            var request = await log.RequestAsync(from, Ct);
            var answer = await Witness.AddCheckpointAsync(request, Ct);
            var note = SignedNote.Open(request.CheckpointNote + answer.Line, [_log.Verifier, _key.Verifier]);
            Assert.Equal(WitnessVerdict.Cosigned, answer.Verdict);
            Assert.Equal([_log.Verifier, _key.Verifier], note.SignedBy);
            Assert.Equal(Noon, NoteVerifier.TimeOf(note.Signatures[1]));
            Assert.Equal(to, _memory.Last!.Size);
        }
    }

    [Fact]
    public async Task SmallerHead_IsRefusedWithTheSizeSeen()
    {
        var log = new SignedTree(_log);
        log.GrowTo(5);
        var old = await log.RequestAsync(0, Ct);
        log.GrowTo(9);
        await Witness.AddCheckpointAsync(await log.RequestAsync(0, Ct), Ct);
        var answer = await Witness.AddCheckpointAsync(old, Ct);
        Assert.Equal((WitnessVerdict.Conflict, 9L, null), (answer.Verdict, answer.Seen, answer.Line));
        Assert.Null(answer.Fork);
    }

    [Fact]
    public async Task OtherRootOfTheSizeSeen_IsRefusedAndBothNotesAreKept()
    {
        var (honest, forked) = (new SignedTree(_log), new SignedTree(_log, fork: 4));
        honest.GrowTo(6);
        forked.GrowTo(6);
        await Witness.AddCheckpointAsync(await honest.RequestAsync(0, Ct), Ct);
        var answer = await Witness.AddCheckpointAsync(await forked.RequestAsync(6, Ct), Ct);
        Assert.Equal((WitnessVerdict.Conflict, null), (answer.Verdict, answer.Line));
        var evidence = ForkEvidence.Parse(answer.Fork!.ToText());
        Assert.Equal(answer.Fork, evidence);
        Assert.Null(evidence.Problem(_log.Verifier));
    }

    [Fact]
    public async Task LargerHeadOfAnotherHistory_IsNotConsistent()
    {
        var (honest, forked) = (new SignedTree(_log), new SignedTree(_log, fork: 4));
        honest.GrowTo(6);
        forked.GrowTo(11);
        await Witness.AddCheckpointAsync(await honest.RequestAsync(0, Ct), Ct);
        var answer = await Witness.AddCheckpointAsync(await forked.RequestAsync(6, Ct), Ct);
        Assert.Equal(WitnessVerdict.NotConsistent, answer.Verdict);
        Assert.Equal(6, _memory.Last!.Size);
    }

    [Fact]
    public async Task HeadOfAnUnknownLogOrKey_IsRefused()
    {
        using var other = NoteSigner.Generate("other.example/log");
        using var sameName = NoteSigner.Generate(_log.Name);
        foreach (var (signer, expected) in new[]
            { (other, WitnessVerdict.UnknownLog), (sameName, WitnessVerdict.NotSigned) })
        {
            var log = new SignedTree(signer);
            log.GrowTo(2);
            var answer = await Witness.AddCheckpointAsync(await log.RequestAsync(0, Ct), Ct);
            Assert.Equal((expected, null), (answer.Verdict, answer.Line));
        }

        Assert.Null(_memory.Last);
    }

    [Fact]
    public async Task NothingIsSigned_BeforeItIsRemembered()
    {
        var log = new SignedTree(_log);
        log.GrowTo(2);
        _memory.Fails = true;
        var request = await log.RequestAsync(0, Ct);
        await Assert.ThrowsAsync<IOException>(() => Witness.AddCheckpointAsync(request, Ct));
        Assert.Null(_memory.Last);
    }

    [Fact]
    public async Task TwoRequestsAtOnce_OneIsCosigned()
    {
        var log = new SignedTree(_log);
        log.GrowTo(2);
        await Witness.AddCheckpointAsync(await log.RequestAsync(0, Ct), Ct);
        var small = await log.RequestAsync(2, Ct, to: 5);
        var large = await log.RequestAsync(2, Ct, to: 9);
        _memory.BeforeReplace = () => Witness.AddCheckpointAsync(large, Ct);
        var answer = await Witness.AddCheckpointAsync(small, Ct);
        Assert.Equal((WitnessVerdict.Conflict, 9L, null), (answer.Verdict, answer.Seen, answer.Line));
        Assert.Equal(9, _memory.Last!.Size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("old 0\n")]
    [InlineData("old 0\n\n")]
    [InlineData("old 00\n\ncheckpoint\n")]
    [InlineData("old -1\n\ncheckpoint\n")]
    [InlineData("Old 0\n\ncheckpoint\n")]
    [InlineData("old 1\nAAAA\n\ncheckpoint\n")]
    public void OtherBodies_AreNoRequests(string body) =>
        Assert.Throws<LogFormatException>(() => AddCheckpointRequest.Parse(body));

    [Fact]
    public void MoreHashesThanATreeHasLevels_AreNoRequest()
    {
        var hashes = string.Concat(Enumerable.Repeat(StoredTree.Hash("x").ToBase64() + "\n", 63));
        Assert.Equal(63, AddCheckpointRequest.Parse($"old 1\n{hashes}\nnote\n").Proof.Count);
        var more = hashes + StoredTree.Hash("x").ToBase64() + "\n";
        Assert.Throws<LogFormatException>(() => AddCheckpointRequest.Parse($"old 1\n{more}\nnote\n"));
    }

    [Fact]
    public async Task EvidenceThatIsNone_SaysWhy()
    {
        var (honest, forked) = (new SignedTree(_log), new SignedTree(_log, fork: 4));
        honest.GrowTo(6);
        forked.GrowTo(7);
        var first = (await honest.RequestAsync(0, Ct)).CheckpointNote;
        var second = (await forked.RequestAsync(0, Ct)).CheckpointNote;
        using var other = NoteSigner.Generate(_log.Name);
        Assert.NotNull(new ForkEvidence(first, second).Problem(_log.Verifier));
        Assert.NotNull(new ForkEvidence(first, first).Problem(_log.Verifier));
        forked = new SignedTree(_log, fork: 4);
        forked.GrowTo(6);
        second = (await forked.RequestAsync(0, Ct)).CheckpointNote;
        Assert.Null(new ForkEvidence(first, second).Problem(_log.Verifier));
        Assert.NotNull(new ForkEvidence(first, second).Problem(other.Verifier));
        Assert.Throws<LogFormatException>(() => ForkEvidence.Parse(first));
    }

    [Fact]
    public void WitnessKey_ComesBackFromItsText_AndNoOtherKeyDoes()
    {
        using var again = CosignatureSigner.Parse(_key.SKey);
        Assert.Equal(_key.Verifier.VKey, again.Verifier.VKey);
        Assert.True(NoteVerifier.Parse(_key.Verifier.VKey).IsCosigner);
        Assert.Throws<LogFormatException>(() => CosignatureSigner.Parse(_log.SKey));
        Assert.Throws<LogFormatException>(() => NoteSigner.Parse(_key.SKey));
        Assert.Throws<LogFormatException>(() => CosignatureSigner.Parse(_key.Verifier.VKey));
    }

    sealed class WitnessMemory : IWitnessMemory
    {
        public WitnessedHead? Last { get; private set; }

        public bool Fails { get; set; }

        public Func<Task>? BeforeReplace { get; set; }

        public Task<WitnessedHead?> LastAsync(string origin, CancellationToken ct) => Task.FromResult(Last);

        public async Task<bool> ReplaceAsync(WitnessedHead? last, WitnessedHead head, CancellationToken ct)
        {
            if (BeforeReplace is { } first)
            {
                BeforeReplace = null;
                await first();
            }

            if (Fails)
                throw new IOException("The disk is full.");
            if (last != Last)
                return false;
            Last = head;
            return true;
        }
    }
}
