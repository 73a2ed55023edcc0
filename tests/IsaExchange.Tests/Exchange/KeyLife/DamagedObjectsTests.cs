using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.KeyLife;

/// <summary>What was found damaged is told once, to those whose it is and who were to get it.</summary>
public sealed class DamagedObjectsTests
{
    static readonly Caller Analyst = new(Principal.ForPerson("west-analyst"), new string('0', 64));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ObjectThatIsGone_IsToldOnceAndToPeopleOfEachParty()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var gone = new DamagedObject(row.ContentObject, DamagedObject.Missing);
        await AlarmsOf(stage).RaiseAsync(gone, null, Ct);
        await AlarmsOf(stage).RaiseAsync(gone, null, Ct);
        Assert.Equal(1, await stage.EventsAsync("storage.damaged", Ct));
        var told = await NoticesAsync(stage);
        Assert.NotEmpty(told);
        Assert.All(told, n => Assert.Equal(("northmere-police", "damaged"), (n.Party, n.Kinds)));
        Assert.All(told, n => Assert.Contains("is gone", n.Body, StringComparison.Ordinal));

        // Somebody of another party was to get it: their officers are told too, and nobody twice.
        var reader = stage.Gate.Find("northmere", "").Agreement.Officers.First(o => o.Party == "northmere-west-health");
        var caller = new Caller(Principal.ForPerson(reader.Person), new string('0', 64));
        await AlarmsOf(stage).RaiseAsync(gone, caller, Ct);
        await AlarmsOf(stage).RaiseAsync(gone, caller, Ct);
        Assert.Equal(2, await stage.EventsAsync("storage.damaged", Ct));
        var after = await NoticesAsync(stage);
        Assert.Contains(after, n => n.Party == "northmere-west-health");
        Assert.Equal(after.Count, after.Select(n => n.Recipient).Distinct().Count());
    }

    [Fact]
    public async Task WhatIsNotKeptAnyMore_IsNoDamage()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var withdrawn = await stage.SealAsync(KeyStage.Admissions, Ct, SubmissionState.Withdrawn);
        string[] names =
        [
            row.ContentOf(2).Value, row.CubeOf(2).Value, withdrawn.ContentObject, withdrawn.CubeObject!,
            "datasets/northmere/northmere-police/police-recorded-crime/none.1", "releases/northmere/none/none/file",
            "something/else",
        ];
        foreach (var name in names)
            await AlarmsOf(stage).RaiseAsync(new DamagedObject(name, DamagedObject.Corrupt), Analyst, Ct);
        Assert.Equal(0, await stage.EventsAsync("storage.damaged", Ct));
        Assert.Empty(await NoticesAsync(stage));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ObjectThatDoesNotOpen_IsNamedByWhatIsThrown(int inPayload)
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var file = Path.Combine(
            stage.Folder["objects"], "objects", row.ContentObject + "@", inPayload == 1 ? "payload" : "header");
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Ct);
        var broken = await Assert.ThrowsAsync<SealBrokenException>(() => stage.ReadAsync(row, Ct));
        Assert.Equal(new DamagedObject(row.ContentObject, DamagedObject.Corrupt), DamagedObject.Of(broken));
        var gone = await Assert.ThrowsAsync<ObjectNotFoundException>(() => stage.Store.OpenAsync(row.ContentOf(2), Ct));
        Assert.Equal(new DamagedObject(row.ContentOf(2).Value, DamagedObject.Missing), DamagedObject.Of(gone));
        Assert.Null(DamagedObject.Of(new IOException("of nothing in particular")));
    }

    /// <summary>As another replica, or this one after a start.</summary>
    static DamagedObjects AlarmsOf(KeyStage stage) => new(stage.Gate, stage.Trail, stage.Catalogue, stage.Clock);

    static Task<List<NoticeRow>> NoticesAsync(KeyStage stage) =>
        stage.Catalogue.ReadAsync(db => db.Notices.ToListAsync(Ct), Ct);
}
