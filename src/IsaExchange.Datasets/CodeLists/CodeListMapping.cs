namespace IsaExchange.Datasets.CodeLists;

/// <summary>What became of a code of one edition in another.</summary>
public enum CodeSuccession
{
    /// <summary>One code for one, whether it is written the same or not.</summary>
    Same,

    /// <summary>Several codes became this one.</summary>
    Merged,

    /// <summary>It became several, in known shares: counts can be divided, records cannot.</summary>
    Split,

    /// <summary>It became several, and nobody knows in which shares.</summary>
    Inseparable,

    /// <summary>Nothing took its place.</summary>
    Ended,
}

/// <summary>One of the codes that a code became.</summary>
/// <param name="Share">Part of the earlier code, above 0 and at most 1; null when it is not known.</param>
public sealed record CodeSuccessor(string Code, decimal? Share);

/// <summary>
/// How the codes of one edition answer those of another edition of the same list, as somebody published or agreed it.
/// Every code of the first is spoken of: it becomes another, several, or ends. Immutable; safe to share.
/// </summary>
public sealed class CodeListMapping
{
    readonly Dictionary<string, (CodeSuccession Kind, CodeSuccessor[] To)> _codes;

    internal CodeListMapping(
        CodeListEdition from, CodeListEdition to, string source,
        Dictionary<string, (CodeSuccession Kind, CodeSuccessor[] To)> codes)
    {
        (From, To, Source, _codes) = (from, to, source, codes);
        var reached = codes.Values.SelectMany(c => c.To).Select(s => s.Code).ToHashSet(StringComparer.Ordinal);
        NotReached = to.Count - reached.Count;
    }

    public CodeListEdition From { get; }

    public CodeListEdition To { get; }

    /// <summary>Where it comes from, for people.</summary>
    public string Source { get; }

    /// <summary>
    /// Codes of the later edition that no earlier one becomes. They are new, or the mapping is a best fit that gives
    /// each earlier code one place only.
    /// </summary>
    public int NotReached { get; }

    public IReadOnlyCollection<string> Codes => _codes.Keys;

    /// <summary>What became of a code; null when the first edition does not hold it.</summary>
    public CodeSuccession? KindOf(string code) => _codes.TryGetValue(code, out var found) ? found.Kind : null;

    public IReadOnlyList<CodeSuccessor> SuccessorsOf(string code) =>
        _codes.TryGetValue(code, out var found) ? found.To : [];

    /// <summary>The code that a record of the earlier code has in the later edition; null when it has none.</summary>
    public string? Find(string code) =>
        _codes.TryGetValue(code, out var found) && found.To is [var only] ? only.Code : null;

    /// <summary>How many codes became so.</summary>
    public int Count(CodeSuccession kind) => _codes.Values.Count(c => c.Kind == kind);
}
