using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>
/// Finds the position of a code from its UTF-8 bytes without making a string. Codes of up to 16 bytes are compared as
/// two integers; a table at most half full keeps probes short. Keys come from the partnership's lists, never from a
/// sender, so a sender cannot build collisions into the table.
/// </summary>
sealed class CodeIndex
{
    // Places are strewn over the slots; the keys stand in the order of the list, where what a file speaks of lies close
    // together. So the part of both that is in use stays in the processor's cache.
    readonly int[] _slots;
    readonly Entry[] _keys;
    readonly byte[][] _codes;
    readonly int _mask;

    public CodeIndex(IReadOnlyList<string> codes)
    {
        _codes = [.. codes.Select(Encoding.UTF8.GetBytes)];
        _keys = new Entry[codes.Count];
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, codes.Count * 2))];
        _mask = _slots.Length - 1;
        for (var i = 0; i < _codes.Length; i++)
            Add(i);
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Entry
    {
        public ulong Head;
        public ulong Tail;
        public int Length;
    }

    public int Find(string code)
    {
        Span<byte> utf8 = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(code, utf8, out var length)
            ? Find(utf8[..length])
            : Find(Encoding.UTF8.GetBytes(code));
    }

    public int Find(ReadOnlySpan<byte> code)
    {
        Key(code, out var head, out var tail);
        for (var at = Slot(head, tail); ; at = (at + 1) & _mask)
        {
            // Position + 1, so that 0 is an empty slot.
            var position = _slots[at] - 1;
            if (position < 0)
                return -1;
            ref readonly var key = ref _keys[position];
            if (key.Head == head && key.Tail == tail && key.Length == code.Length
                && (code.Length <= 16 || code.SequenceEqual(_codes[position])))
                return position;
        }
    }

    void Add(int i)
    {
        if (_codes[i].Length == 0 || Find(_codes[i]) >= 0)
            throw new ArgumentException("A code is empty or listed twice.", nameof(i));
        Key(_codes[i], out var head, out var tail);
        var at = Slot(head, tail);
        while (_slots[at] != 0)
            at = (at + 1) & _mask;
        _slots[at] = i + 1;
        _keys[i] = new Entry { Head = head, Tail = tail, Length = _codes[i].Length };
    }

    int Slot(ulong head, ulong tail)
    {
        var mixed = (head ^ BitOperations.RotateLeft(tail, 29)) * 0x9E3779B97F4A7C15;
        return (int)(mixed >> 33) & _mask;
    }

    /// <summary>The first and last 8 bytes (they overlap below 16): with the length they fix up to 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Key(ReadOnlySpan<byte> code, out ulong head, out ulong tail)
    {
        if (code.Length >= 8)
        {
            head = BinaryPrimitives.ReadUInt64LittleEndian(code);
            tail = BinaryPrimitives.ReadUInt64LittleEndian(code[^8..]);
        }
        else if (code.Length >= 4)
        {
            head = BinaryPrimitives.ReadUInt32LittleEndian(code);
            tail = BinaryPrimitives.ReadUInt32LittleEndian(code[^4..]);
        }
        else
        {
            head = 0;
            tail = 0;
            for (var i = 0; i < code.Length; i++)
                head = (head << 8) | code[i];
        }
    }
}
