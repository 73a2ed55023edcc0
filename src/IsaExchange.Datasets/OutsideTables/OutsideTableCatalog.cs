using System.Security.Cryptography;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Datasets.OutsideTables;

/// <summary>The outside tables of a partnership, as they lie in its policies.</summary>
/// <param name="Datasets">What there are specifications of.</param>
/// <param name="CodeLists">Those of the partnership.</param>
/// <param name="Areas">Those of its agreement.</param>
public sealed record OutsideTableCatalog(
    DatasetCatalog Datasets, CodeListCatalog CodeLists, IReadOnlyList<string> Areas)
{
    /// <summary>Folder of the tables below that of a partnership.</summary>
    public const string Folder = "outside";

    internal const string DescriptionFile = "table.yaml";

    internal const string NumbersFile = "table.csv";

    /// <summary>Loads folder/ID/table.yaml with the numbers beside it, in the order of ids. A table with a fault is
    /// left out and its faults listed; a folder that is not there has no tables.</summary>
    public IReadOnlyList<OutsideTable> Load(string folder, out IReadOnlyList<SpecFault> faults)
    {
        var (tables, found) = (new List<OutsideTable>(), new List<SpecFault>());
        if (Directory.Exists(folder))
        {
            foreach (var one in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            {
                if (Read(one, found) is { } table)
                    tables.Add(table);
            }
        }

        faults = found;
        return tables;
    }

    OutsideTable? Read(string folder, List<SpecFault> faults)
    {
        var before = faults.Count;
        var path = Path.Combine(folder, DescriptionFile);
        if (!File.Exists(path))
        {
            faults.Add(new(path, 0, "The outside table has no table.yaml.", "Import it again, or remove the folder."));
            return null;
        }

        if (YamlMap.Root(File.ReadAllText(path), path, faults) is not { } root)
            return null;
        var (id, dataset, source, sha256) = (
            root.Text("id"), root.Text("dataset"), root.Text("source"), root.Text("sha256"));
        var (first, last) = (root.Date("first_day"), root.Date("last_day"));
        root.RefuseOtherWords();
        if (id != Path.GetFileName(folder))
            root.Fault(root.LineOf("id"), "The id differs from the name of the folder.", "Make them equal.");
        if (first is not { } start || last is not { } end || end < start)
            root.Fault(root.Line, "The table does not say of which days it is.", "Write first_day and last_day.");
        else if (faults.Count == before)
        {
            var numbers = Path.Combine(folder, NumbersFile);
            var table = new OutsideTable(id, dataset, start, end.AddDays(1), source, sha256, [], []);
            if (!File.Exists(numbers))
                faults.Add(new(numbers, 0, "The numbers of the table are not there.", "Import it again."));
            else if (Read(table, numbers, File.ReadAllBytes(numbers), faults) is { } read)
                return read;
        }

        return null;
    }

    /// <summary>The table with its numbers; null when anything is wrong.</summary>
    internal OutsideTable? Read(OutsideTable of, string file, byte[] content, ICollection<SpecFault> faults)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != of.Sha256)
            faults.Add(new(file, 0, "The file has another sha256 than the import.", "Restore it, or import it anew."));
        else if (Datasets.Find(of.Dataset) is not { } spec)
            faults.Add(new(file, 0, $"There is no dataset {of.Dataset}.", "Correct the dataset."));
        else if (Columns(spec, of, file, faults) is { } columns)
        {
            var table = new OutsideTableFile(file, columns);
            using var bytes = new MemoryStream(content);
            table.Read(bytes);
            foreach (var fault in table.Faults)
                faults.Add(fault);
            if (table.Faults.Count == 0)
                return of with { Dimensions = table.Dimensions, Rows = table.Rows };
        }

        return null;
    }

    OutsideTableColumns? Columns(DatasetSpec spec, OutsideTable of, string file, ICollection<SpecFault> faults)
    {
        try
        {
            return new OutsideTableColumns(
                ValidationPlan.Compile(spec, CodeLists, of.Start, of.EndExclusive, Areas));
        }
        catch (PlanFaultException e)
        {
            faults.Add(new(file, 0, e.Message, "Import the code lists of the period first."));
            return null;
        }
    }
}
