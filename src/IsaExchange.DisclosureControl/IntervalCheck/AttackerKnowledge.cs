namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// What is known of a sum of unknown counts: that it lies between two numbers, both included. Every published cell is
/// one, and so is every outside number.
/// </summary>
/// <param name="Name">For people: the codes of the cell.</param>
/// <param name="Unknowns">Ascending, each once.</param>
/// <param name="Hi">Null: nothing is known above.</param>
public sealed record KnownSum(string Name, int[] Unknowns, long Lo, long? Hi)
{
    /// <summary>What the cell is of, the same words in every table and release; empty where that is not told.</summary>
    public string Identity { get; init; } = "";

    /// <summary>What must stay possible of it; the default: nothing is protected here.</summary>
    public RequiredInterval Required { get; init; }

    /// <summary>The width alone, where nothing else is required.</summary>
    public int ProtectedWidth
    {
        get => Required.Width;
        init => Required = new RequiredInterval(value);
    }

    /// <summary>
    /// Ways to take it apart: each a list of positions of other sums that share no unknown and together have all of
    /// this one's. They are what makes large systems small; a list that is none of this is refused, and one with a part
    /// that is the whole again says nothing.
    /// </summary>
    public IReadOnlyList<int[]> Splits { get; init; } = [];

    internal bool IsExact => Hi == Lo;

    /// <summary>The splits into smaller parts: to follow them down comes to an end.</summary>
    internal IEnumerable<int[]> SplitsInto(IReadOnlyList<KnownSum> sums) =>
        Splits.Where(split => Array.TrueForAll(split, part => sums[part].Unknowns.Length < Unknowns.Length));
}

/// <summary>
/// All that an attacker holds to be true: counts are whole numbers of zero or more, and every number ever published,
/// as sums over the same unknowns. CONFIDENTIAL, for it holds the true counts.
/// </summary>
public sealed class AttackerKnowledge
{
    readonly Lazy<int[][]> _sumsOf;

    /// <param name="truth">The true count of each unknown.</param>
    /// <param name="ct">Large tables take seconds to be looked through.</param>
    /// <exception cref="ArgumentException">A sum that is not of these unknowns, or that does not hold of the true
    /// counts: then what is published is wrong, and nothing can be said of its safety. No count is in the
    /// message.</exception>
    public AttackerKnowledge(IReadOnlyList<KnownSum> sums, long[] truth, CancellationToken ct = default)
    {
        (Sums, Truth) = (sums, truth);
        _sumsOf = new Lazy<int[][]>(IndexSums);
        foreach (var sum in sums)
        {
            ct.ThrowIfCancellationRequested();
            RefuseDisorder(sum, truth.Length);
            var total = TrueSum(sum);
            if (total < sum.Lo || total > (sum.Hi ?? long.MaxValue))
                throw new ArgumentException($"What is said of {sum.Name} does not hold of the data.", nameof(sums));
            foreach (var split in sum.Splits)
                RefuseFalseSplit(sum, split);
        }
    }

    public IReadOnlyList<KnownSum> Sums { get; }

    public long[] Truth { get; }

    /// <summary>By unknown: positions of the sums that it is part of, ascending.</summary>
    internal int[][] SumsOf => _sumsOf.Value;

    int[][] IndexSums()
    {
        var index = new List<int>[Truth.Length];
        for (var u = 0; u < index.Length; u++)
            index[u] = [];
        for (var s = 0; s < Sums.Count; s++)
        {
            foreach (var unknown in Sums[s].Unknowns)
                index[unknown].Add(s);
        }

        return Array.ConvertAll(index, list => list.ToArray());
    }

    internal long TrueSum(KnownSum sum)
    {
        var total = 0L;
        foreach (var unknown in sum.Unknowns)
            total = checked(total + Truth[unknown]);
        return total;
    }

    static void RefuseDisorder(KnownSum sum, int unknowns)
    {
        var before = -1;
        foreach (var unknown in sum.Unknowns)
        {
            if (unknown <= before || unknown >= unknowns)
                throw new ArgumentException($"{sum.Name} is not an ascending list of the unknowns.", nameof(sum));
            before = unknown;
        }
    }

    /// <summary>Parts that have as many unknowns together, all of them the sum's and none twice, have all of
    /// them.</summary>
    void RefuseFalseSplit(KnownSum sum, int[] split)
    {
        var parts = new HashSet<int>(sum.Unknowns.Length);
        foreach (var part in split)
        {
            if ((uint)part >= (uint)Sums.Count)
                throw new ArgumentException($"A part of {sum.Name} is none of what is known.", nameof(split));
            foreach (var unknown in Sums[part].Unknowns)
            {
                if (!parts.Add(unknown))
                    throw new ArgumentException($"Parts of {sum.Name} overlap.", nameof(split));
            }
        }

        if (!parts.SetEquals(sum.Unknowns))
            throw new ArgumentException($"Parts of {sum.Name} are not all of it.", nameof(split));
    }
}
