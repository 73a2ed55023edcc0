using IsaExchange.Agreement;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>
/// The agreements that this exchange enforces, as the register has them now. An act done here counts at once; one done
/// by another process counts within <see cref="Limits.RegisterLagMax"/>: on use the register's version is looked at.
/// </summary>
public sealed class PartnershipBook(
    PolicyFolders policies, ICatalogue catalogue, SignatureCheck signatures, Limits limits, TimeProvider clock)
    : IDisposable
{
    readonly RevisionLoader _loader = new(
        policies, signatures, ValidationLimits.Default with { MaxUnpackedBytes = limits.DatasetBytesMax });
    readonly SemaphoreSlim _one = new(1, 1);
    volatile Snapshot? _snapshot;

    sealed record Snapshot(
        Dictionary<string, Partnership> ByAgreement, IReadOnlyList<RevisionFault> Faults, long Version, long Looked);

    public DatasetCatalog Datasets => policies.Datasets;

    public PolicyFolders Policies => policies;

    /// <summary>Every agreement that can decide.</summary>
    public IEnumerable<Partnership> All => Now.ByAgreement.Values.Where(p => !p.IsAltered);

    /// <summary>Revisions that are stored and do not hold.</summary>
    public IReadOnlyList<RevisionFault> Faults => Now.Faults;

    public Partnership? Find(string agreement) => Now.ByAgreement.GetValueOrDefault(agreement);

    /// <summary>A revision's own clauses, for what was submitted under it.</summary>
    /// <exception cref="ExchangeException">DATA_LOSS when it is not what was signed.</exception>
    public SharingAgreement? Find(string agreement, string revision) => Find(agreement)?.Find(revision);

    Snapshot Now => _snapshot ?? throw new InvalidOperationException("The register is read before it is asked.");

    /// <summary>Looks whether another process has done something; cheap when it has just been done.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        if (_snapshot is { } fresh && clock.GetElapsedTime(fresh.Looked) < limits.RegisterLagMax)
            return;
        await _one.WaitAsync(ct);
        try
        {
            if (_snapshot is not { } known)
            {
                await ReadAsync(ct);
                return;
            }

            if (clock.GetElapsedTime(known.Looked) < limits.RegisterLagMax)
                return;
            var looked = clock.GetTimestamp();
            var version = await catalogue.ReadAsync(db => RegisterRead.VersionAsync(db, ct), ct);
            if (version == known.Version)
                _snapshot = known with { Looked = looked };
            else
                await ReadAsync(ct);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Inside a transaction: nothing decided in it may rest on a register that is behind it.</summary>
    internal async Task CatchUpAsync(CatalogueContext db, CancellationToken ct)
    {
        if (await RegisterRead.VersionAsync(db, ct) != Now.Version)
            await ReloadAsync(ct);
    }

    /// <summary>Reads the register now: after an act of this process, before its answer leaves.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await ReadAsync(ct);
        }
        finally
        {
            _one.Release();
        }
    }

    async Task ReadAsync(CancellationToken ct)
    {
        var looked = clock.GetTimestamp();
        var read = await catalogue.ReadAsync(db => RegisterRead.AllAsync(db, ct), ct);
        var loaded = _loader.Load(read);
        _snapshot = new Snapshot(loaded, [.. _loader.Faults], read.Version, looked);
    }

    public void Dispose() => _one.Dispose();
}
