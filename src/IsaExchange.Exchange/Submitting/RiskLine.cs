using System.Globalization;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Exchange.Submitting;

/// <summary>
/// The line of a cube that tells the risk of its records: counted, uncounted, groups, alone, below 3, below 5, k, below
/// k, then for each field its name and who would stand alone without it (a hyphen for a field by itself), all joined by
/// blanks; a hyphen where the dataset declares no quasi-identifiers. Names of fields hold no blank.
/// </summary>
static class RiskLine
{
    const string None = "-";
    const int Counts = 8;

    public static string Write(RecordRisk? risk)
    {
        if (risk is null)
            return None;
        var without = risk.Without.ToDictionary(w => w.Field, w => w.Alone, StringComparer.Ordinal);
        long[] counts =
        [
            risk.Records, risk.Uncounted, risk.Groups, risk.Alone, risk.BelowThree, risk.BelowFive,
            risk.SmallestGroup, risk.BelowSmallestGroup,
        ];
        return string.Join(' ', [
            .. counts.Select(c => c.ToString(CultureInfo.InvariantCulture)),
            .. risk.Fields.Select(f => without.TryGetValue(f, out var alone)
                ? string.Create(CultureInfo.InvariantCulture, $"{f} {alone}") : $"{f} {None}"),
        ]);
    }

    /// <exception cref="InvalidDataException">The line is another one.</exception>
    public static RecordRisk? Read(string line)
    {
        if (line == None)
            return null;
        var parts = line.Split(' ');
        if (parts.Length < Counts + 2 || (parts.Length - Counts) % 2 != 0)
            throw new InvalidDataException("A cube whose risk is not eight counts and its fields.");
        var counts = parts[..Counts].Select(Count).ToArray();
        var fields = parts[Counts..].Chunk(2).Select(pair => (Name: pair[0], Alone: pair[1])).ToList();
        return new RecordRisk([.. fields.Select(f => f.Name)], counts[0], counts[1], counts[2])
        {
            Alone = counts[3],
            BelowThree = counts[4],
            BelowFive = counts[5],
            SmallestGroup = checked((int)counts[6]),
            BelowSmallestGroup = counts[7],
            Without = [.. fields.Where(f => f.Alone != None).Select(f => new RiskWithout(f.Name, Count(f.Alone)))],
        };
    }

    static long Count(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        ? count
        : throw new InvalidDataException("A cube whose risk is not in counts.");
}
