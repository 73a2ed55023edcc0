namespace IsaExchange.Datasets.Specs;

/// <summary>What must hold between the parts of a specification, so that compiling it cannot fail later.</summary>
static class SpecConsistency
{
    public static void Check(DatasetSpec spec, YamlMap at)
    {
        if (!IsName(spec.Id, '-'))
            at.Fault(at.LineOf("id"), "'id' may hold small letters, digits and hyphens.", "Rename it.");
        if (!DatasetSpecLoader.LegalBases.Contains(spec.LegalBasis))
            at.Fault(at.LineOf("legal_basis"), "This legal basis is not known.",
                "Use one of " + string.Join(", ", DatasetSpecLoader.LegalBases) + ".");
        if (spec.Fields.Count == 0)
            at.Fault(1, "The dataset has no fields.", "Add its columns under 'fields'.");
        foreach (var field in spec.Fields)
        {
            if (!IsName(field.Name, '_'))
                at.Fault(1, $"'{field.Name}' is no column name.", "Use small letters, digits and underscores.");
        }

        if (spec.Fields.Select(f => f.Name).Distinct().Count() != spec.Fields.Count)
            at.Fault(1, "A column is named twice.", "Name each column once.");
        if (spec.Fields.Count(f => f.Sequence) > 1)
            at.Fault(1, "Two columns count the records.", "Keep one sequence.");
        PeriodAndRouting(spec, at);
        Derived(spec, at);
        Dimensions(spec, at);
        foreach (var rule in spec.Rules)
            Rule(spec, rule, at);
        QuasiIdentifierReader.Check(spec, at);
        PlausibilityReader.Check(spec, at);
    }

    static void PeriodAndRouting(DatasetSpec spec, YamlMap at)
    {
        if (Field(spec, spec.PeriodField) is not { Type: FieldType.Date or FieldType.Month, Required: true })
            at.Fault(at.LineOf("period_field"), "The period field must be a required date or yearmonth.", "Name one.");
        if (Field(spec, spec.Routing.Field) is not { Type: FieldType.Code, CodeList: not null })
            at.Fault(at.LineOf("routing"), "The routing field must take its codes from a code list.", "Name one.");
        if (spec.CountField is { } count && !(Field(spec, count) is { Required: true } number && IsCount(number)))
            at.Fault(at.LineOf("counts"), "The count must be a required integer that is not negative.", "Name one.");
    }

    static void Derived(DatasetSpec spec, YamlMap at)
    {
        foreach (var derived in spec.Derived)
        {
            var from = Field(spec, derived.From);
            // Only the period field is known to lie inside the period, so only its months can be counted up front.
            if (derived.IsMonth && derived.From != spec.PeriodField)
                at.Fault(at.LineOf("derived"), $"'{derived.Name}' is not the month of the period field.",
                    "Take the month of the period field.");
            if (derived.Kind is DerivedKind.Weekday or DerivedKind.Hours)
                Bands(spec, derived, at);
            if (derived.Kind != DerivedKind.Blocks)
                continue;
            if (from is not { Type: FieldType.Code, Required: true })
                at.Fault(at.LineOf("derived"), $"'{derived.Name}' comes from no required code.", "Name such a field.");
            foreach (var category in from?.Categories ?? [])
            {
                if (derived.MemberOf(category.Code) < 0)
                    at.Fault(at.LineOf("derived"), $"'{derived.Name}' has no member for {category.Code}.",
                        "Add it to the ranges of a member.");
            }
        }
    }

