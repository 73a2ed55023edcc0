using System.Globalization;
using System.Text.Json.Nodes;
using IsaExchange.Exchange.Releasing.Ledger;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>
/// What a release says of itself, read from its manifest: no file can say anything else than what is signed.
/// </summary>
sealed record ReleaseNotes
{
    public required ReleaseName Name { get; init; }

    public required string Title { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    /// <summary>UTC, with a Z at its end.</summary>
    public required string Published { get; init; }

    public required string Revision { get; init; }

    public required string Marking { get; init; }

    public required string Regime { get; init; }

    public required string Guarantee { get; init; }

    /// <summary>Why it was published; may be empty.</summary>
    public required string Note { get; init; }

    public required bool IsComplete { get; init; }

    /// <summary>What was proved before it was published.</summary>
    public string Checked { get; init; } = "";

    /// <summary>Of what use the tables are, as the manifest has it; null: nothing is said.</summary>
    public JsonNode? Utility { get; init; }

    public IReadOnlyList<string> Purposes { get; init; } = [];

    public IReadOnlyList<string> Caveats { get; init; } = [];

    /// <summary>How it is to be handled, as the agreement says; null: nothing.</summary>
    public string? Handling { get; init; }

    /// <summary>On what condition it may be passed on; null: none is said.</summary>
    public string? Onward { get; init; }

    public string Feed => Name.Feed;

    public static ReleaseNotes Of(JsonObject manifest) => new()
    {
        Name = ReleaseName.Parse(Said(manifest, "release")),
        Title = Said(manifest, "title"),
        FirstDay = CreateSubmission.Day(Said(manifest, "first_day")),
        LastDay = CreateSubmission.Day(Said(manifest, "last_day")),
        Published = Said(manifest, "published"),
        Revision = Said(manifest, "agreement_revision"),
        Marking = Said(manifest, "marking"),
        Regime = Said(manifest, "regime"),
        Guarantee = Said(manifest, "guarantee"),
        Note = Said(manifest, "note"),
        IsComplete = manifest["complete"]!.GetValue<bool>(),
        Checked = CheckNode.Words(manifest["interval_check"]),
        Utility = manifest["utility"],
        Purposes = Texts(manifest["purposes"]),
        Caveats = Texts(manifest["caveats"]),
        Handling = Text(manifest["terms"]?["handling"]),
        Onward = Text(manifest["terms"]?["onward"]),
    };

    /// <summary>Each with what it is, in the order in which a reader wants it.</summary>
    public IEnumerable<(string What, string Says)> Lines()
    {
        yield return ("Title", Title);
        yield return ("Release", Name.ToString());
        yield return ("Period", string.Create(
            CultureInfo.InvariantCulture, $"{FirstDay:yyyy-MM-dd} to {LastDay:yyyy-MM-dd}"));
        yield return ("Published", Published);
        yield return ("Marking", Marking);
        if (Purposes.Count > 0)
            yield return ("Purposes", string.Join(", ", Purposes));
        if (Handling is not null)
            yield return ("Handling", Handling);
        if (Onward is not null)
            yield return ("Passing on", Onward);
        yield return ("Regime", Regime);
        yield return ("Guarantee", Guarantee);
        if (Checked.Length > 0)
            yield return ("Interval check", Checked);
        foreach (var line in UtilityNode.Words(Utility))
            yield return ("Utility", line);
        yield return ("Coverage", IsComplete ? "Complete." : "INCOMPLETE: see the coverage.");
        foreach (var caveat in Caveats)
            yield return ("Caveat", caveat);
        if (Note.Length > 0)
            yield return ("Revision note", Note);
        yield return ("Agreement revision", Revision);
        yield return (CellWords.NotShown, "Not shown, to protect people. It may be 0 or not: see lo and hi.");
        yield return (CellWords.NotThere, "What was owed did not come. Never to be read as 0.");
        yield return ("Sums", "Add up value, never count; rounded and hidden rows need not add up to their total.");
    }

    static string Said(JsonObject manifest, string name) => Text(manifest[name])
        ?? throw new InvalidOperationException($"A manifest that does not say its {name}.");

    static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text)
        ? text
        : null;

    static IReadOnlyList<string> Texts(JsonNode? node) =>
        node is JsonArray items ? [.. items.Select(Text).OfType<string>()] : [];
}
