using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.OutsideTables;

/// <summary>What became of an import.</summary>
public enum OutsideTableOutcome
{
    /// <summary>The table is new and was written.</summary>
    Written,

    /// <summary>The very same table was there already; nothing was changed.</summary>
    Unchanged,

    /// <summary>Nothing was changed; the faults say why.</summary>
    Refused,
}

/// <summary>The result of an import.</summary>
/// <param name="Table">Null when refused.</param>
public sealed record OutsideTableResult(
    OutsideTableOutcome Outcome, OutsideTable? Table, IReadOnlyList<SpecFault> Faults);

/// <summary>
/// Brings a public table into the policies of a partnership: writes <c>ID/table.csv</c>, byte for byte as it was
/// published, and <c>ID/table.yaml</c>. A table that exists is never changed: releases name it by its digest.
/// </summary>
public static class OutsideTableImport
{
    const int BytesMax = 256 << 20;

    /// <param name="catalog">What its codes are held against.</param>
    /// <param name="folder">Folder of the tables, such as <c>policies/northmere/outside</c>.</param>
    /// <param name="request">Id, dataset, period and source; the rest is read from the file.</param>
    /// <param name="file">The CSV.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static OutsideTableResult Run(
        OutsideTableCatalog catalog, string folder, OutsideTable request, FileInfo file)
    {
        var faults = new List<SpecFault>();
        if (!IsId(request.Id))
            Refuse("The id is not lower-case letters, digits and hyphens.", "Name it like street-2018-q4.");
        if (string.IsNullOrWhiteSpace(request.Source) || request.Source.Any(char.IsControl))
            Refuse("The source is not one line of text.", "Say where the table was published, and when.");
        if (file.Length > BytesMax)
            Refuse($"The file is larger than {BytesMax >> 20} MiB.", "Import it in several tables.");
        if (faults.Count > 0)
            return new OutsideTableResult(OutsideTableOutcome.Refused, null, faults);
        var content = File.ReadAllBytes(file.FullName);
        var wanted = request with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) };
        if (catalog.Read(wanted, file.Name, content, faults) is not { } table)
            return new OutsideTableResult(OutsideTableOutcome.Refused, null, faults);
        var description = Path.Combine(folder, table.Id, OutsideTableCatalog.DescriptionFile);
        if (!File.Exists(description))
        {
            // The numbers first: a folder with a description is whole.
            Directory.CreateDirectory(Path.Combine(folder, table.Id));
            WholeFile.Write(Path.Combine(folder, table.Id, OutsideTableCatalog.NumbersFile), content);
            WholeFile.Write(description, Encoding.UTF8.GetBytes(Describe(table)));
            return new OutsideTableResult(OutsideTableOutcome.Written, table, []);
        }

        if (File.ReadAllText(description) == Describe(table))
            return new OutsideTableResult(OutsideTableOutcome.Unchanged, table, []);
        Refuse("Another table has this id.", "Import it under another one: releases may name the first.");
        return new OutsideTableResult(OutsideTableOutcome.Refused, null, faults);

        void Refuse(string message, string remedy) => faults.Add(new SpecFault(file.Name, 0, message, remedy));
    }

    static bool IsId(string text) => text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    static string Describe(OutsideTable table) => $"""
        id: {table.Id}
        dataset: {table.Dataset}
        first_day: {Iso(table.Start)}
        last_day: {Iso(table.EndExclusive.AddDays(-1))}
        source: {JsonSerializer.Serialize(table.Source)}
        sha256: {table.Sha256}

        """.ReplaceLineEndings("\n");

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
