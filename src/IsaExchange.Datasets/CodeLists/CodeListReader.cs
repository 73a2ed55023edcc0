using System.Security.Cryptography;
using System.Text;
using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>Reads one list folder: list.yaml and its edition files with the header code,title,parent,
/// and behind it the lists that codes are part of besides.</summary>
static class CodeListReader
{
    /// <summary>The list; null when anything is wrong, with the faults listed.</summary>
    public static CodeList? Read(string folder, List<SpecFault> faults)
    {
        var before = faults.Count;
        var path = Path.Combine(folder, "list.yaml");
        if (!File.Exists(path))
        {
            faults.Add(new(path, 0, "The code list has no list.yaml.", "Add it."));
            return null;
        }

        if (YamlMap.Root(File.ReadAllText(path), path, faults) is not { } root)
            return null;
        var id = root.Text("id");
        if (id != Path.GetFileName(folder))
            root.Fault(root.LineOf("id"), "The id differs from the name of the folder.", "Make them equal.");
        var (title, publisher) = (root.Text("title"), root.Text("publisher"));
        var parentList = root.OptionalText("parent_list");
        var editions = root.Maps("editions").ConvertAll(m => Edition(m, folder, id, parentList, faults));
        var mappings = root.Maps("mappings");
        root.RefuseOtherWords();
        if (editions.Count == 0)
            root.Fault(root.Line, "The code list has no editions.", "Add at least one.");
        var read = editions.OfType<CodeListEdition>().OrderBy(e => e.ValidFrom).ToList();
        for (var i = 1; i < read.Count; i++)
        {
            if (read[i - 1].IsValidOn(read[i].ValidFrom))
                root.Fault(root.LineOf("editions"),
                    $"Editions {read[i - 1].Edition} and {read[i].Edition} are in force on the same day.",
                    "End the first with valid_to.");
        }

        var reader = new CodeListMappingReader(folder, read, faults);
        var mapped = mappings.ConvertAll(reader.Read).OfType<CodeListMapping>().ToList();
        for (var i = 0; i < mapped.Count; i++)
        {
            if (mapped.FindIndex(m => (m.From, m.To) == (mapped[i].From, mapped[i].To)) < i)
                root.Fault(root.LineOf("mappings"), "Two mappings lead from one edition to the same other.",
                    "Keep one of them.");
        }

        return faults.Count == before ? new CodeList(id, title, publisher, read, mapped) : null;
    }

    static CodeListEdition? Edition(
        YamlMap map, string folder, string id, string? parentList, List<SpecFault> faults)
    {
        var name = map.Text("edition");
        var file = map.Text("file");
        var from = map.Date("valid_from");
        var to = map.Date("valid_to");
        var source = map.Text("source");
        var sha256 = map.OptionalText("sha256");
        var partOf = map.Texts("part_of");
        map.RefuseOtherWords();
        if (partOf.Exists(list => list == parentList || PartOfCheck.IsTaken(list))
            || partOf.Distinct(StringComparer.Ordinal).Count() < partOf.Count)
        {
            map.Fault(map.LineOf("part_of"), $"Edition {name} is part of a list twice, or of one that is no list's id.",
                "Name each list once, and none that is the parents'.");
            return null;
        }

        if (from is null)
            map.Fault(map.Line, $"Edition {name} does not say from when it is valid.", "Add valid_from.");
        if (to < from)
            map.Fault(map.Line, $"Edition {name} ends before it begins.", "Correct its dates.");
        if (file.Length == 0 || Path.GetFileName(file) != file)
        {
            map.Fault(map.Line, $"Edition {name} must name a file of its own folder.", "Write a plain file name.");
            return null;
        }

        var path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            map.Fault(map.Line, $"The file of edition {name} is absent.", "Add it or correct the name.");
            return null;
        }

        // A list in use is never changed, only superseded: an edition that says its digest is held to it.
        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        if (sha256 is not null && sha256 != digest)
        {
            map.Fault(map.Line, $"The file of edition {name} is not the one that was imported.",
                "Import a new edition instead of changing one.");
            return null;
        }

        var rows = Rows(path, partOf, faults);
        return rows is null || from is null
            ? null
            : new(id, name, parentList, from.Value, to, rows) 
            {
                Source = source, Sha256 = digest, PartOfLists = partOf,
            };
    }

    static List<CodeListRow>? Rows(string path, List<string> partOf, List<SpecFault> faults)
    {
        var rows = new List<CodeListRow>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var before = faults.Count;
        string[] header = ["code", "title", "parent", .. partOf];
        using var content = File.OpenRead(path);
        using var records = new CsvRecords(content);
        while (records.Read())
        {
            if (records.Fault != CsvFault.None || records.FieldCount != header.Length)
            {
                var count = partOf.Count == 0 ? "three" : $"{header.Length}";
                faults.Add(new(path, (int)records.Line, $"This line is not a record of {count} fields.",
                    $"Write {string.Join(',', header)} with a comma between."));
                continue;
            }

            string[] fields = [.. Enumerable.Range(0, header.Length).Select(field => Text(records, field))];
            if (records.Number == 0)
            {
                if (!fields.SequenceEqual(header))
                    faults.Add(new(path, 1, $"The header is not {string.Join(',', header)}.",
                        "Write exactly these names."));
            }
            else if (fields[0].Length == 0 || !seen.Add(fields[0]))
                faults.Add(new(path, (int)records.Line, "The code is empty or listed twice.", "Keep one line of it."));
            else
                rows.Add(new(fields[0], fields[1], Named(fields[2]), [.. fields.Skip(3).Select(Named)]));
        }

        if (rows.Count == 0)
            faults.Add(new(path, 0, "The edition holds no codes.", "Add at least one."));
        return faults.Count == before ? rows : null;
    }

    static string? Named(string code) => code.Length == 0 ? null : code;

    static string Text(CsvRecords records, int field) => Encoding.UTF8.GetString(records.Field(field));
}
