namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>A code of a published table, and the finest codes that it stands for.</summary>
/// <param name="Finest">Positions among the finest codes of its classification, ascending.</param>
public sealed record CheckedCode(string Code, int[] Finest)
{
    /// <summary>
    /// Ways to take it apart into other codes of the dimension, each a list of their positions: a district into its
    /// wards, and also into its census areas.
    /// </summary>
    public IReadOnlyList<int[]> Splits { get; init; } = [];
}

/// <summary>One column of codes of a published table.</summary>
/// <param name="Classification">Which classification of the unknowns its codes are of.</param>
public sealed record CheckedDimension(string Name, int Classification, IReadOnlyList<CheckedCode> Codes);

/// <summary>What one published cell says.</summary>
/// <param name="Required">What must stay possible of it; the default: nothing is protected here.</param>
public readonly record struct CellStatement(long Lo, long? Hi, RequiredInterval Required = default)
{
    /// <param name="protectedWidth">How far apart two possible values lie at least; 0: nothing is protected
    /// here.</param>
    public CellStatement(long lo, long? hi, int protectedWidth)
        : this(lo, hi, new RequiredInterval(protectedWidth))
    {
    }
}

/// <summary>A published table: every combination of its codes, the last dimension running fastest.</summary>
public sealed record CheckedTable(
    string Name, IReadOnlyList<CheckedDimension> Dimensions, IReadOnlyList<CellStatement> Cells)
{
    /// <summary>
    /// The cells as sums over unknown counts, one for each combination of the finest codes of all classifications; a
    /// classification that the table does not have is summed over. Two dimensions of one classification, such as a
    /// district and a small area, meet in the finest codes that are of both: in none, and the cell is empty.
    /// </summary>
    /// <param name="finest">How many finest codes each classification has.</param>
    /// <param name="first">Position that the first of these sums will have among all that is known.</param>
    /// <exception cref="ArgumentException">Not as many cells as combinations, or codes that are not an ascending list
    /// of its finest ones.</exception>
    public IEnumerable<KnownSum> Sums(IReadOnlyList<int> finest, int first = 0)
    {
        var strides = new int[Dimensions.Count];
        var count = 1;
        for (var d = strides.Length - 1; d >= 0; d--)
            (strides[d], count) = (count, checked(count * Dimensions[d].Codes.Count));
        if (count != Cells.Count)
            throw new ArgumentException($"Table {Name} has {Cells.Count} cells of {count}.", nameof(finest));
        RefuseWrongCodes(finest);
        var position = new int[Dimensions.Count];
        for (var cell = 0; cell < count; cell++)
        {
            for (var d = 0; d < position.Length; d++)
                position[d] = cell / strides[d] % Dimensions[d].Codes.Count;
            var (lo, hi, required) = Cells[cell];
            yield return new KnownSum(NameOf(position), Unknowns(finest, position), lo, hi)
            {
                Identity = IdentityOf(finest, position),
                Required = required,
                Splits = [.. SplitsOf(position, strides, first + cell)],
            };
        }
    }

    void RefuseWrongCodes(IReadOnlyList<int> finest)
    {
        foreach (var code in Dimensions.SelectMany(d => d.Codes, (d, c) => (Most: finest[d.Classification], c.Finest)))
        {
            var isAscending = code.Finest.Zip(code.Finest.Skip(1)).All(pair => pair.First < pair.Second);
            if (!isAscending || code.Finest.Any(f => f < 0 || f >= code.Most))
                throw new ArgumentException($"Table {Name} has a code of none of the finest ones.", nameof(finest));
        }
    }

    string NameOf(int[] position) => string.Concat(
        Name, ": ", string.Join(" | ", position.Select((at, d) => Dimensions[d].Codes[at].Code)));

    /// <summary>Its codes but those that stand for all, in the order of classifications.</summary>
    string IdentityOf(IReadOnlyList<int> finest, int[] position) => string.Join(';', Dimensions
        .Select((dimension, d) => (dimension.Name, dimension.Classification, Code: dimension.Codes[position[d]]))
        .Where(x => x.Code.Finest.Length < finest[x.Classification])
        .OrderBy(x => x.Classification).Select(x => $"{x.Name}={x.Code.Code}"));

    IEnumerable<int[]> SplitsOf(int[] position, int[] strides, int at)
    {
        for (var d = 0; d < position.Length; d++)
        {
            var (here, stride) = (position[d], strides[d]);
            foreach (var split in Dimensions[d].Codes[here].Splits)
                yield return Array.ConvertAll(split, code => at + ((code - here) * stride));
        }
    }

    int[] Unknowns(IReadOnlyList<int> finest, int[] position)
    {
        int[] unknowns = [0];
        for (var c = 0; c < finest.Count; c++)
        {
            var codes = FinestOf(c, finest[c], position);
            var next = new int[unknowns.Length * codes.Length];
            for (var u = 0; u < unknowns.Length; u++)
            {
                for (var i = 0; i < codes.Length; i++)
                    next[(u * codes.Length) + i] = checked((unknowns[u] * finest[c]) + codes[i]);
            }

            unknowns = next;
        }

        return unknowns;
    }

    int[] FinestOf(int classification, int count, int[] position)
    {
        int[]? codes = null;
        for (var d = 0; d < position.Length; d++)
        {
            if (Dimensions[d].Classification == classification && Dimensions[d].Codes[position[d]].Finest is var these)
                codes = codes is null ? these : [.. codes.Intersect(these)];
        }

        return codes ?? [.. Enumerable.Range(0, count)];
    }
}
