using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>
/// Imports one edition of a code list from its publisher's CSV (ONS Open Geography layout: one line a code or one line
/// a lookup pair). Writes <c>LIST/EDITION.csv</c> with the header <c>code,title,parent</c>, behind it a column for each
/// further list that codes are part of, and the list's <c>list.yaml</c>. An edition that exists is never changed: what
/// was validated against it must stay explicable.
/// </summary>
public static class CodeListImport
{
    /// <summary>How many faults are listed.</summary>
    public const int MaxFaults = 100;

    const int MaxListBytes = 1 << 20;

    /// <summary>
    /// Imports. The edition that was in force until further notice ends on the day before the new one begins.
    /// </summary>
    /// <param name="csv">The publisher's file: UTF-8 with a header; read once, forward, and left open.</param>
    /// <param name="codelistsFolder">Folder of the lists, such as <c>policies/northmere/codelists</c>.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static CodeListImportResult Run(Stream csv, CodeListImportRequest request, string codelistsFolder)
    {
        if (CheckRequest(request) is { Count: > 0 } unclear)
            return CodeListImportResult.Refuse(unclear);
        var table = new CodeListImportTable(request);
        table.Read(csv);
        if (table.Faults.Count == 0 && CheckParts(request, table, codelistsFolder) is { Count: > 0 } unfit)
            return CodeListImportResult.Refuse(unfit);
        if (table.Faults.Count > 0)
            return CodeListImportResult.Refuse([.. table.Faults.Take(MaxFaults)]);
        var content = table.ToCsv();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var folder = Path.Combine(codelistsFolder, request.ListId);
        var path = Path.Combine(folder, $"{request.Edition}.csv");
        var list = Plan(request, folder, sha256, out var faults, out var outcome);
        if (faults.Count > 0)
            return CodeListImportResult.Refuse(faults);
        if (outcome == CodeListImportOutcome.Written)
            Write(folder, path, content, list);
        return new CodeListImportResult(outcome, path, sha256, table.Codes, table.WithoutParent, [])
        {
            WithoutPart = table.WithoutPart,
        };
    }

    /// <summary>Other than the parents', these lists must be there: tables are published by them.</summary>
    static List<CodeListImportFault> CheckParts(
        CodeListImportRequest request, CodeListImportTable table, string codelistsFolder)
    {
        var faults = new List<CodeListImportFault>();
        if (request.PartOf.Count == 0)
            return faults;
        var lists = CodeListCatalog.Load(codelistsFolder, out _).All
            .ToDictionary(list => list.Id, StringComparer.Ordinal);
        var check = new PartOfCheck(lists);
        foreach (var (at, (_, list)) in request.PartOf.Index())
        {
            if (check.Problem(request.ListId, list) is { } problem)
                faults.Add(new CodeListImportFault(0, problem, "Import that list first, or leave the column out."));
            else
                table.Require(at, code => check.Has(list, code));
        }

        return faults;
    }

    static List<CodeListImportFault> CheckRequest(CodeListImportRequest request)
    {
        var faults = new List<CodeListImportFault>();
        if (!IsName(request.ListId) || request.ListId.Any(c => char.IsAsciiLetterUpper(c) || c is '.' or '_'))
            Refuse("the list's id is not lower-case letters, digits and hyphens", "Name it like 'lsoa'.");
        if (!IsName(request.Edition))
            Refuse("the edition's name cannot be a file's name", "Name it like '2018-12'.");
        if (request.ValidTo < request.ValidFrom)
            Refuse("the edition ends before it begins", "Correct its dates.");
        if (request.ParentColumn is null != request.ParentList is null)
            Refuse("a parent needs both its column and its list", "Give both or neither.");
        if (request.ParentList is { } parent && !IsName(parent))
            Refuse("the parent list's id is not a list's id", "Name it like 'lad'.");
        if (request.PartOf.Any(of => !IsName(of.List) || PartOfCheck.IsTaken(of.List)
            || of.List == request.ParentList)
            || request.PartOf.Select(of => of.List).Distinct(StringComparer.Ordinal).Count() < request.PartOf.Count)
            Refuse("what codes are part of is no list's id, or is named twice", "Name each list once, like 'ward'.");
        if (!new[] { request.Title, request.Publisher, request.Source }.All(IsLine))
            Refuse("title, publisher and source must each be one line of text", "Fill them in.");
        return faults;

        void Refuse(string description, string remedy) =>
            faults.Add(new CodeListImportFault(0, description, remedy));
    }

