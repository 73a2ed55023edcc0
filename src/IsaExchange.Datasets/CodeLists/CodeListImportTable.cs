using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>
/// The codes of a publisher's file: one a code, however many lines the publisher's lookup has for it, sorted by code.
/// </summary>
sealed class CodeListImportTable(CodeListImportRequest request)
{
    /// <summary>More codes than any list that people classify by; a file beyond it is the wrong file.</summary>
    const int MaxCodes = 1_000_000;
    const int MaxFieldBytes = 1_000;

    readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    readonly List<CodeListImportFault> _faults = [];
    int _code;
    int _title;
    int _parent;
    int[] _partOf = [];
    int _only = -1;

    sealed record Entry(string Title, string Parent, string[] PartOf, long Line);

    public IReadOnlyList<CodeListImportFault> Faults => _faults;

    public int Codes => _entries.Count;

    public int WithoutParent =>
        request.ParentColumn is null ? 0 : _entries.Values.Count(entry => entry.Parent.Length == 0);

    public IReadOnlyList<(string List, int Codes)> WithoutPart =>
        [.. request.PartOf.Select((of, at) => (of.List, _entries.Values.Count(e => e.PartOf[at].Length == 0)))];

    /// <summary>Lists a code that is part of what another list does not have.</summary>
    public void Require(int partOf, Func<string, bool> isKnown)
    {
        foreach (var entry in _entries.Values.Where(e => e.PartOf[partOf].Length > 0 && !isKnown(e.PartOf[partOf])))
            Add(entry.Line, $"what the code is part of is not in {request.PartOf[partOf].List}",
                "Import the edition that holds it, or correct the line.");
    }

    public void Read(Stream csv)
    {
        var options = new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MaxRecordSize = 1 << 20,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
        };
        using var reader = CsvReader.Create(csv, options, leaveOpen: true);
        try
        {
            if (!reader.Read())
                Add(0, "the file is empty", "Download it again.");
            else if (ReadHeader(reader))
                ReadRecords(reader);
        }
        catch (CsvFormatException e)
        {
            Add(e.LineNumber, "not a record of RFC 4180 with as many fields as the header", "Download the file again.");
        }

        if (_faults.Count == 0 && _entries.Count == 0)
            Add(0, "the file holds no codes", "Check that it is the publisher's CSV.");
    }

    /// <summary>The edition's file: header <c>code,title,parent</c> and the further lists, RFC 4180, LF.</summary>
    public byte[] ToCsv()
    {
        using var bytes = new MemoryStream();
        using (var writer = CsvWriter.Create(bytes, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            writer.WriteField("code");
            writer.WriteField("title");
            writer.WriteField("parent");
            foreach (var (_, list) in request.PartOf)
                writer.WriteField(list);
            writer.EndRecord();
            foreach (var (code, entry) in _entries)
            {
                writer.WriteField(code);
                writer.WriteField(entry.Title);
                writer.WriteField(entry.Parent);
                foreach (var of in entry.PartOf)
                    writer.WriteField(of);
                writer.EndRecord();
            }
        }

        return bytes.ToArray();
    }

    bool ReadHeader(CsvReader reader)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(field => Text(reader, field)).ToList();
        _code = Find(request.CodeColumn);
        _title = Find(request.TitleColumn);
        _parent = request.ParentColumn is { } parent ? Find(parent) : -1;
        _partOf = [.. request.PartOf.Select(of => Find(of.Column))];
        _only = request.Only is { } only ? Find(only.Column) : -1;
        return _faults.Count == 0;

        int Find(string column)
        {
            var at = names.IndexOf(column);
            if (at < 0 || names.LastIndexOf(column) != at)
                Add(1, $"the header must have one column '{column}'", "Correct the column's name in the request.");
            return at;
        }
    }

    void ReadRecords(CsvReader reader)
    {
        while (reader.Read() && _faults.Count < CodeListImport.MaxFaults)
        {
            if (!Utf8.IsValid(reader.RawRecord) || reader.RawRecord.Contains((byte)0))
                Add(reader.LineNumber, "the bytes are not UTF-8 text", "Download the file as 'CSV UTF-8'.");
            else if (_only < 0 || Text(reader, _only) == request.Only!.Value.Value)
                AddCode(reader);
            if (_entries.Count <= MaxCodes)
                continue;
            Add(reader.LineNumber, $"more than {MaxCodes} codes", "Check that it is a list of codes.");
            return;
        }
    }

    void AddCode(CsvReader reader)
    {
        var code = Text(reader, _code);
        var entry = new Entry(
            Text(reader, _title), _parent < 0 ? "" : Text(reader, _parent),
            [.. _partOf.Select(field => Text(reader, field))], reader.LineNumber);
        if (code.Length == 0)
            Add(entry.Line, "the code is empty", "Remove the line.");
        else if (entry.PartOf.Append(code).Append(entry.Title).Append(entry.Parent).Max(f => f.Length) > MaxFieldBytes)
            Add(entry.Line, "a field is longer than any code or title", "Look for a quote that is never closed.");
        else if (_entries.TryAdd(code, entry))
            return;
        else if (_entries[code].Parent != entry.Parent)
            Add(entry.Line, $"another parent for the code of line {_entries[code].Line}", "A code has one parent.");
        else if (!_entries[code].PartOf.SequenceEqual(entry.PartOf))
            Add(entry.Line, $"the code of line {_entries[code].Line} is part of something else there",
                "A code is part of one code of each list.");
        else if (_entries[code].Title != entry.Title)
            Add(entry.Line, $"another title for the code of line {_entries[code].Line}", "A code has one title.");
    }

    // Publishers' spreadsheets leave spaces about; a code that differs by a space from itself helps nobody.
    static string Text(CsvReader reader, int field) => Encoding.UTF8.GetString(reader.GetSpan(field)).Trim();

    void Add(long line, string description, string remedy) =>
        _faults.Add(new CodeListImportFault(line, description, remedy));
}
