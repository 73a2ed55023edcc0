using System.Globalization;

namespace IsaExchange.Cli.Demo;

/// <summary>
/// The sample county Northmere, which does not exist: five districts in four community safety partnerships, two of the
/// districts in one. Its codes begin with X, which no real code of ONS does; its outward postcodes with XN, which no
/// real one does. The same codes are in <c>policies/northmere/codelists</c>.
/// </summary>
static class SyntheticQuarterCounty
{
    public const int AreasPerDistrict = 20;

    // Uneven on purpose: the largest partnership records five times what the smallest does.
    static readonly int[] DistrictWeights = [50, 27, 16, 12, 10];
    static readonly int[] PartnershipOfDistrict = [0, 1, 2, 2, 3];
    static readonly int[] SmallAreaWeights = [.. Enumerable.Range(0, AreasPerDistrict).Select(i => 1000 / (i + 3))];

    /// <summary>Codes of the partnerships, in order.</summary>
    public static IReadOnlyList<string> Partnerships { get; } =
        ["X22000001", "X22000002", "X22000003", "X22000004"];

    /// <summary>A district of the partnerships asked for, as often as it is large.</summary>
    public static int PickDistrict(SyntheticQuarterRandom random, IReadOnlyList<string> partnerships)
    {
        var weights = DistrictWeights
            .Select((weight, d) => partnerships.Contains(PartnershipOf(d)) ? weight : 0)
            .ToArray();
        return weights.Any(weight => weight > 0)
            ? random.Pick(weights)
            : throw new ArgumentException("None of the areas is a partnership of Northmere.", nameof(partnerships));
    }

    public static string PartnershipOf(int district) => Partnerships[PartnershipOfDistrict[district]];

    /// <summary>A small area of the district; its first ones are its town centre.</summary>
    public static string PickSmallArea(SyntheticQuarterRandom random, int district)
    {
        var number = (district * AreasPerDistrict) + random.Pick(SmallAreaWeights) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"X01{number:D6}");
    }

    /// <summary>An outward postcode of the district: three of its own and one it shares with the next.</summary>
    public static string PickOutward(SyntheticQuarterRandom random, int district)
    {
        var number = (district * 3) + random.Pick([5, 3, 2, 1]) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"XN{number}");
    }
}
