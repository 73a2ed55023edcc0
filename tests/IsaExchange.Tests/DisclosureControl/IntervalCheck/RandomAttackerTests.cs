using IsaExchange.DisclosureControl.IntervalCheck;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.IntervalCheck;

/// <summary>
/// Random small tables, published at random as exact, rounded or hidden, against an attacker who tries every
/// whole-number table: the check and the attacker agree on every cell.
/// </summary>
public class RandomAttackerTests(ITestOutputHelper output)
{
    static readonly int Worlds = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 10_000 : 2_000;
    static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("ISAX_SEED"), out var seed)
        ? seed : Worlds > 2_000 ? Random.Shared.Next() : 20260401;

    [Fact]
    public void NoProtectedCell_IsNarrowerThanPromised_AndNoneIsRefusedThatIsNot()
    {
        var (cells, refused) = (0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var known = World(new Random(Seed + world));
            var result = IntervalChecker.Check(known, ct: TestContext.Current.CancellationToken);
            var names = result.Report.Refused.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
            var ends = Ends(known);
            foreach (var (sum, low, high) in ends)
            {
                var isMet = high - low >= sum.Required.Width && high >= sum.Required.MustReach
                    && (low == 0 || !sum.Required.MustContainZero);
                Assert.True(
                    names.Contains(sum.Name) != isMet,
                    $"seed {Seed + world}: {sum.Name} can be {low} to {high}, {sum.Required} is required");
            }

            Assert.DoesNotContain(result.Report.Refused, r => r.Verdict == CellVerdict.NotProved);
            var faults = result.Certificate.Verify(known, TestContext.Current.CancellationToken);
            Assert.Equal(result.Report.IsSafe, faults.Count == 0);
            (cells, refused) = (cells + ends.Count, refused + names.Count);
        }

        output.WriteLine($"seed {Seed}: {Worlds} worlds, {cells} protected cells, {refused} refused");
        Assert.True(refused > 0 && refused < cells);
    }

    static List<(KnownSum Sum, long Low, long High)> Ends(AttackerKnowledge known)
    {
        var protectedCells = known.Sums.Where(s => s.Required.IsRequired).ToList();
        var (low, high) = (new long[protectedCells.Count], new long[protectedCells.Count]);
        Array.Fill(low, long.MaxValue);
        var sums = known.Sums.Select(s => (s.Unknowns, s.Lo, s.Hi)).ToArray();
        foreach (var table in BruteForce.Solutions(known.Truth.Length, sums))
        {
            for (var i = 0; i < low.Length; i++)
            {
                var at = protectedCells[i].Unknowns.Sum(u => table[u]);
                (low[i], high[i]) = (Math.Min(low[i], at), Math.Max(high[i], at));
            }
        }

        return [.. protectedCells.Select((s, i) => (s, low[i], high[i]))];
    }

    static AttackerKnowledge World(Random random)
    {
        CheckedDimension[] dimensions = random.Next(2) == 0
            ? [Flat(0, 2 + random.Next(2)), Flat(1, 2)] : [Flat(0, 2), Flat(1, 2), Flat(2, 2)];
        int[] finest = [.. dimensions.Select(d => d.Codes.Count - 1)];
        var truth = Enumerable.Range(0, finest.Aggregate(1, (a, b) => a * b))
            .Select(_ => (long)Math.Max(0, random.Next(7) - 3)).ToArray();
        var zerosAreShown = random.Next(2) == 0;
        var count = dimensions.Aggregate(1, (a, d) => a * d.Codes.Count);
        var blank = new CheckedTable("t", dimensions, [.. Enumerable.Repeat(new CellStatement(0, null), count)]);
        var cells = blank.Sums(finest).Select(s => Publish(random, s.Unknowns.Sum(u => truth[u]), zerosAreShown));
        return new AttackerKnowledge([.. (blank with { Cells = [.. cells] }).Sums(finest)], truth);
    }

    static CellStatement Publish(Random random, long count, bool zerosAreShown)
    {
        var width = count is > 0 and < 4 ? Required(random) : default;
        var rounded = (count + random.Next(5)) / 5 * 5;
        return random.Next(10) switch
        {
            < 3 when width.IsRequired => new CellStatement(zerosAreShown ? 1 : 0, null, width),
            < 6 => new CellStatement(Math.Max(0, rounded - 4), rounded + 4, width),
            _ => new CellStatement(count, count, width),
        };
    }

    /// <summary>A width, often a count that must be reached too, or zero, or one of these alone.</summary>
    static RequiredInterval Required(Random random) => random.Next(6) switch
    {
        0 => new RequiredInterval(random.Next(3), MustReach: 3 + random.Next(4)),
        1 => new RequiredInterval(random.Next(3), MustContainZero: true),
        2 => new RequiredInterval(1 + random.Next(4), 3 + random.Next(4), MustContainZero: true),
        _ => new RequiredInterval(1 + random.Next(3)),
    };

    static CheckedDimension Flat(int classification, int codes)
    {
        int[] all = [.. Enumerable.Range(0, codes)];
        return new CheckedDimension($"d{classification}", classification, [
            .. all.Select(i => new CheckedCode($"{i}", [i])), new CheckedCode("T", all) { Splits = [all] }]);
    }
}
