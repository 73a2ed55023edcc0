namespace IsaExchange.Datasets.Specs;

/// <summary>
/// Reads a dataset specification: a Table Schema with our additions under <c>isaexchange</c>. Unknown words are
/// refused; all faults are listed at once.
/// </summary>
public static class DatasetSpecLoader
{
    /// <summary>The legal bases a dataset may rest on, in the words of the agreement.</summary>
    public static IReadOnlyList<string> LegalBases { get; } =
        ["cda-1998-s17a", "cda-1998-s115", "si-2007-1830-r4", "pcsca-2022-s16", "local-agreement"];

    const string TableSchema = "https://datapackage.org/profiles/2.0/tableschema.json";

    public static DatasetSpecLoadResult Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, [new(path, 0, "The file cannot be read.", "Check that it exists and may be read.")]);
        }
    }

    public static DatasetSpecLoadResult Parse(string yaml, string fileName)
    {
        var faults = new List<SpecFault>();
        var spec = YamlMap.Root(yaml, fileName, faults) is { } root ? Read(root) : null;
        return faults.Count == 0 ? new(spec, faults) : new(null, faults);
    }

    static DatasetSpec? Read(YamlMap root)
    {
        var schema = root.OptionalText("$schema");
        if (schema is not (null or TableSchema))
            root.Fault(root.LineOf("$schema"), "The profile is not Table Schema v2.", $"Write {TableSchema}.");
        if (root.Text("fieldsMatch") is not "equal")
            root.Fault(root.LineOf("fieldsMatch"), "'fieldsMatch' must be equal.", "A file names each column once.");
        var fields = root.Maps("fields").ConvertAll(FieldSpecReader.Read);
        var ours = root.Map("isaexchange");
        if (ours is null)
            root.Fault(root.Line, "'isaexchange' is missing.", "Add the additions of the exchange below it.");
        root.RefuseOtherWords();
        if (ours is null)
            return null;
        var spec = Additions(ours, fields);
        ours.RefuseOtherWords();
        SpecConsistency.Check(spec, ours);
        return spec;
    }

    static DatasetSpec Additions(YamlMap ours, List<FieldSpec> fields)
    {
        var routing = ours.Map("routing");
        var counts = ours.Map("counts");
        var neverSummed = ours.Texts("never_summed");
        var spec = new DatasetSpec
        {
            Id = ours.Text("id"),
            Title = ours.Text("title"),
            Version = ours.Text("version"),
            LegalBasis = ours.Text("legal_basis"),
            LegalReference = ours.OptionalText("legal_reference") ?? "",
            Unit = ours.Text("unit"),
            Fields = fields,
            PeriodField = ours.Text("period_field"),
            Routing = new RoutingSpec(routing?.Text("field") ?? ""),
            CubeDimensions = ours.Texts("dimensions"),
            NeverSummed = neverSummed,
            Contributors = ours.OptionalText("contributors"),
            Derived = ours.Maps("derived").ConvertAll(Derived),
            Rules = [.. ours.Maps("rules").Select(Rule).OfType<CrossRule>()],
            CountField = counts?.Text("field"),
            Never = ours.Texts("never"),
            QuasiIdentifiers = QuasiIdentifierReader.Read(ours),
            Plausibility = PlausibilityReader.Read(ours, hasTotals: neverSummed.Count == 0),
            Location = PlausibilityReader.ReadLocation(ours),
            Caveats = ours.Texts("caveats"),
            Unconfirmed = ours.Texts("unconfirmed"),
        };
        routing?.RefuseOtherWords();
        counts?.RefuseOtherWords();
        return spec;
    }

    static DerivedDimension Derived(YamlMap map)
    {
        var name = map.Text("name");
        var (kind, from) = map.OptionalText("month_of") is { } monthOf ? (DerivedKind.Month, monthOf)
            : map.OptionalText("weekday_of") is { } weekdayOf ? (DerivedKind.Weekday, weekdayOf)
            : map.OptionalText("hours_of") is { } hoursOf ? (DerivedKind.Hours, hoursOf)
            : (DerivedKind.Blocks, map.Text("from"));
        var members = map.Maps("members").ConvertAll(Member);
        if (kind != DerivedKind.Blocks && members.Count > 0)
            map.Fault(map.Line, $"'{name}' is made of days or hours and has members.",
                "Keep one of month_of, weekday_of, hours_of and members.");
        if (kind == DerivedKind.Blocks && members.Count == 0)
            map.Fault(map.Line, $"'{name}' has no members.", "Say which codes belong to which member.");
        var dimension = new DerivedDimension(name, from, members)
        {
            Kind = kind,
            Starts = kind == DerivedKind.Hours ? map.Wholes("starts") : [],
            Unless = kind == DerivedKind.Weekday && map.Map("unless") is { } unless ? Condition(unless) : null,
        };
        map.RefuseOtherWords();
        return dimension;
    }

    static ValueCondition Condition(YamlMap map)
    {
        var condition = new ValueCondition(map.Text("field"), map.Texts("is"));
        map.RefuseOtherWords();
        return condition;
    }

    static DerivedMember Member(YamlMap map)
    {
        var member = new DerivedMember(map.Text("code"), map.Text("title"), map.Texts("ranges"));
        if (member.Ranges.Count == 0)
            map.Fault(map.Line, $"'{member.Code}' covers no codes.", "Add ranges such as X85-Y09.");
        map.RefuseOtherWords();
        return member;
    }

    static CrossRule? Rule(YamlMap map)
    {
        CrossRule? rule = null;
        if (map.Map("belongs") is { } belongs)
            rule = Rule(CrossRuleKind.Belongs, belongs, "to");
        else if (map.Map("not_before") is { } notBefore)
            rule = Rule(CrossRuleKind.NotBefore, notBefore, "other");
        else if (map.Map("filled_exactly_when") is { } filled)
            rule = Rule(CrossRuleKind.FilledExactlyWhen, filled, "other");
        else if (map.Map("inside") is { } inside)
            rule = Rule(CrossRuleKind.Inside, inside, "area");
        else if (map.Map("never_with") is { } never)
            rule = Rule(CrossRuleKind.NeverWith, never, "other");
        else if (map.Map("filled_only_with") is { } only)
            rule = Rule(CrossRuleKind.FilledOnlyWith, only, "with");
        else if (map.Map("total_at_least") is { } total)
            rule = Total(total);
        else
            map.Fault(map.Line, "This rule has no known kind.",
                "Use belongs, not_before, filled_exactly_when, filled_only_with, inside, never_with or "
                + "total_at_least.");
        map.RefuseOtherWords();
        return rule;
    }

    static CrossRule Rule(CrossRuleKind kind, YamlMap map, string otherWord)
    {
        var rule = new CrossRule(kind, map.Text("field"), map.Text(otherWord),
            kind is CrossRuleKind.FilledExactlyWhen or CrossRuleKind.NeverWith ? map.Texts("is") : []);
        map.RefuseOtherWords();
        return rule;
    }

    static CrossRule Total(YamlMap map)
    {
        var fields = map.Texts("fields");
        var rule = new CrossRule(
            CrossRuleKind.TotalAtLeast, fields.FirstOrDefault() ?? "", fields.LastOrDefault() ?? "", fields)
        {
            Minimum = map.Whole("minimum", 1),
        };
        map.RefuseOtherWords();
        return rule;
    }
}
