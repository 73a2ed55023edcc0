using System.Text;
using CsCheck;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>Whatever is done to a bundle, the check refuses it and says where.</summary>
public class AuditBundleProperties
{
    static readonly BundleMaker Maker = new();

    static readonly Gen<(List<AuditBundleEntry> Entries, int At, uint Dice)> Bundles =
        Gen.Select(Gen.Bool.Array[2, 24], Gen.UInt, Gen.UInt)
            .Select((shown, at, dice) => (BundleMaker.Entries(shown), (int)(at % (uint)shown.Length), dice));

    [Fact]
    public void HonestBundle_IsAcceptedFromEveryCheckpointSeenBefore() => Bundles.Sample((entries, at, _) =>
        Assert.True(Verify(entries, BundleMaker.Lines(entries), BundleMaker.CheckpointOf(entries[..at])).Ok),
        iter: 200);

    [Fact]
    public void AnyCharacterChangedInALine_IsRefusedAndNamesTheEntry() =>
        Gen.Select(Bundles, Gen.Char[(char)0, (char)0x17f]).Sample((bundle, by) =>
        {
            var (entries, at, dice) = bundle;
            var lines = BundleMaker.Lines(entries);
            var place = (int)(dice % (uint)lines[at].Length);
            if (lines[at][place] == by)
                return;
            lines[at] = string.Concat(lines[at].AsSpan(0, place), by.ToString(), lines[at].AsSpan(place + 1));
            var verdict = Verify(entries, lines);
            Assert.False(verdict.Ok);
            // A masked leaf that became another leaf shows itself in the root only: nothing else vouches for it.
            Assert.True(Names(verdict, at) || (entries[at].IsMasked && Has(verdict, AuditBundleFault.RootMismatch)));
        }, iter: 3000);

    [Fact]
    public void AnyBitChangedInLeafEventOrSalt_IsRefusedAndNamesTheEntry() => Bundles.Sample((entries, at, dice) =>
    {
        var entry = entries[at];
        byte[] Flip(byte[] bytes)
        {
            var flipped = bytes.ToArray();
            flipped[dice / 8 % bytes.Length] ^= (byte)(1 << (int)(dice % 8));
            return flipped;
        }

        List<AuditBundleEntry> changed = [entry with { Leaf = Flip(entry.Leaf) }];
        if (!entry.IsMasked)
        {
            var json = Encoding.Latin1.GetString(Flip(Encoding.Latin1.GetBytes(entry.EventJson!)));
            changed.Add(entry with { EventJson = json });
            changed.Add(entry with { Salt = Flip(entry.Salt!) });
        }

        foreach (var by in changed)
        {
            AuditBundleEntry[] tampered = [.. entries];
            tampered[at] = by;
            var verdict = AuditBundle.Verify(Maker.Sign(entries), tampered, Maker.Log.Verifier, remembered: null);
            Assert.False(verdict.Ok);
            Assert.True(Names(verdict, at) || (entry.IsMasked && Has(verdict, AuditBundleFault.RootMismatch)));
        }
    }, iter: 2000);

    [Fact]
    public void DeletedLine_IsRefusedAndNamesIt() => Bundles.Sample((entries, at, _) =>
        Assert.True(IsMissing(Verify(entries, BundleMaker.Lines(entries.Where(e => e.Index != at))), at)), iter: 300);

    [Fact]
    public void TruncatedEntries_AreRefusedAndNameTheFirstMissing() => Bundles.Sample((entries, at, _) =>
        Assert.True(IsMissing(Verify(entries, BundleMaker.Lines(entries[..at])), at)), iter: 300);

    [Fact]
    public void ExchangedLines_AreRefusedAndNameTheFirstPlace() => Bundles.Sample((entries, at, dice) =>
    {
        var other = (int)(dice % (uint)entries.Count);
        if (other == at)
            return;
        var lines = BundleMaker.Lines(entries);
        (lines[at], lines[other]) = (lines[other], lines[at]);
        Assert.True(IsMissing(Verify(entries, lines), Math.Min(at, other)));
    }, iter: 300);

    [Fact]
    public void ExchangedContentUnderKeptIndexes_IsRefused() => Bundles.Sample((entries, at, dice) =>
    {
        var other = (int)(dice % (uint)entries.Count);
        if (other == at)
            return;
        AuditBundleEntry[] changed = [.. entries];
        changed[at] = entries[other] with { Index = at };
        changed[other] = entries[at] with { Index = other };
        Assert.True(Has(Verify(entries, BundleMaker.Lines(changed)), AuditBundleFault.RootMismatch));
    }, iter: 300);

    [Fact]
    public void InsertedLine_IsRefusedAndNamesAnEntry() => Bundles.Sample((entries, at, dice) =>
    {
        var from = (int)(dice % (uint)entries.Count);
        List<string> repeated = [.. BundleMaker.Lines(entries)];
        repeated.Insert(at, repeated[from]);
        var verdict = Verify(entries, repeated);
        Assert.False(verdict.Ok);
        Assert.Contains(verdict.Problems, p => p.Index == Math.Min(at, from) || p.Index == from);

        // A forged entry with everything after it moved on: the root does not fit, and one is too many.
        var after = entries[at..].Select(e => e with { Index = e.Index + 1 });
        AuditBundleEntry[] moved = [.. entries[..at], BundleMaker.Entry(at, isShown: true, "forged"), .. after];
        Assert.True(Names(Verify(entries, BundleMaker.Lines(moved)), entries.Count));
    }, iter: 300);

    [Fact]
    public void OlderCheckpoint_IsRefused() => Bundles.Sample((entries, at, _) =>
    {
        var older = Maker.Sign(entries[..at]);
        var all = Maker.Verify(older, BundleMaker.Lines(entries));
        Assert.Contains(all.Problems, p => p.Fault == AuditBundleFault.BeyondCheckpoint && p.Index == at);
        var cut = Maker.Verify(older, BundleMaker.Lines(entries[..at]), BundleMaker.CheckpointOf(entries));
        Assert.Contains(cut.Problems, p => p.Fault == AuditBundleFault.Shrunk && p.Index == at);
    }, iter: 300);

    [Fact]
    public void RewrittenEntry_IsRefusedByWhoeverRemembersIt() => Bundles.Sample((entries, at, dice) =>
    {
        List<AuditBundleEntry> rewritten = [.. entries];
        rewritten[at] = BundleMaker.Entry(at, isShown: true, "nobody");
        var seen = at + 1 + (int)(dice % (uint)(entries.Count - at));
        var verdict = Verify(rewritten, BundleMaker.Lines(rewritten), BundleMaker.CheckpointOf(entries[..seen]));
        Assert.True(Has(verdict, AuditBundleFault.DifferentHistory));
    }, iter: 300);

    static AuditBundleVerdict Verify(
        List<AuditBundleEntry> signed, IEnumerable<string> lines, Checkpoint? remembered = null) =>
        Maker.Verify(Maker.Sign(signed), lines, remembered);

    static bool Names(AuditBundleVerdict verdict, long index) => verdict.Problems.Any(p => p.Index == index);

    static bool Has(AuditBundleVerdict verdict, AuditBundleFault fault) =>
        !verdict.Ok && verdict.Problems.Any(p => p.Fault == fault);

    static bool IsMissing(AuditBundleVerdict verdict, long index) =>
        !verdict.Ok && verdict.Problems.Any(p => p.Fault == AuditBundleFault.MissingIndex && p.Index == index);
}
