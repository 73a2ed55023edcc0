using System.Numerics;

namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>An exact fraction in lowest terms, its denominator above zero.</summary>
readonly record struct Rational
{
    readonly BigInteger _denominator;

    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException();
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (Numerator, _denominator) = (numerator / divisor, denominator / divisor);
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    public int Sign => Numerator.Sign;

    public static Rational Zero => default;

    public static Rational operator +(Rational a, Rational b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) =>
        new((a.Numerator * b.Denominator) - (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator *(Rational a, long b) => new(a.Numerator * b, a.Denominator);

    public static implicit operator Rational(long whole) => new(whole, BigInteger.One);

    /// <summary>Greatest whole number that is not above it.</summary>
    public BigInteger Floor()
    {
        var whole = BigInteger.DivRem(Numerator, Denominator, out var rest);
        return rest.Sign < 0 ? whole - 1 : whole;
    }

    /// <summary>
    /// The simplest fraction within <paramref name="tolerance"/> of a number, by continued fractions. It is a guess of
    /// what the number was meant to be: whoever uses it verifies.
    /// </summary>
    public static Rational Near(double number, double tolerance = 1e-7)
    {
        var (before, last) = ((Numerator: BigInteger.Zero, Denominator: BigInteger.One),
            (Numerator: BigInteger.One, Denominator: BigInteger.Zero));
        var rest = number;
        for (var step = 0; step < StepsMax; step++)
        {
            var whole = new BigInteger(Math.Floor(rest));
            var next = ((whole * last.Numerator) + before.Numerator, (whole * last.Denominator) + before.Denominator);
            (before, last) = (last, next);
            var value = (double)last.Numerator / (double)last.Denominator;
            var fraction = rest - Math.Floor(rest);
            if (Math.Abs(value - number) <= tolerance || fraction < tolerance)
                break;
            rest = 1 / fraction;
        }

        return new Rational(last.Numerator, last.Denominator);
    }

    /// <summary>Convergents at least double their denominators every two steps: more would be noise.</summary>
    const int StepsMax = 24;
}
