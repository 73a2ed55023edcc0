namespace IsaExchange.DisclosureControl.Protection;

/// <summary>
/// Who contributed the records behind the unknown counts of a release, such as schools: each knows its own counts.
/// CONFIDENTIAL with the counts.
/// </summary>
/// <param name="Of">By unknown; null where it is not told whose records they are.</param>
public sealed record Contributors(IReadOnlyList<string?> Of)
{
    /// <summary>From so large a part on, the one who holds it is nearly the cell itself.</summary>
    public const int DominantPercent = 85;

    /// <summary>Whether a cell holds something, and fewer than so many contribute to it, or one nearly all. Records of
    /// which it is not told whose they are count as those of one more.</summary>
    /// <param name="unknowns">That the cell adds up.</param>
    /// <param name="truth">The count of each unknown.</param>
    /// <param name="least">Fewer contributors are too few.</param>
    public bool AreFew(IReadOnlyList<int> unknowns, long[] truth, int least)
    {
        var (parts, total) = (new Dictionary<string, long>(StringComparer.Ordinal), 0L);
        foreach (var unknown in unknowns.Where(u => truth[u] > 0))
        {
            var of = Of[unknown] ?? "";
            parts[of] = parts.GetValueOrDefault(of) + truth[unknown];
            total += truth[unknown];
        }

        return total > 0
            && (parts.Count < least || (Int128)parts.Values.Max() * 100 >= (Int128)total * DominantPercent);
    }
}
