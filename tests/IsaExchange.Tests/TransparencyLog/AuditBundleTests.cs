using System.Globalization;
using System.Text;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class AuditBundleTests
{
    readonly BundleMaker _maker = new();

    [Fact]
    public void HonestBundle_IsAcceptedWithItsCounts()
    {
        var entries = BundleMaker.Entries(true, false, true, true, false);
        var note = _maker.Sign(entries);
        foreach (var verdict in new[]
        {
            _maker.Verify(note, BundleMaker.Lines(entries)),
            AuditBundle.Verify(note, entries, _maker.Log.Verifier, remembered: null),
            _maker.Verify(note, BundleMaker.Lines(entries), BundleMaker.CheckpointOf(entries[..3])),
            _maker.Verify(note, BundleMaker.Lines(entries), BundleMaker.CheckpointOf(entries)),
            _maker.Verify(note, BundleMaker.Lines(entries), BundleMaker.CheckpointOf([])),
        })
        {
            Assert.Empty(verdict.Problems);
            Assert.True(verdict.Ok);
            Assert.Equal((3, 2, 0), (verdict.Shown, verdict.Masked, verdict.ProblemCount));
            Assert.Equal(("exchange.example/log", 5L), (verdict.Origin, verdict.Size!.Value));
            Assert.Equal(BundleMaker.CheckpointOf(entries).Root, verdict.Root);
        }
    }

    [Fact]
    public void EmptyLog_IsAccepted()
    {
        Assert.True(_maker.Verify(_maker.Sign([]), []).Ok);
        var forged = new Checkpoint("exchange.example/log", 0, StoredTree.Hash("no such root"), []);
        AssertFault(_maker.Verify(_maker.Sign(forged), []), AuditBundleFault.RootMismatch, index: null);
    }

    [Fact]
    public void Line_HasOneSpelling()
    {
        var line = AuditBundle.WriteLine(BundleMaker.Entry(7, isShown: true));
        Assert.StartsWith("{\"index\":7,\"leaf\":\"", line, StringComparison.Ordinal);
        const string middle = """
            ","event":{"actor":"actor 7","id":"event-7","rows":7},"salt":"
            """;
        Assert.Contains(middle, line, StringComparison.Ordinal);
        Assert.Equal(line, AuditBundle.WriteLine(AuditBundle.ReadLine(line)));
        var masked = AuditBundle.ReadLine(AuditBundle.WriteLine(BundleMaker.Entry(7, isShown: false)));
        Assert.True(masked.IsMasked);
        foreach (var other in new[]
        {
            "", "null", "[]", "{}", line + " ", " " + line, line[..^1],
            line.Replace(":7,", ":7.0,", StringComparison.Ordinal),
            line.Replace("{\"index\"", "{\"more\":1,\"index\"", StringComparison.Ordinal),
            line.Replace("\"index\":7,", "", StringComparison.Ordinal),
            line.Replace("\"salt\":\"", "\"salt\":\" ", StringComparison.Ordinal),
            line.Replace("\"rows\":7", "\"rows\":\n7", StringComparison.Ordinal), line[..^1] + ",\"salt\":\"AAAA\"}",
            "{\"index\":1,\"leaf\":null}", "{\"index\":\"1\",\"leaf\":\"\"}", "{\"index\":1,\"leaf\":\"\\ud800\"}",
        })
            Assert.Throws<LogFormatException>(() => AuditBundle.ReadLine(other));
    }

    [Fact]
    public void CarriageReturnsAtLineEnds_AreNoTampering()
    {
        var entries = BundleMaker.Entries(true, false, true);
        Assert.True(_maker.Verify(_maker.Sign(entries), BundleMaker.Lines(entries).Select(line => line + "\r")).Ok);
    }

    [Fact]
    public void AnotherKeyOrLog_IsRefusedAndNothingIsSaidOfTheLog()
    {
        var entries = BundleMaker.Entries(true, true);
        var stranger = new BundleMaker();
        var other = BundleMaker.CheckpointOf(entries) with { Origin = "exchange.example/other" };
        var noCheckpoint = SignedNote.Sign("text\n", _maker.Log);
        foreach (var note in new[] { stranger.Sign(entries), _maker.Sign(other), "", noCheckpoint })
        {
            var verdict = _maker.Verify(note, BundleMaker.Lines(entries));
            AssertFault(verdict, AuditBundleFault.CheckpointRefused, index: null);
            Assert.Null(verdict.Checkpoint);
            Assert.Null(verdict.Size);
        }

        var remembered = BundleMaker.CheckpointOf(entries) with { Origin = "exchange.example/old" };
        AssertFault(
            _maker.Verify(_maker.Sign(entries), BundleMaker.Lines(entries), remembered),
            AuditBundleFault.CheckpointRefused, index: null);
    }

    [Fact]
    public void EventThatWasNotTheOneLogged_IsNamed()
    {
        var entries = BundleMaker.Entries(true, true, true);
        var note = _maker.Sign(entries);
        var lie = entries[1] with { EventJson = BundleMaker.Entry(1, isShown: true, "nobody").EventJson };
        foreach (var by in new[] { lie, entries[1] with { Salt = entries[0].Salt } })
            AssertFault(Replaced(note, entries, 1, by), AuditBundleFault.CommitmentMismatch, 1);
        foreach (var by in new[]
        {
            entries[1] with { Salt = null }, entries[1] with { Salt = new byte[31] },
            entries[1] with { EventJson = null }, entries[1] with { EventJson = "[]" },
            entries[1] with { EventJson = "{ }" }, entries[1] with { EventJson = "{\"a\":0.5}" },
        })
            AssertFault(Replaced(note, entries, 1, by), AuditBundleFault.BadEvent, 1);
    }

    [Fact]
    public void EventWithAnotherIdThanItsLeaf_IsNamedThoughTheLogSignedIt()
    {
        var salt = new byte[AuditLeaf.SaltSize];
        AuditBundleEntry Logged(string id, string json) =>
            new(0, AuditLeaf.Encode(id, AuditLeaf.Commit(salt, Encoding.UTF8.GetBytes(json))), json, salt);
        AuditBundleVerdict Verdict(AuditBundleEntry entry) =>
            _maker.Verify(_maker.Sign([entry]), BundleMaker.Lines([entry]));
        AssertFault(Verdict(Logged("a", "{\"id\":\"b\"}")), AuditBundleFault.EventIdMismatch, 0);
        AssertFault(Verdict(Logged("a", "{\"id\":7}")), AuditBundleFault.EventIdMismatch, 0);
        Assert.True(Verdict(Logged("a", "{\"id\":\"a\"}")).Ok);
        Assert.True(Verdict(Logged("a", "{}")).Ok);
    }

    [Fact]
    public void MaskedLeafReplaced_DoesNotGiveTheSignedRoot()
    {
        var entries = BundleMaker.Entries(true, false, true);
        var note = _maker.Sign(entries);
        var forged = BundleMaker.Entry(1, isShown: false, "nobody");
        AssertFault(Replaced(note, entries, 1, forged), AuditBundleFault.RootMismatch, index: null);
        AssertFault(Replaced(note, entries, 1, entries[1] with { Leaf = [1] }), AuditBundleFault.BadLeaf, 1);
    }

    [Fact]
    public void ShrunkLog_IsNamedByTheRememberedCheckpoint()
    {
        var entries = BundleMaker.Entries(true, true, true, true);
        var shrunk = entries[..3];
        Assert.True(_maker.Verify(_maker.Sign(shrunk), BundleMaker.Lines(shrunk)).Ok);
        AssertFault(
            _maker.Verify(_maker.Sign(shrunk), BundleMaker.Lines(shrunk), BundleMaker.CheckpointOf(entries)),
            AuditBundleFault.Shrunk, 3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void RewrittenPast_IsNamedByTheRememberedCheckpointAlone(int seen)
    {
        var honest = BundleMaker.Entries(true, true, true, true);
        List<AuditBundleEntry> rewritten = [honest[0], BundleMaker.Entry(1, isShown: true, "nobody"), .. honest[2..]];
        var note = _maker.Sign(rewritten);
        Assert.True(_maker.Verify(note, BundleMaker.Lines(rewritten)).Ok);
        var verdict = _maker.Verify(note, BundleMaker.Lines(rewritten), BundleMaker.CheckpointOf(honest[..seen]));
        AssertFault(verdict, AuditBundleFault.DifferentHistory, index: null);
        Assert.Equal(1, verdict.ProblemCount);
        Assert.True(_maker.Verify(note, BundleMaker.Lines(rewritten), BundleMaker.CheckpointOf(honest[..1])).Ok);
    }

    [Fact]
    public void EntriesBeyondTheCheckpoint_AreNamedOnce()
    {
        var entries = BundleMaker.Entries(true, true, true, true);
        var verdict = _maker.Verify(_maker.Sign(entries[..2]), BundleMaker.Lines(entries));
        AssertFault(verdict, AuditBundleFault.BeyondCheckpoint, 2);
        Assert.Equal(1, verdict.ProblemCount);
    }

    [Fact]
    public void IndexesAtTheEndsOfTheirRange_AreProblemsAndNotCrashes()
    {
        var entries = BundleMaker.Entries(true);
        AuditBundleEntry[] odd =
            [entries[0], entries[0] with { Index = long.MaxValue }, entries[0] with { Index = long.MinValue }];
        var verdict = AuditBundle.Verify(_maker.Sign(entries), odd, _maker.Log.Verifier, remembered: null);
        AssertFault(verdict, AuditBundleFault.MissingIndex, 1);
        AssertFault(verdict, AuditBundleFault.BeyondCheckpoint, long.MaxValue);
        AssertFault(verdict, AuditBundleFault.RepeatedIndex, long.MinValue);
    }

    [Fact]
    public void ManyProblems_AreCountedAndTheFirstHundredNamed()
    {
        var bad = new AuditBundleEntry(0, [1, 2], EventJson: null, Salt: null);
        var entries = Enumerable.Range(0, 5000).Select(i => bad with { Index = i });
        var verdict = AuditBundle.Verify("", entries, _maker.Log.Verifier, remembered: null);
        Assert.False(verdict.Ok);
        Assert.Equal(5001, verdict.ProblemCount);
        Assert.Equal(AuditBundleVerdict.ProblemsMax, verdict.Problems.Count);
        Assert.Equal(98, verdict.Problems[^1].Index);
    }

    [Fact]
    public void EndlessLine_IsUnreadableAndNotHeld()
    {
        var entries = BundleMaker.Entries(true, true);
        var lines = BundleMaker.Lines(entries);
        const int chars = 64 << 20;
        using var reader = new EndlessLine(lines[0] + "\n", chars, "\n" + lines[1]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var verdict = AuditBundle.Verify(_maker.Sign(entries), reader, _maker.Log.Verifier, remembered: null);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        AssertFault(verdict, AuditBundleFault.UnreadableLine, 1);
    }

    [Fact]
    public void LongLog_IsCheckedWithoutHoldingItsEntries()
    {
        const int count = 3000;
        var leaves = Enumerable.Range(0, count).Select(i => MerkleTree.LeafHash(BundleMaker.Entry(i, true).Leaf));
        var note = _maker.Sign(new Checkpoint("exchange.example/log", count, TreeProofs.RootOfLeaves(leaves), []));
        var held = int.MaxValue;
        IEnumerable<AuditBundleEntry> Stream()
        {
            var passed = new List<WeakReference>();
            for (var i = 0; i < count; i++)
            {
                var entry = BundleMaker.Entry(i, isShown: true);
                passed.Add(new(entry.Leaf));
                yield return entry;
            }

            GC.Collect();
            held = passed.Count(entry => entry.IsAlive);
        }

        var verdict = AuditBundle.Verify(note, Stream(), _maker.Log.Verifier, remembered: null);
        Assert.True(verdict.Ok);
        Assert.Equal(count, verdict.Shown);
        // The last entry, or two, may still lie on the stack.
        Assert.InRange(held, 0, 2);
    }

    [Fact]
    public void Problems_RepeatNothingOfAnEvent()
    {
        var entries = BundleMaker.Entries(true, true);
        var lines = BundleMaker.Lines(entries);
        lines[0] = lines[0].Replace("actor 0", "CANARY", StringComparison.Ordinal);
        lines[1] = lines[1].Replace("{\"actor", "{CANARY", StringComparison.Ordinal);
        var verdict = _maker.Verify(_maker.Sign(entries), lines);
        Assert.Equal(
            [AuditBundleFault.CommitmentMismatch, AuditBundleFault.UnreadableLine],
            verdict.Problems.Select(p => p.Fault));
        foreach (var problem in verdict.Problems)
        {
            Assert.DoesNotContain("CANARY", problem.Message, StringComparison.Ordinal);
            var index = problem.Index!.Value.ToString(CultureInfo.InvariantCulture);
            Assert.Contains(index, problem.Message, StringComparison.Ordinal);
        }
    }

    AuditBundleVerdict Replaced(string note, List<AuditBundleEntry> entries, int index, AuditBundleEntry by)
    {
        AuditBundleEntry[] changed = [.. entries];
        changed[index] = by;
        return _maker.Verify(note, BundleMaker.Lines(changed));
    }

    static void AssertFault(AuditBundleVerdict verdict, AuditBundleFault fault, long? index)
    {
        Assert.False(verdict.Ok);
        Assert.Contains(verdict.Problems, p => p.Fault == fault && p.Index == index);
    }

    sealed class EndlessLine(string before, int chars, string after) : TextReader
    {
        int _at;

        public override int Read(char[] buffer, int index, int count)
        {
            var n = 0;
            for (; n < count && _at < before.Length + chars + after.Length; n++, _at++)
            {
                buffer[index + n] = _at < before.Length ? before[_at]
                    : _at < before.Length + chars ? 'x' : after[_at - before.Length - chars];
            }

            return n;
        }
    }
}
