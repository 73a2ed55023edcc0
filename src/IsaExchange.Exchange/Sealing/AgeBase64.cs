using System.Buffers.Text;
using System.Text;

namespace IsaExchange.Exchange.Sealing;

/// <summary>
/// Base64 as age wants it (RFC 4648 section 4, no padding, canonical): one text per value, so a header cannot be
/// respelled without breaking.
/// </summary>
static class AgeBase64
{
    internal static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>The bytes, or null when the text is not their one canonical spelling.</summary>
    internal static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        if (text.Length % 4 == 1)
            return null;
        Span<byte> padded = stackalloc byte[128];
        if (text.Length > padded.Length - 4)
            return null;
        text.CopyTo(padded);
        var length = text.Length;
        while (length % 4 != 0)
            padded[length++] = (byte)'=';
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
        if (Base64.DecodeFromUtf8(padded[..length], bytes, out var read, out var written) != default || read != length)
            return null;
        // Encoding again refuses everything lenient at once: blanks, own padding, bits set beyond the last byte.
        return text.SequenceEqual(Encoding.ASCII.GetBytes(Encode(bytes.AsSpan(0, written)))) ? bytes[..written] : null;
    }
}
