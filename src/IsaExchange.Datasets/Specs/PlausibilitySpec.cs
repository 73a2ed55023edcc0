namespace IsaExchange.Datasets.Specs;

/// <summary>
/// When what a file says is possible and yet asks for an explanation: against the periods before, and by itself.
/// </summary>
/// <param name="By">The dimension whose codes are compared; null: totals of areas only.</param>
/// <param name="Factor">A count is expected between 1/Factor and Factor times what the periods before lead to
/// expect.</param>
/// <param name="Deviations">And it must lie more than so many roots of the expected count away: small counts vary.
/// </param>
/// <param name="Minimum">Where both the count and the expected one are below it, nothing is asked.</param>
public sealed record PlausibilitySpec(string? By, int Factor, int Deviations, int Minimum)
{
    /// <summary>False where codes of <see cref="By"/> overlap in what they count: an area has no total then.</summary>
    public bool HasTotals { get; init; } = true;

    /// <summary>Null: the dataset has no times that could all be midnight.</summary>
    public ShareSpec? Midnight { get; init; }

    /// <summary>Null: the dataset has no days that could all be the first.</summary>
    public ShareSpec? FirstOfMonth { get; init; }
}

/// <summary>So many percent of the records that fill a field say the same: then it is asked why.</summary>
public sealed record ShareSpec(string Field, int Percent);

/// <summary>How exactly a record can say where: an exact field is filled, else an outward one, else nothing is known.
/// </summary>
public sealed record LocationSpec(IReadOnlyList<string> Exact, IReadOnlyList<string> Outward);

/// <summary>Reads the words <c>plausibility</c> and <c>location</c>.</summary>
static class PlausibilityReader
{
    const int FactorDefault = 2;
    const int DeviationsDefault = 4;
    const int MinimumDefault = 20;
    const int Most = 1000;

    /// <param name="ours">The additions of the exchange.</param>
    /// <param name="hasTotals">Nothing in the dataset is never summed.</param>
    /// <returns>Null when the dataset declares none.</returns>
    public static PlausibilitySpec? Read(YamlMap ours, bool hasTotals)
    {
        if (ours.Map("plausibility") is not { } map)
            return null;
        var spec = new PlausibilitySpec(
            map.OptionalText("by"), map.Whole("factor", FactorDefault), map.Whole("deviations", DeviationsDefault),
            map.Whole("minimum", MinimumDefault))
        {
            HasTotals = hasTotals,
            Midnight = Share(map.Map("midnight")),
            FirstOfMonth = Share(map.Map("first_of_month")),
        };
        map.RefuseOtherWords();
        return spec;
    }

    /// <returns>Null when the dataset declares none.</returns>
    public static LocationSpec? ReadLocation(YamlMap ours)
    {
        if (ours.Map("location") is not { } map)
            return null;
        var spec = new LocationSpec(map.Texts("exact"), map.Texts("outward"));
        map.RefuseOtherWords();
        return spec;
    }

    public static void Check(DatasetSpec spec, YamlMap at)
    {
        if (spec.Plausibility is { } plausibility)
            Check(spec, plausibility, at);
        if (spec.Location is not { } location)
            return;
        var fits = location.Exact.All(name => Field(spec, name) is { Type: FieldType.Code, CodeList: not null })
            && location.Outward.All(name => Field(spec, name) is { Type: FieldType.Outward })
            && location.Exact.Count + location.Outward.Count > 0;
        if (!fits)
            at.Fault(at.LineOf("location"), "'location' must name codes of a list as exact, or outward postcodes.",
                "Name fields of the dataset.");
    }

    static void Check(DatasetSpec spec, PlausibilitySpec plausibility, YamlMap at)
    {
        void Fault(string message, string remedy) => at.Fault(at.LineOf("plausibility"), message, remedy);
        if (plausibility.By is { } by
            && (!spec.CubeDimensions.Contains(by) || spec.Derived.Any(d => d.Name == by && d.IsMonth)))
            Fault($"'{by}' is no dimension that periods can be compared by.", "Name a dimension other than the month.");
        if (spec.NeverSummed.Any(name => name != plausibility.By))
            Fault("Periods are compared by sums over what is never summed.", "Name that dimension as 'by'.");
        if (plausibility is not { Factor: >= 2 and <= Most, Deviations: >= 1 and <= Most, Minimum: >= 1 })
            Fault("The band of plausibility is not one.", $"Write a factor of 2 to {Most}, deviations of 1 to {Most} "
                + "and a minimum of 1 at least.");
        if (plausibility.Midnight is { } midnight && !Fits(spec, midnight, FieldType.Time))
            Fault("'midnight' must name a time and a share of 51 to 100 percent.", "Correct field and percent.");
        if (plausibility.FirstOfMonth is { } first && !Fits(spec, first, FieldType.Date))
            Fault("'first_of_month' must name a date and a share of 51 to 100 percent.", "Correct field and percent.");
    }

    static bool Fits(DatasetSpec spec, ShareSpec share, FieldType type) =>
        share.Percent is > 50 and <= 100 && Field(spec, share.Field)?.Type == type;

    static FieldSpec? Field(DatasetSpec spec, string name) => spec.Fields.FirstOrDefault(f => f.Name == name);

    static ShareSpec? Share(YamlMap? map)
    {
        if (map is null)
            return null;
        var share = new ShareSpec(map.Text("field"), map.Whole("percent", 100));
        map.RefuseOtherWords();
        return share;
    }
}
