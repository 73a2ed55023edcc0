using System.Globalization;
using System.Text;
using IsaExchange.Datasets.Depersonalisation;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Counts how many records of a file share their quasi-identifiers, and tells at the end which are too few. What would
/// help is worked out from the counted groups, not from the file: it is read once.
/// </summary>
sealed class SmallGroups(QuasiIdentifiers quasi, ValidationLimits limits)
{
    readonly GroupTable _table = new(quasi.Fields.Length, limits.MaxGroupsCounted);
    readonly int[] _tuple = new int[quasi.Fields.Length];
    long _counted;
    long _left;

    /// <summary>Whether the record counts: one whose value was refused belongs to a group that nobody knows.</summary>
    /// <param name="values">As the checks read them.</param>
    /// <param name="record">Number of the record.</param>
    /// <param name="line">Its physical line.</param>
    public void Add(ReadOnlySpan<int> values, long record, long line)
    {
        for (var i = 0; i < _tuple.Length; i++)
        {
            _tuple[i] = values[quasi.Fields[i]];
            if (_tuple[i] == FieldCheck.Refused)
            {
                _left++;
                return;
            }
        }

        _counted++;
        _table.Count(_tuple, 1, new(record, line));
    }

    public void Report(ReportBuilder report)
    {
        if (_table.IsFull)
        {
            report.Add(Rules.GroupsNotShown, 0, -1, 0, ReportBuilder.WholeRecord);
            return;
        }

        var shortfall = Shortfall.Of(_table, quasi.SmallestGroup);
        if (shortfall.Records == 0)
            return;
        report.Add(Rules.PersonalCombination, 0, -1, 0, ReportBuilder.WholeRecord, Words(shortfall));
        foreach (var place in SmallPlaces())
            report.Add(Rules.SmallGroup, place.Line, place.Record, 0, ReportBuilder.WholeRecord);
    }

    /// <summary>The first record of each small group, in the order of the file.</summary>
    IEnumerable<GroupTable.Place> SmallPlaces() => Enumerable.Range(0, _table.Slots)
        .Where(slot => _table.RecordsIn(slot) is var count && count > 0 && count < quasi.SmallestGroup)
        .Select(_table.FirstIn)
        .OrderBy(place => place.Record);

    string Words(Shortfall found)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Each combination of {quasi.Words} must be that of at least ");
        text.Append(CultureInfo.InvariantCulture, $"{quasi.SmallestGroup} records. ");
        text.Append(CultureInfo.InvariantCulture, $"{found.Records} of {_counted} fall short, ");
        text.Append(CultureInfo.InvariantCulture, $"in {found.Groups} groups; {found.Alone} stand alone.");
        foreach (var (words, levels, dropped) in Proposals())
        {
            var left = Shortfall.Of(Coarsened(levels, dropped), quasi.SmallestGroup);
            text.Append(CultureInfo.InvariantCulture, $" {words}, {left.Records} would.");
        }

        if (_left > 0)
            text.Append(CultureInfo.InvariantCulture, $" {_left} with a refused value of these are not counted.");
        return text.ToString();
    }

    /// <summary>What is declared first, one by one and together; then each field left out.</summary>
    IEnumerable<(string Words, CoarserValues[] Levels, int Dropped)> Proposals()
    {
        const int None = -1;
        foreach (var level in quasi.Coarser)
            yield return ($"With {level.Words}", [level], None);
        var together = quasi.Coarser.DistinctBy(level => level.Position).ToArray();
        if (together.Length > 1)
            yield return ($"With {string.Join(" and ", together.Select(level => level.Words))}", together, None);
        for (var i = 0; i < quasi.Names.Length && quasi.Names.Length > 1; i++)
            yield return ($"Without {quasi.Names[i]}", [], i);
    }

    /// <summary>The same records in the groups they would be in. There are never more of them than before.</summary>
    GroupTable Coarsened(CoarserValues[] levels, int dropped)
    {
        var coarser = new GroupTable(_tuple.Length, limits.MaxGroupsCounted);
        for (var slot = 0; slot < _table.Slots; slot++)
        {
            if (_table.RecordsIn(slot) == 0)
                continue;
            _table.TupleIn(slot).CopyTo(_tuple);
            foreach (var level in levels)
                _tuple[level.Position] = level.Of(_tuple[level.Position]);
            if (dropped >= 0)
                _tuple[dropped] = FieldCheck.Absent;
            coarser.Count(_tuple, _table.RecordsIn(slot), _table.FirstIn(slot));
        }

        return coarser;
    }
}
