using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Depersonalisation;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.Validation;

/// <summary>One field, compiled: reads a value that is not empty into a number, or names the rule it breaks.</summary>
abstract class FieldCheck(FieldSpec field)
{
    /// <summary>The value of an empty field.</summary>
    public const int Absent = int.MinValue;

    /// <summary>The value of a field that was refused.</summary>
    public const int Refused = int.MinValue + 1;

    public string Name { get; } = field.Name;

    public bool Required { get; } = field.Required;

    public int MaxLength { get; } = field.MaxLength;

    /// <summary>The list or the bounds of the field.</summary>
    protected virtual string Detail => "";

    /// <summary>What else to say about a broken rule. Never anything from the file.</summary>
    public virtual string DetailOf(RuleDefinition rule) =>
        ReferenceEquals(rule, Rules.NotInCodeList) || ReferenceEquals(rule, Rules.OutOfRange) ? Detail : "";

    /// <summary>
    /// Position of the code, number, minutes, date as <see cref="CivilDate"/>, or the characters of an outward
    /// postcode.
    /// </summary>
    public abstract RuleDefinition? Read(ReadOnlySpan<byte> value, out int read);
}

sealed class CodeCheck(FieldSpec field, CodeIndex codes, string? list, OtherEditions? others) : FieldCheck(field)
{
    readonly RuleDefinition _rule = list is null ? Rules.NotInCategories : Rules.NotInCodeList;

    protected override string Detail { get; } = list ?? "";

    public override string DetailOf(RuleDefinition rule) =>
        ReferenceEquals(rule, Rules.OtherEdition) ? others!.Detail : base.DetailOf(rule);

    public override RuleDefinition? Read(ReadOnlySpan<byte> value, out int read)
    {
        if ((read = codes.Find(value)) >= 0)
            return null;
        return others is not null && others.Hold(value) ? Rules.OtherEdition : _rule;
    }
}

/// <summary>The editions of a list that are not in force, to tell an old code from a wrong one.</summary>
sealed record OtherEditions(CodeIndex[] Indexes, string Detail)
{
    /// <summary>Null when the list has no other edition.</summary>
    public static OtherEditions? Of(CodeList list, CodeListEdition inForce)
    {
        var others = list.Editions.Where(e => !ReferenceEquals(e, inForce)).ToList();
        if (others.Count == 0)
            return null;
        var mapped = others.Where(e => list.Mapping(e.Edition, inForce.Edition) is not null).ToList();
        var edition = others.Count == 1 ? $"edition {others[0].Edition}" : $"another edition ({Or(others)})";
        return new([.. others.Select(e => e.Index)],
            $"The code list is '{list.Id}': it is a code of {edition}, and the period needs {inForce.Edition}. "
            + (mapped.Count > 0
                ? $"The list says what became of the codes of {Or(mapped)}: isax codelist map, and 'edition' in a "
                    + "mapping of isax prepare."
                : "The list does not say what became of it."));
    }

    static string Or(List<CodeListEdition> editions) => string.Join(" or ", editions.Select(e => e.Edition));

    public bool Hold(ReadOnlySpan<byte> value)
    {
        foreach (var index in Indexes)
        {
            if (index.Find(value) >= 0)
                return true;
        }

        return false;
    }
}

/// <summary>
/// A date or a month. The period bounds apply to the field that decides the period; the bound of old dates to all.
/// </summary>
sealed class DateCheck(FieldSpec field, int oldBefore, (int First, int End)? period) : FieldCheck(field)
{
    readonly bool _month = field.Type == FieldType.Month;
    readonly RuleDefinition _old = field.OldDates == OldDates.Query ? Rules.OldDate : Rules.BirthDate;
    readonly int _first = period?.First ?? 0;
    readonly int _end = period?.End ?? int.MaxValue;

    public override RuleDefinition? Read(ReadOnlySpan<byte> value, out int read)
    {
        read = _month ? CivilDate.ReadMonth(value) : CivilDate.ReadDay(value);
        if (read >= _first && read < _end && read >= oldBefore)
            return null;
        if (read < 0)
            return _month ? Rules.NotMonth : Rules.NotDate;
        return read < oldBefore ? _old : Rules.OutsidePeriod;
    }
}

sealed class TimeCheck(FieldSpec field) : FieldCheck(field)
{
    public override RuleDefinition? Read(ReadOnlySpan<byte> value, out int read) =>
        (read = CivilDate.ReadTime(value)) >= 0 ? null : Rules.NotTime;
}

/// <summary>Digits without leading zeros, with a minus sign where the bounds may ask for one.</summary>
sealed class WholeCheck(FieldSpec field) : FieldCheck(field)
{
    readonly int _minimum = field.Minimum;
    readonly int _maximum = field.Maximum;

    protected override string Detail { get; } =
        field.Maximum == int.MaxValue ? "" : $"It may be {field.Minimum} to {field.Maximum}.";

    public override RuleDefinition? Read(ReadOnlySpan<byte> value, out int read)
    {
        read = 0;
        var negative = value[0] == '-';
        var digits = negative ? value[1..] : value;
        if (digits.IsEmpty || (digits[0] == '0' && value.Length > 1))
            return Rules.NotWhole;
        long number = 0;
        foreach (var b in digits)
        {
            var digit = (uint)(b - '0');
            if (digit > 9)
                return Rules.NotWhole;
            // More than 18 digits would overflow: whatever number that makes, the length alone is out of range.
            number = unchecked((number * 10) + digit);
        }

        number = negative ? -number : number;
        if (number < _minimum || number > _maximum || digits.Length > 18)
            return Rules.OutOfRange;
        read = (int)number;
        return null;
    }
}

sealed class OutwardCheck(FieldSpec field) : FieldCheck(field)
{
    public override RuleDefinition? Read(ReadOnlySpan<byte> value, out int read)
    {
        read = 0;
        if (Postcode.IsOutward(value))
        {
            foreach (var b in value)
                read = (read << 8) | b;
            return null;
        }

        return Postcode.IsSector(value) ? Rules.PostcodeSector : Rules.NotOutward;
    }
}
