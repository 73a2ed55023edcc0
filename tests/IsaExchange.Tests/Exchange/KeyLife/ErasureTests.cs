using System.Text;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Checking;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.KeyLife;

/// <summary>What may no longer be kept goes by itself, and no copy of it opens.</summary>
public sealed class ErasureTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RetentionOver_ErasesContentAndKeepsRowAndReceipt()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var crime = await stage.SealAsync(KeyStage.Crime, Ct);
        var superseded = await stage.SealAsync(KeyStage.Crime, Ct, SubmissionState.Superseded);
        var admissions = await stage.SealAsync(KeyStage.Admissions, Ct);

        // Kept for one quarter after June: until 30 September, by the clock of London.
        stage.Clock.SetUtcNow(new DateTimeOffset(2026, 9, 30, 22, 59, 0, TimeSpan.Zero));
        Assert.Equal(0, await stage.Erase.RunAsync(Ct));
        stage.Clock.SetUtcNow(new DateTimeOffset(2026, 9, 30, 23, 1, 0, TimeSpan.Zero));
        Assert.Equal(2, await stage.Erase.RunAsync(Ct));
        Assert.Equal(0, await stage.Erase.RunAsync(Ct));

        foreach (var row in new[] { crime, superseded })
        {
            var found = await stage.FindAsync(row, Ct);
            Assert.Equal(SubmissionState.Erased, found.State);
            Assert.NotNull(found.DestroyTicks);
            Assert.Equal("the receipt", found.ReceiptNote);
            Assert.Equal(row.SubmitTicks, found.SubmitTicks);
            await Assert.ThrowsAsync<ObjectNotFoundException>(() => stage.ReadAsync(row, Ct));
            await Assert.ThrowsAsync<ObjectNotFoundException>(() => stage.Store.OpenAsync(row.CubeOf(1), Ct));
        }

        Assert.Equal(admissions.ContentSha256, await stage.ReadAsync(admissions, Ct));
        Assert.Equal(2, await stage.EventsAsync("submit.erase", Ct));
        Assert.Equal(2, await stage.EventsAsync("submit.content_destroyed", Ct));
    }

    [Fact]
    public async Task CrashAfterTheTransaction_IsFinishedByTheHousekeeping()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        await SetAsync(stage, row, r => r.State = SubmissionState.Erased);
        await stage.Content.PendingAsync(Ct);
        Assert.NotNull((await stage.FindAsync(row, Ct)).DestroyTicks);
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => stage.ReadAsync(row, Ct));
    }

    [Fact]
    public async Task Frozen_WaitsUntilItIsUnfrozen()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        await SetAsync(stage, row, r => r.FreezeTicks = 1);
        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 2, 1, 9, 0, 0, TimeSpan.Zero));
        Assert.Equal(0, await stage.Erase.RunAsync(Ct));
        Assert.Empty(await stage.Destroy.RunAsync(Ct));
        Assert.Equal(row.ContentSha256, await stage.ReadAsync(row, Ct));

        await SetAsync(stage, row, r => r.FreezeTicks = null);
        Assert.Equal(1, await stage.Erase.RunAsync(Ct));
        Assert.Single(await stage.Destroy.RunAsync(Ct));
    }

    [Fact]
    public async Task YearOver_DestroysTheKeyAndCertifiesItOnce()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var crime = await stage.SealAsync(KeyStage.Crime, Ct);
        var admissions = await stage.SealAsync(KeyStage.Admissions, Ct);
        stage.Clock.SetUtcNow(new DateTimeOffset(2026, 12, 31, 23, 59, 0, TimeSpan.Zero));
        await stage.Erase.RunAsync(Ct);
        Assert.Empty(await stage.Destroy.RunAsync(Ct));

        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 1, 0, 1, 0, TimeSpan.Zero));
        var erasure = Assert.Single(await stage.Destroy.RunAsync(Ct));
        Assert.Empty(await stage.Destroy.RunAsync(Ct));

        var text = SignedNote.Open(erasure.Note!, [stage.Signer.Verifier]).Text;
        Assert.StartsWith("isaexchange.example/erasure/v1\n", text, StringComparison.Ordinal);
        foreach (var line in (string[])
        [
            "party agreements/northmere/parties/northmere-police", "kept until 2026-12-31",
            $"submission {crime.Name} content sha256 {crime.ContentSha256} records 0",
            "key northmere.northmere-police.until-2026.v1", "ordered 2027-01-01T00:01:00Z",
            "effective 2027-01-01T00:01:00Z",
        ])
            Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal);
        Assert.Contains($"\nevent {erasure.Event} leaf ", text, StringComparison.Ordinal);
        Assert.Equal(1, await stage.EventsAsync("key.destroy_ordered", Ct));
        Assert.Equal(1, await stage.EventsAsync("key.destroy", Ct));

        // And anybody can be shown that the event stands in the log.
        await new LogIntegrator(stage.Catalogue, stage.Trail, stage.Signer, stage.Clock, stage.Limits)
            .IntegrateAsync(Ct);
        Assert.NotNull(await new ReceiptProofs(new LogReader(stage.Catalogue)).FindAsync(erasure.Event!, Ct));
        Assert.Equal(admissions.ContentSha256, await stage.ReadAsync(admissions, Ct));
    }

    [Fact]
    public async Task Certificates_AreHeldAgainstLogAndKeys()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var key = Directory.GetFiles(stage.Folder["keys"]).Single();
        var copy = await File.ReadAllBytesAsync(key, Ct);
        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 1, 0, 1, 0, TimeSpan.Zero));
        await stage.Erase.RunAsync(Ct);
        var erasure = Assert.Single(await stage.Destroy.RunAsync(Ct));
        const string Name = "agreements/northmere/parties/northmere-police/erasures/until-2026";
        Assert.Empty(await CheckAsync());

        var mark = Directory.GetFiles(stage.Folder["keys"]).Single();
        File.Move(mark, stage.Folder["aside"]);
        await File.WriteAllBytesAsync(key, copy, Ct);
        Assert.Equal([$"{Name}: the key is certified as destroyed, and is there"], await CheckAsync());
        File.Delete(key);
        File.Move(stage.Folder["aside"], mark);

        await ChangeAsync(e => e.Note = e.Note!.Replace("until 2026", "until 2027", StringComparison.Ordinal));
        Assert.Equal([$"{Name}: its certificate is not signed by this exchange"], await CheckAsync());
        await ChangeAsync(e => e.Note = SignedNote.Sign("another\n", stage.Signer));
        Assert.Equal([$"{Name}: its certificate is for something else"], await CheckAsync());
        await ChangeAsync(e => (e.Note, e.Event) = (erasure.Note, "another"));
        Assert.Equal([$"{Name}: the event of its certificate is not in the log as it says"], await CheckAsync());
        await ChangeAsync(e => (e.Note, e.Event) = (null, erasure.Event));
        Assert.Equal(
            [
                $"agreements/northmere/parties/northmere-police/keys/{erasure.KeyName}: the log has its key.destroy"
                + $" (event {erasure.Event}), the catalogue has no row that says so",
                $"{Name}: it is destroyed and has no certificate",
            ],
            await CheckAsync());

        // What was erased and stands as submitted again, with nothing behind it.
        await ChangeAsync(e => e.Note = erasure.Note);
        await SetAsync(stage, row, r => (r.State, r.DestroyTicks) = (SubmissionState.NeedsCorrection, null));
        Assert.Equal(
            ["submit.erase", "submit.content_destroyed"],
            from said in await CheckAsync() select said.Split("the log has its ")[1].Split(' ')[0]);

        async Task<IReadOnlyList<string>> CheckAsync()
        {
            var report = new FsckReport();
            await new LoggedRowsCheck(stage.Catalogue).RunAsync(report, Ct);
            await new ErasureCheck(stage.Catalogue, stage.Keys, stage.Signer.Verifier).RunAsync(report, Ct);
            return [.. report.Findings.Select(f => f.ToString())];
        }

        Task ChangeAsync(Action<ErasureRow> change) => stage.Catalogue.WriteAsync(
            async db =>
            {
                change(await db.Erasures.SingleAsync(Ct));
                return true;
            },
            Ct);
    }

    [Fact]
    public async Task CrashAfterTheOrder_IsFinishedByTheNextRun()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        await stage.SealAsync(KeyStage.Crime, Ct);
        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 2, 9, 0, 0, TimeSpan.Zero));
        await stage.Erase.RunAsync(Ct);
        const string Name = "northmere.northmere-police.until-2026";
        await stage.Catalogue.WriteAsync(
            db => Task.FromResult(db.Erasures.Add(new ErasureRow
            {
                KeyName = Name, Agreement = "northmere", Party = "northmere-police", KeyIds = Name + ".v1",
                OrderTicks = stage.Clock.GetUtcNow().UtcTicks,
            })),
            Ct);
        await stage.Keys.DestroyAsync(Name, Ct);
        var erasure = Assert.Single(await stage.Destroy.RunAsync(Ct));
        Assert.Contains($"\nkey {Name}.v1\n", erasure.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeitherKeyNorDeletionSeen_IsCertifiedOnlyWhenTheDayIsKnown()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        await stage.SealAsync(KeyStage.Crime, Ct);
        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 2, 9, 0, 0, TimeSpan.Zero));
        await stage.Erase.RunAsync(Ct);
        var destroy = new DestroyKeys(
            stage.Gate, stage.Trail, stage.Catalogue, stage.Store, new Undated(stage.Keys), stage.Signer, stage.Clock);
        for (var run = 0; run < 2; run++)
        {
            var unfinished = await Assert.ThrowsAsync<KeyPassUnfinishedException>(() => destroy.RunAsync(Ct));
            Assert.EndsWith(
                "until-2026 (KeyUnavailableException)", Assert.Single(unfinished.Left), StringComparison.Ordinal);
        }

        Assert.Equal(0, await stage.EventsAsync("key.destroy", Ct));
        Assert.Single(await stage.Destroy.RunAsync(Ct));
        Assert.Empty(await destroy.RunAsync(Ct));
        Assert.Equal(1, await stage.EventsAsync("key.destroy", Ct));
    }

    [Fact]
    public async Task TwoReplicas_SignOneCertificate()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        await stage.SealAsync(KeyStage.Crime, Ct);
        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 2, 9, 0, 0, TimeSpan.Zero));
        await stage.Erase.RunAsync(Ct);

        // The other replica certifies while this one waits for its key to be destroyed.
        ErasureRow? first = null;
        var late = new Undated(stage.Keys, async () =>
        {
            first = Assert.Single(await stage.Destroy.RunAsync(Ct));
            stage.Clock.Advance(TimeSpan.FromDays(3));
            return stage.Clock.GetUtcNow();
        });
        var destroy = new DestroyKeys(
            stage.Gate, stage.Trail, stage.Catalogue, stage.Store, late, stage.Signer, stage.Clock);
        var second = Assert.Single(await destroy.RunAsync(Ct));
        Assert.Equal(first!.Note, second.Note);
        Assert.Contains("\neffective 2027-01-02T09:00:00Z\n", first.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyThatComesBackFromACopy_GoesAgain()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        await stage.SealAsync(KeyStage.Crime, Ct);
        const string Name = "northmere.northmere-police.until-2026";
        var file = stage.Folder["keys", Name + ".v1.key"];
        var copy = await File.ReadAllBytesAsync(file, Ct);
        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 2, 9, 0, 0, TimeSpan.Zero));
        await stage.Erase.RunAsync(Ct);
        Assert.Single(await stage.Destroy.RunAsync(Ct));

        File.Delete(stage.Folder["keys", Name + ".destroyed"]);
        DurableFiles.CreateNew(file, copy);
        stage.Clock.Advance(TimeSpan.FromDays(3));
        var again = Assert.Single(await stage.Destroy.RunAsync(Ct));
        Assert.Contains("\neffective 2027-01-05T09:00:00Z\n", again.Note, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.Empty(await stage.Destroy.RunAsync(Ct));
    }

    [Fact]
    public async Task SomethingStillKeptUnderTheKey_IsNotDestroyed()
    {
        // A row whose bucket says one year and whose object was sealed with another's key: a fault, and no reason to
        // lose what may be kept.
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var crime = await stage.SealAsync(KeyStage.Crime, Ct);
        var other = await stage.SealAsync(KeyStage.Crime, Ct);
        await stage.Catalogue.WriteAsync(
            async db =>
            {
                var row = (await db.Submissions.FindAsync([other.Id], Ct))!;
                db.Submissions.Remove(row);
                await db.SaveChangesAsync(Ct);
                db.Submissions.Add(Copy(other, "2026-12-01", "2027-01-01"));
                return true;
            },
            Ct);
        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 2, 9, 0, 0, TimeSpan.Zero));
        Assert.Equal(1, await stage.Erase.RunAsync(Ct));
        Assert.Empty(await stage.Destroy.RunAsync(Ct));
        Assert.Equal(other.ContentSha256, await stage.ReadAsync(other, Ct));
        Assert.Equal(SubmissionState.Erased, (await stage.FindAsync(crime, Ct)).State);
    }

    [Fact]
    public async Task AfterErasure_NoCopyOfAnythingOpens()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        for (var i = 0; i < 3; i++)
            await stage.SealAsync(KeyStage.Crime, Ct);
        var admissions = await stage.SealAsync(KeyStage.Admissions, Ct);
        var holder = await stage.PoliceAsync(Ct);
        var copies = await CopiesAsync(stage, holder);
        await stage.Rotate.RotateAsync(holder, Ct);
        stage.DateKeys();
        await stage.Rotate.ContinueAsync(holder, Ct);
        copies.AddRange(await CopiesAsync(stage, holder));
        var secrets = SecretsOf(stage, holder.KeyNames.Single());
        Assert.Equal((12, 2), (copies.Count, secrets.Count));
        foreach (var (name, header) in copies)
            (await SealedHeader.OpenAsync(header, name.Value, stage.Keys, Ct)).Dispose();

        stage.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 2, 9, 0, 0, TimeSpan.Zero));
        await stage.Erase.RunAsync(Ct);
        Assert.Single(await stage.Destroy.RunAsync(Ct));

        // Backups of objects from before, with whatever key is left here.
        var left = Directory.GetFiles(stage.Folder["keys"], "*.key");
        Assert.NotEmpty(left);
        foreach (var (name, header) in copies)
        {
            await Assert.ThrowsAsync<KeyUnavailableException>(
                () => SealedHeader.OpenAsync(header, name.Value, stage.Keys, Ct));
            foreach (var key in left)
                await Assert.ThrowsAsync<SealBrokenException>(
                    () => SealedHeader.OpenAsync(header, name.Value, new Always(key), Ct));
        }

        // Nor do the bytes of the key stand in any file, or the objects under their names.
        foreach (var file in Directory.EnumerateFiles(stage.Folder[""], "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Ct));
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }

        await foreach (var name in stage.Store.ListAsync("", Ct))
            Assert.Contains("northmere-west-health", name.Value, StringComparison.Ordinal);
        Assert.Equal(admissions.ContentSha256, await stage.ReadAsync(admissions, Ct));
        await Assert.ThrowsAsync<KeyUnavailableException>(
            () => stage.Keys.CurrentAsync(holder.KeyNames.Single(), Ct));
    }

    static async Task<List<(ObjectName Name, byte[] Header)>> CopiesAsync(KeyStage stage, KeyHolder holder)
    {
        var copies = new List<(ObjectName, byte[])>();
        foreach (var prefix in holder.Prefixes)
        {
            await foreach (var name in stage.Store.ListAsync(prefix, Ct))
            {
                await using var stored = await stage.Store.OpenAsync(name, Ct);
                copies.Add((name, stored.Header));
            }
        }

        return copies;
    }

    static List<string> SecretsOf(KeyStage stage, string name) =>
    [
        .. Directory.GetFiles(stage.Folder["keys"], name + ".v*.key")
            .Select(file => File.ReadAllLines(file)[2]["key: ".Length..]),
    ];

    static Task<bool> SetAsync(KeyStage stage, SubmissionRow row, Action<SubmissionRow> set) =>
        stage.Catalogue.WriteAsync(
            async db =>
            {
                set((await db.Submissions.FindAsync([row.Id], Ct))!);
                return true;
            },
            Ct);

    static SubmissionRow Copy(SubmissionRow row, string start, string end) => new()
    {
        Id = row.Id, Agreement = row.Agreement, AgreementRevision = row.AgreementRevision, Party = row.Party,
        Dataset = row.Dataset, PeriodStart = start, PeriodEnd = end, Areas = row.Areas, State = row.State,
        CreatedBy = "", CreateTicks = row.CreateTicks, ExpireTicks = row.ExpireTicks, Attempt = 1,
        ContentSha256 = row.ContentSha256, CubeObject = row.CubeObject, HeaderSha256 = row.HeaderSha256,
    };

    /// <summary>A keeper that does not show at once what it destroyed.</summary>
    sealed class Undated(IKeyRing inner, Func<Task<DateTimeOffset>>? wait = null) : IKeyRing
    {
        public Task<Azure.Core.Cryptography.IKeyEncryptionKey> CurrentAsync(string keyName, CancellationToken ct) =>
            inner.CurrentAsync(keyName, ct);

        public Task<IReadOnlyList<KeyVersion>> VersionsAsync(string keyName, CancellationToken ct) =>
            inner.VersionsAsync(keyName, ct);

        public Task<KeyVersion> RotateAsync(string keyName, string currentKeyId, CancellationToken ct) =>
            inner.RotateAsync(keyName, currentKeyId, ct);

        public Task RetireAsync(string keyId, CancellationToken ct) => inner.RetireAsync(keyId, ct);

        public async Task<DestroyedKey> DestroyAsync(string keyName, CancellationToken ct) =>
            new(keyName, [], wait is null ? null : await wait());

        public Azure.Core.Cryptography.IKeyEncryptionKey Resolve(
            string keyId, CancellationToken cancellationToken = default) => inner.Resolve(keyId, cancellationToken);

        public Task<Azure.Core.Cryptography.IKeyEncryptionKey> ResolveAsync(
            string keyId, CancellationToken cancellationToken = default) =>
            inner.ResolveAsync(keyId, cancellationToken);
    }

    /// <summary>One key file, whatever id is asked for.</summary>
    sealed class Always(string path) : Azure.Core.Cryptography.IKeyEncryptionKeyResolver
    {
        public Azure.Core.Cryptography.IKeyEncryptionKey Resolve(
            string keyId, CancellationToken cancellationToken = default) =>
            new KeyFile(path, Path.GetFileNameWithoutExtension(path));

        public Task<Azure.Core.Cryptography.IKeyEncryptionKey> ResolveAsync(
            string keyId, CancellationToken cancellationToken = default) =>
            Task.FromResult(Resolve(keyId, cancellationToken));
    }
}
