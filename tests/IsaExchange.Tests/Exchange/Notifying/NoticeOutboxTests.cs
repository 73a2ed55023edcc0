using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.Notifying;

/// <summary>Nothing is lost and nothing sent twice, whatever restarts, and the other side's answer is kept.</summary>
public sealed class NoticeOutboxTests
{
    const string Morning = "2026-12-24T09:00:00Z";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneDay_IsOneMessageForEachPersonHoweverOftenItIsPlanned()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var first = stage.Replica();
        var written = await first.Reminders.RunAsync(Stop);
        Assert.True(written > 3, $"{written}");
        Assert.Equal(0, await first.Reminders.RunAsync(Stop));
        Assert.Equal(0, await stage.Replica().Reminders.RunAsync(Stop));

        var notices = await NoticeStage.NoticesAsync(first.Catalogue, Stop);
        Assert.Equal(written, notices.Count);
        Assert.Equal(notices.Count, notices.DistinctBy(n => n.Recipient).Count());
        var amara = notices.Single(n => n.Recipient == "amara-okafor");
        Assert.Contains("overdue", amara.Kinds, StringComparison.Ordinal);
        Assert.Contains("reminder", amara.Kinds, StringComparison.Ordinal);
        Assert.Contains("police-recorded-crime", amara.Body, StringComparison.Ordinal);
        Assert.Equal(written, await NoticeStage.EventsAsync(first.Catalogue, "notify.queue", Stop));
    }

    [Fact]
    public async Task NextDay_BringsOnlyWhatIsNew()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (reminders, _, catalogue) = stage.Replica();
        await reminders.RunAsync(Stop);
        var before = await NoticeStage.NoticesAsync(catalogue, Stop);
        stage.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await reminders.RunAsync(Stop));

        // Six days on, the day before the due date: the step of one day has been reached.
        stage.Clock.Advance(TimeSpan.FromDays(5));
        await reminders.RunAsync(Stop);
        var after = await NoticeStage.NoticesAsync(catalogue, Stop);
        var added = after.Where(n => before.All(b => b.Id != n.Id)).ToList();
        Assert.Contains(added, n => n is { Recipient: "amara-okafor", Kinds: "reminder" });
        Assert.DoesNotContain(added, n => n.Kinds.Contains("overdue", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2026-12-24T06:59:00Z", false)]
    [InlineData("2026-12-24T07:00:00Z", true)]
    [InlineData("2026-12-24T20:00:00Z", false)]
    public async Task Messages_AreWrittenByDay(string time, bool written)
    {
        await using var stage = await NoticeStage.AtAsync(time, Stop);

        Assert.Equal(written, await stage.Replica().Reminders.RunAsync(Stop) > 0);
    }

    [Fact]
    public async Task Notices_HoldNoPersonsContactInTheLog()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (reminders, delivery, catalogue) = stage.Replica();
        await reminders.RunAsync(Stop);
        await delivery.RunAsync(Stop);

        var notices = await NoticeStage.NoticesAsync(catalogue, Stop);
        foreach (var notice in notices)
        {
            Assert.Equal(0, await catalogue.ReadAsync(
                db => Task.FromResult(db.Events.Count(e =>
                    e.Json!.Contains(notice.Recipient) || e.Json!.Contains(notice.Contact))), Stop));
        }
    }

    [Fact]
    public async Task Delivery_KeepsTheOtherSidesAnswerAsProof()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (reminders, delivery, catalogue) = stage.Replica();
        var written = await reminders.RunAsync(Stop);
        await delivery.RunAsync(Stop);
        Assert.Equal(0, await stage.Replica().Delivery.RunAsync(Stop));

        var notices = await NoticeStage.NoticesAsync(catalogue, Stop);
        Assert.Equal(written, stage.Carrier.Taken.Count);
        Assert.Equal(written, stage.Carrier.Taken.DistinctBy(t => t.MessageId).Count());
        Assert.All(notices, n => Assert.Equal(NoticeState.Sent, n.State));
        Assert.All(notices, n => Assert.StartsWith("250 taken as", n.Proof, StringComparison.Ordinal));
        Assert.Equal(written, await NoticeStage.EventsAsync(catalogue, "notify.sent", Stop));
        Assert.All(stage.Carrier.Taken, t => Assert.Equal($"{t.Id}@test.isaexchange.example", t.MessageId));
    }

    [Fact]
    public async Task RefusedForNow_IsTriedAgainWithGrowingPausesUnderTheSameId()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        var notice = await OneAsync(catalogue, stage);
        for (var i = 0; i < 3; i++)
            stage.Carrier.Refusals.Enqueue(new NoticeRefusedException("451 later", isFinal: false));

        Assert.Equal(1, await delivery.RunAsync(Stop));
        Assert.Equal(0, await delivery.RunAsync(Stop));
        foreach (var pause in new[] { 5, 10, 20 })
        {
            stage.Clock.Advance(TimeSpan.FromSeconds(pause - 1));
            Assert.Equal(0, await delivery.RunAsync(Stop));
            stage.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, await delivery.RunAsync(Stop));
        }

        var sent = (await NoticeStage.NoticesAsync(catalogue, Stop)).Single(n => n.Id == notice);
        Assert.Equal((NoticeState.Sent, 4, 4), (sent.State, sent.Attempts, stage.Carrier.Attempts));
        Assert.Single(stage.Carrier.Taken);
        Assert.Equal(0, await NoticeStage.EventsAsync(catalogue, "notify.failed", Stop));
    }

    [Fact]
    public async Task RefusedForGood_FailsAtOnceAndIsShown()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        await OneAsync(catalogue, stage);
        stage.Carrier.Refusals.Enqueue(new NoticeRefusedException("550 no such\u001b[31m user", isFinal: true));

        await delivery.RunAsync(Stop);
        stage.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await delivery.RunAsync(Stop));
        var failed = (await NoticeStage.NoticesAsync(catalogue, Stop)).Single();
        Assert.Equal((NoticeState.Failed, "550 no such [31m user"), (failed.State, failed.Proof));
        Assert.Equal(1, await NoticeStage.EventsAsync(catalogue, "notify.failed", Stop));
    }

    [Fact]
    public async Task NobodyTakesItForFiveDays_Fails()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        await OneAsync(catalogue, stage);
        for (var i = 0; i < 2; i++)
            stage.Carrier.Refusals.Enqueue(new NoticeRefusedException("not reached", isFinal: false));

        await delivery.RunAsync(Stop);
        Assert.Equal(NoticeState.Waiting, (await NoticeStage.NoticesAsync(catalogue, Stop)).Single().State);
        stage.Clock.Advance(stage.Limits.NoticeLife + TimeSpan.FromMinutes(1));
        await delivery.RunAsync(Stop);
        Assert.Equal(NoticeState.Failed, (await NoticeStage.NoticesAsync(catalogue, Stop)).Single().State);
    }

    [Fact]
    public async Task CrashWhileSending_LeavesALeaseThatRunsOut()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        var notice = await OneAsync(catalogue, stage);
        // As a replica leaves it that died between its lease and the other side's answer.
        await catalogue.WriteAsync(
            async db =>
            {
                var row = (await db.Notices.FindAsync([notice], Stop))!;
                row.LeaseOwner = "gone";
                row.LeaseTicks = stage.Clock.GetUtcNow().AddMinutes(5).UtcTicks;
                row.Attempts = 1;
                return true;
            },
            Stop);

        Assert.Equal(0, await delivery.RunAsync(Stop));
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await delivery.RunAsync(Stop));
        Assert.Single(stage.Carrier.Taken);
    }

    [Fact]
    public async Task SecondMessageOfADay_IsRefusedByTheCatalogueItself()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, _, catalogue) = stage.Replica();
        await OneAsync(catalogue, stage);

        await Assert.ThrowsAsync<Microsoft.EntityFrameworkCore.DbUpdateException>(() => OneAsync(catalogue, stage));
    }

    [Fact]
    public async Task CarrierThatBreaks_IsOneNoticesTroubleAndIsTriedLater()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        await OneAsync(catalogue, stage);
        await OneAsync(catalogue, stage, "ben-hartley");
        stage.Carrier.Refusals.Enqueue(new UnauthorizedAccessException("/var/secret"));

        Assert.Equal(2, await delivery.RunAsync(Stop));
        Assert.Single(stage.Carrier.Taken);
        var waiting = Assert.Single(
            await NoticeStage.NoticesAsync(catalogue, Stop), n => n.State == NoticeState.Waiting);
        Assert.Equal("not handed over (UnauthorizedAccessException)", waiting.Proof);
        stage.Clock.Advance(stage.Limits.NoticeRetryFirst);
        Assert.Equal(1, await delivery.RunAsync(Stop));
        Assert.Equal(2, stage.Carrier.Taken.DistinctBy(t => t.Id).Count());
    }

    [Fact]
    public async Task AgreementAlteredSince_IsSentOnceAndInTheLog()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        await OneAsync(catalogue, stage);
        await catalogue.WriteAsync(
            async db =>
            {
                var row = await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.SingleAsync(
                    db.Revisions, Stop);
                row.Source = [.. row.Source.Reverse()];
                return true;
            },
            Stop);

        Assert.Equal(1, await delivery.RunAsync(Stop));
        stage.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await delivery.RunAsync(Stop));
        Assert.Single(stage.Carrier.Taken);
        Assert.Equal(NoticeState.Sent, (await NoticeStage.NoticesAsync(catalogue, Stop)).Single().State);
        Assert.Equal(1, await NoticeStage.EventsAsync(catalogue, "notify.sent", Stop));
    }

    [Fact]
    public async Task WhileOneIsTried_TheOthersAreFreeForOtherReplicas()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        await OneAsync(catalogue, stage);
        await OneAsync(catalogue, stage, "ben-hartley");
        var elsewhere = -1;
        stage.Carrier.Meanwhile = async () => elsewhere = await stage.Replica().Delivery.RunAsync(Stop);

        Assert.Equal(1, await delivery.RunAsync(Stop));
        Assert.Equal(1, elsewhere);
        Assert.Equal(2, stage.Carrier.Taken.DistinctBy(t => t.Id).Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RefusedAfterTheLeaseRanOut_IsForTheNewHolderToSay(bool isFinal)
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        var notice = await OneAsync(catalogue, stage);
        stage.Carrier.Refusals.Enqueue(new NoticeRefusedException("no", isFinal));
        stage.Carrier.Meanwhile = () => HoldAsync(catalogue, notice, "another");

        await delivery.RunAsync(Stop);
        var row = (await NoticeStage.NoticesAsync(catalogue, Stop)).Single();
        Assert.Equal((NoticeState.Waiting, "another", ""), (row.State, row.LeaseOwner, row.Proof));
        Assert.Equal(0, await NoticeStage.EventsAsync(catalogue, "notify.failed", Stop));
    }

    [Fact]
    public async Task HandedOverTwice_KeepsTheFirstAnswerAndLogsBoth()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (_, delivery, catalogue) = stage.Replica();
        await OneAsync(catalogue, stage);
        stage.Carrier.Meanwhile = async () =>
        {
            stage.Clock.Advance(TimeSpan.FromMinutes(6));
            await stage.Replica().Delivery.RunAsync(Stop);
        };

        await delivery.RunAsync(Stop);
        Assert.Equal("250 taken as 1", (await NoticeStage.NoticesAsync(catalogue, Stop)).Single().Proof);
        Assert.Equal(2, stage.Carrier.Taken.Count);
        Assert.Equal(2, await NoticeStage.EventsAsync(catalogue, "notify.sent", Stop));
    }

    static Task<bool> HoldAsync(SqliteCatalogue catalogue, string notice, string owner) => catalogue.WriteAsync(
        async db =>
        {
            (await db.Notices.FindAsync([notice], Stop))!.LeaseOwner = owner;
            return true;
        },
        Stop);

    static Task<string> OneAsync(
        SqliteCatalogue catalogue, NoticeStage stage, string recipient = "amara-okafor") => catalogue.WriteAsync(
        db =>
        {
            var row = new NoticeRow
            {
                Id = Guid.NewGuid().ToString("N"),
                Agreement = "northmere",
                Recipient = recipient,
                Party = "northmere-police",
                Parties = "northmere-police",
                Slot = "2026-12-24",
                Kinds = "reminder",
                Contact = "amara.okafor@police.northmere.example",
                RecipientName = "Amara Okafor",
                Subject = "s",
                Body = "b",
                State = NoticeState.Waiting,
                CreateTicks = stage.Clock.GetUtcNow().UtcTicks,
                NextTicks = stage.Clock.GetUtcNow().UtcTicks,
            };
            db.Notices.Add(row);
            return Task.FromResult(row.Id);
        },
        Stop);
}
