using System.Globalization;
using IsaExchange.Exchange.Register;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Adapters.Vault;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Service.Hosting;

/// <summary>How a thing stands that was looked at.</summary>
enum Severity
{
    Ok,

    /// <summary>It works, and a line of defence is missing or a date comes near.</summary>
    Warning,

    /// <summary>Calls fail, or will.</summary>
    Fault,
}

/// <summary>One thing that was looked at, in a sentence without a full stop.</summary>
sealed record Diagnosis(Severity Severity, string Sentence)
{
    public static Diagnosis Ok(string sentence) => new(Severity.Ok, sentence);

    public static Diagnosis Warning(string sentence) => new(Severity.Warning, sentence);

    public static Diagnosis Fault(string sentence) => new(Severity.Fault, sentence);
}

/// <summary>
/// Looks at everything an exchange stands on: whether each dependency answers, whether our rights there are enough and
/// no more, clocks, key versions, the log, and the home. It changes nothing.
/// </summary>
sealed class Doctor(OpenedKeys opened, TimeProvider clock)
{
    const string ServerTime = "SELECT clock_timestamp() AS \"Value\"";

    static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(2);

    OpenedParts Parts => opened.Parts;

    public async IAsyncEnumerable<Diagnosis> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var found in HomeCheck.Run(Parts.Home, Parts.Settings, clock))
            yield return found;
        var up = new HashSet<string>(StringComparer.Ordinal);
        foreach (var probe in Parts.Probes)
        {
            var found = await ProbeAsync(probe, ct);
            if (found.Severity == Severity.Ok)
                up.Add(probe.Name);
            yield return found;
        }

        if (up.Contains(Dependencies.Catalogue.Name))
        {
            await foreach (var found in CatalogueAsync(ct))
                yield return found;
        }

        if (Parts.Settings.Blobs is not null && up.Contains(Dependencies.Objects.Name))
        {
            foreach (var found in await BlobsAsync(ct))
                yield return found;
        }

        if (Parts.Vault is { } vault && up.Contains(Dependencies.Keys.Name))
        {
            foreach (var found in await VaultAsync(vault, ct))
                yield return found;
        }

        if (up.IsSupersetOf([Dependencies.Objects.Name, Dependencies.Keys.Name]))
        {
            await foreach (var found in KeysAsync(ct))
                yield return found;
        }
    }

    async Task<Diagnosis> ProbeAsync(IDependencyProbe probe, CancellationToken ct)
    {
        var asked = clock.GetTimestamp();
        try
        {
            await probe.ProbeAsync(ct);
            return Diagnosis.Ok(string.Create(
                CultureInfo.InvariantCulture,
                $"{probe.Name} answers in {clock.GetElapsedTime(asked).TotalMilliseconds:0} ms"));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Our own exceptions say which right or address is wrong; a driver's may quote what it was given.
            var why = e.GetType().Namespace?.StartsWith("IsaExchange", StringComparison.Ordinal) == true
                ? e.Message : e.GetType().Name;
            return Diagnosis.Fault($"{probe.Name} does not answer: {why}");
        }
    }

    async IAsyncEnumerable<Diagnosis> CatalogueAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        Diagnosis schema;
        try
        {
            await Parts.Catalogue.CheckSchemaAsync(ct);
            schema = Diagnosis.Ok("the tables are those of this program");
        }
        catch (IOException e)
        {
            schema = Diagnosis.Fault(e.Message.TrimEnd('.'));
        }

        yield return schema;
        if (schema.Severity != Severity.Ok)
            yield break;
        if (Parts.Settings.Postgres is { } postgres)
        {
            foreach (var excess in await RoleCheck.ExcessAsync(postgres, ct))
                yield return Diagnosis.Warning($"more rights than needed: {excess}");
            yield return Skew(
                "PostgreSQL", await Parts.Catalogue.ReadAsync(
                    async db => new DateTimeOffset(
                        await db.Database.SqlQueryRaw<DateTime>(ServerTime).SingleAsync(ct), TimeSpan.Zero),
                    ct));
        }

        yield return await LogAsync(ct);
        var changed = await CodeListUses.FaultsAsync(Parts.Catalogue, opened.Policies, ct);
        foreach (var fault in changed)
            yield return Diagnosis.Fault(fault.TrimEnd('.'));
        if (changed.Count == 0)
            yield return Diagnosis.Ok("the code lists in use are those that were used");
    }

    async Task<Diagnosis> LogAsync(CancellationToken ct)
    {
        var oldest = await Parts.Catalogue.ReadAsync(
            db => db.Events.Where(e => e.Index == null).MinAsync(e => (long?)e.Ticks, ct), ct);
        if (oldest is not { } ticks)
            return Diagnosis.Ok("every event has its place in the log");
        var lag = clock.GetUtcNow() - new DateTimeOffset(ticks, TimeSpan.Zero);
        var limit = Parts.Settings.ToLimits().IntegrationLagMax;
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"the oldest event waits for its place in the log for {lag.TotalSeconds:0} s");
        return lag > limit ? Diagnosis.Fault(said + ": nothing is answered")
            : lag > TimeSpan.FromSeconds(10) ? Diagnosis.Warning(said + ": does a service run?")
            : Diagnosis.Ok(said);
    }

    async Task<IReadOnlyList<Diagnosis>> BlobsAsync(CancellationToken ct)
    {
        var found = new List<Diagnosis>();
        var where = Parts.Settings.Blobs!;
        var (open, time) = await Parts.Blobs!.LookAtContainersAsync(where.ReleasesContainer, ct);
        found.AddRange(open.Select(c => Diagnosis.Fault($"container {c} can be read by anybody")));
        if (open.Count == 0)
            found.Add(Diagnosis.Ok("no container can be read by anybody"));
        found.Add(Skew("Blob Storage", time));
        found.Add(await RegionAsync(where, ct));
        foreach (var excess in await Parts.Blobs.ExcessAsync(clock.GetUtcNow(), ct))
            found.Add(Diagnosis.Warning($"more rights than needed: the identity of the service {excess}"));
        var (softDelete, versions) = await Parts.Blobs.RetentionAsync(ct);
        found.Add(SoftDelete(softDelete));
        found.Add(Versions(versions));
        return found;
    }

    /// <param name="kept">For how long; null when the account does not say.</param>
    internal static Diagnosis SoftDelete(TimeSpan? kept) => kept switch
    {
        null => Diagnosis.Warning(
            "the account does not tell us how long it keeps what was deleted: look at Data protection of the storage"
            + " account in the portal, soft delete for blobs and for containers"),
        { Ticks: 0 } => Diagnosis.Ok("the account keeps nothing of what was deleted"),
        { Days: var days } => Diagnosis.Ok(string.Create(
            CultureInfo.InvariantCulture,
            $"the account keeps what was deleted for {days} days: until then a destroyed header can come back")),
    };

    /// <param name="kept">By the newest of some blobs; null when there was none.</param>
    internal static Diagnosis Versions(bool? kept) => kept switch
    {
        true => Diagnosis.Warning(
            "the account keeps versions of blobs: old headers stay until somebody removes them"),
        false => Diagnosis.Ok("the account kept no version of the newest blob looked at"),
        null => Diagnosis.Ok("the account has no blob yet that could tell of versions"),
    };

    async Task<Diagnosis> RegionAsync(BlobSettings where, CancellationToken ct)
    {
        if (where.Regions.Count == 0)
            return Diagnosis.Warning("blobs.regions is not set: data may lie anywhere");
        try
        {
            await Parts.CheckRegionAsync(ct);
            return Diagnosis.Ok("the account lies in an allowed region");
        }
        catch (SettingsException e)
        {
            return Diagnosis.Fault(e.Message.TrimEnd('.'));
        }
    }

    async Task<IReadOnlyList<Diagnosis>> VaultAsync(VaultKeyRing vault, CancellationToken ct)
    {
        var (time, excess) = await vault.LookAsync(ct);
        var found = new List<Diagnosis>(excess.Select(right => Diagnosis.Warning(
            $"more rights than needed: the identity of the service may {right} keys of the vault")));
        if (time is { } now)
            found.Add(Skew("the vault", now));
        found.Add(await RecoveryAsync(vault, ct));
        return found;
    }

    /// <summary>The vault says it of each of its keys, and of itself only to whoever administers it.</summary>
    async Task<Diagnosis> RecoveryAsync(VaultKeyRing vault, CancellationToken ct)
    {
        foreach (var name in (await opened.Holders.AllAsync(party: null, ct)).SelectMany(h => h.KeyNames))
        {
            if (await vault.RecoveryLevelAsync(name, ct) is not { } level)
                continue;
            return !level.Contains("Recoverable", StringComparison.Ordinal)
                ? Diagnosis.Warning("the vault has no soft delete: a key deleted by mistake is gone at once")
                : level.Contains("Purgeable", StringComparison.Ordinal)
                    ? Diagnosis.Warning("the vault has no purge protection: who may purge can destroy what is kept")
                    : Diagnosis.Ok("the vault has soft delete and purge protection");
        }

        return Diagnosis.Ok("the vault has no key yet that could tell of its soft delete");
    }

    Diagnosis Skew(string whose, DateTimeOffset time)
    {
        var skew = (clock.GetUtcNow() - time).Duration();
        var said = string.Create(
            CultureInfo.InvariantCulture, $"the clock of {whose} and ours are {skew.TotalSeconds:0.0} s apart");
        return skew <= SkewMax ? Diagnosis.Ok(said) : Diagnosis.Warning(said);
    }

    async IAsyncEnumerable<Diagnosis> KeysAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var versions = 0;
        foreach (var use in await opened.Report.RunAsync(await opened.Holders.AllAsync(party: null, ct), ct))
        {
            versions++;
            if (!use.Opens)
                yield return Diagnosis.Fault(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{use.Objects.Count} objects cannot be opened: key {use.KeyId} (keys report lists them)"));
        }

        yield return Diagnosis.Ok(string.Create(
            CultureInfo.InvariantCulture, $"{versions} key versions are named by the headers of objects"));
    }
}
