namespace IsaExchange.Datasets.Specs;

/// <summary>
/// Fields that single nobody out alone and may do so together, and how many records must share each combination of
/// their values.
/// </summary>
/// <param name="Fields">Names of fields, in the order they are spoken of.</param>
/// <param name="SmallestGroup">The k of k-anonymity.</param>
/// <param name="Coarser">What a field can be told as instead, when the groups are too small.</param>
public sealed record QuasiIdentifierSpec(
    IReadOnlyList<string> Fields, int SmallestGroup, IReadOnlyList<CoarserLevel> Coarser);

/// <summary>A field told less exactly, to be proposed to the sender; nothing is changed by the exchange.</summary>
/// <param name="Field">One of the quasi-identifiers.</param>
/// <param name="As">What it becomes, in words: "band", "district".</param>
/// <param name="Starts">First numbers of the bands of a whole number, ascending; empty = the parent of a code.</param>
public sealed record CoarserLevel(string Field, string As, IReadOnlyList<int> Starts);

/// <summary>Reads the words <c>quasi_identifiers</c>, <c>k</c> and <c>coarser</c>.</summary>
static class QuasiIdentifierReader
{
    const int MostFields = 8;
    const int LargestGroup = 1000;

    /// <returns>Null when the dataset declares none.</returns>
    public static QuasiIdentifierSpec? Read(YamlMap ours)
    {
        var fields = ours.Texts("quasi_identifiers");
        var smallest = ours.Whole("k", 0);
        var coarser = ours.Maps("coarser").ConvertAll(Level);
        if (fields.Count == 0 && (smallest != 0 || coarser.Count > 0))
            ours.Fault(ours.LineOf("k"), "There is no group without 'quasi_identifiers'.", "Name the fields.");
        return fields.Count == 0 ? null : new(fields, smallest, coarser);
    }

    public static void Check(DatasetSpec spec, YamlMap at)
    {
        if (spec.QuasiIdentifiers is not { } quasi)
            return;
        if (quasi.SmallestGroup is < 2 or > LargestGroup)
            at.Fault(at.LineOf("k"), $"'k' must be 2 to {LargestGroup}.", "Say how many records a group has at least.");
        if (quasi.Fields.Count > MostFields || quasi.Fields.Distinct().Count() != quasi.Fields.Count)
            at.Fault(at.LineOf("quasi_identifiers"), $"These must be {MostFields} different fields at most.",
                "Name each once.");
        foreach (var name in quasi.Fields)
        {
            if (spec.IndexOf(name) is var i && (i < 0 || spec.Fields[i].Sequence))
                at.Fault(at.LineOf("quasi_identifiers"), $"'{name}' is no field that tells of the record.",
                    "Name fields of the dataset.");
        }

        foreach (var level in quasi.Coarser)
        {
            var field = spec.Fields.FirstOrDefault(f => f.Name == level.Field && quasi.Fields.Contains(f.Name));
            var fits = level.Starts.Count > 0 ? field is { Type: FieldType.Whole } : field is { CodeList: not null };
            if (!fits || level.Starts.Zip(level.Starts.Skip(1)).Any(pair => pair.First >= pair.Second))
                at.Fault(at.LineOf("coarser"), $"'{level.Field}' cannot be made coarser like this.",
                    "Name a quasi-identifier: a whole number with ascending starts, or a code with a code list.");
        }
    }

    static CoarserLevel Level(YamlMap map)
    {
        var level = new CoarserLevel(map.Text("field"), map.Text("as"), map.Wholes("starts"));
        map.RefuseOtherWords();
        return level;
    }
}
