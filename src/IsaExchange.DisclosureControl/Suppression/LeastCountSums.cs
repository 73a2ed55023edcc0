namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>
/// Sums that have become known of atoms that all stand at their least count. A sum without minus signs would tell each
/// of its atoms. A difference tells none, and neither do several that share no atom. Of those that do share one, some
/// would be harmless too; but where they pile up whole numbers leave little open, and so none is let in.
/// </summary>
sealed class LeastCountSums(int atoms, bool isStrict)
{
    readonly bool[] _isInDifference = new bool[atoms];

    /// <summary>Whether a difference of these would be one too many.</summary>
    public bool Refuses(ReadOnlySpan<int> atoms) => (isStrict && atoms.Length > 1) || AnyHolds(atoms);

    /// <summary>Whether a difference holds any of them.</summary>
    public bool AnyHolds(ReadOnlySpan<int> atoms)
    {
        foreach (var atom in atoms)
        {
            if (_isInDifference[atom])
                return true;
        }

        return false;
    }

    public void AddDifference(ReadOnlySpan<int> atoms)
    {
        foreach (var atom in atoms)
            _isInDifference[atom] = true;
    }
}

/// <summary>Signs in a field, where there are none: of fractions of small numbers.</summary>
static class MixedSigns
{
    const ulong Small = 1 << 20;
    const int DenominatorMax = 12;

    /// <summary>Whether some are positive and others negative; false when they are not, or cannot be told.</summary>
    public static bool Of(ReadOnlySpan<ulong> coefficients)
    {
        var scale = MersenneField.Inverse(coefficients[0]);
        for (ulong denominator = 1; denominator <= DenominatorMax; denominator++)
        {
            var factor = MersenneField.Multiply(scale, denominator);
            var (isWhole, isMixed) = (true, false);
            foreach (var coefficient in coefficients)
            {
                var whole = MersenneField.Multiply(coefficient, factor);
                var isNegative = whole >= MersenneField.Prime - Small;
                isWhole &= isNegative || whole <= Small;
                isMixed |= isNegative;
            }

            if (isWhole)
                return isMixed;
        }

        return false;
    }
}
