namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>A cell that is to be published or hidden, as the sum of unknown counts. CONFIDENTIAL: it never prints its
/// value.</summary>
/// <param name="Atoms">Which of the problem's atoms it sums; ascending, each once.</param>
/// <param name="Value">The exact sum; for amounts with decimals, in units small enough to be whole.</param>
public sealed record SuppressionCell(ReadOnlyMemory<int> Atoms, long Value)
{
    readonly long? _cost;

    /// <summary>May neither be shown nor follow from what is shown.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>The same for another reason, such as a finding of the interval check.</summary>
    public bool IsForcedHidden { get; init; }

    public bool IsForcedShown { get; init; }

    /// <summary>What is lost when it is hidden: of two cells the dearer is kept. The value itself unless set.</summary>
    public long Cost
    {
        get => _cost ?? Value;
        init => _cost = value;
    }

    internal bool IsProtected => IsPrimary || IsForcedHidden;

    public override string ToString() => nameof(SuppressionCell);
}

/// <summary>A sum of atoms that anybody can look up already, in the release ledger or outside.</summary>
public sealed record PublicSum(ReadOnlyMemory<int> Atoms, long Value)
{
    public override string ToString() => nameof(PublicSum);
}

/// <summary>Everything that is published at once: cells of one table or of many over the same atoms.</summary>
/// <param name="AtomCount">Atoms are numbered from 0; none counts less than nothing.</param>
/// <param name="Cells">Their order decides nothing but which of two equal patterns is chosen.</param>
public sealed record SuppressionProblem(int AtomCount, IReadOnlyList<SuppressionCell> Cells)
{
    public IReadOnlyList<PublicSum> AlreadyPublic { get; init; } = [];

    /// <summary>
    /// Every zero is shown that is not itself protected. Then a cell that is not shown is known to be at least 1, and
    /// sums of hidden ones need protection as much as the ones.
    /// </summary>
    public bool ZerosAreShown { get; init; }

    /// <summary>
    /// Hides also what would tell the difference of cells at their least count. Such differences tell none of them by
    /// themselves, but where they pile up whole numbers leave little open: with this the interval check finds next to
    /// nothing to repair, at the price of some more cells hidden.
    /// </summary>
    public bool HidesDifferencesOfLeastCounts { get; init; }

    /// <summary>
    /// The exact count of each atom, or empty. They serve to protect against what is known of atoms that are no cells
    /// by themselves, such as the parts in which two geographies overlap: that they are not negative.
    /// </summary>
    public ReadOnlyMemory<long> AtomValues { get; init; }

    /// <summary>Atoms that one contributor alone makes up: who knows theirs must not learn a protected cell.</summary>
    public IReadOnlyList<int> SingleContributorAtoms { get; init; } = [];

    public override string ToString() => nameof(SuppressionProblem);
}
