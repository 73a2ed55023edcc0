using CsCheck;
using IsaExchange.DisclosureControl.Suppression;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl.Suppression;

/// <summary>Who makes up a cell alone knows it, and must not learn another one by it.</summary>
public class SingleContributorTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void OneFamilyAndOneOther_AThirdCellIsHidden()
    {
        // a (8, one family) + b (1) + c (6) = 15: with c shown, the family knows b.
        var problem = Table([8, 1, 6], isPrimary: atom => atom < 2);

        var alone = JointSuppression.Choose(problem, Token);
        var watched = JointSuppression.Choose(problem with { SingleContributorAtoms = [0] }, Token);

        Assert.Equal([true, true, false, false], alone);
        Assert.True(watched[2] || watched[3]);
    }

    [Fact]
    public void OwnCellBesideWhatIsPublic_TellsNothingNew()
    {
        // The total of one's own cell and of a shown one is hidden with that cell, and its owner knows it rightly.
        var problem = Table([2, 9], isPrimary: atom => atom == 0) with { SingleContributorAtoms = [0] };
        var told = problem with
        {
            Cells = [problem.Cells[0], problem.Cells[1] with { IsForcedShown = true },
                problem.Cells[2] with { IsPrimary = true }],
        };

        Assert.Equal([true, false, true], JointSuppression.Choose(told, Token));
    }

    [Fact]
    public void ForcedSumOfTheirs_IsRefused()
    {
        var problem = Table([8, 1], isPrimary: _ => true) with { SingleContributorAtoms = [0] };
        var forced = problem with
        {
            Cells = [.. problem.Cells.Select((cell, index) => cell with { IsForcedShown = index == 2 })],
        };

        var impossible = Assert.Throws<SuppressionImpossibleException>(() => JointSuppression.Choose(forced, Token));

        Assert.Equal([1], impossible.Cells);
    }

    [Fact]
    public void NoContributor_LearnsAProtectedCell()
    {
        var token = Token;
        Gen.Select(Gen.Int[1, 9].Array[3, 8], Gen.Int[1, 255].Array[1, 20], Gen.Int[0, 255]).Sample(
            (values, masks, singles) =>
            {
                int[] all = [.. Enumerable.Range(0, values.Length)];
                var problem = new SuppressionProblem(values.Length, [.. all.Select(atom => 1 << atom).Concat(masks)
                    .Select(mask => all.Where(atom => (mask >> atom & 1) == 1).ToArray())
                    .Where(atoms => atoms.Length > 0)
                    .Select(atoms => new SuppressionCell(atoms, atoms.Sum(atom => values[atom])))
                    .Select(cell => cell with { IsPrimary = cell.Value < 4 })])
                {
                    SingleContributorAtoms = [.. all.Where(atom => (singles >> atom & 1) == 1)],
                };
                var hidden = JointSuppression.Choose(problem, token);
                foreach (var single in problem.SingleContributorAtoms)
                    AssertLearnsNothing(problem, hidden, single);
            });
    }

    static void AssertLearnsNothing(SuppressionProblem problem, bool[] hidden, int single)
    {
        var shown = RationalSpan.OfShown(problem, hidden);
        var known = RationalSpan.OfShown(problem, hidden);
        var own = RationalSpan.Row(problem, new[] { single });
        known.Add(own);
        foreach (var cell in problem.Cells.Where(cell => cell.IsPrimary))
        {
            var row = RationalSpan.Row(problem, cell.Atoms);
            var rest = row.Zip(own, (x, y) => x - y).ToArray();
            var isOwn = row[single].IsOne && shown.Holds(rest);
            Assert.True(isOwn || !known.Holds(row));
        }
    }

    /// <summary>A row of single atoms and its total.</summary>
    static SuppressionProblem Table(long[] values, Func<int, bool> isPrimary) => new(values.Length,
    [
        .. values.Select((value, atom) => new SuppressionCell(new[] { atom }, value) { IsPrimary = isPrimary(atom) }),
        new SuppressionCell(Enumerable.Range(0, values.Length).ToArray(), values.Sum()),
    ]);
}
