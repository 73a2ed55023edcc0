using System.Text.Json;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>
/// The small attacks whose intervals were found by full enumeration: the check allows exactly the width that there is,
/// and refuses one more.
/// </summary>
public class AttackVectorTests
{
    static readonly Dictionary<string, AttackWorld> Worlds = new(StringComparer.Ordinal)
    {
        ["A1"] = new AttackWorld("d").Known("a", 9).Known("b", 8).Known("c", 4).Sum(21, 21, "a", "b", "c", "d"),
        ["A2"] = new AttackWorld("p").Known("q", 12).Sum(14, 14, "p", "q"),
        ["A3"] = new AttackWorld("x11", "x12", "x21", "x22").Sum(7, 7, "x11", "x12").Sum(3, 3, "x21", "x22")
            .Sum(6, 6, "x11", "x21").Sum(4, 4, "x12", "x22"),
        ["A4"] = new AttackWorld("a", "b").AtLeast(1, "a", "b").Sum(2, 2, "a", "b"),
        ["A4b"] = new AttackWorld("a", "b").Sum(2, 2, "a", "b"),
        ["A5"] = new AttackWorld("a", "b", "m").AtLeast(1, "a", "b", "m").Sum(3, 3, "a", "b", "m"),
        ["A6"] = new AttackWorld("a", "b").Within(1, 2, "a", "b").Sum(4, 4, "a", "b"),
        ["A7"] = new AttackWorld("A", "B", "K").Known("I", 8).Known("J", 8).Known("N", 7)
            .Sum(20, 20, "A", "B", "I", "J").Sum(30, 30, "A", "B", "I", "J", "K", "N"),
        ["A8"] = new AttackWorld("L4").Sum(13, 13, "L1", "L2", "L3", "L4").Sum(12, 12, "L1", "L2", "L3")
            .Target("R", "L1", "L2", "L3"),
        ["A9"] = new AttackWorld("a", "b", "c", "d").Rest("e", "f", "g", "h", "i", "j")
            .Within(3, 7, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
            .Sum(28, 32, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j").Target("r", "e", "f", "g", "h", "i", "j"),
        ["A9b"] = new AttackWorld("a", "b").Within(0, 2, "a", "b").Sum(3, 7, "a", "b"),
        ["A10"] = new AttackWorld("a", "b").Sum(0, 0, "a", "b"),
        ["A11"] = new AttackWorld("a").Known("b", 6).Sum(9, 9, "a", "b").Known("a", 3),
        ["A12"] = new AttackWorld("m2", "m3").Known("m1", 4).Sum(6, 6, "m1", "m2").Sum(7, 7, "m1", "m2", "m3"),
        // What the insider knows is his own: eight of a.
        ["A13"] = new AttackWorld("b").Known("a", 8).AtLeast(1, "b").Sum(9, 9, "a", "b"),
    };

    public static IEnumerable<TheoryDataRow<string>> Ids => Worlds.Keys.Select(id => new TheoryDataRow<string>(id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryCell_HasExactlyTheWidthThatEnumerationFinds(string id)
    {
        var intervals = Expected(id);
        foreach (var (target, lo, hi) in intervals)
        {
            var width = (int)(hi - lo);
            var narrower = Check(id, target, Math.Max(width, 1));
            var wider = Check(id, target, width + 1);
            Assert.False(wider.Report.IsSafe, $"{id}: {target} is wider than [{lo},{hi}]");
            Assert.NotEqual(CellVerdict.NotProved, wider.Report.Refused.Single().Verdict);
            Assert.Equal(width > 0, narrower.Report.IsSafe);
            if (width == 0)
                continue;
            Assert.Empty(narrower.Certificate.Verify(
                Worlds[id].Knowledge(target, width), TestContext.Current.CancellationToken));
            Assert.Equal((lo, hi), Ends(narrower, Worlds[id].Knowledge(target, width)));
        }
    }

    [Fact]
    public void EveryVectorOfTheFile_IsHere()
    {
        using var file = Read();
        Assert.Equal(
            Worlds.Keys.Order(StringComparer.Ordinal),
            file.RootElement.EnumerateArray().Select(v => v.GetProperty("id").GetString()!)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CellThatFollowsBySubtraction_SaysFromWhich()
    {
        var refused = Check("A12", "m3", 1).Report.Refused.Single();
        Assert.Equal(CellVerdict.Derived, refused.Verdict);
        Assert.Equal("m3", refused.Name);
        Assert.Equal("follows from m1+m2+m3 less m1+m2", refused.Because);
    }

    [Fact]
    public void CellOfATakenApartSum_IsToldFromTheSumLessItsOtherParts()
    {
        KnownSum[] sums =
        [
            new("county", [0, 1, 2], 8, 8) { Splits = [[1, 2]] }, new("north", [0, 1], 5, 5),
            new("south", [2], 0, null) { ProtectedWidth = 1 }, new("north a", [0], 4, 4),
            new("north b", [1], 0, null) { ProtectedWidth = 1 },
        ];
        var refused = IntervalChecker.Check(
            new AttackerKnowledge(sums, [4, 1, 3]), ct: TestContext.Current.CancellationToken).Report.Refused;
        Assert.Equal(
            ["follows from county less north", "follows from north less north a"], refused.Select(r => r.Because));
    }

    [Fact]
    public void WhatIsPublishedItself_SaysSo()
    {
        var known = new AttackerKnowledge([new KnownSum("a", [0], 2, 3) { ProtectedWidth = 2 }], [2]);
        var refused = IntervalChecker.Check(known, ct: TestContext.Current.CancellationToken).Report.Refused.Single();
        Assert.Equal((CellVerdict.Narrow, "is known too closely from its own published value"),
            (refused.Verdict, refused.Because));
    }

    static CheckResult Check(string id, string target, int width) =>
        IntervalChecker.Check(Worlds[id].Knowledge(target, width), ct: TestContext.Current.CancellationToken);

    static (long Lo, long Hi) Ends(CheckResult result, AttackerKnowledge known)
    {
        var witness = Assert.Single(result.Certificate.Witnesses);
        var values = new[] { witness.LowTable, witness.HighTable }
            .Select(t => result.Certificate.Tables[t].Counts(known.Truth))
            .Select(counts => known.Sums[witness.Sum].Unknowns.Sum(u => counts[u])).Order().ToList();
        return (values[0], values[1]);
    }

    static List<(string Target, long Lo, long Hi)> Expected(string id)
    {
        using var file = Read();
        var vector = file.RootElement.EnumerateArray().Single(v => v.GetProperty("id").GetString() == id);
        return [.. vector.GetProperty("intervals").EnumerateObject()
            .Select(i => (i.Name, i.Value[0].GetInt64(), i.Value[1].GetInt64()))];
    }

    static JsonDocument Read() =>
        JsonDocument.Parse(File.ReadAllBytes(SharedFolders.Vectors("disclosure", "attack_vectors.json")));
}
