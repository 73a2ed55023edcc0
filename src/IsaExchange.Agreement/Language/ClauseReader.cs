using System.Globalization;

namespace IsaExchange.Agreement.Language;

/// <summary>
/// Reads one mapping of the agreement word by word. A missing or mistyped word is a fault and yields a stand-in, so
/// that reading goes on and every fault is found in one go; <see cref="Finish"/> refuses the words nobody asked for.
/// </summary>
sealed class ClauseReader(YamlMap map, string clause, AgreementFaults faults)
{
    const int TextCharactersMax = 500;
    const int YearMin = 1998;
    const int YearMax = 2200;

    readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public string Clause => clause;

    public int Line => map.Line;

    public AgreementFaults Faults => faults;

    public string Text(string word) => Required(word) is { } value ? AsText(value, word) : "";

    public string Id(string word)
    {
        var text = Text(word);
        if (text.Length > 0 && !Words.IsId(text))
            Fault(word, $"{word} is not an id", "use lower case, digits and single hyphens, at most 63 characters");
        return text;
    }

    /// <summary>One of the words of a closed list.</summary>
    public string OneOf(string word, IReadOnlyCollection<string> allowed)
    {
        var text = Text(word);
        if (text.Length > 0 && !allowed.Contains(text))
            Fault(word, $"{word} is not a word of the language", $"use one of: {string.Join(", ", allowed)}");
        return text;
    }

    /// <summary>An id that another section defines.</summary>
    public string Reference(string word, IReadOnlySet<string> defined, string section)
    {
        var text = Text(word);
        if (text.Length > 0)
            CheckReference(word, map[word]!.Line, text, defined, section);
        return text;
    }

    /// <summary>A list, never empty and without repeats, of ids that another section defines.</summary>
    public IReadOnlyList<string> References(string word, IReadOnlySet<string> defined, string section)
    {
        var items = TextItems(word);
        foreach (var item in items)
            CheckReference(word, item.Line, item.Value, defined, section);
        return [.. items.Select(i => i.Value)];
    }

    public IReadOnlyList<string> Texts(string word) => [.. TextItems(word).Select(i => i.Value)];

    public IReadOnlyList<YamlText> TextItems(string word)
    {
        if (Required(word) is not { } value)
            return [];
        if (value is not YamlList { Items.Count: > 0 } list)
        {
            Fault(word, $"{word} is not a list with something in it", "write it as [one, two]");
            return [];
        }

        var items = list.Items.OfType<YamlText>().ToList();
        if (items.Count < list.Items.Count || items.Exists(i => i.Value.Length == 0))
            Fault(word, $"{word} holds something that is not a word", "list plain words");
        foreach (var repeat in items.GroupBy(i => i.Value).SelectMany(g => g.Skip(1)))
            faults.Add(repeat.Line, ClauseOf(word), $"{word} names {repeat.Value} twice", "keep one of them");
        return items;
    }

    public DateOnly Date(string word) => Required(word) is null ? default : OptionalDate(word) ?? default;

