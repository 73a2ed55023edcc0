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
        var before = Word.Other;
        var comma = false;
        for (var at = 0; at < value.Length;)
        {
            if (!IsLetter(value[at]))
            {
                comma = value[at] == ',' && (before is Word.Capital or Word.Given);
                before = value[at] == ' ' || comma || (value[at] == '.' && before == Word.Title) ? before : Word.Other;
                at++;
                // Blanks after the comma belong to it.
                while (comma && at < value.Length && value[at] == ' ')
                    at++;
                continue;
            }

            var end = at + 1;
            while (end < value.Length && (IsLetter(value[end]) || value[end] is (byte)'\'' or (byte)'-'))
                end++;
            var word = KindOf(value[at..end], letters);
            var standsAlone = Ascii.StartsAt(value, at) && Ascii.EndsAt(value, end);
            if (standsAlone && IsName(before, comma, word) && !IsPlace(value[end..], letters))
                return true;
            before = standsAlone ? word : Word.Other;
            comma = false;
            at = end;
        }

        return false;
    }

    enum Word
    {
        Other,
        Capital,
        Given,
        Title,

        /// <summary>A word of places and of grammar, which is nobody's surname here.</summary>
        Place,
    }

    static bool IsName(Word before, bool comma, Word word) => before switch
    {
        Word.Given when !comma => word is Word.Capital or Word.Given,
        Word.Title => word is Word.Capital or Word.Given,
        Word.Capital or Word.Given => comma && word == Word.Given,
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
        return KindOf(rest[1..end], letters) == Word.Place;
    }

    static Word KindOf(ReadOnlySpan<byte> word, Span<char> letters)
    {
        var capital = word[0] is (>= (byte)'A' and <= (byte)'Z') or >= 0xC3;
        if (word.Length > letters.Length)
            return capital ? Word.Capital : Word.Other;
        for (var i = 0; i < word.Length; i++)
            letters[i] = Ascii.Upper(word[i]);
        var upper = letters[..word.Length];
        if (NameLists.IsPlace(upper))
            return Word.Place;
        if (!capital)
            return Word.Other;
        if (NameLists.IsTitle(upper))
            return Word.Title;
        return NameLists.IsGiven(upper) ? Word.Given : word.Length > 1 ? Word.Capital : Word.Other;
    }

    /// <summary>Letters of other alphabets are bytes above ASCII.</summary>
    static bool IsLetter(byte b) => Ascii.IsLetter(b) || b >= 0xC3 || b is >= 0x80 and < 0xC0;
}
