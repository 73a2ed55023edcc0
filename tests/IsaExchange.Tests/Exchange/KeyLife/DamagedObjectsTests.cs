using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Register;
using IsaExchange.Tests.Exchange.Submitting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.Tests.Exchange.KeyLife;

/// <summary>What was found damaged is told once, to those whose it is and who were to get it.</summary>
public sealed class DamagedObjectsTests
{
    static readonly Caller Police = new(Principal.Sender("northmere-police", "records-system"), new string('0', 64));
    static readonly Caller OtherPolice = new(Principal.Sender("northmere-police", "other"), new string('0', 64));

    /// <summary>The terms of the officers end, and so does that of who signed.</summary>
    static readonly string WithoutPoliceFrom2031 = SampleRegister.Yaml.Replace(
        "person: iris-calder, office: Chief Constable }",
        "person: iris-calder, office: Chief Constable, to: 2031-03-31 }", StringComparison.Ordinal);

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

    [Fact]
    public async Task WhatBecomesKeptLater_IsToldOfThen()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct, SubmissionState.Open);
        var alarms = AlarmsOf(stage);
        var gone = new DamagedObject(row.ContentObject, DamagedObject.Missing);
        await alarms.RaiseAsync(gone, null, Ct);
        Assert.Equal(0, await stage.EventsAsync("storage.damaged", Ct));

        // That it was nobody's then says nothing of now.
        await stage.Catalogue.WriteAsync(
            async db => (await db.Submissions.SingleAsync(Ct)).State = SubmissionState.Submitted, Ct);
        await alarms.RaiseAsync(gone, null, Ct);
        await alarms.RaiseAsync(gone, null, Ct);
        Assert.Equal(1, await stage.EventsAsync("storage.damaged", Ct));
        Assert.NotEmpty(await NoticesAsync(stage));
    }

    [Fact]
    public async Task NobodyToTell_IsAnEventOnceAProcessAndObjectWhoeverAsks()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", WithoutPoliceFrom2031, Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var gone = new DamagedObject(row.ContentObject, DamagedObject.Missing);
        var later = new FakeTimeProvider(new DateTimeOffset(2031, 6, 1, 9, 0, 0, TimeSpan.Zero));
        var alarms = new DamagedObjects(stage.Gate, stage.Trail, stage.Catalogue, later);
        await Task.WhenAll(
            alarms.RaiseAsync(gone, null, Ct), alarms.RaiseAsync(gone, Police, Ct),
            alarms.RaiseAsync(gone, OtherPolice, Ct));
        await alarms.RaiseAsync(gone, null, Ct);
        Assert.Equal(1, await stage.EventsAsync("storage.damaged", Ct));
        Assert.Empty(await NoticesAsync(stage));

        // Another object is another event, and so is another process.
        await alarms.RaiseAsync(new DamagedObject(row.CubeObject!, DamagedObject.Corrupt), null, Ct);
        Assert.Equal(2, await stage.EventsAsync("storage.damaged", Ct));
        await new DamagedObjects(stage.Gate, stage.Trail, stage.Catalogue, later).RaiseAsync(gone, null, Ct);
        Assert.Equal(3, await stage.EventsAsync("storage.damaged", Ct));
    }

    [Fact]
    public async Task NobodyToTellAndNoLog_IsTriedAgainByTheNextCall()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", WithoutPoliceFrom2031, Ct);
        var row = await stage.SealAsync(KeyStage.Crime, Ct);
        var gone = new DamagedObject(row.ContentObject, DamagedObject.Missing);
        var later = new FakeTimeProvider(new DateTimeOffset(2031, 6, 1, 9, 0, 0, TimeSpan.Zero));
        var between = new MeanwhileCatalogue(stage.Catalogue)
        {
            Meanwhile = () => throw new IOException("The catalogue does not answer."),
        };
        var alarms = new DamagedObjects(
            stage.Gate, new AuditTrail(between, later, "isaexchange.example/test"), stage.Catalogue, later);
        await Assert.ThrowsAsync<IOException>(() => alarms.RaiseAsync(gone, null, Ct));
        Assert.Equal(0, await stage.EventsAsync("storage.damaged", Ct));
        await alarms.RaiseAsync(gone, null, Ct);
        Assert.Equal(1, await stage.EventsAsync("storage.damaged", Ct));
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
