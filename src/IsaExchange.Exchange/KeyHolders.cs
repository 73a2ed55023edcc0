using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>Whose keys these are: a party's under one agreement, or the exchange's own.</summary>
/// <param name="KeyNames">One for each year in which something falls due.</param>
public sealed record KeyHolder(string Agreement, string Party, IReadOnlyList<string> KeyNames)
{
    /// <summary>Where what they seal begins its names.</summary>
    public IReadOnlyList<string> Prefixes => IsExchange
        ? ["releases/", ReleaseRow.SecretsPrefix]
        : [$"datasets/{Agreement}/{Party}/", $"cubes/{Agreement}/{Party}/"];

    public bool IsExchange => Agreement.Length == 0;

    /// <summary>A key, or a version of it, as the log names it.</summary>
    public string NameOf(string keyName, string? keyId = null)
    {
        var holder = IsExchange ? "exchange" : $"agreements/{Agreement}/parties/{Party}";
        return keyId is null
            ? $"{holder}/keys/{keyName}"
            : $"{holder}/keys/{keyName}/versions/{keyId[(keyId.LastIndexOfAny(['/', '.']) + 1)..]}";
    }

    internal AuditEvent Event(string action, string resource) => new(action, resource)
    {
        Agreement = Agreement,
        Subjects = IsExchange ? [] : [new EventSubject(Party, "")],
    };
}

/// <summary>Finds the keys that are in use by what the catalogue knows of.</summary>
public sealed class KeyHolders(AgreementGate gate, ICatalogue catalogue)
{
    /// <summary>Every holder. What an agreement that does not hold would say about its keys is not known: its parties
    /// are left out.</summary>
    /// <param name="party">Only this party's; null for all, and the exchange's own.</param>
    public async Task<IReadOnlyList<KeyHolder>> AllAsync(string? party, CancellationToken ct)
    {
        await gate.Book.RefreshAsync(ct);
        var sent = await catalogue.ReadAsync(
            db => db.Submissions.Where(s => (party == null || s.Party == party) && s.NilReason == null)
                .Select(s => new { s.Agreement, s.AgreementRevision, s.Party, s.Dataset, s.PeriodEnd }).Distinct()
                .ToListAsync(ct),
            ct);
        var holders = new List<KeyHolder>();
        foreach (var theirs in sent
            .Select(s => new Sent(s.Agreement, s.AgreementRevision, s.Party, s.Dataset, s.PeriodEnd))
            .GroupBy(s => (s.Agreement, s.Party)))
        {
            var names = Names(theirs);
            if (names.Count > 0)
                holders.Add(new KeyHolder(theirs.Key.Agreement, theirs.Key.Party, names));
        }

        if (party is null)
            holders.Add(new KeyHolder("", "", [KeyNames.Releases, KeyNames.ReleaseSecrets]));
        return holders;
    }

    List<string> Names(IEnumerable<Sent> sent)
    {
        try
        {
            return [.. sent.Select(NameOf).Distinct().Order(StringComparer.Ordinal)];
        }
        catch (ExchangeException)
        {
            return [];
        }
    }

    string NameOf(Sent sent)
    {
        var revision = gate.Find(sent.Agreement, sent.Revision, $"agreements/{sent.Agreement}");
        var lastDay = KeyNames.LastDay(revision, sent.Dataset, CreateSubmission.Day(sent.PeriodEnd));
        return KeyNames.Of(sent.Agreement, sent.Party, lastDay);
    }

    sealed record Sent(string Agreement, string Revision, string Party, string Dataset, string PeriodEnd);
}

/// <summary>The versions of a holder's keys, as their keeper has them now.</summary>
sealed record HeldVersions(IReadOnlyList<HeldKey> Keys)
{
    public static async Task<HeldVersions> ReadAsync(IKeyRing keys, KeyHolder holder, CancellationToken ct)
    {
        var held = new List<HeldKey>();
        foreach (var name in holder.KeyNames)
            held.Add(new HeldKey(name, await keys.VersionsAsync(name, ct)));
        return new HeldVersions(held);
    }

    /// <summary>Keys with an old version that still opens.</summary>
    public IEnumerable<HeldKey> Rotating => Keys.Where(k => k.Old.Any());

    /// <summary>The key of which this is an old version, enabled or not; null for any other id.</summary>
    public string? OldOf(string keyId) => Keys.FirstOrDefault(
        k => k.Versions.Count > 1 && k.Versions.SkipLast(1).Any(v => v.KeyId == keyId))?.Name;
}

/// <summary>One key with its versions, oldest first.</summary>
sealed record HeldKey(string Name, IReadOnlyList<KeyVersion> Versions)
{
    public KeyVersion? Present => Versions.Count > 0 ? Versions[^1] : null;

    /// <summary>Versions before the present one that still open.</summary>
    public IEnumerable<KeyVersion> Old => Versions.SkipLast(1).Where(v => v.IsEnabled);
}
