using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>What to import as a mapping between two editions that the list holds already.</summary>
public sealed record CodeListMappingRequest
{
    public required string ListId { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>Column of the publisher's lookup that holds the earlier code.</summary>
    public required string FromColumn { get; init; }

    /// <summary>Column that holds the later code; empty where the code ended.</summary>
    public required string ToColumn { get; init; }

    /// <summary>Column with the part of the earlier code, from 0 to 1; null when the file has none.</summary>
    public string? ShareColumn { get; init; }

    /// <summary>Where the file came from, for people.</summary>
    public required string Source { get; init; }
}

/// <summary>What became of the import of a mapping.</summary>
/// <param name="Mapping">As the loader reads it; null when refused.</param>
public sealed record CodeListMappingResult(
    CodeListImportOutcome Outcome, string? Path, CodeListMapping? Mapping, IReadOnlyList<CodeListImportFault> Faults);

/// <summary>
/// Imports how codes of one edition answer those of another from a publisher's lookup, one line a pair, as the best fit
/// of small areas or a history of districts is published. What each code became follows from the pairs. A mapping that
/// exists is never changed.
/// </summary>
public static class CodeListMappingImport
{
    /// <param name="csv">The publisher's lookup: UTF-8 with a header; read once, forward, and left open.</param>
    /// <param name="request">What it is.</param>
    /// <param name="codelistsFolder">Folder of the lists, such as <c>policies/northmere/codelists</c>.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static CodeListMappingResult Run(Stream csv, CodeListMappingRequest request, string codelistsFolder)
    {
        var folder = Path.Combine(codelistsFolder, Path.GetFileName(request.ListId));
        var yaml = Path.Combine(folder, "list.yaml");
        if (!File.Exists(yaml) || CodeListImportList.Parse(File.ReadAllText(yaml)) is not { } list)
            return Refused(new CodeListImportFault(0, "there is no such list, or not as an import wrote it",
                "Import its editions first."));
        var faults = new List<CodeListImportFault>();
        var pairs = Pairs(csv, request, faults);
        if (faults.Count > 0)
            return Refused([.. faults.Take(CodeListImport.MaxFaults)]);
        var content = Encoding.UTF8.GetBytes(Content(pairs));
        var file = $"{request.From}-to-{request.To}.csv";
        var mapping = new CodeListImportList.Mapping(
            request.From, request.To, file, request.Source, Convert.ToHexStringLower(SHA256.HashData(content)));
        var path = Path.Combine(folder, file);
        var there = list.Mappings.FirstOrDefault(m => (m.From, m.To) == (request.From, request.To));
        if (there is not null && there.Sha256 != mapping.Sha256)
            return Refused(new CodeListImportFault(0, "the mapping exists with other codes",
                "What was mapped by it must stay explicable: map from or to a new edition."));
        var onDisk = Path.Combine(folder, Path.GetFileName(there?.File ?? file));
        var fileSha256 = File.Exists(onDisk) ? CodeListImport.HashOf(onDisk) : null;
        if (there is not null && fileSha256 != there.Sha256)
            return Refused(new CodeListImportFault(0, $"{there.File} is not the file that list.yaml names",
                "Restore it from version control."));
        // A crash between the two renames leaves a mapping that no list names; the same import completes it.
        if (there is null && fileSha256 is not null && fileSha256 != mapping.Sha256)
            return Refused(new CodeListImportFault(0, $"{file} is there but list.yaml does not name it",
                "Delete the file if nothing uses it."));
        var wanted = there is null ? list with { Mappings = [.. list.Mappings, mapping] } : list;
        if (Load(folder, path, content, wanted, faults) is not { } loaded)
            return Refused([.. faults.Take(CodeListImport.MaxFaults)]);
        if (there is not null)
            return new(CodeListImportOutcome.Unchanged, path, loaded, []);
        CodeListImport.Write(folder, path, content, wanted);
        return new(CodeListImportOutcome.Written, path, loaded, []);
    }

    static CodeListMappingResult Refused(params IReadOnlyList<CodeListImportFault> faults) =>
        new(CodeListImportOutcome.Refused, null, null, faults);

