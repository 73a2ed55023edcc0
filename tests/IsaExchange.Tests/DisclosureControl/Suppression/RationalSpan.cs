using System.Numerics;
using IsaExchange.DisclosureControl.Suppression;

namespace IsaExchange.Tests.DisclosureControl.Suppression;

/// <summary>
/// What follows from sums by adding and subtracting multiples of them, in exact whole numbers: slow, and without
/// anything of the algorithm it judges.
/// </summary>
sealed class RationalSpan
{
    readonly List<(int Pivot, BigInteger[] Row)> _rows = [];

    /// <summary>Of every cell that a pattern shows, and of what is public already.</summary>
    public static RationalSpan OfShown(SuppressionProblem problem, bool[] hidden)
    {
        var span = new RationalSpan();
        foreach (var (cell, isHidden) in problem.Cells.Zip(hidden))
        {
            if (!isHidden)
                span.Add(Row(problem, cell.Atoms));
        }

        foreach (var sum in problem.AlreadyPublic)
            span.Add(Row(problem, sum.Atoms));
        return span;
    }

    public static BigInteger[] Row(SuppressionProblem problem, ReadOnlyMemory<int> atoms)
    {
        var row = new BigInteger[problem.AtomCount];
        foreach (var atom in atoms.Span)
            row[atom] = 1;
        return row;
    }

    public void Add(BigInteger[] row)
    {
        var rest = Reduce(row);
        var pivot = Array.FindIndex(rest, x => !x.IsZero);
        if (pivot >= 0)
            _rows.Add((pivot, rest));
    }

    public bool Holds(BigInteger[] row) => Array.TrueForAll(Reduce(row), x => x.IsZero);

    BigInteger[] Reduce(BigInteger[] row)
    {
        foreach (var (pivot, by) in _rows)
        {
            if (row[pivot].IsZero)
                continue;
            var divisor = BigInteger.GreatestCommonDivisor(row[pivot], by[pivot]);
            var (times, minus) = (by[pivot] / divisor, row[pivot] / divisor);
            row = [.. row.Zip(by, (x, y) => (x * times) - (y * minus))];
        }

        return row;
    }
}
