using System.Security.Cryptography;
using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Register;

/// <summary>A revision that does not hold, and why.</summary>
public sealed record RevisionFault(string Agreement, string Revision, string Problem)
{
    public override string ToString() => $"agreements/{Agreement}@{Revision}: {Problem}";
}

/// <summary>
/// Makes agreements out of rows, believing none of them: bytes are digested and parsed again, every signature is
/// verified again, and a revision in force must still have its quorum. What does not hold is never loaded by half.
/// </summary>
sealed class RevisionLoader(PolicyFolders policies, SignatureCheck signatures, ValidationLimits limits)
{
    readonly Dictionary<string, SharingAgreement> _parsed = new(StringComparer.Ordinal);

    public List<RevisionFault> Faults { get; } = [];

    public Dictionary<string, Partnership> Load(RegisterRead read)
    {
        Faults.Clear();
        var partnerships = new Dictionary<string, Partnership>(StringComparer.Ordinal);
        foreach (var rows in read.Revisions.GroupBy(r => r.Agreement, StringComparer.Ordinal))
        {
            var lists = policies.Find(rows.Key)?.CodeLists;
            var history = new List<RegisteredRevision>();
            foreach (var row in rows)
                history.Add(Registered(read, row, lists, history));
            partnerships.Add(
                rows.Key, new Partnership(rows.Key, history, lists ?? policies.All.First().CodeLists, limits));
        }

        return partnerships;
    }

    RegisteredRevision Registered(
        RegisterRead read, RevisionRow row, CodeListCatalog? lists, List<RegisteredRevision> earlier)
    {
        var key = (row.Agreement, row.Revision);
        SharingAgreement? agreement = null;
        string? problem;
        try
        {
            problem = Problem(read, row, lists) ?? Assemble(read, row, earlier, out agreement);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException
            or CryptographicException)
        {
            // One row that cannot be read must not keep the other agreements from being loaded.
            (agreement, problem) = (null, "a stored act cannot be read");
        }

        if (problem is not null)
            Faults.Add(new RevisionFault(row.Agreement, row.Revision, problem));
        return new RegisteredRevision(row, agreement, [.. read.Stages[key]], [.. read.Signatures[key]]);
    }

    string? Problem(RegisterRead read, RevisionRow row, CodeListCatalog? lists)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(row.Source)) != row.SourceSha256)
            return "the stored bytes are not those that were proposed";
        if (Parsed(row) is not { } text)
            return "the stored text is no agreement";
        if (text.Id != row.Agreement || text.Revision != row.Revision)
            return "the stored text is another revision";
        if (lists is null)
            return "the policies folder holds no code lists for it";
        if (GeographyCheck.Faults(text, lists).FirstOrDefault() is { } stray)
            return stray;
        foreach (var signature in read.Signatures[(row.Agreement, row.Revision)])
        {
            if (SignatureProblem(read, row, text, signature) is { } problem)
                return $"the signature of {signature.Party} does not hold ({problem})";
        }

        return null;
    }

    string? SignatureProblem(RegisterRead read, RevisionRow row, SharingAgreement text, SignatureRow signature)
    {
        var said = SignatureStatement.Parse(signature.Statement);
        if (said is null || (said.Party, said.Person, said.Office)
            != (signature.Party, signature.Person, signature.Office))
            return "STATEMENT_ALTERED";
        return signatures.Check(
            text, row.SourceSha256,
            new SignedStatement(signature.Statement, signature.Signature, signature.Certificate),
            read.Credentials[Principal.ForPerson(signature.Person).Subject],
            RegisterActs.At(signature.Ticks))?.Reason;
    }

    /// <summary>The revision with its acts, or what is wrong with them.</summary>
    string? Assemble(
        RegisterRead read, RevisionRow row, List<RegisteredRevision> earlier, out SharingAgreement? agreement)
    {
        agreement = null;
        var text = _parsed[row.SourceSha256];
        var replaced = Quorum.Replaced(
            read.Stages.Where(g => g.Key.Item1 == row.Agreement).SelectMany(g => g), row.Revision);
        var carried = row.CarriesFrom is null ? null : Carried(earlier, replaced);
        if (row.CarriesFrom is not null
            && (carried is null || row.CarriesFrom != replaced || !Quorum.Carries(carried, text)))
            return "it carries on signatures that are not its to carry on";
        var made = text.With(RegisterActs.Of(read, row, text, carried?.Acts.Signatures ?? []));
        if (made.Acts.Stages.Any(s => s.Stage == AgreementStage.InForce)
            && Unmet(read, row, made, replaced, carried) is { } unmet)
            return $"it came into force, but {unmet}";
        agreement = made;
        return null;
    }

    /// <summary>A retired agreement has nothing that could be carried on.</summary>
    static SharingAgreement? Carried(List<RegisteredRevision> earlier, string? revision) => earlier.Find(
        r => r.Revision == revision && r.Stages.All(s => s.Stage != (int)AgreementStage.Retired))?.Agreement;

    string? Unmet(
        RegisterRead read, RevisionRow row, SharingAgreement made, string? replaced, SharingAgreement? carried)
    {
        if (carried is not null)
            return Quorum.MissingToAccede(made, read.Signatures[(row.Agreement, row.Revision)], carried);
        if (replaced is null)
            return Quorum.Missing(made, null);

        // Its text alone is asked for; a revision without it cannot be shown to have come into force by its rule.
        return read.Revisions.FirstOrDefault(r => r.Agreement == row.Agreement && r.Revision == replaced) is { } before
            && Held(before) is { } rule
            ? Quorum.Missing(made, rule)
            : "the revision that it replaced is not what was signed";
    }

    /// <summary>The text of a row, when it is what the row says it is.</summary>
    SharingAgreement? Held(RevisionRow row) =>
        RegisterWrite.Digest(row.Source) == row.SourceSha256 && Parsed(row) is { } text
            && text.Id == row.Agreement && text.Revision == row.Revision
            ? text
            : null;

    /// <summary>By the digest just computed: what is remembered cannot differ from what is stored.</summary>
    SharingAgreement? Parsed(RevisionRow row)
    {
        if (_parsed.TryGetValue(row.SourceSha256, out var known))
            return known;
        if (RevisionText.Parse(row.Source, policies.Vocabulary).Agreement is not { } parsed)
            return null;
        return _parsed[row.SourceSha256] = parsed;
    }
}

/// <summary>The bytes of a revision as text: one reading for whoever proposes, loads or signs it.</summary>
public static class RevisionText
{
    const int BytesMax = 1 << 20;
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static AgreementLoadResult Parse(byte[] source, DatasetVocabulary? vocabulary)
    {
        if (source.Length > BytesMax)
            return Fault("it is larger than 1 MiB", "one agreement a file");
        try
        {
            return AgreementLoader.Parse(Strict.GetString(source).TrimStart('\uFEFF'), "agreement.yaml", vocabulary);
        }
        catch (DecoderFallbackException)
        {
            return Fault("it is not UTF-8", "save it as UTF-8");
        }
    }

    static AgreementLoadResult Fault(string message, string remedy) =>
        new(null, [new AgreementFault("agreement.yaml", 1, "file", message, remedy)]);
}
