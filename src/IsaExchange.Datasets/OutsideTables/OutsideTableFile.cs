using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.OutsideTables;

/// <summary>
/// Reads the CSV of an outside table, strictly: what is not an exact count of a known cell is a fault with its line,
/// and no value of the file is in any message.
/// </summary>
sealed class OutsideTableFile(string name, OutsideTableColumns columns)
{
    const string ValueColumn = "value";
    const int FaultsMax = 100;
    const int RowsMax = 1_000_000;

    /// <summary>More records than any table counts, and still exact in every sum of as many rows.</summary>
    const int DigitsMax = 12;

    readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);
    readonly List<OutsideRow> _rows = [];
    readonly List<SpecFault> _faults = [];
    readonly List<string> _dimensions = [];
    int[] _places = [];
    int _value;

    public IReadOnlyList<SpecFault> Faults => _faults;

    public IReadOnlyList<string> Dimensions => _dimensions;

    public IReadOnlyList<OutsideRow> Rows => _rows;

    public void Read(Stream csv)
    {
        var options = new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MaxRecordSize = 1 << 16,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
        };
        using var reader = CsvReader.Create(csv, options, leaveOpen: true);
        try
        {
            if (!reader.Read())
                Add(0, "The file is empty.", "Give it a header and rows.");
            else if (ReadHeader(reader))
                ReadRows(reader);
        }
        catch (CsvFormatException e)
        {
            Add(e.LineNumber, "This is not a record with as many fields as the header.", "Write RFC 4180 CSV.");
        }

        if (_faults.Count == 0 && _rows.Count == 0)
            Add(0, "The file holds no numbers.", "Give it rows.");
    }

    bool ReadHeader(CsvReader reader)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(field => Text(reader, field).TrimStart('\uFEFF'))
            .ToList();
        foreach (var column in names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1))
            Add(1, $"The header has two columns '{column.Key}'.", "Keep one of them.");
        _value = names.IndexOf(ValueColumn);
        if (_value < 0)
            Add(1, "The header has no column 'value'.", "Name the column of the numbers so.");
        foreach (var unknown in names.Where(n => n != ValueColumn && columns.CodesOf(n) is null))
            Add(1, $"The dataset has no dimension '{unknown}'.", $"It has {string.Join(", ", columns.Names)}.");
        _dimensions.AddRange(names.Where(n => n != ValueColumn));
        _places = [.. _dimensions.Select(n => names.IndexOf(n))];
        return _faults.Count == 0;
    }

    void ReadRows(CsvReader reader)
    {
        while (reader.Read() && _faults.Count < FaultsMax)
        {
            if (!Utf8.IsValid(reader.RawRecord))
                Add(reader.LineNumber, "The bytes are not UTF-8 text.", "Save the file as 'CSV UTF-8'.");
            else if (_rows.Count < RowsMax)
                ReadRow(reader);
            else
            {
                Add(reader.LineNumber, $"There are more than {RowsMax} rows.", "Import it in several tables.");
                return;
            }
        }
    }

    void ReadRow(CsvReader reader)
    {
        var line = reader.LineNumber;
        string[] codes = [.. _places.Select(place => Text(reader, place))];
        var faults = _faults.Count;
        for (var d = 0; d < codes.Length; d++)
        {
            if (!columns.CodesOf(_dimensions[d])!.Contains(codes[d]))
                Add(line, $"This is no code of '{_dimensions[d]}' in the period.", "Correct it, or leave the row out.");
        }

        var text = Text(reader, _value);
        if (text.Length is 0 or > DigitsMax || !text.All(char.IsAsciiDigit))
            Add(line, "The value is not an exact count.", "Write a whole number of zero or more, or no row.");
        else if (!_lines.TryAdd(string.Join('|', codes), line))
            Add(line, $"This is the same cell as in line {_lines[string.Join('|', codes)]}.", "Keep one of them.");
        if (_faults.Count == faults)
            _rows.Add(new OutsideRow(codes, long.Parse(text, CultureInfo.InvariantCulture)));
    }

    static string Text(CsvReader reader, int field) => Encoding.UTF8.GetString(reader.GetSpan(field));

    void Add(long line, string message, string remedy) => _faults.Add(new SpecFault(name, (int)line, message, remedy));
}
