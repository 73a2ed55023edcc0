using CsCheck;
using IsaExchange.DisclosureControl.Suppression;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Suppression;

/// <summary>Laws that hold for every set of cells over every set of atoms, nested or not.</summary>
public class JointSuppressionProperties
{
    const int AtomMax = 9;

    static readonly Gen<SuppressionProblem> Problems = Gen.Select(
        Gen.Int[0, 4].Array[2, AtomMax], Gen.Int[1, (1 << AtomMax) - 1].Array[1, 24], Gen.Int[0, 4], Gen.Bool,
        (values, masks, threshold, zerosAreShown) =>
        {
            var singles = Enumerable.Range(0, values.Length).Select(atom => 1 << atom);
            return new SuppressionProblem(values.Length, [.. singles.Concat(masks).Select(mask =>
            {
                int[] atoms = [.. Enumerable.Range(0, values.Length).Where(atom => (mask >> atom & 1) == 1)];
                var value = atoms.Sum(atom => values[atom]);
                return new SuppressionCell(atoms, value)
                {
                    IsPrimary = atoms.Length > 0 && value < threshold && (value > 0 || !zerosAreShown),
                };
            })])
            {
                ZerosAreShown = zerosAreShown,
                AtomValues = values.Select(value => (long)value).ToArray(),
            };
        });

    [Fact]
    public void NoProtectedCell_FollowsFromWhatIsShown() => Problems.Sample(problem =>
        AssertNothingFollows(problem, JointSuppression.Choose(problem, TestContext.Current.CancellationToken)));

    [Fact]
    public void EveryProtectedCell_IsHiddenAndEveryOtherOneIsNeeded() => Problems.Sample(problem =>
    {
        // Without knowledge of least counts a hidden cell is one that would reveal a protected one.
        var plain = problem with { ZerosAreShown = false, AtomValues = default };
        plain = plain with { Cells = [.. plain.Cells.Where(cell => cell.Value > 0)] };
        var hidden = JointSuppression.Choose(plain, TestContext.Current.CancellationToken);
        for (var cell = 0; cell < hidden.Length; cell++)
        {
            if (plain.Cells[cell].IsPrimary)
                Assert.True(hidden[cell]);
            else if (hidden[cell] && !plain.Cells.Any(other => other.Value == 1))
                Assert.True(WouldReveal(plain, hidden, cell));
        }
    });

    [Fact]
    public void NoProtectedOne_FollowsFromItsLeastCount() => Problems.Where(p => p.ZerosAreShown).Sample(problem =>
    {
        var hidden = JointSuppression.Choose(problem, TestContext.Current.CancellationToken);
        // Two cells that sum to what is shown cannot both be protected ones: 1 + 1 = 2.
        var span = SpanOf(problem, hidden);
        var ones = Enumerable.Range(0, problem.AtomCount).Where(atom =>
            problem.Cells[atom] is { Value: 1, IsPrimary: true }).ToArray();
        foreach (var (a, b) in ones.SelectMany(a => ones.Where(b => b > a).Select(b => (a, b))))
            Assert.False(span.Holds(RationalSpan.Row(problem, new[] { a, b })));
    });

    [Fact]
    public void AnotherNumberingOfAtoms_ChangesNothing() =>
        Gen.Select(Problems, Gen.Int[0, 1000]).Sample((problem, seed) =>
        {
            var numbers = Enumerable.Range(0, problem.AtomCount).ToArray();
            new Random(seed).Shuffle(numbers);
            var values = new long[problem.AtomCount];
            for (var atom = 0; atom < values.Length; atom++)
                values[numbers[atom]] = problem.AtomValues.Span[atom];
            var renumbered = problem with
            {
                AtomValues = values,
                Cells = [.. problem.Cells.Select(cell => cell with
                {
                    Atoms = cell.Atoms.ToArray().Select(atom => numbers[atom]).Order().ToArray(),
                })],
            };
            var token = TestContext.Current.CancellationToken;
            Assert.Equal(JointSuppression.Choose(problem, token), JointSuppression.Choose(renumbered, token));
        });

    [Fact]
    public void ForcedCells_AreObeyedOrNamed() =>
        Gen.Select(Problems, Gen.Int[0, 3].Array[40]).Sample((problem, forces) =>
        {
            var forced = problem with
            {
                Cells = [.. problem.Cells.Select((cell, index) => cell with
                {
                    IsForcedShown = forces[index] == 1 && cell.Value > 1,
                    IsForcedHidden = forces[index] == 2 && cell.Value > 0,
                })],
            };
            try
            {
                var hidden = JointSuppression.Choose(forced, TestContext.Current.CancellationToken);
                for (var cell = 0; cell < hidden.Length; cell++)
                {
                    Assert.False(hidden[cell] && forced.Cells[cell].IsForcedShown);
                    Assert.True(hidden[cell] || !forced.Cells[cell].IsForcedHidden);
                }

                AssertNothingFollows(forced, hidden);
            }
            catch (SuppressionImpossibleException impossible)
            {
                Assert.NotEmpty(impossible.Cells);
                var span = SpanOf(forced, HiddenAtFirst(forced));
                Assert.All(impossible.Cells, cell => Assert.True(
                    span.Holds(RationalSpan.Row(forced, forced.Cells[cell].Atoms))));
            }
        });

