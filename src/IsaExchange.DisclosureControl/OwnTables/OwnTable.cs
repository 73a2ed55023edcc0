namespace IsaExchange.DisclosureControl.OwnTables;

/// <summary>One row of a table that somebody wants to publish. CONFIDENTIAL: it holds the true count.</summary>
/// <param name="Codes">One for each dimension of the table.</param>
/// <param name="Lo">Least count that agrees with what is published.</param>
/// <param name="Hi">Greatest such count; null: none is said.</param>
/// <param name="Truth">The true count; null: not given in this row.</param>
public sealed record OwnRow(int Line, IReadOnlyList<string> Codes, long Lo, long? Hi, long? Truth)
{
    public override string ToString() => $"line {Line}";
}

/// <summary>What it says that a combination of a table's codes has no row.</summary>
public enum AbsentRows
{
    /// <summary>It was not said: such a table is refused.</summary>
    Unexplained,

    /// <summary>Readers take the count for zero.</summary>
    Zero,

    /// <summary>Readers learn nothing of the count.</summary>
    Unknown,
}

/// <summary>A table as it would be published, and what its cells truly hold. CONFIDENTIAL.</summary>
/// <param name="Name">Distinct among the tables that are checked together.</param>
/// <param name="Dimensions">Names of classifications, one for each code of a row; one that it lacks is summed
/// over.</param>
public sealed record OwnTable(
    string Name, string File, IReadOnlyList<string> Dimensions, IReadOnlyList<OwnRow> Rows, AbsentRows Absent);

/// <summary>Tables that are published together, beside what is public anyway. CONFIDENTIAL.</summary>
/// <param name="Outside">Of others: they are known, and their cells are not ours to protect.</param>
/// <param name="Counts">True counts of finest codes, rows of one combination added up; null: a table has them.</param>
/// <param name="ProtectBelow">Counts from 1 up to below it are protected.</param>
/// <param name="Width">How far apart two possible values of a protected cell must lie at least.</param>
public sealed record Publication(
    IReadOnlyList<Classification> Classifications, IReadOnlyList<OwnTable> Tables, IReadOnlyList<OwnTable> Outside,
    OwnTable? Counts, int ProtectBelow, int Width);
