using System.Globalization;

namespace IsaExchange.Exchange;

/// <summary>
/// How ids are spelt in resource names: letters, digits and hyphens, at most 63. What is spelt otherwise names nothing,
/// and so it does not reach the log, which cannot forget it.
/// </summary>
static class Segments
{
    const int LengthMax = 63;
    const int CountMax = 8;

    /// <summary>The parts of a name between its slashes; none when one of them cannot be part of any name.</summary>
    public static string[] Of(string name)
    {
        if (name.Length > CountMax * (LengthMax + 1))
            return [];
        var parts = name.Split('/');
        return Array.TrueForAll(parts, IsSegment) ? parts : [];
    }

    static bool IsSegment(string part) => part.Length is > 0 and <= LengthMax && part.All(c =>
        char.IsAsciiLetter(c) || char.IsAsciiDigit(c) || c == '-');
}

/// <summary>agreements/{agreement}/parties/{party}/datasets/{dataset}[/submissions/{submission}]</summary>
public sealed record SubmissionName(string Agreement, string Party, string Dataset, string Id)
{
    /// <summary>Parses a submission's name; NOT_FOUND for anything else, as for one that does not exist.</summary>
    public static SubmissionName Parse(string name)
    {
        var parts = Segments.Of(name);
        return parts is ["agreements", var a, "parties", var p, "datasets", var d, "submissions", var s]
            && parts.All(part => part.Length > 0)
            ? new SubmissionName(a, p, d, s)
            : throw ExchangeException.NotFound(Quoted(name));
    }

    /// <summary>Parses the parent of submissions.</summary>
    public static SubmissionName ParseParent(string parent)
    {
        var parts = Segments.Of(parent);
        return parts is ["agreements", { Length: > 0 } a, "parties", { Length: > 0 } p, "datasets", { Length: > 0 } d]
            ? new SubmissionName(a, p, d, "")
            : throw ExchangeException.NotFound(Quoted(parent));
    }

    /// <summary>A name as it may stand in a message: bounded, and only characters that names have.</summary>
    public static string Quoted(string name) =>
        name.Length <= 256 && name.All(
            c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '.' or '_') ? name : "The resource";

    public string DatasetName => $"agreements/{Agreement}/parties/{Party}/datasets/{Dataset}";

    public override string ToString() => $"{DatasetName}/submissions/{Id}";
}

/// <summary>agreements/{agreement}/parties/{party}</summary>
public sealed record PartyName(string Agreement, string Party)
{
    public static PartyName Parse(string name) =>
        Segments.Of(name) is ["agreements", { Length: > 0 } a, "parties", { Length: > 0 } p]
            ? new PartyName(a, p)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));
}

/// <summary>agreements/{agreement}</summary>
public static class AgreementName
{
    public static string Parse(string name) =>
        Segments.Of(name) is ["agreements", { Length: > 0 } a]
            ? a : throw ExchangeException.NotFound(SubmissionName.Quoted(name));
}

/// <summary>agreements/{agreement}[@{revision}]: without a revision the one that rules.</summary>
public sealed record RevisionName(string Agreement, string? Revision)
{
    const int DigitsMin = 8;

    public static RevisionName Parse(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return new RevisionName(AgreementName.Parse(name), null);
        var digits = name[(at + 1)..];
        return digits.Length is >= DigitsMin and <= 64 && digits.All(char.IsAsciiHexDigitLower)
            ? new RevisionName(AgreementName.Parse(name[..at]), digits)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));
    }

    /// <summary>A name that says which revision: for acts that must not hit another one.</summary>
    public static RevisionName ParseWhole(string name) => Parse(name) is { Revision: not null } whole
        ? whole
        : throw ExchangeException.Invalid(
            "REVISION_REQUIRED", "Say which revision: agreements/{agreement}@{revision}.");

    public override string ToString() =>
        Revision is null ? "agreements/" + Agreement : $"agreements/{Agreement}@{Revision}";
}

/// <summary>agreements/{agreement}/feeds/{feed}[/releases/{number}]</summary>
public sealed record ReleaseName(string Agreement, string Feed, int? Number)
{
    public override string ToString() =>
        $"agreements/{Agreement}/feeds/{Feed}/releases/{Number?.ToString(CultureInfo.InvariantCulture) ?? "latest"}";

    /// <summary>Parses a feed's name; its number is null.</summary>
    public static ReleaseName ParseFeed(string name) =>
        Segments.Of(name) is ["agreements", { Length: > 0 } a, "feeds", { Length: > 0 } f]
            ? new ReleaseName(a, f, null)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));

    /// <summary>Parses a release's name; the number is null for "latest".</summary>
    public static ReleaseName Parse(string name)
    {
        if (Segments.Of(name) is not ["agreements", { Length: > 0 } a, "feeds", { Length: > 0 } f, "releases", var n])
            throw ExchangeException.NotFound(SubmissionName.Quoted(name));
        if (n == "latest")
            return new ReleaseName(a, f, null);
        return int.TryParse(
            n, NumberStyles.None, CultureInfo.InvariantCulture,
            out var number)
            ? new ReleaseName(a, f, number)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));
    }
}

/// <summary>agreements/{agreement}/feeds/{feed}/proposals/{proposal}</summary>
public sealed record ProposalName(string Agreement, string Feed, string Id)
{
    public static bool Is(string name) => Segments.Of(name) is ["agreements", _, "feeds", _, "proposals", _];

    public static ProposalName Parse(string name) =>
        Segments.Of(name) is
            ["agreements", { Length: > 0 } a, "feeds", { Length: > 0 } f, "proposals", { Length: > 0 } p]
            ? new ProposalName(a, f, p)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));

    public override string ToString() => $"agreements/{Agreement}/feeds/{Feed}/proposals/{Id}";
}

/// <summary>agreements/{agreement}/parties/{party}/requests/{request}: the party is the one that is asked.</summary>
public sealed record RequestName(string Agreement, string Party, string Id)
{
    public static RequestName Parse(string name) =>
        Segments.Of(name) is
            ["agreements", { Length: > 0 } a, "parties", { Length: > 0 } p, "requests", { Length: > 0 } r]
            ? new RequestName(a, p, r)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));

    public override string ToString() => $"agreements/{Agreement}/parties/{Party}/requests/{Id}";
}

/// <summary>agreements/{agreement}/parties/{party}/erasures/until-{year}: of the key of what falls due in that
/// year.</summary>
public sealed record ErasureName(string Agreement, string Party, string Id)
{
    public static ErasureName Parse(string name) =>
        Segments.Of(name) is
            ["agreements", { Length: > 0 } a, "parties", { Length: > 0 } p, "erasures", var e]
            && e.StartsWith("until-", StringComparison.Ordinal) && e.Length == 10 && e[6..].All(char.IsAsciiDigit)
            ? new ErasureName(a, p, e)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));

    public PartyName Parent => new(Agreement, Party);

    public override string ToString() => $"agreements/{Agreement}/parties/{Party}/erasures/{Id}";
}
