namespace IsaExchange.DisclosureControl.OwnTables;

/// <summary>The true count of every combination of finest codes, gathered from whoever has it. CONFIDENTIAL.</summary>
sealed class TrueCounts(IReadOnlyList<Classification> classifications, ICollection<TableFault> faults)
{
    readonly long[] _counts = new long[classifications.Aggregate(1, (n, c) => checked(n * c.Count))];
    OwnTable? _source;

    public long[] Counts => _counts;

    /// <summary>The counts file if there is one, else the first table that goes down to the finest codes.</summary>
    public void Gather(Publication publication)
    {
        if (publication.Counts is { } counts)
        {
            if (IsOfAll(counts))
                AddUp(counts, isEveryRow: true);
            else
                faults.Add(new TableFault(counts.File, 0, "the counts need a column for each dimension"));
            return;
        }

        foreach (var table in publication.Tables.Where(IsOfAll))
        {
            AddUp(table, isEveryRow: false);
            if (_source is not null)
                return;
        }

        faults.Add(new TableFault(
            publication.Tables[0].File, 0,
            "the true counts of the finest codes are needed: add 'counts', or 'truth' to a table that has them"));
    }

    bool IsOfAll(OwnTable table) => classifications.All(c => table.Dimensions.Contains(c.Name, StringComparer.Ordinal));

    void AddUp(OwnTable table, bool isEveryRow)
    {
        int[] order = [.. classifications.Select(c => table.Dimensions.ToList().IndexOf(c.Name))];
        foreach (var row in table.Rows)
        {
            var at = Place(row, order);
            if (at >= 0 && row.Truth is { } truth)
                (_source, _counts[at]) = (table, checked(_counts[at] + truth));
            else if (isEveryRow)
                faults.Add(new TableFault(table.File, row.Line, "not a count of finest codes"));
        }
    }

    /// <summary>-1: a code of the row is not a finest one.</summary>
    int Place(OwnRow row, int[] order)
    {
        var at = 0;
        for (var c = 0; c < order.Length; c++)
        {
            if (classifications[c].Find(row.Codes[order[c]]) is not [var finest])
                return -1;
            at = (at * classifications[c].Count) + finest;
        }

        return at;
    }
}