    static void Bands(DatasetSpec spec, DerivedDimension derived, YamlMap at)
    {
        var (wanted, word) = derived.Kind == DerivedKind.Weekday ? (FieldType.Date, "date") : (FieldType.Time, "time");
        if (Field(spec, derived.From)?.Type != wanted)
            at.Fault(at.LineOf("derived"), $"'{derived.Name}' comes from no {word}.",
                "Take weekdays of a date and hours of a time.");
        if (derived.Unless is { } unless && !(unless.Values.Count > 0
            && Field(spec, unless.Field) is { Required: true, Categories.Count: > 0 } field
            && unless.Values.All(v => field.Categories.Any(c => c.Code == v))))
            at.Fault(at.LineOf("derived"), $"'{derived.Name}' depends on no required code.",
                "Name a field with categories, and some of them.");
        var starts = derived.Starts;
        if (derived.Kind == DerivedKind.Hours && (starts.Count < 2 || starts.Any(hour => hour is < 0 or > 23)
            || starts.Zip(starts.Skip(1)).Any(pair => pair.First >= pair.Second)))
            at.Fault(at.LineOf("derived"), $"'{derived.Name}' has no bands of hours.",
                "Write the first hours of two bands or more, ascending, such as starts: [0, 6, 12, 18].");
    }

    static void Dimensions(DatasetSpec spec, YamlMap at)
    {
        if (spec.CubeDimensions.Count == 0)
            at.Fault(at.LineOf("dimensions"), "The dataset has no dimensions to count by.", "Name at least one.");
        if (spec.CubeDimensions.Distinct().Count() != spec.CubeDimensions.Count)
            at.Fault(at.LineOf("dimensions"), "A dimension is named twice.", "Name each once.");
        foreach (var name in spec.NeverSummed.Except(spec.CubeDimensions, StringComparer.Ordinal))
            at.Fault(at.LineOf("never_summed"), $"'{name}' is not a dimension.", "Name dimensions only.");
        if (spec.Contributors is { } who && (!spec.CubeDimensions.Contains(who) || Field(spec, who) is null))
            at.Fault(at.LineOf("contributors"), $"'{who}' is not a field that is counted by.",
                "Name a field among the dimensions.");
        foreach (var name in spec.CubeDimensions)
        {
            if (spec.Derived.All(d => d.Name != name) && Field(spec, name) is not { Type: FieldType.Code })
                at.Fault(at.LineOf("dimensions"), $"'{name}' is neither a field with codes nor derived.",
                    "Name a code field or a derived dimension.");
        }
    }

    static void Rule(DatasetSpec spec, CrossRule rule, YamlMap at)
    {
        var field = Field(spec, rule.Field);
        var other = Field(spec, rule.Other);
        var fits = rule.Kind switch
        {
            CrossRuleKind.Belongs => field is { CodeList: not null } && other is { Type: FieldType.Code },
            CrossRuleKind.NotBefore => field is { Type: FieldType.Date } && other is { Type: FieldType.Date },
            CrossRuleKind.FilledExactlyWhen or CrossRuleKind.NeverWith => field is { Required: false }
                && other is { Categories.Count: > 0 } && rule.Values.Count > 0
                && rule.Values.All(v => other.Categories.Any(c => c.Code == v)),
            CrossRuleKind.FilledOnlyWith => field is { Required: false } && other is { Required: false }
                && rule.Field != rule.Other,
            CrossRuleKind.TotalAtLeast => rule.Values.Count > 1 && rule.Minimum > 0
                && rule.Values.Distinct().Count() == rule.Values.Count
                && rule.Values.All(name => Field(spec, name) is { } number && IsCount(number)),
            CrossRuleKind.Inside => field is { CodeList: not null } && other is { CodeList: not null },
            _ => false,
        };
        if (!fits)
            at.Fault(at.LineOf("rules"), $"The rule on '{rule.Field}' and '{rule.Other}' does not fit these fields.",
                "Check names, types and codes.");
    }

    static bool IsCount(FieldSpec field) => field is { Type: FieldType.Whole, Sequence: false, Minimum: >= 0 };

    static FieldSpec? Field(DatasetSpec spec, string name) => spec.Fields.FirstOrDefault(f => f.Name == name);

    static bool IsName(string name, char joiner) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == joiner);
}