    [Fact]
    public void SumsThatArePublic_CountAsShown() => Problems.Sample(problem =>
    {
        var sums = problem.Cells.Where(cell => cell.Value > 0 && cell.Atoms.Length > 2)
            .Take(3).Select(cell => new PublicSum(cell.Atoms, cell.Value)).ToArray();
        var after = problem with { AlreadyPublic = sums };
        try
        {
            AssertNothingFollows(after, JointSuppression.Choose(after, TestContext.Current.CancellationToken));
        }
        catch (SuppressionImpossibleException impossible)
        {
            var span = SpanOf(after, HiddenAtFirst(after));
            Assert.All(impossible.Cells, cell => Assert.True(
                span.Holds(RationalSpan.Row(after, after.Cells[cell].Atoms))));
        }
    });

    [Fact]
    public void SmallTables_HideHardlyMoreThanTheOptimum()
    {
        var (ours, least) = (0, 0);
        var token = TestContext.Current.CancellationToken;
        for (var seed = 0; seed < 40; seed++)
        {
            var problem = Table3By3(new Random(seed));
            ours += JointSuppression.Choose(problem, token).Count(h => h) - problem.Cells.Count(cell => cell.IsPrimary);
            least += Optimum(problem);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{ours} cells beside the protected ones, {least} at least.");
        Assert.InRange(ours, least, least * 1.15);
    }

    /// <summary>Three rows and columns and their totals; about a quarter of the inner cells protected.</summary>
    static SuppressionProblem Table3By3(Random random)
    {
        int[][] lines = [[0], [1], [2], [0, 1, 2]];
        long[] values = [.. Enumerable.Range(0, 9).Select(_ => (long)random.Next(2, 30))];
        return new SuppressionProblem(9, [.. lines.SelectMany(rows => lines.Select(columns =>
        {
            int[] atoms = [.. rows.SelectMany(row => columns.Select(column => (row * 3) + column)).Order()];
            var value = atoms.Sum(atom => values[atom]);
            return new SuppressionCell(atoms, value) { IsPrimary = value < 8 };
        }))]);
    }

    /// <summary>By trying all sets of one more cell, of two, and so on.</summary>
    static int Optimum(SuppressionProblem problem)
    {
        int[] free = [.. Enumerable.Range(0, problem.Cells.Count).Where(cell => !problem.Cells[cell].IsPrimary)];
        for (var size = 0; ; size++)
        {
            if (Sets(free, size).Any(set => IsSafe(problem, [.. problem.Cells.Index().Select(
                cell => cell.Item.IsPrimary || set.Contains(cell.Index))])))
                return size;
        }
    }

    static IEnumerable<int[]> Sets(int[] of, int size) => size == 0
        ? [[]]
        : of.Index().SelectMany(first => Sets(of[(first.Index + 1)..], size - 1)
            .Select(rest => (int[])[first.Item, .. rest]));

    static bool IsSafe(SuppressionProblem problem, bool[] hidden)
    {
        var span = RationalSpan.OfShown(problem, hidden);
        return !problem.Cells.Any(cell => cell.IsPrimary && span.Holds(RationalSpan.Row(problem, cell.Atoms)));
    }

    static void AssertNothingFollows(SuppressionProblem problem, bool[] hidden)
    {
        var span = SpanOf(problem, hidden);
        for (var cell = 0; cell < hidden.Length; cell++)
        {
            if (problem.Cells[cell].IsPrimary || problem.Cells[cell].IsForcedHidden)
            {
                Assert.True(hidden[cell]);
                Assert.False(span.Holds(RationalSpan.Row(problem, problem.Cells[cell].Atoms)));
            }
        }
    }

    /// <summary>Whoever sees a zero knows each of its atoms.</summary>
    static RationalSpan SpanOf(SuppressionProblem problem, bool[] hidden)
    {
        var span = RationalSpan.OfShown(problem, hidden);
        foreach (var (cell, isHidden) in problem.Cells.Zip(hidden))
        {
            if (isHidden || cell.Value > 0)
                continue;
            foreach (var atom in cell.Atoms.ToArray())
                span.Add(RationalSpan.Row(problem, new[] { atom }));
        }

        return span;
    }

    /// <summary>All but what must be shown, and the zeros where they are.</summary>
    static bool[] HiddenAtFirst(SuppressionProblem problem) => [.. problem.Cells.Select(cell =>
        !cell.IsForcedShown && !(problem.ZerosAreShown && cell is { Value: 0, IsPrimary: false }))];

    static bool WouldReveal(SuppressionProblem problem, bool[] hidden, int cell)
    {
        var more = hidden.ToArray();
        more[cell] = false;
        return !IsSafe(problem, more);
    }
}
