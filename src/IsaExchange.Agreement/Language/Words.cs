using System.Text;

namespace IsaExchange.Agreement.Language;

/// <summary>How ids and words are spelt in an agreement.</summary>
static class Words
{
    const int IdCharactersMax = 63;

    /// <summary>Lower case, digits and single hyphens between them, at most 63 characters.</summary>
    public static bool IsId(string text)
    {
        if (text.Length is 0 or > IdCharactersMax)
            return false;
        var afterHyphen = true;
        foreach (var c in text)
        {
            if (c == '-' ? afterHyphen : !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c))
                return false;
            afterHyphen = c == '-';
        }

        return !afterHyphen;
    }

    /// <summary>A code of the statistical office: capitals and digits, for example X22000001.</summary>
    public static bool IsAreaCode(string text) =>
        text.Length is > 0 and <= IdCharactersMax && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    /// <summary>The name of a dimension: lower case, digits and underscores, beginning with a letter.</summary>
    public static bool IsDimension(string text) =>
        text.Length is > 0 and <= IdCharactersMax && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>Two or three numbers with dots between them.</summary>
    public static bool IsVersion(string text) => text.Split('.') is { Length: 2 or 3 } numbers
        && numbers.All(n => n.Length is > 0 and <= 4 && n.All(char.IsAsciiDigit));

    public static bool IsSha256(string text) =>
        text.Length == 64 && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    /// <summary>CreateSubmission is written create-submission.</summary>
    public static string Kebab<T>(T value) where T : struct, Enum
    {
        var kebab = new StringBuilder();
        foreach (var c in value.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && kebab.Length > 0)
                kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(c));
        }

        return kebab.ToString();
    }
}