    static Dictionary<string, List<(string To, string Share)>> Pairs(
        Stream csv, CodeListMappingRequest request, List<CodeListImportFault> faults)
    {
        var pairs = new Dictionary<string, List<(string To, string Share)>>(StringComparer.Ordinal);
        using var records = new CsvRecords(csv);
        var (from, to, share) = (-1, -1, -1);
        while (records.Read() && faults.Count < CodeListImport.MaxFaults)
        {
            if (records.Fault != CsvFault.None)
                faults.Add(new(records.Line, "not a record of RFC 4180 in UTF-8", "Download the file again."));
            else if (records.Number == 0)
            {
                (from, to) = (Column(request.FromColumn), Column(request.ToColumn));
                share = request.ShareColumn is { } column ? Column(column) : -1;
                if (faults.Count > 0)
                    break;
            }
            else if (Math.Max(Math.Max(from, to), share) >= records.FieldCount)
                faults.Add(new(records.Line, "fewer fields than the header", "Download the file again."));
            else if (Text(from) is not { Length: > 0 } code)
                faults.Add(new(records.Line, "the earlier code is empty", "Remove the line."));
            else
                Add(code, (Text(to), share < 0 ? "" : Text(share)));
        }

        if (pairs.Count == 0 && faults.Count == 0)
            faults.Add(new(0, "the file holds no codes", "Check that it is the publisher's CSV."));
        return pairs;

        void Add(string code, (string To, string Share) pair)
        {
            if (!pairs.TryGetValue(code, out var known))
                pairs[code] = known = [];
            if (!known.Contains(pair))
                known.Add(pair);
        }

        int Column(string name)
        {
            for (var i = 0; i < records.FieldCount; i++)
            {
                if (Text(i) == name)
                    return i;
            }

            faults.Add(new(1, $"the header has no column '{name}'", "Correct the column's name in the request."));
            return -1;
        }

        string Text(int field) => Encoding.UTF8.GetString(records.Field(field)).Trim();
    }

    static string Content(Dictionary<string, List<(string To, string Share)>> pairs)
    {
        var reached = pairs.Values.SelectMany(p => p).CountBy(p => p.To, StringComparer.Ordinal)
            .ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var text = new StringBuilder("from,to,kind,share\n");
        foreach (var (code, became) in pairs.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var kind = Kind(became, reached);
            foreach (var (to, share) in became.OrderBy(b => b.To, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture,
                    $"{Field(code)},{Field(to)},{kind},{(kind == "split" ? share : "")}\n");
        }

        return text.ToString();
    }

    static string Kind(List<(string To, string Share)> became, Dictionary<string, int> reached) => became switch
    {
        [{ To: "" }] => "ended",
        [var only] => reached[only.To] > 1 ? "merged" : "same",
        _ => became.TrueForAll(b => b.Share.Length > 0) ? "split" : "inseparable",
    };

    static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The loader is the authority: the mapping is read as it would be before anything is written.</summary>
    static CodeListMapping? Load(
        string folder, string path, byte[] content, CodeListImportList wanted, List<CodeListImportFault> faults)
    {
        var trial = Directory.CreateTempSubdirectory("isax-mapping-").FullName;
        try
        {
            var copy = Directory.CreateDirectory(Path.Combine(trial, wanted.Id)).FullName;
            foreach (var file in wanted.Editions.Select(e => e.File).Concat(wanted.Mappings.Select(m => m.File)))
            {
                var source = Path.Combine(folder, Path.GetFileName(file));
                if (File.Exists(source))
                    File.Copy(source, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
            }

            File.WriteAllBytes(Path.Combine(copy, Path.GetFileName(path)), content);
            File.WriteAllText(Path.Combine(copy, "list.yaml"), wanted.ToYaml());
            var found = new List<Specs.SpecFault>();
            var list = CodeListReader.Read(copy, found);
            faults.AddRange(found.Select(f => new CodeListImportFault(0, f.Message.TrimEnd('.'), f.Remedy)));
            return list?.Mappings.FirstOrDefault(
                m => Path.GetFileName(path) == $"{m.From.Edition}-to-{m.To.Edition}.csv");
        }
        finally
        {
            Directory.Delete(trial, recursive: true);
        }
    }
}
