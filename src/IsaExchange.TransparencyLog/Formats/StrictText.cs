using System.Globalization;
using System.Text;

namespace IsaExchange.TransparencyLog.Formats;

/// <summary>
/// The one spelling of every value. A second spelling of the same bytes would let two different texts carry one
/// signature, so what does not come back unchanged is refused.
/// </summary>
static class StrictText
{
    /// <summary>UTF-8 without a byte order mark; throws on invalid bytes and on lone surrogates.</summary>
    public static Encoding Utf8 { get; } = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>Standard base64 (RFC 4648 section 4): padded, no white space, unused bits zero.</summary>
    public static bool TryBase64(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var buffer = new byte[text.Length / 4 * 3];
        if (Convert.TryFromBase64Chars(text, buffer, out var written)
            && text.SequenceEqual(Convert.ToBase64String(buffer, 0, written)))
        {
            bytes = buffer[..written];
            return true;
        }

        bytes = [];
        return false;
    }

    /// <summary>ASCII decimal from 0 to 2^63-1 without sign or leading zeroes.</summary>
    public static bool TryDecimal(ReadOnlySpan<char> text, out long number)
    {
        number = -1;
        // The platform passes over NULs behind a number, whatever the style.
        return (text is "0" || !text.StartsWith('0')) && !text.ContainsAnyExceptInRange('0', '9')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>No ASCII control character other than newline (C2SP signed-note, "Format").</summary>
    public static bool IsFreeOfControls(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c < ' ' && c != '\n')
                return false;
        }

        return true;
    }
}