    public DateOnly? OptionalDate(string word)
    {
        if (Optional(word) is not { } value)
            return null;
        var text = (value as YamlText)?.Value;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is >= YearMin and <= YearMax)
            return date;
        Fault(word, $"{word} is not a date", "write it as 2026-04-01");
        return null;
    }

    public int Number(string word, int min, int max) =>
        Required(word) is null ? min : OptionalNumber(word, min, max) ?? min;

    public int? OptionalNumber(string word, int min, int max)
    {
        if (Optional(word) is not { } value)
            return null;
        if (value is YamlText { IsPlain: true } text
            && int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
            return number;
        Fault(word, $"{word} is not a whole number from {min} to {max}", "write digits only");
        return null;
    }

    /// <summary>A list of different whole numbers; empty when absent.</summary>
    public IReadOnlyList<int> OptionalNumbers(string word, int min, int max)
    {
        if (Optional(word) is null)
            return [];
        var numbers = new List<int>();
        foreach (var item in TextItems(word))
        {
            if (item.IsPlain && int.TryParse(item.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n >= min && n <= max)
                numbers.Add(n);
            else
                faults.Add(item.Line, ClauseOf(word), $"{word} holds something else than {min} to {max}", "use digits");
        }

        return numbers;
    }

    public bool Flag(string word) => Required(word) is not null && OptionalFlag(word);

    /// <summary>False when absent.</summary>
    public bool OptionalFlag(string word)
    {
        var value = Optional(word);
        if (value is null or YamlText { IsPlain: true, Value: "false" })
            return false;
        if (value is YamlText { IsPlain: true, Value: "true" })
            return true;
        Fault(word, $"{word} is neither true nor false", "write true or false, without quotes");
        return false;
    }

    public ClauseReader? Map(string word)
    {
        switch (Required(word))
        {
            case null:
                return null;
            case YamlMap inner:
                return new ClauseReader(inner, word, faults);
            default:
                Fault(word, $"{word} is not a mapping", "write its words indented below it");
                return null;
        }
    }

    /// <summary>The clauses of a section, each named by the words that identify it, else by its place.</summary>
    public IReadOnlyList<ClauseReader> Maps(string word, params string[] key) => Maps(word, Required(word), key);

    public IReadOnlyList<ClauseReader> OptionalMaps(string word, params string[] key) =>
        Optional(word) is { } value ? Maps(word, value, key) : [];

    public void Finish()
    {
        foreach (var repeat in map.Entries.GroupBy(e => e.Word).SelectMany(g => g.Skip(1)))
        {
            faults.Add(
                repeat.Line, ClauseOf(repeat.Word), $"{Quoted(repeat.Word)} is written twice", "keep one of them");
        }

        foreach (var entry in map.Entries.Where(e => !asked.Contains(e.Word)))
        {
            faults.Add(entry.Line, ClauseOf(entry.Word), $"{Quoted(entry.Word)} is not a word of the language",
                $"use one of: {string.Join(", ", asked.Order(StringComparer.Ordinal))}");
        }
    }

    public void Fault(string word, string message, string remedy) =>
        faults.Add(LineOf(word), ClauseOf(word), message, remedy);

    public bool Has(string word) => Optional(word) is not null;

    public bool IsWord(string word, string value) => Optional(word) is YamlText text && text.Value == value;

    public int LineOf(string word) => (map[word] ?? map).Line;

    List<ClauseReader> Maps(string word, YamlTree? value, string[] key)
    {
        if (value is null)
            return [];
        if (value is not YamlList list)
        {
            Fault(word, $"{word} is not a list", "write each clause after a hyphen");
            return [];
        }

        var section = clause.Length > 0 ? $"{clause}.{word}" : word;
        var readers = new List<ClauseReader>();
        foreach (var (index, item) in list.Items.Index())
        {
            if (item is YamlMap inner)
                readers.Add(new ClauseReader(inner, $"{section}[{KeyOf(inner, key) ?? $"#{index + 1}"}]", faults));
            else
                faults.Add(item.Line, $"{section}[#{index + 1}]", "it is not a mapping", "write words with colons");
        }

        return readers;
    }

    static string? KeyOf(YamlMap map, string[] words)
    {
        var parts = words.Select(w => map[w]).OfType<YamlText>().Where(t => t.Value.Length is > 0 and <= 63).ToList();
        return parts.Count == words.Length ? string.Join('/', parts.Select(t => t.Value)) : null;
    }

    /// <summary>At the top of the agreement every word is a clause of its own.</summary>
    string ClauseOf(string word) => clause.Length > 0 ? clause : Words.IsDimension(word) ? word : "file";

    void CheckReference(string word, int line, string text, IReadOnlySet<string> defined, string section)
    {
        if (!defined.Contains(text))
            faults.Add(line, ClauseOf(word), $"{Quoted(text)} is not in {section}", "define it there, or correct it");
    }

    YamlTree? Optional(string word)
    {
        asked.Add(word);
        return map[word];
    }

    YamlTree? Required(string word)
    {
        if (Optional(word) is { } value)
            return value;
        faults.Add(map.Line, ClauseOf(word), $"{word} is missing", $"write {word}");
        return null;
    }

    string AsText(YamlTree value, string word)
    {
        if (value is YamlText text && text.Value.Trim() is { Length: > 0 and <= TextCharactersMax } trimmed
            && !trimmed.Any(char.IsControl) && !(text.IsPlain && trimmed is "~" or "null"))
            return trimmed;
        Fault(word, $"{word} is not a line of text", $"write one line of 1 to {TextCharactersMax} characters");
        return "";
    }

    static string Quoted(string word) =>
        word.Length is > 0 and <= 63 && !word.Any(char.IsControl) ? $"'{word}'" : "this word";
}
