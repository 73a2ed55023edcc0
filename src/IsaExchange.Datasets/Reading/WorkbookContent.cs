using System.Globalization;
using System.IO.Compression;
using System.Text;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace IsaExchange.Datasets.Reading;

/// <summary>
/// The first sheet of an Excel workbook (XLSX) as CSV, made row by row: row 7 of the sheet is line 7, a date is a date
/// however the cell shows it, and a number has the digits that are stored. Only what runs at the authority reads
/// workbooks; the exchange takes CSV.
/// </summary>
public sealed class WorkbookContent : ForwardStream
{
    const int EntriesMax = 10_000;

    static readonly OpenXmlConfiguration s_reading = new()
    {
        // The library would write the texts of the cells to a temporary file.
        EnableSharedStringCache = false,
        FillMergedCells = false,
    };

    readonly IEnumerator<object> _rows;
    readonly StringBuilder _line = new();
    byte[] _bytes = [];
    int _taken;
    int _width;
    int _emptyRows;

    WorkbookContent(Stream workbook) => _rows = workbook.Query(
        useHeaderRow: false, excelType: ExcelType.XLSX, configuration: s_reading).GetEnumerator();

    /// <summary>Whether these first bytes are those of a workbook, or of another ZIP file.</summary>
    public static bool Is(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8);

    /// <param name="workbook">Seekable; stays open, and must until the content is read.</param>
    /// <exception cref="PackedContentException">It is no workbook, damaged, or more than the budget.</exception>
    public static WorkbookContent Open(Stream workbook)
    {
        try
        {
            CheckSize(workbook);
            return new WorkbookContent(workbook);
        }
        catch (Exception damaged) when (IsDamage(damaged))
        {
            throw new PackedContentException(CsvFault.PackedDamaged, damaged);
        }
    }

    /// <exception cref="PackedContentException">It is damaged further on.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_taken == _bytes.Length)
        {
            if (!NextLine())
                return 0;
        }

        var count = Math.Min(buffer.Length, _bytes.Length - _taken);
        _bytes.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    /// <summary>The directory of a ZIP file says how large its parts are, and the library of .NET gives no more of a
    /// part than that.</summary>
    static void CheckSize(Stream workbook)
    {
        using var parts = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        var length = parts.Entries.Count <= EntriesMax ? parts.Entries.Sum(e => e.Length) : long.MaxValue;
        if (length > PackedLimits.ContentBytesMax
            || (length > PackedLimits.RatioFrom && length / PackedLimits.RatioMax > workbook.Length))
            throw new PackedContentException(CsvFault.PackedTooLarge);
        if (parts.GetEntry("xl/workbook.xml") is null)
            throw new PackedContentException(CsvFault.NotText);
        workbook.Position = 0;
    }

    /// <summary>The library lets the faults of XML and ZIP through, and meets missing parts with those of its
    /// own.</summary>
    static bool IsDamage(Exception fault) => fault is InvalidDataException or System.Xml.XmlException
        or FormatException or NullReferenceException or ArgumentException or KeyNotFoundException
        or InvalidOperationException or NotSupportedException or OverflowException or EndOfStreamException;

    bool NextLine()
    {
        IDictionary<string, object?>? row;
        try
        {
            row = _rows.MoveNext() ? (IDictionary<string, object?>)_rows.Current : null;
        }
        catch (Exception damaged) when (IsDamage(damaged))
        {
            throw new PackedContentException(CsvFault.PackedDamaged, damaged);
        }

        if (row is null)
            return false;
        Write(row.Values);
        return true;
    }

    void Write(ICollection<object?> cells)
    {
        var texts = cells.Select(Text).ToList();
        var used = texts.FindLastIndex(t => t.Length > 0) + 1;
        (_bytes, _taken) = ([], 0);
        if (used == 0)
        {
            // Formatted rows below the last record are no records; an empty row between two is an empty line.
            _emptyRows++;
            return;
        }

        _line.Clear().Append('\n', _emptyRows);
        _emptyRows = 0;
        _width = _width == 0 ? used : _width;
        for (var i = 0; i < Math.Max(used, _width); i++)
            Append(i, i < texts.Count ? texts[i] : "");
        _bytes = Encoding.UTF8.GetBytes(_line.Append('\n').ToString());
    }

    void Append(int column, string text)
    {
        if (column > 0)
            _line.Append(',');
        if (text.AsSpan().IndexOfAny(",\"\r\n") < 0)
            _line.Append(text);
        else
            _line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    static string Text(object? cell) => cell switch
    {
        null => "",
        string text => text,
        double number => Number(number),
        DateTime moment => Moment(moment),
        TimeSpan time => time.ToString(@"hh\:mm", CultureInfo.InvariantCulture),
        bool truth => truth ? "TRUE" : "FALSE",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    /// <summary>A spreadsheet keeps 15 digits; a whole number of so many is written without an exponent.</summary>
    static string Number(double number) => Math.Abs(number) < 1e15 && Math.Floor(number) == number
        ? ((long)number).ToString(CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Day 0 of a workbook stands for a time of no day.</summary>
    static string Moment(DateTime moment)
    {
        if (moment.Year < 1900)
            return moment.ToString("HH:mm", CultureInfo.InvariantCulture);
        var form = moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss";
        return moment.ToString(form, CultureInfo.InvariantCulture);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rows.Dispose();
        base.Dispose(disposing);
    }
}
