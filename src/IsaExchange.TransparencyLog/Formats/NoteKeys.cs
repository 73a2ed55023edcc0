using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace IsaExchange.TransparencyLog.Formats;

/// <summary>The two key texts of signed notes, "name+id+base64", and the rules they have in common.</summary>
static class NoteKeys
{
    public const byte Ed25519Type = 0x01;
    public const byte CosignatureType = 0x04;
    public const int KeySize = 32;

    /// <summary>Key ID = SHA-256(name || 0x0A || type || public key)[:4], big-endian.</summary>
    public static uint Id(string name, byte type, ReadOnlySpan<byte> publicKey)
    {
        byte[] input = [.. StrictText.Utf8.GetBytes(name), (byte)'\n', type, .. publicKey];
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(input));
    }

    /// <summary>Non-empty, no Unicode space, no plus, no control character.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (char.IsWhiteSpace(c) || c is '+' or < ' ')
                return false;
        }

        return !name.IsEmpty;
    }

    public static string Write(string name, uint id, byte type, ReadOnlySpan<byte> key) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}+{id:x8}+{Convert.ToBase64String([type, .. key])}");

    /// <summary>Splits "name+id+base64(type || 32 bytes)". The id is not yet compared with the key.</summary>
    /// <exception cref="LogFormatException">It has another form or length; the text is never repeated.</exception>
    public static (string Name, uint Id, byte Type, byte[] Key) Read(string text, string what)
    {
        // The name has no plus, base64 may have one: only the first two separate.
        var parts = text.Split('+', 3);
        if (parts.Length != 3 || !IsName(parts[0]))
            throw new LogFormatException($"The {what} is not of the form name+id+key.");
        // Each digit is looked at: the platform passes over NULs behind a number.
        if (parts[1].Length != 8 || !parts[1].All(char.IsAsciiHexDigit)
            || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
            throw new LogFormatException($"The id in the {what} is not eight hexadecimal digits.");
        if (!StrictText.TryBase64(parts[2], out var key) || key.Length != 1 + KeySize)
            throw new LogFormatException($"The key in the {what} is not base64 of a type byte and {KeySize} bytes.");
        return (parts[0], id, key[0], key[1..]);
    }
}
