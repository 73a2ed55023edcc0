using IsaExchange.DisclosureControl.Protection;
using IsaExchange.DisclosureControl.Rounding;

namespace IsaExchange.DisclosureControl.Utility;

/// <summary>
/// How far a rounded number lies from its count, by the rule and not measured. A count that is r above a multiple of 5
/// goes up by 5 - r with the chance r/5, else down by r: at r(5 - r)/5 each, 2r(5 - r)/5 together. To the nearest 5 it
/// is the lesser of r and 5 - r, always.
/// </summary>
/// <param name="Mean">In events, where each r is as frequent as the others.</param>
/// <param name="Greatest">In events: the expected distance of the r for which it is greatest.</param>
/// <param name="Most">In events: never more.</param>
public sealed record ExpectedDistance(double Mean, double Greatest, int Most)
{
    /// <returns>Null of a regime that does not round.</returns>
    public static ExpectedDistance? Of(string regime) => regime switch
    {
        ProtectionProfile.StickyRounding =>
            From(r => 2.0 * r * (StickyRounding.Base - r) / StickyRounding.Base, StickyRounding.Base - 1),
        ProtectionProfile.Nhs2018 => From(r => Math.Min(r, StickyRounding.Base - r), StickyRounding.Base / 2),
        _ => null,
    };

    static ExpectedDistance From(Func<int, double> of, int most)
    {
        List<double> distances = [.. Enumerable.Range(0, StickyRounding.Base).Select(of)];
        return new ExpectedDistance(distances.Average(), distances.Max(), most);
    }
}
