namespace IsaExchange.Datasets.Specs;

/// <summary>Reads one field of a Table Schema. Only types that leave no room for free text are known.</summary>
static class FieldSpecReader
{
    const string TimeFormat = "%H:%M";

    public static FieldSpec Read(YamlMap map)
    {
        var categories = map.Maps("categories").ConvertAll(Category);
        var ours = map.Map("isaexchange");
        var constraints = map.Map("constraints");
        var type = Type(map, ours, categories.Count > 0);
        var field = new FieldSpec
        {
            Name = map.Text("name"),
            Title = map.OptionalText("title") ?? "",
            Description = map.OptionalText("description") ?? "",
            Type = type,
            Categories = categories,
            CodeList = ours?.OptionalText("code_list"),
            Sequence = ours?.Flag("sequence") ?? false,
            OldDates = Old(ours),
            Required = constraints?.Flag("required") ?? false,
            MaxLength = constraints?.Whole("maxLength", DefaultLength(type)) ?? DefaultLength(type),
            Minimum = constraints?.Whole("minimum", 0) ?? 0,
            Maximum = constraints?.Whole("maximum", int.MaxValue) ?? int.MaxValue,
        };
        Check(map, field);
        constraints?.RefuseOtherWords();
        ours?.RefuseOtherWords();
        map.RefuseOtherWords();
        return field;
    }

    static FieldType Type(YamlMap map, YamlMap? ours, bool categories)
    {
        var outward = ours?.Flag("outward") ?? false;
        var listed = categories || ours?.OptionalText("code_list") is not null;
        switch (map.Text("type"))
        {
            case "string" when outward && !listed:
                return FieldType.Outward;
            case "string" when listed && !outward:
                return FieldType.Code;
            case "date":
                return FieldType.Date;
            case "yearmonth":
                return FieldType.Month;
            case "time":
                if (map.OptionalText("format") is not TimeFormat)
                    map.Fault(map.Line, "A time has the format hours and minutes.", $"Write format: '{TimeFormat}'.");
                return FieldType.Time;
            case "integer":
                return FieldType.Whole;
            case "string":
                map.Fault(map.LineOf("type"), "Free text is never allowed in a record.",
                    "Give the field categories, a code_list, or outward: true.");
                return FieldType.Code;
            default:
                map.Fault(map.LineOf("type"), "This type is not known.",
                    "Use string with codes, date, yearmonth, time or integer.");
                return FieldType.Code;
        }
    }

    static void Check(YamlMap map, FieldSpec field)
    {
        if (field.Categories.Count > 0 && field.CodeList is not null)
            map.Fault(map.Line, $"'{field.Name}' has categories and a code list.", "Keep one of them.");
        if (field.Categories.Select(c => c.Code).Distinct().Count() != field.Categories.Count)
            map.Fault(map.LineOf("categories"), $"'{field.Name}' has a code twice.", "Write each code once.");
        if (field.Sequence && (field.Type != FieldType.Whole || !field.Required))
            map.Fault(map.Line, $"'{field.Name}' cannot be a sequence.", "Make it a required integer.");
        // The number that is due is compared as it is written; no bound would be looked at.
        if (field.Sequence && (field.Minimum is not (0 or 1) || field.Maximum != int.MaxValue
            || field.MaxLength < DefaultLength(FieldType.Whole)))
            map.Fault(map.Line, $"'{field.Name}' is a sequence with bounds.",
                "It runs from 1 without gaps: write no maximum, no maxLength, and no minimum but 1.");
        if (field.Type == FieldType.Whole && !field.Sequence && field.Maximum == int.MaxValue)
            map.Fault(map.Line, $"'{field.Name}' has no maximum.", "Bound it: an open number can hold an identifier.");
        if (field.Minimum > field.Maximum)
            map.Fault(map.Line, $"'{field.Name}' has a minimum above its maximum.", "Correct the bounds.");
        if (field.MaxLength is < 1 or > 4096)
            map.Fault(map.Line, $"'{field.Name}' has a length outside 1 to 4096.", "Correct maxLength.");
    }

    static OldDates Old(YamlMap? ours)
    {
        var word = ours?.OptionalText("old_dates");
        if (word is not (null or "refuse" or "query"))
            ours!.Fault(ours.LineOf("old_dates"), "'old_dates' must be refuse or query.", "Write one of the two.");
        return word == "query" ? OldDates.Query : OldDates.Refuse;
    }

    static Category Category(YamlMap map)
    {
        var category = new Category(map.Text("value"), map.Text("label"));
        map.RefuseOtherWords();
        return category;
    }

    static int DefaultLength(FieldType type) => type switch
    {
        // Room for a day with its time where a day, a month or a time is due: that is what is then said of it.
        FieldType.Date or FieldType.Month or FieldType.Time => 24,
        FieldType.Whole => 11,
        FieldType.Outward => 8,
        _ => 64,
    };
}
