using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Tests.Exchange.Register;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Notifying;

/// <summary>Somebody who is liaison officer of two authorities is told for each, and each sees it.</summary>
public sealed class TwoPartiesTests
{
    const string Morning = "2026-12-24T09:00:00Z";
    const string Police = "northmere-police";
    const string West = "northmere-west-health";

    static readonly string Yaml = SampleRegister.Yaml.Replace(
        "person: fatima-noor, areas: all", "person: amara-okafor, areas: all", StringComparison.Ordinal);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Caller Steward { get; } = new(Principal.ForPerson("tom-ellery"), new string('0', 64));

    static RequestKey Key() => new(Guid.NewGuid().ToString(), new string('1', 64));

    [Fact]
    public async Task StewardsReminders_OfOneDayReachBothParties()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Yaml, Stop);
        var reminders = stage.Replica().Reminders;
        var police = Assert.Single(await reminders.AskAsync(Steward, "northmere", Police, Key(), Stop));
        var west = Assert.Single(await reminders.AskAsync(Steward, "northmere", West, Key(), Stop));

        Assert.Equal(("amara-okafor", "amara-okafor"), (police.Recipient, west.Recipient));
        Assert.Equal((Police, West), (police.Party, west.Party));
        Assert.Contains("hospital-admissions", west.Body, StringComparison.Ordinal);
        var again = Assert.Single(await reminders.AskAsync(Steward, "northmere", West, Key(), Stop));
        Assert.Equal(west.Id, again.Id);
    }

    [Fact]
    public async Task RepeatedReminderOfAPartyThatOwesNothing_IsStillNothing()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Stop);
        var (reminders, _, catalogue) = stage.Replica();
        var key = Key();

        Assert.Empty(await reminders.AskAsync(Steward, "northmere", "alderbrook-council", key, Stop));
        Assert.Empty(await reminders.AskAsync(Steward, "northmere", "alderbrook-council", key, Stop));
        Assert.Equal(1, await catalogue.ReadAsync(
            db => db.Events.CountAsync(e => e.Json!.Contains("\"reason\":\"REPEATED\""), Stop), Stop));
    }

    [Fact]
    public async Task MessageOfTheDay_IsListedAndLoggedForEachParty()
    {
        await using var stage = await NoticeStage.AtAsync(Morning, Yaml, Stop);
        var (gate, trail, catalogue) = stage.Journey();
        await stage.Replica().Reminders.RunAsync(Stop);
        var merged = (await NoticeStage.NoticesAsync(catalogue, Stop)).Single(n => n.Recipient == "amara-okafor");

        var notices = new ReadNotices(gate, trail, catalogue);
        foreach (var party in new[] { Police, West })
        {
            var listed = await notices.ListAsync(Steward, "northmere", party, 0, 100, Stop);
            Assert.Contains(listed, n => n.Id == merged.Id);
            Assert.True(await catalogue.ReadAsync(
                db => db.Events.AnyAsync(
                    e => e.Json!.Contains(merged.Id)
                        && db.EventSubjects.Any(s => s.Event == e.Id && s.Party == party), Stop), Stop), party);
        }

        var east = await notices.ListAsync(Steward, "northmere", "northmere-east-health", 0, 100, Stop);
        Assert.NotEmpty(east);
        Assert.DoesNotContain(east, n => n.Id == merged.Id);
    }
}
