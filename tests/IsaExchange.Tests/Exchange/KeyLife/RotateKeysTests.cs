using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.KeyLife;

public sealed class RotateKeysTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotated_EverythingIsUnderTheNewVersionAndRowsNameTheHeaderThatStands()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var rows = new List<SubmissionRow>();
        for (var i = 0; i < 10; i++)
            rows.Add(await stage.SealAsync(KeyStage.Crime, Ct));
        var other = await stage.SealAsync(KeyStage.Admissions, Ct);
        var before = await stage.HeaderSha256Async(other, Ct);

        var holder = await stage.PoliceAsync(Ct);
        var made = Assert.Single(await stage.Rotate.RotateAsync(holder, Ct));
        stage.DateKeys();
        var pass = await stage.Rotate.ContinueAsync(holder, Ct);

        Assert.EndsWith(".v2", made.KeyId, StringComparison.Ordinal);
        Assert.Equal((20, 0, 0), (pass.Moved, pass.Repaired, pass.Failed.Count));
        Assert.Empty(pass.Disabled);
        foreach (var row in rows)
        {
            Assert.Equal(made.KeyId, await stage.KeyIdAsync(row.ContentOf(1), Ct));
            Assert.Equal(made.KeyId, await stage.KeyIdAsync(row.CubeOf(1), Ct));
            Assert.Equal(row.ContentSha256, await stage.ReadAsync(row, Ct));
            var found = await stage.FindAsync(row, Ct);
            Assert.Equal(await stage.HeaderSha256Async(row, Ct), found.HeaderSha256);
            Assert.Equal(row.Version, found.Version);
        }

        Assert.Equal(before, await stage.HeaderSha256Async(other, Ct));
        Assert.Equal((2, 6), (await stage.EventsAsync("key.rotate", Ct), await stage.EventsAsync("key.rewrap", Ct)));
    }

    [Fact]
    public async Task NothingNamesTheOldVersion_IsDisabledWhenItsOverlapIsOver()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var old = await stage.KeyIdAsync(row.ContentOf(1), Ct);
        var holder = await stage.PoliceAsync(Ct);
        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.Rotate.RotateAsync(holder, Ct);
        stage.DateKeys();
        Assert.Empty((await stage.Rotate.ContinueAsync(holder, Ct)).Disabled);
        _ = await stage.Keys.ResolveAsync(old, Ct);

        stage.Clock.Advance(stage.Limits.KeyVersionOverlap);
        Assert.Equal([old], (await stage.Rotate.ContinueAsync(holder, Ct)).Disabled);
        await Assert.ThrowsAsync<KeyUnavailableException>(() => stage.Keys.ResolveAsync(old, Ct));
        Assert.Equal(row.ContentSha256, await stage.ReadAsync(row, Ct));
        Assert.Equal(1, await stage.EventsAsync("key.disable", Ct));
        var after = await stage.Rotate.ContinueAsync(holder, Ct);
        Assert.Equal((0, 0), (after.Moved, after.Disabled.Count));
    }

    [Fact]
    public async Task OldVersionMadeWithThePresentOne_IsNotDisabled()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        await stage.SealAsync(KeyStage.Crime, Ct);
        var holder = await stage.PoliceAsync(Ct);
        await stage.Rotate.RotateAsync(holder, Ct);
        stage.DateKeys();
        stage.Clock.Advance(TimeSpan.FromDays(1));
        var pass = await stage.Rotate.ContinueAsync(holder, Ct);
        Assert.Equal((2, 0), (pass.Moved, pass.Disabled.Count));
    }

    [Fact]
    public async Task CrashBetweenObjectAndRow_IsSeenAndPutRight()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var holder = await stage.PoliceAsync(Ct);
        await stage.Rotate.RotateAsync(holder, Ct);
        stage.DateKeys();

        // What a pass does to the object before it tells the catalogue.
        var name = holder.KeyNames.Single();
        var moved = await new HeaderRewrap(stage.Store, stage.Keys).RewrapAsync(
            row.ContentOf(1), id => id == name + ".v1" ? name : null, Ct);
        Assert.Equal(RewrapEnd.Moved, moved.End);
        Assert.NotEqual(await stage.HeaderSha256Async(row, Ct), (await stage.FindAsync(row, Ct)).HeaderSha256);

        var pass = await stage.Rotate.ContinueAsync(holder, Ct);
        Assert.Equal((1, 1), (pass.Moved, pass.Repaired));
        Assert.Equal(await stage.HeaderSha256Async(row, Ct), (await stage.FindAsync(row, Ct)).HeaderSha256);
    }

    [Fact]
    public async Task StagedUnderTheOldVersion_KeepsItEnabled()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var holder = await stage.PoliceAsync(Ct);
        var kek = await stage.Keys.CurrentAsync(holder.KeyNames.Single(), Ct);
        var upload = row.ContentOf(2);
        using var key = FileKey.Generate();
        await using (await stage.Store.StageAsync(
            upload, await SealedHeader.CreateAsync(upload.Staged, key, kek, Ct), Ct))
        {
        }

        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.Rotate.RotateAsync(holder, Ct);
        stage.DateKeys();
        stage.Clock.Advance(TimeSpan.FromDays(1));
        var pass = await stage.Rotate.ContinueAsync(holder, Ct);
        Assert.Equal([kek.KeyId], pass.StillNamed);
        Assert.Empty(pass.Disabled);

        await stage.Store.DiscardStagedAsync(upload, Ct);
        Assert.Equal([kek.KeyId], (await stage.Rotate.ContinueAsync(holder, Ct)).Disabled);
    }

    [Fact]
    public async Task ObjectThatDoesNotOpen_IsListedAndItsVersionKept()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var rows = new[] { await stage.SealAsync(KeyStage.Crime, Ct), await stage.SealAsync(KeyStage.Crime, Ct) };
        var old = await stage.KeyIdAsync(rows[0].ContentOf(1), Ct);

        // The header of the one under the name of the other: it must not be sealed anew as if it belonged there.
        var foreign = await OpenHeaderAsync(stage, rows[1].ContentOf(1));
        await stage.Store.ReplaceHeaderAsync(
            rows[0].ContentOf(1), await OpenHeaderAsync(stage, rows[0].ContentOf(1)), foreign, Ct);
        var holder = await stage.PoliceAsync(Ct);
        await stage.Rotate.RotateAsync(holder, Ct);
        stage.DateKeys();
        stage.Clock.Advance(TimeSpan.FromDays(1));
        var pass = await stage.Rotate.ContinueAsync(holder, Ct);

        Assert.Equal([rows[0].ContentOf(1)], pass.Failed);
        Assert.Equal(3, pass.Moved);
        Assert.Empty(pass.Disabled);
        Assert.Equal(foreign, await OpenHeaderAsync(stage, rows[0].ContentOf(1)));
        _ = await stage.Keys.ResolveAsync(old, Ct);
    }

    [Fact]
    public async Task ObjectThatCannotBeReached_TheOthersAreMovedAndRecordedAndNothingIsDisabled()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var rows = new List<SubmissionRow>();
        for (var i = 0; i < 6; i++)
            rows.Add(await stage.SealAsync(KeyStage.Crime, Ct));
        rows.Sort((a, b) => string.CompareOrdinal(a.ContentObject, b.ContentObject));
        var old = await stage.KeyIdAsync(rows[0].ContentOf(1), Ct);
        var holder = await stage.PoliceAsync(Ct);
        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.Rotate.RotateAsync(holder, Ct);
        stage.DateKeys();
        stage.Clock.Advance(TimeSpan.FromDays(1));

        // The first of the first batch, so that everything comes after it.
        var faulty = new FaultyReads(stage.Store, rows[0].ContentOf(1));
        var rotate = new RotateKeys(
            stage.Holders, stage.Trail, stage.Catalogue, faulty, stage.Keys, stage.Limits, stage.Clock);
        var pass = await rotate.ContinueAsync(holder, Ct);
        Assert.Equal((11, false, 0), (pass.Moved, pass.IsWhole, pass.Disabled.Count));
        Assert.Equal([rows[0].ContentOf(1)], pass.Failed);
        foreach (var row in rows)
            Assert.Equal(await stage.HeaderSha256Async(row, Ct), (await stage.FindAsync(row, Ct)).HeaderSha256);
        var unfinished = await Assert.ThrowsAsync<KeyPassUnfinishedException>(() => rotate.RunAsync(Ct));
        Assert.Equal([rows[0].ContentObject], unfinished.Left);
        Assert.Equal(rows[0].ContentSha256, await stage.ReadAsync(rows[0], Ct));

        var whole = await stage.Rotate.ContinueAsync(holder, Ct);
        Assert.Equal((1L, true), (whole.Moved, whole.IsWhole));
        Assert.Equal([old], whole.Disabled);
    }

    [Fact]
    public async Task VersionOlderThanAYear_GetsASuccessorByItself()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Admissions, Ct);
        var first = await stage.KeyIdAsync(row.ContentOf(1), Ct);
        stage.Clock.Advance(stage.Limits.KeyVersionLife - TimeSpan.FromMinutes(1));
        await stage.Rotate.RunAsync(Ct);
        Assert.Equal(first, await stage.KeyIdAsync(row.ContentOf(1), Ct));

        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.Rotate.RunAsync(Ct);
        Assert.NotEqual(first, await stage.KeyIdAsync(row.ContentOf(1), Ct));
        Assert.Equal(row.ContentSha256, await stage.ReadAsync(row, Ct));
    }

    [Fact]
    public async Task TwoPassesAtOnce_LeaveEveryObjectWhole()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var rows = new List<SubmissionRow>();
        for (var i = 0; i < 6; i++)
            rows.Add(await stage.SealAsync(KeyStage.Crime, Ct));
        var holder = await stage.PoliceAsync(Ct);
        await stage.Rotate.RotateAsync(holder, Ct);
        stage.DateKeys();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => stage.Rotate.ContinueAsync(holder, Ct)));
        await stage.Rotate.ContinueAsync(holder, Ct);
        foreach (var row in rows)
        {
            Assert.Equal(row.ContentSha256, await stage.ReadAsync(row, Ct));
            Assert.Equal(await stage.HeaderSha256Async(row, Ct), (await stage.FindAsync(row, Ct)).HeaderSha256);
        }
    }

    [Fact]
    public async Task Report_ListsExactlyWhatFailsWithoutAVersion()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var rows = new List<SubmissionRow>();
        for (var i = 0; i < 4; i++)
            rows.Add(await stage.SealAsync(KeyStage.Crime, Ct));
        var holder = await stage.PoliceAsync(Ct);
        var (name, old) = (holder.KeyNames.Single(), holder.KeyNames.Single() + ".v1");
        await stage.Rotate.RotateAsync(holder, Ct);
        var rewrap = new HeaderRewrap(stage.Store, stage.Keys);
        foreach (var row in rows.Take(2))
            await rewrap.RewrapAsync(row.ContentOf(1), id => id == old ? name : null, Ct);
        await stage.Keys.RetireAsync(old, Ct);

        var failing = new List<string>();
        foreach (var row in rows)
        {
            if (await Record.ExceptionAsync(() => stage.ReadAsync(row, Ct)) is KeyUnavailableException)
                failing.Add(row.ContentObject);
        }

        var report = await stage.Report.RunAsync([holder], Ct);
        var listed = report.Where(u => !u.Opens).SelectMany(u => u.Objects).Select(o => o.Value)
            .Where(o => o.StartsWith("datasets/", StringComparison.Ordinal));
        Assert.Equal(2, failing.Count);
        Assert.Equal(failing.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    static async Task<byte[]> OpenHeaderAsync(KeyStage stage, ObjectName name)
    {
        await using var stored = await stage.Store.OpenAsync(name, Ct);
        return stored.Header;
    }
}
