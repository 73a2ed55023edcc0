using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Datasets.CodeLists;

/// <summary>One dated edition of a code list. Immutable and safe to share.</summary>
public sealed class CodeListEdition
{
    readonly string[] _codes;
    readonly string[] _titles;
    readonly string?[] _parents;
    readonly string?[][] _partOf;
    readonly CodeIndex _index;

    internal CodeListEdition(string listId, string edition, string? parentList, DateOnly validFrom, DateOnly? validTo,
        IReadOnlyList<CodeListRow> rows)
    {
        ListId = listId;
        Edition = edition;
        ParentList = parentList;
        ValidFrom = validFrom;
        ValidTo = validTo;
        _codes = [.. rows.Select(r => r.Code)];
        _titles = [.. rows.Select(r => r.Title)];
        _parents = [.. rows.Select(r => r.Parent)];
        _partOf = [.. rows.Select(r => r.PartOf)];
        _index = new CodeIndex(_codes);
    }

    public string ListId { get; }

    public string Edition { get; }

    /// <summary>The list that <see cref="Parent"/> speaks of; it may be one written in a specification.</summary>
    public string? ParentList { get; }

    /// <summary>Further lists that codes are part of: they need not nest in the parents, as wards do not.</summary>
    public IReadOnlyList<string> PartOfLists { get; internal init; } = [];

    public DateOnly ValidFrom { get; }

    /// <summary>Last day, included; null = until further notice.</summary>
    public DateOnly? ValidTo { get; }

    /// <summary>Where its file came from, for people.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>SHA-256 of its file in lower-case hexadecimal.</summary>
    public string Sha256 { get; internal init; } = "";

    /// <summary>
    /// SHA-256 of all that decides what its codes mean, in lower-case hexadecimal: its file, and of list.yaml its name,
    /// its first day, the list of its parents and those that codes are part of besides. What was validated against it
    /// must not change. Its last day is left out: a later edition ends it, and it still means the same on every day
    /// before.
    /// </summary>
    public string MeaningSha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"isaexchange-code-list v1\nlist {ListId}\nedition {Edition}\nvalid_from {ValidFrom:yyyy-MM-dd}\n"
        + $"parent_list {ParentList}\nfile {Sha256}\n{MeaningOfParts}"))));

    /// <summary>An edition that names none means what it always meant.</summary>
    string MeaningOfParts => PartOfLists.Count == 0 ? "" : $"part_of {string.Join(',', PartOfLists)}\n";

    public int Count => _codes.Length;

    /// <summary>
    /// Position of a code, -1 when it is not in this edition. Exact bytes: no case folding, no trimming.
    /// </summary>
    public int IndexOf(ReadOnlySpan<byte> utf8Code) => _index.Find(utf8Code);

    public int IndexOf(string code) => _index.Find(code);

    public string Code(int i) => _codes[i];

    public string Title(int i) => _titles[i];

    public string? Parent(int i) => _parents[i];

    /// <summary>The code of the list <paramref name="list"/>, by its place in <see cref="PartOfLists"/>, that a code is
    /// part of; null when it is part of none.</summary>
    public string? PartOf(int i, int list) => _partOf[i][list];

    internal CodeIndex Index => _index;

    internal bool IsValidOn(DateOnly day) => ValidFrom <= day && (ValidTo is not { } last || day <= last);
}

/// <summary>A line of an edition's file.</summary>
/// <param name="PartOf">For each further list the code it is part of; null for none.</param>
readonly record struct CodeListRow(string Code, string Title, string? Parent, string?[] PartOf);
