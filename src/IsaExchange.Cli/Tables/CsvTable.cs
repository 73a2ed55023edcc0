using System.Text;
using IsaExchange.Datasets.Reading;
using IsaExchange.DisclosureControl.OwnTables;

namespace IsaExchange.Cli.Tables;

/// <summary>A CSV file of an analyst, whole: every row with its line.</summary>
sealed class CsvTable
{
    const int RowsMax = 1_000_000;

    readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    readonly List<(int Line, string[] Cells)> _rows = [];

    CsvTable(string file) => File = file;

    public string File { get; }

    public IReadOnlyCollection<string> Columns => _columns.Keys;

    public IReadOnlyList<(int Line, string[] Cells)> Rows => _rows;

    /// <summary>-1: there is no such column.</summary>
    public int Find(string column) => _columns.GetValueOrDefault(column, -1);

    /// <summary>Null, with faults, when it cannot be read to its end.</summary>
    public static CsvTable? Read(string path, ICollection<TableFault> faults)
    {
        var table = new CsvTable(Path.GetFileName(path));
        void Fault(long line, string message) => faults.Add(new TableFault(table.File, (int)line, message));
        if (!System.IO.File.Exists(path))
        {
            Fault(0, "there is no such file");
            return null;
        }

        var before = faults.Count;
        using var content = System.IO.File.OpenRead(path);
        using var records = new CsvRecords(content);
        while (faults.Count == before && records.Read())
        {
            if (records.Fault != CsvFault.None)
                Fault(records.FaultLine, $"not a table that can be read: {records.Fault}");
            else if (records.Number == 0)
                table.TakeHeader(records, Fault);
            else if (records.FieldCount != table._columns.Count)
                Fault(records.Line, "not as many cells as the header has columns");
            else if (table._rows.Count == RowsMax)
                Fault(records.Line, $"more than {RowsMax} rows");
            else
                table._rows.Add(((int)records.Line, Cells(records)));
        }

        if (faults.Count == before && table._rows.Count == 0)
            Fault(0, "there is no row");
        return faults.Count == before ? table : null;
    }

    void TakeHeader(CsvRecords records, Action<long, string> fault)
    {
        foreach (var (at, name) in Cells(records).Index())
        {
            if (!_columns.TryAdd(name, at))
                fault(records.Line, $"two columns are called {name}");
        }
    }

    static string[] Cells(CsvRecords records)
    {
        var cells = new string[records.FieldCount];
        for (var at = 0; at < cells.Length; at++)
            cells[at] = Encoding.UTF8.GetString(records.Field(at));
        return cells;
    }
}
