using IsaExchange.Agreement;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Register;

/// <summary>
/// Holds a partnership to the code lists that it has used: the digest of an edition is kept with the first submission
/// accepted or revision activated that rests on it. Another meaning under the same name is refused from then on, and
/// a correction is a new edition.
/// </summary>
public static class CodeListUses
{
    /// <summary>In the transaction of what is accepted; the row is written once and never again.</summary>
    /// <exception cref="ExchangeException">FAILED_PRECONDITION when an edition is not the one used.</exception>
    internal static Task HoldAsync(
        CatalogueContext db, string agreement, IEnumerable<CodeListEdition> editions, DateTimeOffset now,
        CancellationToken ct) =>
        HoldAsync(db, agreement, [.. editions.Select(EditionUsed.Of)], now, ct);

    /// <summary>As they were when something was held against them, which may be a while ago.</summary>
    /// <exception cref="ExchangeException">FAILED_PRECONDITION when an edition is not the one used.</exception>
    internal static async Task HoldAsync(
        CatalogueContext db, string agreement, IReadOnlyList<EditionUsed> editions, DateTimeOffset now,
        CancellationToken ct)
    {
        var held = await db.CodeListUses.Where(u => u.Agreement == agreement).ToListAsync(ct);
        foreach (var edition in editions.Distinct())
        {
            if (held.Find(u => u.List == edition.List && u.Edition == edition.Edition) is { } use)
            {
                if (use.Sha256 != edition.Sha256)
                    throw ExchangeException.Precondition("CODE_LIST_CHANGED", Changed(use, edition.Sha256));
                continue;
            }

            db.CodeListUses.Add(new CodeListUseRow
            {
                Agreement = agreement,
                List = edition.List,
                Edition = edition.Edition,
                Sha256 = edition.Sha256,
                Ticks = now.UtcTicks,
            });
        }
    }

    /// <summary>
    /// What was validated is signed for only while the lists that it was held against are those that are here: between
    /// verdict and submit nothing holds them yet.
    /// </summary>
    /// <exception cref="ExchangeException">FAILED_PRECONDITION when one was changed, or is gone.</exception>
    internal static void CheckPresent(IEnumerable<EditionUsed> editions, CodeListCatalog lists)
    {
        foreach (var used in editions)
        {
            var now = lists.Find(used.List)?.Find(used.Edition)?.MeaningSha256;
            if (now != used.Sha256)
                throw ExchangeException.Precondition(
                    "CODE_LIST_CHANGED",
                    $"The content was held against code list {used.List}, edition {used.Edition}, which "
                    + $"{(now is null ? "is no longer there" : "was changed since")}. Have the edition restored and "
                    + "submit, or send the content as a new submission.");
        }
    }

    /// <summary>The editions of an agreement's geography, from its first day to its last.</summary>
    internal static IEnumerable<CodeListEdition> Geography(SharingAgreement agreement, CodeListCatalog lists)
    {
        var (geography, list) = (agreement.Geography, lists.Find(agreement.Geography.CodeList));
        return geography.Later.Select(e => e.Edition).Prepend(geography.Edition).Distinct(StringComparer.Ordinal)
            .Select(e => list?.Find(e)).OfType<CodeListEdition>();
    }

    /// <summary>Everything that the policies folder holds otherwise than it was used, in sentences.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(
        ICatalogue catalogue, PolicyFolders policies, CancellationToken ct)
    {
        var uses = await catalogue.ReadAsync(
            db => db.CodeListUses.OrderBy(u => u.Agreement).ThenBy(u => u.List).ThenBy(u => u.Edition).ToListAsync(ct),
            ct);
        return [.. uses.Select(u => Fault(u, policies.Find(u.Agreement)?.CodeLists)).OfType<string>()];
    }

    static string? Fault(CodeListUseRow use, CodeListCatalog? lists)
    {
        // A partnership whose folder is gone is told of by the register.
        if (lists is null)
            return null;
        var edition = lists.Find(use.List)?.Find(use.Edition);
        return edition?.MeaningSha256 == use.Sha256
            ? null
            : $"agreements/{use.Agreement}: {Changed(use, edition?.MeaningSha256)}";
    }

    static string Changed(CodeListUseRow use, string? now) =>
        $"Code list {use.List}, edition {use.Edition}, is in use and cannot be changed: it was used with digest "
        + $"{use.Sha256}, {(now is null ? "and is no longer there" : $"and is now {now}")}. Restore its file, and its "
        + "valid_from and parent_list (and part_of) in list.yaml; a correction is a new edition, which isax codelist "
        + "import brings in.";
}
