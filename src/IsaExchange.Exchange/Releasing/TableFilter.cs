using IsaExchange.DisclosureControl;

namespace IsaExchange.Exchange.Releasing;

/// <summary>
/// Which cells of a published table are wanted, as in AIP-160: comparisons of a dimension's code, of <c>status</c> or
/// of <c>value</c>, joined by AND, OR (which binds closer, as it does there), NOT and parentheses. A cell that says no
/// value answers no comparison of its value, nor the negation of one: what is not said is not zero.
/// </summary>
public sealed class TableFilter
{
    readonly Func<PublishedRow, bool?>? _term;

    TableFilter(Func<PublishedRow, bool?>? term) => _term = term;

    /// <param name="text">Empty: all cells.</param>
    /// <param name="table">Its dimensions and codes are those that can be named.</param>
    /// <exception cref="ExchangeException">INVALID_ARGUMENT, FILTER_INVALID, with the position.</exception>
    public static TableFilter Parse(string text, ReleaseTable table) =>
        new(string.IsNullOrWhiteSpace(text) ? null : new TableFilterReader(text, table).Whole());

    public bool Chooses(PublishedRow row) => _term is null || _term(row) == true;
}

/// <summary>Reads one filter from left to right.</summary>
sealed class TableFilterReader
{
    public const int LengthMax = 2000;
    const int DepthMax = 16;
    const string StatusField = "status";
    const string ValueField = "value";

    static readonly string[] s_statuses = [.. Enum.GetValues<CellStatus>().Select(ReleaseFiles.Word)];

    readonly ReleaseTable _table;
    readonly IReadOnlyList<FilterToken> _tokens;
    int _at;
    int _depth;

    public TableFilterReader(string text, ReleaseTable table)
    {
        if (text.Length > LengthMax)
            throw Fault(LengthMax + 1, $"a filter has {LengthMax} characters at most");
        (_table, _tokens) = (table, FilterToken.Of(text));
    }

    public Func<PublishedRow, bool?> Whole()
    {
        var term = All();
        return _at == _tokens.Count - 1 ? term : throw Fault("AND, OR or the end is wanted here");
    }

    FilterToken Now => _tokens[_at];

    bool Take(string word)
    {
        if (Now.IsQuoted || Now.Text != word)
            return false;
        _at++;
        return true;
    }

    Func<PublishedRow, bool?> All()
    {
        var left = Either();
        while (Take("AND"))
        {
            var (first, second) = (left, Either());
            left = row => And(first(row), second(row));
        }

        return left;
    }

    Func<PublishedRow, bool?> Either()
    {
        var left = One();
        while (Take("OR"))
        {
            var (first, second) = (left, One());
            left = row => !And(!first(row), !second(row));
        }

        return left;
    }

    Func<PublishedRow, bool?> One()
    {
        if (++_depth > DepthMax)
            throw Fault("it is nested too deep");
        try
        {
            if (Take("NOT"))
            {
                var negated = One();
                return row => !negated(row);
            }

            if (!Take("("))
                return Comparison();
            var inner = All();
            return Take(")") ? inner : throw Fault("')' is wanted here");
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>Unknown stays unknown, unless the other side decides.</summary>
    static bool? And(bool? a, bool? b) => a == false || b == false ? false : a is null || b is null ? null : true;

    Func<PublishedRow, bool?> Comparison()
    {
        var field = Next("a field is wanted here: " + Fields, isWord: true);
        var dimension = _table.Dimensions.ToList().IndexOf(field.Text);
        if (dimension < 0 && field.Text is not (StatusField or ValueField))
            throw Fault(field.At, "there is no such field: " + Fields);
        var sign = Next("one of = != < <= > >= is wanted here");
        if (sign.IsQuoted || sign.Text is not ("=" or "!=" or "<" or "<=" or ">" or ">="))
            throw Fault(sign.At, "one of = != < <= > >= is wanted here");
        var value = Next("a value is wanted here, in quotation marks", isWord: true);
        if (dimension >= 0)
            return Code(dimension, sign, value);
        return field.Text == StatusField ? Status(sign, value) : Value(sign.Text, value);
    }

    string Fields => string.Join(", ", [.. _table.Dimensions, StatusField, ValueField]);

    Func<PublishedRow, bool?> Code(int dimension, FilterToken sign, FilterToken value)
    {
        // A slip in a code would else look like an area where nothing happened.
        if (sign.Text is "=" or "!=" && _table.Rows.All(r => r.Codes[dimension] != value.Text))
            throw Fault(value.At, $"{_table.Dimensions[dimension]} has no such code in this table");
        var isOrdered = sign.Text is not ("=" or "!=");

        // A total, or what is not stated, comes neither before nor after a month.
        return row => isOrdered && row.Codes[dimension] is (TableCodes.Total or TableCodes.NotStated)
            ? null
            : Holds(sign.Text, string.CompareOrdinal(row.Codes[dimension], value.Text));
    }

    static Func<PublishedRow, bool?> Status(FilterToken sign, FilterToken value)
    {
        if (sign.Text is not ("=" or "!="))
            throw Fault(sign.At, "a status can be = or != to a word");
        if (!s_statuses.Contains(value.Text, StringComparer.Ordinal))
            throw Fault(value.At, $"a status is one of {string.Join(", ", s_statuses)}");
        return row => ReleaseFiles.Word(row.Cell.Status) == value.Text == (sign.Text == "=");
    }

    static Func<PublishedRow, bool?> Value(string sign, FilterToken value)
    {
        if (!long.TryParse(
            value.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
            out var number))
            throw Fault(value.At, "a whole number is wanted here");
        return row => row.Cell.Value is { } said ? Holds(sign, said.CompareTo(number)) : null;
    }

    static bool Holds(string sign, int order) => sign switch
    {
        "=" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };

    FilterToken Next(string wanted, bool isWord = false)
    {
        if (Now.IsEnd || (isWord && Now.IsSign))
            throw Fault(wanted);
        return _tokens[_at++];
    }

    ExchangeException Fault(string problem) => Fault(Now.At, problem);

    /// <summary>Says where, and nothing of what was written there.</summary>
    internal static ExchangeException Fault(int at, string problem) => new(
        ProblemKind.InvalidArgument, "FILTER_INVALID", $"The filter at character {at}: {problem}.",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["position"] = at.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
}
