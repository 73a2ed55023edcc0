using System.Runtime.InteropServices;

namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// How many records share each combination of values, counted exactly in a table that has so many groups at most. When
/// it is full it counts nothing more and says so: what it holds then proves nothing.
/// </summary>
/// <param name="width">Values of a combination.</param>
/// <param name="maxGroups">Combinations held at most.</param>
sealed class GroupTable(int width, int maxGroups)
{
    const int FirstSlots = 1024;

    int[] _counts = new int[FirstSlots];
    int[] _tuples = new int[FirstSlots * width];
    Place[] _places = new Place[FirstSlots];

    /// <summary>Where a record stands.</summary>
    public readonly record struct Place(long Record, long Line);

    public int Groups { get; private set; }

    /// <summary>A combination came for which there was no room.</summary>
    public bool IsFull { get; private set; }

    public void Count(ReadOnlySpan<int> tuple, int records, Place place)
    {
        if (IsFull)
            return;
        var slot = SlotOf(tuple);
        if (_counts[slot] > 0)
        {
            // A group that large is far above any k: its exact size is of no interest.
            _counts[slot] = (int)Math.Min(int.MaxValue, (long)_counts[slot] + records);
            return;
        }

        if (Groups == maxGroups)
        {
            Overflow();
            return;
        }

        if (Groups >= _counts.Length / 2)
        {
            Grow();
            slot = SlotOf(tuple);
        }

        Groups++;
        _counts[slot] = records;
        _places[slot] = place;
        tuple.CopyTo(_tuples.AsSpan(slot * width, width));
    }

    /// <summary>Slots by number; those with no records are empty.</summary>
    public int Slots => _counts.Length;

    public int RecordsIn(int slot) => _counts[slot];

    public ReadOnlySpan<int> TupleIn(int slot) => _tuples.AsSpan(slot * width, width);

    /// <summary>The first record of the group.</summary>
    public Place FirstIn(int slot) => _places[slot];

    int SlotOf(ReadOnlySpan<int> tuple)
    {
        var mask = _counts.Length - 1;

        // The hash that the platform has for texts is keyed anew in each process: nobody can make records that all land
        // in the same place.
        var slot = string.GetHashCode(MemoryMarshal.Cast<int, char>(tuple), StringComparison.Ordinal) & mask;
        while (_counts[slot] > 0 && !_tuples.AsSpan(slot * width, width).SequenceEqual(tuple))
            slot = (slot + 1) & mask;
        return slot;
    }

    /// <summary>Twice the slots, so that half of them stay empty; never more than the limit needs.</summary>
    void Grow()
    {
        var (counts, tuples, places) = (_counts, _tuples, _places);
        _counts = new int[counts.Length * 2];
        _tuples = new int[tuples.Length * 2];
        _places = new Place[places.Length * 2];
        for (var old = 0; old < counts.Length; old++)
        {
            if (counts[old] == 0)
                continue;
            var tuple = tuples.AsSpan(old * width, width);
            var slot = SlotOf(tuple);
            _counts[slot] = counts[old];
            _places[slot] = places[old];
            tuple.CopyTo(_tuples.AsSpan(slot * width, width));
        }
    }

    void Overflow()
    {
        IsFull = true;
        (_counts, _tuples, _places) = ([], [], []);
    }
}
