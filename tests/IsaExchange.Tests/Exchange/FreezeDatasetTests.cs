using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Notifying;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>Somebody is told of a breach, whoever has left.</summary>
public sealed class FreezeDatasetTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Caller Steward { get; } = new(Principal.ForPerson("tom-ellery"), new string('0', 64));

    [Theory]
    [InlineData(false, "amara-okafor,ben-hartley,tom-ellery")]
    [InlineData(true, "iris-calder,tom-ellery")]
    public async Task Freeze_TellsOfficersOrInAVacancyTheSignatory_AndTheSteward(bool isVacant, string recipients)
    {
        await using var stage = await NoticeStage.AtAsync("2026-08-01T09:00:00Z", Stop);
        var row = stage.Submission("police-recorded-crime", "X22000001", SubmissionState.Submitted);
        await stage.AddAsync(row);
        if (isVacant)
            await stage.AddAsync(Ended(1, "amara-okafor"), Ended(2, "ben-hartley"));
        var (gate, trail, catalogue) = stage.Journey();
        var freeze = new FreezeDataset(gate, new SubmissionAccess(gate, catalogue), trail, stage.Clock);

        await freeze.FreezeAsync(
            Steward, SubmissionName.Parse(row.Name), "a breach", false, new RequestKey("", ""), Stop);
        var notices = await NoticeStage.NoticesAsync(catalogue, Stop);
        Assert.Equal(recipients.Split(','), notices.Select(n => n.Recipient));
        Assert.All(notices, n => Assert.Equal("frozen", n.Kinds));
        Assert.Equal("northmere-county-council", notices[^1].Party);
        Assert.Equal(notices.Count, await NoticeStage.EventsAsync(catalogue, "notify.queue", Stop));
    }

    static DesignationEndRow Ended(int sequence, string person) => new()
    {
        Sequence = sequence, Agreement = "northmere", Clause = $"officers[northmere-police/{person}]", Reason = "",
        Actor = "", Ticks = new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero).UtcTicks,
    };
}
