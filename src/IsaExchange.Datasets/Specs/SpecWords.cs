using System.Globalization;

namespace IsaExchange.Datasets.Specs;

/// <summary>A rule of a dataset in words, with the code of the violation it makes.</summary>
public sealed record RuleInWords(string Rule, string Field, string Sentence);

/// <summary>A specification in the words of a data dictionary.</summary>
public static class SpecWords
{
    /// <summary>What a column may hold.</summary>
    public static string Holds(FieldSpec field) => field.Type switch
    {
        FieldType.Code when field.CodeList is { } list => $"a code of the list {list}",
        FieldType.Code when field.Categories.Count == 1 => $"always {field.Categories[0].Code}",
        FieldType.Code => string.Create(CultureInfo.InvariantCulture, $"one of {field.Categories.Count} codes"),
        FieldType.Date when field.OldDates == OldDates.Query =>
            "a day, yyyy-MM-dd; one long past must be explained",
        FieldType.Date => "a day, yyyy-MM-dd",
        FieldType.Month => "a month, yyyy-MM",
        FieldType.Time => "a time, HH:MM",
        FieldType.Outward => "the outward part of a postcode",
        FieldType.Whole when field.Sequence => "1, 2, 3 and so on",
        FieldType.Whole => string.Create(
            CultureInfo.InvariantCulture, $"a whole number, {field.Minimum} to {field.Maximum}"),
        _ => throw new InvalidOperationException($"No words for a field of type {field.Type}."),
    };

    public static string LegalBasis(DatasetSpec spec) => spec.LegalBasis switch
    {
        "cda-1998-s17a" => "owed: Crime and Disorder Act 1998, section 17A",
        "cda-1998-s115" => "may be shared: Crime and Disorder Act 1998, section 115",
        "si-2007-1830-r4" => "by the protocol: SI 2007/1830, regulation 4",
        "pcsca-2022-s16" => "may be shared: Police, Crime, Sentencing and Courts Act 2022, section 16",
        "local-agreement" => "by local agreement only",
        var other => throw new InvalidOperationException($"No words for the legal basis {other}."),
    };

    /// <summary>How many records must share what together may tell of one person.</summary>
    public static string Shared(QuasiIdentifierSpec quasi) => string.Create(
        CultureInfo.InvariantCulture,
        $"each combination of {And(quasi.Fields)} is that of {quasi.SmallestGroup} records at least (D531)");

    /// <summary>What is counted in a cell of the cube, and by what.</summary>
    public static string Counted(DatasetSpec spec)
    {
        var what = spec.CountField is { } field ? $"the sum of {field}" : "records";
        var of = spec.Contributors is { } who ? $"; a cell of few codes of {who} is protected" : "";
        return $"{what} by area and {And(spec.CubeDimensions)}{of}";
    }

    /// <summary>Where a weekday or hours come from, and when they are not known.</summary>
    public static string Made(DatasetSpec spec, DerivedDimension derived)
    {
        var unknown = new List<string>();
        if (derived.Unless is { } unless)
            unknown.Add($"{unless.Field} is {Or(unless.Values)}");
        if (!spec.Fields[spec.IndexOf(derived.From)].Required)
            unknown.Add("it is empty");
        var when = unknown.Count == 0 ? "" : $", not known when {Or(unknown)}";
        return derived.Kind switch
        {
            DerivedKind.Weekday => $"the weekday of {derived.From}{when}",
            DerivedKind.Hours => $"the hours of {derived.From}{when}",
            DerivedKind.Month => $"the month of {derived.From}",
            _ => $"what {derived.From} is put into",
        };
    }

    public static IReadOnlyList<RuleInWords> Rules(DatasetSpec spec)
    {
        var rules = spec.Rules.Select(Rule).ToList();
        if (spec.CountField is { } count)
        {
            rules.Add(new("X411", count,
                $"Of each area and combination of {And(spec.CubeDimensions)} there is one record."));
        }

        if (spec.Plausibility is { } plausibility)
            rules.AddRange(Asked(plausibility));
        return rules;
    }

    /// <summary>How exactly a record can say where; null when it tells no place.</summary>
    public static string? Located(DatasetSpec spec) => spec.Location switch
    {
        null => null,
        { Outward.Count: 0 } only => $"exactly by {And(only.Exact)}, or not at all",
        { Exact.Count: 0 } only => $"by the outward postcode in {And(only.Outward)}, or not at all",
        var both => $"exactly by {And(both.Exact)}, else by the outward postcode in {And(both.Outward)}, or not at all",
    };

    static IEnumerable<RuleInWords> Asked(PlausibilitySpec spec)
    {
        var by = spec.By is null ? "area" : $"area and {spec.By}";
        yield return new("Q702, Q703, Q704, Q707", spec.By ?? "", string.Create(
            CultureInfo.InvariantCulture,
            $"Counts by {by} lie between 1/{spec.Factor} and {spec.Factor} times what the periods before lead to ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"expect, or within {spec.Deviations} roots of it, or both are below {spec.Minimum}; ")
            + "if not, the officer explains why.");
        if (spec.Midnight is { } midnight)
        {
            yield return new("Q705", midnight.Field, Share(spec, midnight, $"of {midnight.Field} are 00:00"));
        }

        if (spec.FirstOfMonth is { } first)
        {
            yield return new("Q706", first.Field, Share(spec, first, $"of {first.Field} are the first of a month"));
        }
    }

    static string Share(PlausibilitySpec spec, ShareSpec share, string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"Fewer than {share.Percent} % {what}, of {spec.Minimum} or more; if not, the officer explains why.");

    static RuleInWords Rule(CrossRule rule) => rule.Kind switch
    {
        CrossRuleKind.Belongs => new("X404", rule.Field,
            $"{rule.Field} is one of the codes that belong to {rule.Other}."),
        CrossRuleKind.NotBefore => new("X405", rule.Field, $"{rule.Field} is not before {rule.Other}."),
        CrossRuleKind.FilledExactlyWhen => new("X406, X407", rule.Field,
            $"{rule.Field} is filled when {rule.Other} is {Or(rule.Values)}, and empty otherwise."),
        CrossRuleKind.Inside => new("X403", rule.Field,
            $"{rule.Field} lies inside {rule.Other}; if it does not, the officer explains why."),
        CrossRuleKind.TotalAtLeast => new("X409", rule.Field,
            string.Create(CultureInfo.InvariantCulture, $"{And(rule.Values)} add up to at least {rule.Minimum}.")),
        CrossRuleKind.NeverWith => new("X410", rule.Field,
            $"{rule.Field} is empty when {rule.Other} is {Or(rule.Values)}."),
        CrossRuleKind.FilledOnlyWith => new("X412", rule.Field, $"{rule.Field} is empty when {rule.Other} is."),
        _ => throw new InvalidOperationException($"No words for a rule of kind {rule.Kind}."),
    };

    /// <summary>a, b and c.</summary>
    internal static string And(IReadOnlyList<string> words) => Joined(words, "and");

    static string Or(IReadOnlyList<string> words) => Joined(words, "or");

    static string Joined(IReadOnlyList<string> words, string last) => words.Count < 2
        ? string.Concat(words)
        : $"{string.Join(", ", words.SkipLast(1))} {last} {words[^1]}";
}
