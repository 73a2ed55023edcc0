namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// Numbers that look random and are the same in every run. Sets are told apart by the 128-bit sum of their members':
/// that two of a million sets are mistaken for each other has a chance of 1 in 10^26.
/// </summary>
static class Fingerprint
{
    /// <summary>Documented and constant: the same problem always has the same answer.</summary>
    const ulong Seed = 0x9E37_79B9_7F4A_7C15;

    public static UInt128 OfNumber(int number) =>
        new(Mix((ulong)number * 2), Mix(((ulong)number * 2) + 1));

    public static UInt128 Of(ReadOnlySpan<int> numbers)
    {
        UInt128 sum = 0;
        foreach (var number in numbers)
            sum += OfNumber(number);
        return sum;
    }

    /// <summary>Not 0, and below the prime.</summary>
    public static ulong FieldElement(int number) => (Mix(~(ulong)number) % (MersenneField.Prime - 1)) + 1;

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood 2014) on the number-th state.</summary>
    public static ulong Mix(ulong number)
    {
        var z = unchecked((number + 1) * Seed);
        z = unchecked((z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB);
        return z ^ (z >> 31);
    }
}
