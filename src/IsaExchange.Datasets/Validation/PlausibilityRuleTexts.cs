namespace IsaExchange.Datasets.Validation;

/// <summary>Q7xx: what is possible, and yet asks for an explanation. None of these is ever an error.</summary>
public static partial class Rules
{
    const string ExplainOrCorrect =
        "Compare with the source. Explain what happened, or correct the file and send it again.";

    internal static readonly RuleDefinition CountOutsideBand = Query("Q702", "Count far from the periods before",
        "The count is far from what the periods before it, day for day, lead to expect.", ExplainOrCorrect);

    internal static readonly RuleDefinition AreaSilent = Query("Q703", "Area fallen silent",
        "The area has no record at all, and had them in the periods before.",
        "Check that the export took in the whole area. Explain why there are none, or send the file again.");

    internal static readonly RuleDefinition CategoryVanished = Query("Q704", "Category vanished",
        "No record has this code in any area, and many had it in the periods before.",
        "Check whether the source system was changed. Explain why there are none, or send the file again.");

    internal static readonly RuleDefinition AllAtMidnight = Query("Q705", "All at midnight",
        "Nearly every time is 00:00, which is what systems write where a time is not known.",
        "Leave the time empty where it is not known, or explain.");

    internal static readonly RuleDefinition AllOnTheFirst = Query("Q706", "All on the first of the month",
        "Nearly every day is the first of its month, which is what systems write where only the month is known.",
        "Send the day where the source has it, or explain.");

    internal static readonly RuleDefinition SameAsBefore = Query("Q707", "Same counts as a period before",
        "Every count, by area and code, equals that of an earlier period: it may be that period's file.",
        "Check that the export was made for this period. Explain, or send the right file.");

    /// <summary>Whether a query comes of comparing periods, and so has counts to be shown beside it.</summary>
    public static bool ComesFromPeriods(string code) => code is "Q702" or "Q703" or "Q704" or "Q707";
}
