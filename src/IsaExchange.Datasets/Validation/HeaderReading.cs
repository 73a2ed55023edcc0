using System.Text;
using IsaExchange.Datasets.Depersonalisation;
using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Matches the header to the specification: each column once, in any order, none besides. Names are compared exactly;
/// a name that differs by case or spaces is an error too, but its column is still checked.
/// </summary>
sealed class HeaderReading
{
    const int Unmatched = -1;

    readonly CsvRecords _records;
    readonly ValidationPlan _plan;
    readonly ReportBuilder _report;
    readonly int[] _fieldOf;

    HeaderReading(CsvRecords records, ValidationPlan plan, ReportBuilder report)
    {
        (_records, _plan, _report) = (records, plan, report);
        _fieldOf = new int[records.FieldCount];
        ColumnOf = new int[plan.Fields.Length];
        Array.Fill(ColumnOf, Unmatched);
        ColumnCount = records.FieldCount;
    }

    public int ColumnCount { get; }

    /// <summary>For each field its column (0-based), -1 = missing.</summary>
    public int[] ColumnOf { get; }

    /// <summary>Columns outside the specification.</summary>
    public List<int> Unknown { get; } = [];

    /// <summary>Reads the current record as the header; null when the records cannot be understood under it.</summary>
    public static HeaderReading? Read(CsvRecords records, ValidationPlan plan, ReportBuilder report)
    {
        if (records.FieldCount > plan.Limits.MaxColumns)
        {
            report.Add(Rules.TooManyColumns, records.Line, 0, 0, ReportBuilder.WholeRecord);
            return null;
        }

        var header = new HeaderReading(records, plan, report);
        if (header.Match() == 0)
        {
            var separated = records.FieldCount == 1 && records.Field(0).IndexOfAny(";\t|"u8) > 0;
            report.Add(separated ? Rules.WrongSeparator : Rules.NoKnownColumn, records.Line, 0, 0,
                ReportBuilder.WholeRecord);
            return null;
        }

        header.Report();
        return header;
    }

    int Match()
    {
        var known = 0;
        for (var column = 0; column < ColumnCount; column++)
        {
            var field = Find(_records.Field(column));
            _fieldOf[column] = field;
            if (field < 0)
                continue;
            known++;
            if (ColumnOf[field] < 0)
                ColumnOf[field] = column;
        }

        return known;
    }

    void Report()
    {
        for (var column = 0; column < ColumnCount; column++)
        {
            var name = _records.Field(column);
            var field = _fieldOf[column];
            if (field < 0)
                ReportUnknown(name, column);
            else if (ColumnOf[field] != column)
                Add(Rules.DuplicateHeader, column, field);
            else if (!name.SequenceEqual(Encoding.UTF8.GetBytes(_plan.Fields[field].Name)))
                Add(Rules.AlmostHeader, column, field);
        }

        for (var field = 0; field < ColumnOf.Length; field++)
        {
            if (ColumnOf[field] < 0)
                Add(Rules.MissingColumn, -1, field);
        }
    }

    void ReportUnknown(ReadOnlySpan<byte> name, int column)
    {
        var rule = name.Trim(" \t"u8).IsEmpty ? Rules.BlankHeader
            : PersonalColumnNames.SpeaksOfPerson(name) ? Rules.PersonalColumn
            : Rules.UnknownColumn;
        Add(rule, column, _plan.Fields.Length + column);
        Unknown.Add(column);
    }

    void Add(RuleDefinition rule, int column, int field) =>
        _report.Add(rule, column < 0 ? _records.Line : _records.LineOf(column), 0, column + 1, field);

    int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length > 256)
            return Unmatched;
        var text = Encoding.UTF8.GetString(name);
        var loose = Array.FindIndex(_plan.Fields, f => string.Equals(f.Name, Loose(text), StringComparison.Ordinal));
        var exact = Array.FindIndex(_plan.Fields, f => f.Name == text);
        return exact >= 0 ? exact : loose;
    }

    /// <summary>Specifications name columns in small letters with underscores.</summary>
    static string Loose(string name) => name.Trim().ToLowerInvariant().Replace(' ', '_');
}
