using System.Collections.Concurrent;
using System.Security.Cryptography;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.ServiceTests.Catalogue;
using IsaExchange.ServiceTests.Harness.Production;
using IsaExchange.ServiceTests.Objects;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>
/// Objects on blobs under one key of a vault, a row for each in PostgreSQL, and what rotates that key. Hours pass when
/// they are told to, between two calls and for everybody at once.
/// </summary>
sealed class RotationStage : IAsyncDisposable
{
    const string KeyName = "northmere.northmere-police.until-2027";
    const int CallsAtOnce = 16;

    readonly VaultStage _vault;
    readonly ICatalogue _catalogue;
    readonly BlobObjectStore _store;
    readonly BlobObjectStore _elsewhere;
    readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    readonly SemaphoreSlim _calls = new(CallsAtOnce, CallsAtOnce);
    readonly ConcurrentQueue<ObjectName> _byAge = [];
    readonly CachedKeyRing _ours;
    readonly CachedKeyRing _uploading;

    RotationStage(VaultStage vault, ICatalogue catalogue, BlobAccounts account)
    {
        (_vault, _catalogue, _store, _elsewhere) = (vault, catalogue, account.Store(), account.Store());
        vault.Vault.Clock = _clock;
        (_ours, _uploading) = (Ring(), Ring());
        var trail = new AuditTrail(catalogue, _clock, Rows.Origin);

        // Whose keys there are is told below, not looked for in an agreement.
        Rotate = new RotateKeys(holders: null!, trail, catalogue, _store, _ours, new Limits(), _clock);
    }

    public RotateKeys Rotate { get; }

    public KeyHolder Holder { get; } = new("northmere", "police", [KeyName]);

    /// <summary>What must be readable, by its name.</summary>
    public ConcurrentDictionary<ObjectName, byte[]> Kept { get; } = [];

    public static async Task<RotationStage> StartAsync()
    {
        var account = await BlobAccounts.AzuriteAsync();
        var settings = await (await ProductionParts.StartedAsync()).Cluster.CreateDatabaseAsync();
        return new RotationStage(await VaultStage.StartAsync(), PostgresFixture.Open(settings), account);
    }

    /// <summary>A ring as a replica has it.</summary>
    public CachedKeyRing Ring()
    {
        var limits = new Limits();
        return new CachedKeyRing(_vault.Ring(_clock), limits.UnwrappedKeyLife, limits.UnwrappedKeysMax, _clock);
    }

    /// <summary>Longer than an old version is kept for those who do not know of the new one yet.</summary>
    public async Task HourAsync(CancellationToken ct)
    {
        for (var taken = 0; taken < CallsAtOnce; taken++)
            await _calls.WaitAsync(ct);
        _clock.Advance(TimeSpan.FromMinutes(61));
        _calls.Release(CallsAtOnce);
    }

    /// <summary>An object, and the row that says which header it has.</summary>
    public Task UploadAsync(CancellationToken ct) => CallAsync(
        async () =>
        {
            var row = Rows.Ready();
            (row.State, row.Attempt) = (SubmissionState.Submitted, 1);
            var (name, plain) = (row.ContentOf(1), RandomNumberGenerator.GetBytes(200));
            await SealedObjects.PutAsync(_elsewhere, name, await _uploading.CurrentAsync(KeyName, ct), plain, ct);
            row.HeaderSha256 = await HeaderSha256Async(name, ct);
            await _catalogue.WriteAsync(db => Task.FromResult(db.Submissions.Add(row)), ct);
            Kept[name] = plain;
            _byAge.Enqueue(name);
            return true;
        },
        ct);

    public Task<bool> DeleteOldestAsync(CancellationToken ct) => CallAsync(
        async () =>
        {
            if (!_byAge.TryDequeue(out var oldest))
                return false;
            Kept.TryRemove(oldest, out _);
            await _elsewhere.DeleteAsync(oldest, ct);
            return true;
        },
        ct);

    /// <summary>Some object that was kept a moment ago.</summary>
    public (ObjectName Name, byte[] Plain) Any(Random random)
    {
        var names = Kept.ToArray();
        var (name, plain) = names[random.Next(names.Length)];
        return (name, plain);
    }

    /// <summary>Reads it as a caller would; true when it is what was put.</summary>
    public Task<bool> ReadAsync(IKeyRing ring, (ObjectName Name, byte[] Plain) kept, CancellationToken ct) => CallAsync(
        async () =>
        {
            await using var opened = await SealedObjects.OpenAsync(_elsewhere, kept.Name, ring, ct);
            var plain = new byte[kept.Plain.Length + 1];
            var length = await opened.ReadAtLeastAsync(plain, plain.Length, throwOnEndOfStream: false, ct);
            return plain.AsSpan(0, length).SequenceEqual(kept.Plain);
        },
        ct);

    /// <summary>After one more pass: every row names the header that stands, and each is of the present
    /// version.</summary>
    public async Task CheckRowsAsync(CancellationToken ct)
    {
        await Rotate.RotateAsync(Holder, ct);
        Assert.Empty((await Rotate.ContinueAsync(Holder, ct)).Failed);
        var present = (await _ours.CurrentAsync(KeyName, ct)).KeyId;
        var digests = await _catalogue.ReadAsync(
            db => db.Submissions.ToDictionaryAsync(s => s.Id, s => s.HeaderSha256, ct), ct);
        foreach (var name in Kept.Keys)
        {
            Assert.Equal(digests[name.Value.Split('/')[^1].Split('.')[0]], await HeaderSha256Async(name, ct));
            await using var stored = await _store.OpenAsync(name, ct);
            Assert.Equal(present, SealedHeader.KeyIdOf(stored.Header));
        }
    }

    async Task<string> HeaderSha256Async(ObjectName name, CancellationToken ct)
    {
        await using var stored = await _elsewhere.OpenAsync(name, ct);
        return Convert.ToHexStringLower(SHA256.HashData(stored.Header));
    }

    async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        await _calls.WaitAsync(ct);
        try
        {
            return await call();
        }
        finally
        {
            _calls.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ours.Dispose();
        _uploading.Dispose();
        _catalogue.Dispose();
        _calls.Dispose();
        await _vault.DisposeAsync();
    }
}
