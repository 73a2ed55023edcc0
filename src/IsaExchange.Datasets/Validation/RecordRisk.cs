namespace IsaExchange.Datasets.Validation;

/// <summary>
/// How few records of a file share their quasi-identifiers: the risk that somebody who knows these of a person finds
/// the person's record. Counts of records, never a value. CONFIDENTIAL to the authority that sends them.
/// </summary>
/// <param name="Fields">The quasi-identifiers, in the order they are declared in.</param>
/// <param name="Records">Records counted.</param>
/// <param name="Uncounted">Records left out, because a value of these fields was refused.</param>
/// <param name="Groups">Different combinations of their values.</param>
public sealed record RecordRisk(IReadOnlyList<string> Fields, long Records, long Uncounted, long Groups)
{
    /// <summary>Records whose combination no other has: k = 1.</summary>
    public long Alone { get; init; }

    /// <summary>Records that share theirs with one other at most: k below 3.</summary>
    public long BelowThree { get; init; }

    /// <summary>Records with k below 5.</summary>
    public long BelowFive { get; init; }

    /// <summary>The k that the specification demands.</summary>
    public int SmallestGroup { get; init; }

    /// <summary>Records with less.</summary>
    public long BelowSmallestGroup { get; init; }

    /// <summary>For each of several fields, what would be left of <see cref="Alone"/> without it.</summary>
    public IReadOnlyList<RiskWithout> Without { get; init; } = [];

    /// <summary>The mean of 1/k over all records, which is the number of groups over that of records; 0 of none.
    /// </summary>
    public double Average => Records == 0 ? 0 : (double)Groups / Records;

    /// <summary>The field without which the fewest would stand alone; null when none makes a difference.</summary>
    public RiskWithout? MattersMost => Without.MinBy(w => w.Alone) is { } least && least.Alone < Alone ? least : null;
}

/// <summary>How many records would stand alone if one field were left out.</summary>
public sealed record RiskWithout(string Field, long Alone);
