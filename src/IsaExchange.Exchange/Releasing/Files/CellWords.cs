using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>How what is said of a count is written. Each status has words of its own in every format.</summary>
static class CellWords
{
    /// <summary>Stands for a count that is not shown, whatever the reason.</summary>
    public const string NotShown = "[c]";

    /// <summary>Stands for a count that nobody knows, for what it rests on did not come.</summary>
    public const string NotThere = "[x]";

    public static IReadOnlyList<string> Statuses { get; } = [.. Enum.GetValues<CellStatus>().Select(Of)];

    public static string Of(CellStatus status) => status switch
    {
        CellStatus.Shown => "shown",
        CellStatus.Rounded => "rounded",
        CellStatus.Few => "few",
        CellStatus.Held => "held",
        CellStatus.Missing => "missing",
        _ => throw new InvalidOperationException("A cell status without a word."),
    };

    public static string Of(CoverageStatus status) => status switch
    {
        CoverageStatus.Received => "received",
        CoverageStatus.Nil => "nil",
        CoverageStatus.Missing => "missing",
        _ => throw new InvalidOperationException("A coverage status without a word."),
    };

    /// <summary>For reading: the count, or its mark.</summary>
    public static object Shown(PublishedCell cell) => cell.Status switch
    {
        CellStatus.Few => NotShown,
        CellStatus.Missing => NotThere,
        _ => cell.Value ?? throw new InvalidOperationException("A shown cell without a value."),
    };

    /// <summary>What a status means, for those who read a release.</summary>
    public static string Meaning(CellStatus status) => status switch
    {
        CellStatus.Shown => "The count.",
        CellStatus.Rounded => "Near the count, which is from lo to hi.",
        CellStatus.Few => $"Not shown, to protect people: {NotShown}. It is from lo to hi, and never to be read as 0.",
        CellStatus.Held => "An earlier value, kept until a later release.",
        CellStatus.Missing => $"What was owed did not come: {NotThere}. Never to be read as 0.",
        _ => throw new InvalidOperationException("A cell status without a meaning."),
    };

    /// <summary>
    /// Codes of SDMX: CL_OBS_STATUS 2.x and CL_CONF_STATUS 1.x. Of the codes for confidential values only C gives no
    /// reason, and a reason would narrow what is hidden. There is no code for rounded: of those for values it is E
    /// (estimated) that says not to take it for exact; P (provisional) says that a held value is going to change.
    /// O is a value missing for any reason; L would also stand for counts below a threshold.
    /// </summary>
    public static (string Observation, string Confidentiality) Sdmx(CellStatus status) => status switch
    {
        CellStatus.Shown => ("A", "F"),
        CellStatus.Rounded => ("E", "F"),
        CellStatus.Few => ("Q", "C"),
        CellStatus.Held => ("P", "F"),
        CellStatus.Missing => ("O", "F"),
        _ => throw new InvalidOperationException("A cell status without a code."),
    };
}
