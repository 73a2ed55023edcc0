using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// Reads a release's tables back from the CSV files that readers will get, and adds up the witnesses against what
/// stands there: a writer that says other numbers than were checked is found before anybody reads them.
/// </summary>
static class PublishedFilesCheck
{
    /// <exception cref="InvalidOperationException">The files do not say what was checked: nothing may be
    /// published.</exception>
    public static void Require(ProtectedRelease release, IReadOnlyList<ReleaseFile> files)
    {
        var exact = release.Exact;
        var (sums, first) = (exact.Sums.ToArray(), 0);
        foreach (var table in release.Secrets.Shape.Tables)
        {
            var file = files.Single(f => f.Name == table.Name + ".csv");
            var rows = ReleaseTable.Parse(table.Name, file.Content)?.Rows ?? throw Wrong(file);
            var keys = LedgerKnowledge.CellKeys(table).ToList();
            if (rows.Count != keys.Count)
                throw Wrong(file);
            for (var cell = 0; cell < keys.Count; cell++)
            {
                var (read, said) = (rows[cell].Cell, release.Result.Cells[first + cell]);
                if (string.Join('|', rows[cell].Codes) != keys[cell] || read != said)
                    throw Wrong(file);
                sums[first + cell] = sums[first + cell] with
                {
                    Lo = read.Lo, Hi = read.Hi,
                    Required = TableProtection.RequiredOf(exact, release.Secrets.Profile, first + cell),
                };
            }

            first += keys.Count;
        }

        var known = new AttackerKnowledge([.. sums, .. release.Before], exact.Truth);
        if (release.Result.Check.Certificate.Verify(known).Count > 0)
            throw new InvalidOperationException("The files of a release do not say what was checked.");
    }

    static InvalidOperationException Wrong(ReleaseFile file) =>
        new($"{file.Name} does not say what was checked.");
}
