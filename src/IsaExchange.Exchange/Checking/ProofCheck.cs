using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.Exchange.Releasing.Ledger;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Checking;

/// <summary>
/// Adds up the witnesses of a release again, against what the ledger says of it and of all before it: no solver, whole
/// numbers only.
/// </summary>
sealed class ProofCheck(ICatalogue catalogue, IObjectStore store, IKeyRing keys)
{
    readonly EarlierReleases _earlier = new(catalogue, store, keys);

    /// <summary>A release of which what it was checked with is erased cannot be proved any more, which is no
    /// fault.</summary>
    public async Task RunAsync(ReleaseRow row, FsckReport report, CancellationToken ct)
    {
        EarlierRelease release;
        IReadOnlyList<EarlierRelease> before;
        try
        {
            (release, before) = (await _earlier.ReadAsync(row, ct), await _earlier.BeforeAsync(row, ct));
        }
        catch (ExchangeException)
        {
            return;
        }

        report.Proofs++;
        try
        {
            var knowledge = new LedgerKnowledge(release.Secrets.Shape, before, release.Secrets.Outside.Tables);
            var known = Known(release, knowledge, ct);
            if (release.Secrets.Proof.Verify(known, ct) is [var fault, ..])
                report.Add(row.Name, $"its proof does not hold: {fault}");
        }
        catch (ExchangeException e)
        {
            report.Add(row.Name, $"its proof cannot be checked: {e.Message}");
        }
        catch (ArgumentException)
        {
            report.Add(row.Name, "what the ledger says of it does not hold of what it was made of");
        }
    }

    /// <summary>All that was known when the release was checked.</summary>
    internal static AttackerKnowledge Known(
        EarlierRelease release, LedgerKnowledge knowledge, CancellationToken ct)
    {
        var keys = release.Secrets.Shape.Tables
            .SelectMany(t => LedgerKnowledge.CellKeys(t).Select(key => (t.Name, key))).ToList();
        var (told, few) = (
            release.Secrets.Outside.PublicCells.ToHashSet(), release.Secrets.FewContributors.ToHashSet());
        var sums = knowledge.Exact.Sums.Select((sum, cell) =>
        {
            var said = release.Of(keys[cell].Name, keys[cell].key);
            return sum with
            {
                Lo = said?.Lo ?? 0,
                Hi = said?.Hi,
                Required = release.RequiredOf(
                    told.Contains(cell), few.Contains(cell), said, knowledge.Exact.Counts[cell]),
            };
        });
        var before = knowledge.Before.Select(
            (sum, i) => told.Contains(knowledge.Exact.Sums.Count + i) ? sum with { Required = default } : sum);
        return new AttackerKnowledge([.. sums, .. before, .. knowledge.Outside.Sums], knowledge.Exact.Truth, ct);
    }
}
