using System.Runtime.InteropServices;
using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog;

/// <summary>A SHA-256 hash: of a leaf, a node, a root, or a commitment. Always 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct LogHash : IEquatable<LogHash>
{
    public const int Size = 32;

    readonly ulong _first, _second, _third, _fourth;

    /// <exception cref="LogFormatException">Not exactly 32 bytes.</exception>
    public static LogHash FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? MemoryMarshal.Read<LogHash>(bytes)
        : throw new LogFormatException($"A hash has {Size} bytes, not {bytes.Length}.");

    /// <summary>Standard base64 of exactly 32 bytes, in its only spelling.</summary>
    public static bool TryParseBase64(ReadOnlySpan<char> text, out LogHash hash)
    {
        var ok = StrictText.TryBase64(text, out var bytes) && bytes.Length == Size;
        hash = ok ? FromBytes(bytes) : default;
        return ok;
    }

    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    public string ToHex() => Convert.ToHexStringLower(ToArray());

    public string ToBase64() => Convert.ToBase64String(ToArray());

    public override string ToString() => ToBase64();

    public bool Equals(LogHash other) =>
        _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    public override bool Equals(object? obj) => obj is LogHash other && Equals(other);

    // The bytes are already evenly spread.
    public override int GetHashCode() => _first.GetHashCode();

    public static bool operator ==(LogHash left, LogHash right) => left.Equals(right);

    public static bool operator !=(LogHash left, LogHash right) => !left.Equals(right);
}
