namespace IsaExchange.DisclosureControl.Suppression;

/// <summary>What is known of one cell. CONFIDENTIAL: it never prints its counts.</summary>
/// <param name="Events">Its count.</param>
/// <param name="Contributors">Distinct persons or households; null where the dataset cannot say.</param>
/// <param name="LargestContribution">Events of the one that contributes most; null where it cannot say.</param>
public readonly record struct CellContent(long Events, long? Contributors = null, long? LargestContribution = null)
{
    public override string ToString() => nameof(CellContent);
}

/// <summary>Which cells must not be shown for what they are by themselves.</summary>
/// <param name="Threshold">Fewer events or contributors are too few.</param>
public sealed record PrimaryRules(int Threshold)
{
    /// <summary>Zeros are not shown either: a hidden cell may then be 0, which protects the small ones.</summary>
    public bool ZerosAreHidden { get; init; }

    /// <summary>A contributor with a larger part than this is nearly the cell itself.</summary>
    public int DominancePercent { get; init; } = 85;

    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    public bool Protect(CellContent cell)
    {
        DisclosureRegimes.RefuseNegative(cell.Events);
        DisclosureRegimes.RefuseNegative(cell.Contributors ?? 0);
        DisclosureRegimes.RefuseNegative(cell.LargestContribution ?? 0);
        if (cell.Events == 0)
            return ZerosAreHidden;
        return cell.Events < Threshold
            || cell.Contributors < Threshold
            || (Int128)(cell.LargestContribution ?? 0) * 100 > (Int128)cell.Events * DominancePercent;
    }

    /// <summary>
    /// Whether a count says of everybody in a group what it counts: all but so few of them are in it that these few,
    /// who know of themselves, know it of all the others.
    /// </summary>
    /// <param name="group">Everybody, for example all pupils excluded in an area.</param>
    /// <param name="count">Those of them for whom the sensitive thing holds, for example one reason.</param>
    /// <param name="coalition">So many may put together what they know.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    public static bool TellsOfGroup(long group, long count, int coalition = 1)
    {
        DisclosureRegimes.RefuseNegative(group);
        DisclosureRegimes.RefuseNegative(count);
        return count > 0 && group - coalition <= count;
    }
}
