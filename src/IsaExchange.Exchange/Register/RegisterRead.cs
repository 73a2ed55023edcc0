using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Register;

/// <summary>The whole register as it stands in the catalogue at one version.</summary>
sealed record RegisterRead
{
    public required long Version { get; init; }

    public required IReadOnlyList<RevisionRow> Revisions { get; init; }

    public required ILookup<(string, string), RevisionStageRow> Stages { get; init; }

    public required ILookup<(string, string), SignatureRow> Signatures { get; init; }

    public required ILookup<string, DesignationRow> Designations { get; init; }

    public required ILookup<string, DesignationEndRow> Ends { get; init; }

    public required ILookup<string, NamedPersonRow> People { get; init; }

    public required ILookup<string, PartyWithdrawalRow> Withdrawals { get; init; }

    /// <summary>Locked periods that are open again, by agreement.</summary>
    public required ILookup<string, ExceptionRow> Exceptions { get; init; }

    /// <summary>The registry's keys of people, by subject.</summary>
    public required ILookup<string, CredentialRow> Credentials { get; init; }

    public static async Task<long> VersionAsync(CatalogueContext db, CancellationToken ct) =>
        await db.RegisterVersions.Select(v => v.Version).SingleOrDefaultAsync(ct);

    /// <summary>Reads until no act fell into the reading: half an act would look like an alteration.</summary>
    public static async Task<RegisterRead> AllAsync(CatalogueContext db, CancellationToken ct)
    {
        while (true)
        {
            var read = await OnceAsync(db, ct);
            if (await VersionAsync(db, ct) == read.Version)
                return read;
        }
    }

    static async Task<RegisterRead> OnceAsync(CatalogueContext db, CancellationToken ct) => new()
    {
        Version = await VersionAsync(db, ct),
        Revisions = await db.Revisions.OrderBy(r => r.Ticks).ThenBy(r => r.Revision).ToListAsync(ct),
        Stages = (await db.RevisionStages.OrderBy(s => s.Sequence).ToListAsync(ct))
            .ToLookup(s => (s.Agreement, s.Revision)),
        Signatures = (await db.Signatures.OrderBy(s => s.Party).ToListAsync(ct))
            .ToLookup(s => (s.Agreement, s.Revision)),
        Designations = (await db.Designations.OrderBy(d => d.Ticks).ToListAsync(ct)).ToLookup(d => d.Agreement),
        Ends = (await db.DesignationEnds.OrderBy(e => e.Sequence).ToListAsync(ct)).ToLookup(e => e.Agreement),
        People = (await db.NamedPeople.OrderBy(p => p.Ticks).ToListAsync(ct)).ToLookup(p => p.Agreement),
        Withdrawals = (await db.PartyWithdrawals.OrderBy(w => w.Ticks).ToListAsync(ct)).ToLookup(w => w.Agreement),
        Exceptions = (await db.Exceptions.OrderBy(e => e.GrantTicks).ToListAsync(ct)).ToLookup(e => e.Agreement),
        Credentials = (await db.Credentials.ToListAsync(ct)).ToLookup(c => c.Subject),
    };
}
