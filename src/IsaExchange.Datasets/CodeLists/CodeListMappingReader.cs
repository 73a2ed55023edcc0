using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>
/// Reads the <c>mappings</c> of a list.yaml: each a file with the header <c>from,to,kind,share</c>. A mapping that is
/// silent about a code of its first edition, or names one that is in neither, is refused.
/// </summary>
sealed class CodeListMappingReader(string folder, IReadOnlyList<CodeListEdition> editions, List<SpecFault> faults)
{
    // Shares are published with a few decimals each.
    const decimal Rounding = 0.005m;

    sealed record Row(long Line, string To, string Kind, decimal? Share);

    /// <summary>Null, with faults, when it is not a whole mapping.</summary>
    public CodeListMapping? Read(YamlMap map)
    {
        var (from, to) = (Edition(map, "from"), Edition(map, "to"));
        var file = map.Text("file");
        var source = map.Text("source");
        var sha256 = map.OptionalText("sha256");
        map.RefuseOtherWords();
        if (from is not null && ReferenceEquals(from, to))
            map.Fault(map.Line, "A mapping leads from an edition to another.", "Name two editions.");
        var path = Path.Combine(folder, Path.GetFileName(file));
        if (Path.GetFileName(file) != file || !File.Exists(path))
        {
            map.Fault(map.Line, "The file of a mapping is absent, or not of the list's own folder.",
                "Add it or correct the name.");
            return null;
        }

        if (sha256 is not null && sha256 != Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))))
        {
            map.Fault(map.Line, "The file of a mapping is not the one that list.yaml names.",
                "Restore it, or write the digest of the file that was agreed.");
            return null;
        }

        var before = faults.Count;
        if (from is null || to is null || Rows(path) is not { } rows)
            return null;
        foreach (var silent in Enumerable.Range(0, from.Count).Select(from.Code).Where(c => !rows.ContainsKey(c)))
            Fault(path, 0, $"The mapping says nothing of {silent}.", "Add what it became, or that it ended.");
        var codes = Codes(path, from, to, rows);
        return faults.Count == before ? new CodeListMapping(from, to, source, codes) : null;
    }

    CodeListEdition? Edition(YamlMap map, string word)
    {
        var name = map.Text(word);
        var found = editions.FirstOrDefault(e => e.Edition == name);
        if (found is null && name.Length > 0)
            map.Fault(map.LineOf(word), $"The list has no edition {name}.", "Import it, or correct the mapping.");
        return found;
    }

    Dictionary<string, List<Row>>? Rows(string path)
    {
        var rows = new Dictionary<string, List<Row>>(StringComparer.Ordinal);
        var before = faults.Count;
        using var content = File.OpenRead(path);
        using var records = new CsvRecords(content);
        while (records.Read())
        {
            if (records.Fault != CsvFault.None || records.FieldCount != 4)
            {
                Fault(path, records.Line, "This line is not a record of four fields.",
                    "Write from,to,kind,share with commas between.");
                continue;
            }

            var (from, to, kind, share) =
                (Text(records, 0), Text(records, 1), Text(records, 2), Text(records, 3));
            if (records.Number == 0)
            {
                if ((from, to, kind, share) is not ("from", "to", "kind", "share"))
                    Fault(path, 1, "The header is not from,to,kind,share.", "Write exactly these names.");
                continue;
            }

            decimal? part = null;
            if (share.Length > 0)
            {
                if (decimal.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var read)
                    && read is > 0 and <= 1)
                    part = read;
                else
                    Fault(path, records.Line, "The share is not above 0 and at most 1.", "Write it like 0.25.");
            }

            if (!rows.TryGetValue(from, out var of))
                rows[from] = of = [];
            of.Add(new Row(records.Line, to, kind, part));
        }

        return faults.Count == before ? rows : null;
    }

    Dictionary<string, (CodeSuccession, CodeSuccessor[])> Codes(
        string path, CodeListEdition from, CodeListEdition to, Dictionary<string, List<Row>> rows)
    {
        var reached = rows.Values.SelectMany(r => r).CountBy(r => r.To, StringComparer.Ordinal)
            .ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var codes = new Dictionary<string, (CodeSuccession, CodeSuccessor[])>(StringComparer.Ordinal);
        foreach (var (code, of) in rows)
        {
            var line = of[0].Line;
            if (from.IndexOf(code) < 0)
                Fault(path, line, $"{code} is not in edition {from.Edition}.", "Correct or remove it.");
            foreach (var row in of.Where(r => r.To.Length > 0 && to.IndexOf(r.To) < 0))
                Fault(path, row.Line, $"{row.To} is not in edition {to.Edition}.", "Correct it.");
            if (Problem(of, reached) is { } problem)
                Fault(path, line, $"{code}: {problem}.", "See policies/datasets/README.md for the kinds.");
            else
                codes.Add(code, (KindOf(of[0].Kind)!.Value,
                    [.. of.Where(r => r.To.Length > 0).Select(r => new CodeSuccessor(r.To, r.Share))]));
        }

        return codes;
    }

    static string? Problem(List<Row> of, Dictionary<string, int> reached)
    {
        if (KindOf(of[0].Kind) is not { } kind || of.Exists(r => r.Kind != of[0].Kind))
            return "its kind is not one of same, merged, split, inseparable, ended, the same in each of its lines";
        if (of.Select(r => r.To).Distinct(StringComparer.Ordinal).Count() < of.Count)
            return "it becomes one code twice";
        if (kind != CodeSuccession.Ended && of.Exists(r => r.To.Length == 0))
            return "it becomes no code and has not ended";
        if (kind != CodeSuccession.Split && of.Exists(r => r.Share is not null))
            return "only what was split has shares";
        return kind switch
        {
            CodeSuccession.Same when of.Count > 1 || reached[of[0].To] > 1 => "others became the same code",
            CodeSuccession.Merged when of.Count > 1 || reached[of[0].To] < 2 => "nothing was merged with it",
            CodeSuccession.Split when of.Count < 2 => "it was split into one",
            CodeSuccession.Split when Math.Abs(of.Sum(r => r.Share ?? 0) - 1) > Rounding
                => "its shares do not add up to 1",
            CodeSuccession.Inseparable when of.Count < 2 => "it became one code, which is no reason to be inseparable",
            CodeSuccession.Ended when of.Count > 1 || of[0].To.Length > 0 => "it ended and became a code",
            _ => null,
        };
    }

    internal static CodeSuccession? KindOf(string word) => word switch
    {
        "same" => CodeSuccession.Same,
        "merged" => CodeSuccession.Merged,
        "split" => CodeSuccession.Split,
        "inseparable" => CodeSuccession.Inseparable,
        "ended" => CodeSuccession.Ended,
        _ => null,
    };

    void Fault(string path, long line, string message, string remedy) =>
        faults.Add(new(path, (int)line, message, remedy));

    static string Text(CsvRecords records, int field) => Encoding.UTF8.GetString(records.Field(field));
}