    static bool IsName(string text) =>
        text.Length is > 0 and <= 64
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');

    static bool IsLine(string text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF');

    /// <summary>The list as it will be, or why it cannot be so.</summary>
    static CodeListImportList Plan(
        CodeListImportRequest request,
        string folder,
        string sha256,
        out IReadOnlyList<CodeListImportFault> faults,
        out CodeListImportOutcome outcome)
    {
        var file = $"{request.Edition}.csv";
        var edition = new CodeListImportList.Edition(
            request.Edition, file, request.ValidFrom, request.ValidTo, request.Source, sha256)
        {
            PartOf = string.Join(',', request.PartOf.Select(of => of.List)),
        };
        var wanted = new CodeListImportList(
            request.ListId, request.Title, request.Publisher, request.ParentList, [edition]);
        outcome = CodeListImportOutcome.Written;
        faults = [];
        var onDisk = Path.Combine(folder, file);
        var fileSha256 = File.Exists(onDisk) ? HashOf(onDisk) : null;
        if (!File.Exists(Path.Combine(folder, "list.yaml")))
        {
            // A crash between the two renames leaves an edition that no list names; the same import completes it.
            if (fileSha256 is not null && fileSha256 != sha256)
                faults = Refusal($"{file} is there but no list.yaml names it", "Delete the file if nothing uses it.");
            return wanted;
        }

        if (ReadList(folder) is not { } list)
            faults = Refusal("list.yaml cannot be read as a list with editions", "Correct list.yaml.");
        else if ((list.Id, list.Title, list.Publisher, list.ParentList)
            != (wanted.Id, wanted.Title, wanted.Publisher, wanted.ParentList))
            faults = Refusal("the list has another id, title, publisher or parent list", "Import under another id.");
        else if (list.Editions.FirstOrDefault(other => other.Name == request.Edition) is { } same)
            faults = Compare(same, edition, fileSha256, out outcome);
        else if (fileSha256 is not null && fileSha256 != sha256)
            faults = Refusal($"{file} is there but list.yaml does not name it", "Delete the file if nothing uses it.");
        else
            return Add(list, edition, out faults);
        return wanted;
    }

    static IReadOnlyList<CodeListImportFault> Compare(
        CodeListImportList.Edition same,
        CodeListImportList.Edition edition,
        string? fileSha256,
        out CodeListImportOutcome outcome)
    {
        outcome = CodeListImportOutcome.Unchanged;
        if (fileSha256 != same.Sha256)
            return Refusal($"{same.File} is not the file that list.yaml names", "Restore it from version control.");
        // An edition that was superseded ended then; importing it once more does not open it again.
        var asGiven = edition with { ValidTo = edition.ValidTo ?? same.ValidTo };
        return same == asGiven
            ? []
            : Refusal("the edition exists with other codes, dates or source", "Supersede it with a new edition.");
    }

    static CodeListImportList Add(
        CodeListImportList list, CodeListImportList.Edition edition, out IReadOnlyList<CodeListImportFault> faults)
    {
        var day = edition.ValidFrom;
        var editions = list.Editions
            .Select(old => old.ValidTo is null && old.ValidFrom < day ? old with { ValidTo = day.AddDays(-1) } : old)
            .ToList();
        faults = editions.Exists(edition.Overlaps)
            ? Refusal("another edition is in force on the same days", "Say when this edition begins and ends.")
            : [];
        return list with { Editions = [.. editions.Append(edition).OrderBy(each => each.ValidFrom)] };
    }

    static IReadOnlyList<CodeListImportFault> Refusal(string description, string remedy) =>
        [new CodeListImportFault(0, description, remedy)];

    static CodeListImportList? ReadList(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, "list.yaml"));
        return file.Length > MaxListBytes ? null : CodeListImportList.Parse(File.ReadAllText(file.FullName));
    }

    internal static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>The edition first, the list that names it second: whoever reads the list finds every edition.</summary>
    internal static void Write(string folder, string path, byte[] content, CodeListImportList list)
    {
        Directory.CreateDirectory(folder);
        WholeFile.Write(path, content);
        WholeFile.Write(Path.Combine(folder, "list.yaml"), Encoding.UTF8.GetBytes(list.ToYaml()));
    }
}
