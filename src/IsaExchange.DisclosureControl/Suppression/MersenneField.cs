using System.Runtime.CompilerServices;

namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// Whole numbers modulo the prime 2^61 − 1, in place of fractions that would grow without bound. What depends on what
/// among sums is the same there, but where a determinant that is not 0 is a multiple of the prime. The determinants
/// here are small (rows of 0 and 1, nearly all of them nested), and a wrong answer could only make a worse choice:
/// whether a choice protects is found out by the interval check, which shares nothing with this. A prime drawn at
/// random would give no more: the seed is fixed, so that a choice can be repeated.
/// </summary>
static class MersenneField
{
    public const ulong Prime = (1UL << 61) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b) => Reduce(a + b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Subtract(ulong a, ulong b) => a >= b ? a - b : a + Prime - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Negate(ulong a) => a == 0 ? 0 : Prime - a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return Reduce((low & Prime) + ((high << 3) | (low >> 61)));
    }

    /// <exception cref="DivideByZeroException">Zero has none.</exception>
    public static ulong Inverse(ulong a)
    {
        if (a == 0)
            throw new DivideByZeroException();
        // Fermat: a^(p − 2).
        var (result, power) = (1UL, a);
        for (var exponent = Prime - 2; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1)
                result = Multiply(result, power);
            power = Multiply(power, power);
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Reduce(ulong a) => a >= Prime ? a - Prime : a;
}
