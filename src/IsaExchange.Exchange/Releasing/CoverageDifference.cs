namespace IsaExchange.Exchange.Releasing;

/// <summary>An authority and area that are in one of two releases and not in the other.</summary>
/// <param name="First">Null where nothing is owed.</param>
/// <param name="Other">As the first.</param>
public sealed record CoverageDifference(string Party, string Area, CoverageStatus? First, CoverageStatus? Other)
{
    /// <summary>An explicit nil return is as good as content: it says what happened. What is not owed and what is
    /// missing are both not there.</summary>
    public static IReadOnlyList<CoverageDifference> Of(
        IReadOnlyList<CoverageLine> first, IReadOnlyList<CoverageLine> other)
    {
        var differences = new List<CoverageDifference>();
        foreach (var (party, area) in first.Concat(other).Select(l => (l.Party, l.Area)).Distinct())
        {
            var (a, b) = (StatusOf(first, party, area), StatusOf(other, party, area));
            if (IsIn(a) != IsIn(b))
                differences.Add(new CoverageDifference(party, area, a, b));
        }

        return differences;
    }

    static bool IsIn(CoverageStatus? status) => status is CoverageStatus.Received or CoverageStatus.Nil;

    static CoverageStatus? StatusOf(IReadOnlyList<CoverageLine> lines, string party, string area) =>
        lines.FirstOrDefault(l => l.Party == party && l.Area == area)?.Status;
}
