using System.Buffers.Binary;

namespace IsaExchange.TransparencyLog.Tiles;

/// <summary>Up to 256 entries, each behind its length in two bytes, high one first (C2SP tlog-tiles).</summary>
public static class EntryBundle
{
    const int LengthSize = 2;

    /// <exception cref="ArgumentException">An entry has more than 65,535 bytes.</exception>
    public static byte[] Write(IReadOnlyList<byte[]> entries)
    {
        if (entries.Any(e => e.Length > ushort.MaxValue))
            throw new ArgumentException($"An entry has at most {ushort.MaxValue} bytes.", nameof(entries));
        var bytes = new byte[entries.Sum(e => LengthSize + e.Length)];
        var at = 0;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)entry.Length);
            entry.CopyTo(bytes, at + LengthSize);
            at += LengthSize + entry.Length;
        }

        return bytes;
    }

    /// <exception cref="LogFormatException">Cut, or not as many entries as its name says.</exception>
    public static IReadOnlyList<byte[]> Read(TileAddress bundle, ReadOnlySpan<byte> bytes)
    {
        var entries = new List<byte[]>(bundle.Width);
        while (!bytes.IsEmpty)
        {
            var end = bytes.Length < LengthSize ? int.MaxValue
                : LengthSize + BinaryPrimitives.ReadUInt16BigEndian(bytes);
            if (bytes.Length < end)
                throw new LogFormatException($"{bundle.Path} is cut inside an entry.");
            if (entries.Count == bundle.Width)
                throw new LogFormatException($"{bundle.Path} has more than {bundle.Width} entries.");
            entries.Add(bytes[LengthSize..end].ToArray());
            bytes = bytes[end..];
        }

        return entries.Count == bundle.Width ? entries
            : throw new LogFormatException($"{bundle.Path} has {entries.Count} entries, not {bundle.Width}.");
    }
}
