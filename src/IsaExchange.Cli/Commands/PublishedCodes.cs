using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace IsaExchange.Cli.Commands;

/// <summary>One code of an edition. <paramref name="Parent"/> is empty where the list has none.</summary>
sealed record PublishedCode(string Code, string Title, string Parent);

/// <summary>Reads a publisher's CSV (ONS Open Geography layout: a header, one column each for code, name and parent).</summary>
static class PublishedCodes
{
    /// <summary>The codes, each once, in ordinal order. A lookup file repeats a code for each of its children; that is fine.</summary>
    /// <exception cref="VerbException">Validation: the file says two things of one code, or is not such a file.</exception>
    public static List<PublishedCode> Read(string path, string codeColumn, string? titleColumn, string? parentColumn)
    {
        var codes = new SortedDictionary<string, PublishedCode>(StringComparer.Ordinal);
        var options = new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
            MaxRecordSize = 1 << 20,
        };
        using var content = File.OpenRead(path);
        using var reader = CsvReader.Create(content, options);
        try
        {
            if (!reader.Read()) throw Fault(path, 1, "the file is empty");
            var header = Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader, i, path)).ToList();
            var code = Column(header, codeColumn, path);
            var title = titleColumn is null ? code : Column(header, titleColumn, path);
            var parent = parentColumn is null ? -1 : Column(header, parentColumn, path);
            while (reader.Read())
            {
                var read = new PublishedCode(
                    Text(reader, code, path), Text(reader, title, path), parent < 0 ? "" : Text(reader, parent, path));
                if (read.Code.Length == 0) throw Fault(path, reader.LineNumber, "the code is empty");
                if (!codes.TryAdd(read.Code, read) && codes[read.Code] != read)
                    throw Fault(path, reader.LineNumber, $"{read.Code} stands here with another title or parent than before");
            }
        }
        catch (CsvFormatException e)
        {
            throw Fault(path, e.LineNumber, "this is not a record of CSV with as many fields as the header");
        }
        return codes.Count > 0 ? [.. codes.Values] : throw Fault(path, 1, "the file holds no codes");
    }

    static int Column(List<string> header, string name, string path)
    {
        var at = header.IndexOf(name);
        return at >= 0
            ? at
            : throw new VerbException(ExitCode.Usage, $"{path} has no column {name}", $"its columns: {string.Join(", ", header)}");
    }

    static string Text(CsvReader reader, int field, string path)
    {
        var bytes = reader.GetSpan(field);
        if (!Utf8.IsValid(bytes)) throw Fault(path, reader.LineNumber, "this is not UTF-8");
        return Encoding.UTF8.GetString(bytes).Trim();
    }

    static VerbException Fault(string path, long line, string message) =>
        new(ExitCode.ValidationErrors, $"{path}, line {line}: {message}");
}
