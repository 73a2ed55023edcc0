using IsaExchange.Datasets.Depersonalisation;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Gathers evidence about every column outside the specification, and about the refused values of a field from the
/// first one on. All such columns are refused without it: it tells what they hold.
/// </summary>
sealed class ColumnWatch(int columns)
{
    readonly ColumnEvidence?[] _evidence = new ColumnEvidence?[columns];

    public void Add(int column, ReadOnlySpan<byte> value) =>
        (_evidence[column] ??= new ColumnEvidence()).Add(value);

    /// <param name="report">Where to tell.</param>
    /// <param name="fieldOf">For a column its field, or what the report takes for a column without one.</param>
    public void Report(ReportBuilder report, Func<int, int> fieldOf)
    {
        for (var i = 0; i < _evidence.Length; i++)
        {
            if (_evidence[i] is not { } evidence)
                continue;
            var before = i > 0 ? _evidence[i - 1] : null;
            var after = i + 1 < _evidence.Length ? _evidence[i + 1] : null;
            foreach (var (rule, detail) in GateRules.Of(evidence, before, after))
                report.Add(rule, 0, -1, i + 1, fieldOf(i), detail);
        }
    }
}
