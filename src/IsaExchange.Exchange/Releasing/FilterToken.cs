using System.Text;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A word, a sign or a quoted text of a filter.</summary>
/// <param name="At">Position of its first character, from 1.</param>
readonly record struct FilterToken(string Text, int At, bool IsQuoted)
{
    const string Signs = "=!<>()";

    public bool IsEnd => Text.Length == 0 && !IsQuoted;

    public bool IsSign => !IsQuoted && Text.Length > 0 && Signs.Contains(Text[0], StringComparison.Ordinal);

    /// <summary>All of a text; the last is its end.</summary>
    /// <exception cref="ExchangeException">INVALID_ARGUMENT, FILTER_INVALID.</exception>
    public static IReadOnlyList<FilterToken> Of(string text)
    {
        var tokens = new List<FilterToken>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var from = at;
            var token = text[at] switch
            {
                '"' or '\'' => Quoted(text, ref at),
                var c when Signs.Contains(c, StringComparison.Ordinal) => Sign(text, ref at),
                _ => Word(text, ref at),
            };
            tokens.Add(new FilterToken(token, from + 1, text[from] is '"' or '\''));
        }

        tokens.Add(new FilterToken("", text.Length + 1, IsQuoted: false));
        return tokens;
    }

    static string Quoted(string text, ref int at)
    {
        var (from, said) = (at, new StringBuilder());
        for (at++; at < text.Length; at++)
        {
            if (text[at] == text[from])
            {
                at++;
                return said.ToString();
            }

            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            said.Append(text[at]);
        }

        throw TableFilterReader.Fault(from + 1, "this quotation mark has no second one");
    }

    static string Sign(string text, ref int at)
    {
        var isTwo = text[at] is '!' or '<' or '>' && at + 1 < text.Length && text[at + 1] == '=';
        var from = at;
        at += isTwo ? 2 : 1;
        return text[from..at];
    }

    static string Word(string text, ref int at)
    {
        var from = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-' or '.'))
            at++;
        return at > from
            ? text[from..at]
            : throw TableFilterReader.Fault(
                at + 1, "this character means nothing here; write values in quotation marks");
    }
}
