using System.Globalization;
using System.Text;

namespace IsaExchange.Agreement;

/// <summary>
/// What a signatory signs: one text, UTF-8 with LF, the same on whichever machine it is made. It names the meaning of
/// the agreement (its revision) and the very bytes that were read (their digest).
/// </summary>
public sealed record SignatureStatement(
    string Agreement, string Revision, string SourceSha256, string Party, string Person, string Office,
    DateTimeOffset SignTime)
{
    const string Version = "isaexchange agreement signature v1";
    const string Seconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    static readonly string[] Words =
        ["agreement ", "revision ", "source sha256 ", "party ", "person ", "office ", "signed "];

    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Version}
        agreement {Agreement}
        revision {Revision}
        source sha256 {SourceSha256}
        party {Party}
        person {Person}
        office {Office}
        signed {SignTime.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture)}

        """).ReplaceLineEndings("\n");

    /// <summary>The bytes under the signature.</summary>
    public byte[] Bytes() => Encoding.UTF8.GetBytes(Text);

    /// <summary>Null unless the text is, byte for byte, what <see cref="Text"/> writes.</summary>
    public static SignatureStatement? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length != Words.Length + 2 || lines[0] != Version)
            return null;
        var values = new string[Words.Length];
        for (var i = 0; i < Words.Length; i++)
        {
            if (!lines[i + 1].StartsWith(Words[i], StringComparison.Ordinal))
                return null;
            values[i] = lines[i + 1][Words[i].Length..];
        }

        if (!DateTimeOffset.TryParseExact(
            values[6], Seconds, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signed))
            return null;
        var statement = new SignatureStatement(
            values[0], values[1], values[2], values[3], values[4], values[5], signed);
        return statement.Text == text ? statement : null;
    }
}
