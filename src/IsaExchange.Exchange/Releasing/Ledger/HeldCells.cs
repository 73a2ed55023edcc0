using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.Protection;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// Exact values that stay although their records have changed a little: 20 and then 21 would tell of one record. They
/// stay until so many have changed as may be told, or until the first release of a later year.
/// </summary>
static class HeldCells
{
    /// <param name="common">The release and those before.</param>
    /// <param name="exact">Its cells.</param>
    /// <param name="earlier">Oldest first; those of the same year as this one.</param>
    /// <param name="threshold">So many records may be told of.</param>
    public static Dictionary<int, long> Of(
        CommonCodes common, ExactCells exact, IReadOnlyList<EarlierRelease> earlier, int threshold)
    {
        var held = new Dictionary<int, long>();
        var last = new Dictionary<string, (Statement Said, int Of)>(StringComparer.Ordinal);
        foreach (var (at, one) in earlier.Index())
        {
            if (one.IsOfThisYear)
                Note(one, at + 1, last);
        }

        var changes = new Dictionary<int, long[]>();
        for (var i = 0; i < exact.Sums.Count; i++)
        {
            if (!last.TryGetValue(exact.Sums[i].Identity, out var then) || then.Said.Value is not { } value)
                continue;
            if (!changes.TryGetValue(then.Of, out var changed))
                changes[then.Of] = changed = CellChanges.Since(common, then.Of);
            if (changed[i] > 0 && changed[i] < threshold)
                held[i] = value;
        }

        return held;
    }

    /// <summary>A value that was shown stays known, also when it was held, hidden or missing afterwards.</summary>
    static void Note(EarlierRelease one, int at, Dictionary<string, (Statement, int)> last)
    {
        foreach (var ((table, key), identity) in one.Secrets.Shape.Tables
            .SelectMany(t => LedgerKnowledge.CellKeys(t).Select(key => (t.Name, key)))
            .Zip(CellIdentities.Of(one.Secrets.Shape)))
        {
            if (one.Said.TryGetValue((table, key), out var said) && said.Status == CellStatus.Shown)
                last[identity] = (said, at);
        }
    }
}
