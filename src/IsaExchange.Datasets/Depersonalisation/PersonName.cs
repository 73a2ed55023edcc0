namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Names of people by three shapes: a given name and another word with a capital, a capital word, a comma and a given
/// name, and a title with a word after it. Given names are those of a short list: a name outside the list is found
/// only behind a title. Streets and buildings named after people are left alone by the word that follows.
/// </summary>
static class PersonName
{
    public static bool IsIn(ReadOnlySpan<byte> value)
    {
        Span<char> letters = stackalloc char[NameLists.MaxLength];
        var before = NameWord.Other;
        var comma = false;
        for (var at = 0; at < value.Length;)
        {
            if (!IsLetter(value[at]))
            {
                comma = value[at] == ',' && (before is NameWord.Capital or NameWord.Given);
                var goesOn = value[at] == ' ' || comma || (value[at] == '.' && before == NameWord.Title);
                before = goesOn ? before : NameWord.Other;
                at++;
                // Blanks after the comma belong to it.
                while (comma && at < value.Length && value[at] == ' ')
                    at++;
                continue;
            }

            var end = at + 1;
            while (end < value.Length && (IsLetter(value[end]) || value[end] is (byte)'\'' or (byte)'-'))
                end++;
            var word = IsCapital(value[at]) ? KindOf(value[at..end], letters) : NameWord.Other;
            var standsAlone = Ascii.StartsAt(value, at) && Ascii.EndsAt(value, end);
            if (standsAlone && IsName(before, comma, word) && !IsPlace(value[end..], letters))
                return true;
            before = standsAlone ? word : NameWord.Other;
            comma = false;
            at = end;
        }

        return false;
    }

    static bool IsName(NameWord before, bool comma, NameWord word) => before switch
    {
        NameWord.Given when !comma => word is NameWord.Capital or NameWord.Given,
        NameWord.Title => word is NameWord.Capital or NameWord.Given,
        NameWord.Capital or NameWord.Given => comma && word == NameWord.Given,
        _ => false,
    };

    /// <summary>Whether a word of places follows: Albert Edward House.</summary>
    static bool IsPlace(ReadOnlySpan<byte> rest, Span<char> letters)
    {
        if (rest.Length < 2 || rest[0] != ' ' || !IsLetter(rest[1]))
            return false;
        var end = 1;
        while (end < rest.Length && IsLetter(rest[end]))
            end++;
        return KindOf(rest[1..end], letters) == NameWord.Place;
    }

    static NameWord KindOf(ReadOnlySpan<byte> word, Span<char> letters)
    {
        var otherwise = IsCapital(word[0]) && word.Length > 1 ? NameWord.Capital : NameWord.Other;
        if (word.Length > letters.Length)
            return otherwise;
        for (var i = 0; i < word.Length; i++)
            letters[i] = Ascii.Upper(word[i]);
        return NameLists.Find(letters[..word.Length]) is var kind && kind != NameWord.Other ? kind : otherwise;
    }

    static bool IsCapital(byte b) => b is (>= (byte)'A' and <= (byte)'Z') or >= 0xC3;

    /// <summary>Letters of other alphabets are bytes above ASCII.</summary>
    static bool IsLetter(byte b) => Ascii.IsLetter(b) || b >= 0xC3 || b is >= 0x80 and < 0xC0;
}
