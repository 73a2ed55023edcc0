namespace IsaExchange.Datasets.Validation;

/// <summary>A rule over two fields of a record whose values are all in order.</summary>
abstract class CrossCheck(int field)
{
    /// <summary>The field the violation is reported at.</summary>
    public int Field { get; } = field;

    /// <summary>Which other fields it speaks of.</summary>
    public string Detail { get; init; } = "";

    public abstract RuleDefinition? Broken(ReadOnlySpan<int> values);
}

/// <summary>The code leads, through a table, to the code in the other field.</summary>
sealed class LeadsToCheck(int field, int other, int[] leadsTo, RuleDefinition rule) : CrossCheck(field)
{
    public override RuleDefinition? Broken(ReadOnlySpan<int> values) =>
        values[Field] == FieldCheck.Absent || values[other] == FieldCheck.Absent
        || leadsTo[values[Field]] == values[other]
            ? null
            : rule;
}

sealed class NotBeforeCheck(int field, int other) : CrossCheck(field)
{
    // An absent date is the smallest number: only the field itself needs to be asked for.
    public override RuleDefinition? Broken(ReadOnlySpan<int> values) =>
        values[Field] == FieldCheck.Absent || values[Field] >= values[other] ? null : Rules.DateOrder;
}

sealed class FilledExactlyWhenCheck(int field, int other, bool[] filled) : CrossCheck(field)
{
    public override RuleDefinition? Broken(ReadOnlySpan<int> values)
    {
        var isFilled = values[Field] != FieldCheck.Absent;
        var mustBe = values[other] != FieldCheck.Absent && filled[values[other]];
        if (isFilled == mustBe)
            return null;
        return mustBe ? Rules.MustBeFilled : Rules.MustBeEmpty;
    }
}

sealed class NeverWithCheck(int field, int other, bool[] forbidding) : CrossCheck(field)
{
    public override RuleDefinition? Broken(ReadOnlySpan<int> values) =>
        values[Field] != FieldCheck.Absent && values[other] != FieldCheck.Absent && forbidding[values[other]]
            ? Rules.NeverTogether
            : null;
}

sealed class FilledOnlyWithCheck(int field, int other) : CrossCheck(field)
{
    public override RuleDefinition? Broken(ReadOnlySpan<int> values) =>
        values[Field] != FieldCheck.Absent && values[other] == FieldCheck.Absent ? Rules.FilledOutOfTurn : null;
}

/// <summary>Reported at the first of the fields.</summary>
sealed class TotalAtLeastCheck(int[] fields, int minimum) : CrossCheck(fields[0])
{
    public override RuleDefinition? Broken(ReadOnlySpan<int> values)
    {
        var total = 0L;
        foreach (var field in fields)
            total += values[field] == FieldCheck.Absent ? 0 : values[field];
        return total < minimum ? Rules.TotalTooLow : null;
    }
}
