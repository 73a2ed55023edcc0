using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Exchange.Sealing;

/// <summary>One recipient stanza: type, arguments, body. Ours have a fully qualified type; strangers' are
/// ignored.</summary>
sealed record AgeStanza(string Type, string[] Arguments, byte[] Body);

/// <summary>
/// An age v1 header (C2SP age, "Header"): version line, stanzas, HMAC. <see cref="Authenticated"/> are the bytes the
/// HMAC covers, exactly as they were read, so nothing is re-encoded before it is verified.
/// </summary>
sealed class AgeHeader
{
    const string VersionLine = "age-encryption.org/v1";
    const int BodyBytesPerLine = 48;
    const int BodyColumns = 64;

    /// <summary>Far above any header of ours; bounds the work on a hostile one.</summary>
    const int MaxLength = 64 * 1024;

    readonly byte[] claimedMac;

    AgeHeader(IReadOnlyList<AgeStanza> stanzas, byte[] authenticated, byte[] mac, int length)
    {
        Stanzas = stanzas;
        Authenticated = authenticated;
        claimedMac = mac;
        Length = length;
    }

    internal IReadOnlyList<AgeStanza> Stanzas { get; }

    internal byte[] Authenticated { get; }

    /// <summary>Bytes of the header including its last line feed: the payload begins here.</summary>
    internal int Length { get; }

    /// <summary>Writes a header for these stanzas, authenticated under the file key.</summary>
    internal static byte[] Write(FileKey key, params ReadOnlySpan<AgeStanza> stanzas)
    {
        var text = new StringBuilder(VersionLine).Append('\n');
        foreach (var stanza in stanzas)
            WriteStanza(text, stanza);
        text.Append("---");
        var mac = Mac(key, Encoding.ASCII.GetBytes(text.ToString()));
        return Encoding.ASCII.GetBytes(text.Append(' ').Append(AgeBase64.Encode(mac)).Append('\n').ToString());
    }

    /// <summary>Reads the header at the beginning of these bytes; what follows it is not looked at.</summary>
    /// <exception cref="SealBrokenException"><see cref="SealBreak.HeaderMalformed"/>, with the line.</exception>
    internal static AgeHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = new Lines(bytes[..Math.Min(bytes.Length, MaxLength)]);
        if (!lines.Next().SequenceEqual("age-encryption.org/v1"u8))
            throw lines.Malformed("is not the version line of age v1");
        var stanzas = new List<AgeStanza>();
        var line = lines.Next();
        for (; line.StartsWith("-> "u8); line = lines.Next())
            stanzas.Add(ReadStanza(line[3..], ref lines));
        if (stanzas.Count == 0)
            throw lines.Malformed("should begin the first stanza");
        if (!line.StartsWith("--- "u8))
            throw lines.Malformed("begins neither a stanza nor the closing line");
        var mac = AgeBase64.Decode(line[4..]);
        if (mac is not { Length: HMACSHA256.HashSizeInBytes })
            throw lines.Malformed("does not hold an HMAC");
        var authenticated = bytes[..(lines.LineStart + 3)].ToArray();
        return new AgeHeader(stanzas, authenticated, mac, lines.Position);
    }

    /// <exception cref="SealBrokenException"><see cref="SealBreak.HeaderAltered"/>.</exception>
    internal void Verify(FileKey key)
    {
        if (!CryptographicOperations.FixedTimeEquals(Mac(key, Authenticated), claimedMac))
            throw new SealBrokenException(
                SealBreak.HeaderAltered, "The HMAC of the header is wrong: the header was altered.");
    }

    /// <summary>True when age allows this as an argument: one or more visible ASCII characters.</summary>
    internal static bool IsArgument([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 } && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    static byte[] Mac(FileKey key, ReadOnlySpan<byte> authenticated)
    {
        Span<byte> macKey = stackalloc byte[HMACSHA256.HashSizeInBytes];
        key.Derive(salt: default, "header"u8, macKey);
        var mac = HMACSHA256.HashData(macKey, authenticated);
        CryptographicOperations.ZeroMemory(macKey);
        return mac;
    }

    static void WriteStanza(StringBuilder text, AgeStanza stanza)
    {
        text.Append("-> ").Append(stanza.Type);
        foreach (var argument in stanza.Arguments)
            text.Append(' ').Append(argument);
        text.Append('\n');
        var body = stanza.Body.AsSpan();
        for (; body.Length >= BodyBytesPerLine; body = body[BodyBytesPerLine..])
            text.Append(AgeBase64.Encode(body[..BodyBytesPerLine])).Append('\n');
        // Always a last line shorter than 64 columns, even when it is empty: it is what ends a stanza.
        text.Append(AgeBase64.Encode(body)).Append('\n');
    }

    static AgeStanza ReadStanza(ReadOnlySpan<byte> argumentLine, ref Lines lines)
    {
        var words = Encoding.Latin1.GetString(argumentLine).Split(' ');
        if (!Array.TrueForAll(words, IsArgument))
            throw lines.Malformed("has an empty argument or one with a character outside visible ASCII");
        var body = new List<byte>();
        while (true)
        {
            var line = lines.Next();
            if (line.Length > BodyColumns || AgeBase64.Decode(line) is not { } piece)
                throw lines.Malformed("is not canonical base64 of at most 64 columns");
            body.AddRange(piece);
            if (line.Length < BodyColumns)
                return new AgeStanza(words[0], words[1..], [.. body]);
        }
    }

    /// <summary>The lines of a header, each ended by a line feed.</summary>
    ref struct Lines(ReadOnlySpan<byte> bytes)
    {
        readonly ReadOnlySpan<byte> bytes = bytes;
        int number;

        internal int LineStart { get; private set; }

        internal int Position { get; private set; }

        internal ReadOnlySpan<byte> Next()
        {
            LineStart = Position;
            number++;
            var length = bytes[Position..].IndexOf((byte)'\n');
            if (length < 0)
                throw Malformed("is missing or not ended");
            Position += length + 1;
            return bytes.Slice(LineStart, length);
        }

        /// <summary>The line and the rule, never what stands there.</summary>
        internal readonly SealBrokenException Malformed(string rule) =>
            new(SealBreak.HeaderMalformed, $"The header is malformed: line {number} {rule}.");
    }
}
