using System.Globalization;
using System.Text;
using IsaExchange.Datasets.Depersonalisation;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Counts how many records of a file share their quasi-identifiers, and tells at the end which are too few. What would
/// help, and what each field adds to the risk, is worked out from the counted groups, not from the file: it is read
/// once.
/// </summary>
sealed class SmallGroups(QuasiIdentifiers quasi, ValidationLimits limits)
{
    const int None = -1;

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

    /// <summary>Of the whole file, once <see cref="Report"/> has run; null when its groups could not be counted.
    /// </summary>
    public RecordRisk? Risk { get; private set; }

    public void Report(ReportBuilder report)
    {
        if (_table.IsFull)
        {
            report.Add(Rules.GroupsNotShown, 0, -1, 0, ReportBuilder.WholeRecord);
            return;
        }

        var sizes = GroupSizes.Of(_table, quasi.SmallestGroup);
        GroupSizes[] without = quasi.Names.Length == 1
            ? []
            : [.. quasi.Names.Select((_, i) => GroupSizes.Of(Coarsened([], i), quasi.SmallestGroup))];
        Risk = new RecordRisk(quasi.Names, _counted, _left, sizes.Groups)
        {
            Alone = sizes.Alone,
            BelowThree = sizes.BelowThree,
            BelowFive = sizes.BelowFive,
            SmallestGroup = quasi.SmallestGroup,
            BelowSmallestGroup = sizes.Short,
            Without = [.. without.Select((left, i) => new RiskWithout(quasi.Names[i], left.Alone))],
        };
        if (sizes.Short == 0)
            return;
        report.Add(Rules.PersonalCombination, 0, -1, 0, ReportBuilder.WholeRecord, Words(sizes, without));
        foreach (var place in SmallPlaces())
            report.Add(Rules.SmallGroup, place.Line, place.Record, 0, ReportBuilder.WholeRecord);
    }

    /// <summary>The first record of each small group, in the order of the file.</summary>
    IEnumerable<GroupTable.Place> SmallPlaces() => Enumerable.Range(0, _table.Slots)
        .Where(slot => _table.RecordsIn(slot) is var count && count > 0 && count < quasi.SmallestGroup)
        .Select(_table.FirstIn)
        .OrderBy(place => place.Record);

    string Words(GroupSizes found, GroupSizes[] without)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Each combination of {quasi.Words} must be that of at least ");
        text.Append(CultureInfo.InvariantCulture, $"{quasi.SmallestGroup} records. ");
        text.Append(CultureInfo.InvariantCulture, $"{found.Short} of {_counted} fall short, ");
        text.Append(CultureInfo.InvariantCulture, $"in {found.ShortGroups} groups; {found.Alone} stand alone.");
        foreach (var (words, levels) in Proposals())
        {
            var left = GroupSizes.Of(Coarsened(levels, None), quasi.SmallestGroup);
            text.Append(CultureInfo.InvariantCulture, $" With {words}, {left.Short} would.");
        }

        for (var i = 0; i < without.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $" Without {quasi.Names[i]}, {without[i].Short} would.");
        if (_left > 0)
            text.Append(CultureInfo.InvariantCulture, $" {_left} with a refused value of these are not counted.");
        return text.ToString();
    }

    /// <summary>What is declared to be coarser, one by one and together.</summary>
    IEnumerable<(string Words, CoarserValues[] Levels)> Proposals()
    {
        foreach (var level in quasi.Coarser)
            yield return (level.Words, [level]);
        var together = quasi.Coarser.DistinctBy(level => level.Position).ToArray();
        if (together.Length > 1)
            yield return (string.Join(" and ", together.Select(level => level.Words)), together);
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
