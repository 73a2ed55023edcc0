using System.Numerics;

namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// A bound of a protected cell that follows from a weighted sum of what is known: whatever the weights are, it holds.
/// The solver's duals are only where the weights come from; the bound is added up anew in rational arithmetic.
/// </summary>
/// <param name="Value">In deviations from the truth.</param>
/// <param name="Weights">The sums it rests on.</param>
sealed record VerifiedBound(Rational Value, IReadOnlyList<(int Sum, Rational Weight)> Weights)
{
    const double Nothing = 1e-9;

    public BigInteger Floor => Value.Floor();

    public BigInteger Ceiling => -(Rational.Zero - Value).Floor();

    /// <returns>Null where the weights leave a count that nothing bounds.</returns>
    public static VerifiedBound? Of(Component component, Target target, double[] duals, bool isMaximum)
    {
        var rest = new Rational[component.Columns];
        foreach (var column in target.Columns)
            rest[column] = 1;
        var (value, weights) = (Rational.Zero, new List<(int, Rational)>());
        for (var r = 0; r < duals.Length; r++)
        {
            if (Math.Abs(duals[r]) < Nothing)
                continue;
            var (row, weight) = (component.Rows[r], Rational.Near(duals[r]));
            if (Add(ref value, weight, row.Lo, row.Hi, isMaximum) is false)
                return null;
            weights.Add((row.Sum, weight));
            foreach (var column in row.Columns)
                rest[column] -= weight;
        }

        // What the rows do not account for is bounded by the columns themselves.
        for (var c = 0; c < rest.Length; c++)
        {
            if (rest[c].Sign == 0)
                continue;
            if (Add(ref value, rest[c], component.Lower[c], component.Upper[c], isMaximum) is false)
                return null;
            var from = rest[c].Sign > 0 == isMaximum ? component.EndsFrom.Upper[c] : component.EndsFrom.Lower[c];
            if (from >= 0)
                weights.Add((from, rest[c]));
        }

        return new VerifiedBound(value, weights);
    }

    static bool Add(ref Rational value, Rational weight, long lo, long hi, bool isMaximum)
    {
        var end = weight.Sign > 0 == isMaximum ? hi : lo;
        if (end == Component.Unbounded)
            return false;
        value += weight * end;
        return true;
    }
}
