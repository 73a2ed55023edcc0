using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Notifying;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>The desk of the next officer says what can be done today, and by whom.</summary>
public sealed class ReadHandoverTests
{
    const string Street = "police-street-level";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Caller Officer { get; } = new(Principal.ForPerson("amara-okafor"), new string('0', 64));

    static async Task<IReadOnlyList<HandoverItem>> HandoverAsync(NoticeStage stage)
    {
        var (gate, trail, catalogue) = stage.Journey();
        var access = new SubmissionAccess(gate, catalogue);
        var compliance = new ReadCompliance(gate, access, trail, catalogue, stage.Clock);
        return await new ReadHandover(gate, trail, catalogue, compliance, stage.Clock).RunAsync(
            Officer, new PartyName("northmere", "northmere-police"), Stop);
    }

    [Fact]
    public async Task LockedAndExceptedReturns_SayWhatToDo()
    {
        // April was due on 29 June and is locked 184 days later; June has an exception for one area.
        await using var stage = await NoticeStage.AtAsync("2027-01-15T09:00:00Z", Stop);
        await stage.AddAsync(new ExceptionRow
        {
            Id = "e1", Agreement = "northmere", Party = "northmere-police", Dataset = Street, Areas = "X22000001",
            PeriodStart = "2026-06-01", PeriodEnd = "2026-07-01", Until = "2027-01-31", Reason = "", GrantedBy = "",
            GrantTicks = stage.Clock.GetUtcNow().AddDays(-1).UtcTicks, Event = "",
        });
        var items = (await HandoverAsync(stage)).Where(i => i.Dataset == Street).ToList();

        (HandoverKind, string)[] Of(int month) => [.. items
            .Where(i => i.Period == InformationPeriod.Month(2026, month)).Select(i => (i.Kind, i.What)).Distinct()];
        Assert.Equal([(HandoverKind.Overdue, "the period is locked: ask the steward for an exception")], Of(4));
        Assert.Equal([(HandoverKind.Overdue, "send it, or say that there is nothing")], Of(5));
        Assert.Contains((HandoverKind.Due, "send it by 2027-01-31: there is more time"), Of(6));
    }

    [Fact]
    public async Task OpenRequestsToTheParty_AreOnTheDeskAndNoOthers()
    {
        await using var stage = await NoticeStage.AtAsync("2026-08-01T09:00:00Z", Stop);
        await stage.AddAsync(
            Request("open", "northmere-police", RequestState.Open),
            Request("answered", "northmere-police", RequestState.Answered),
            Request("others", "northmere-fire", RequestState.Open));

        var item = Assert.Single(await HandoverAsync(stage), i => i.Kind == HandoverKind.RequestPending);
        Assert.Equal("agreements/northmere/parties/northmere-police/requests/open", item.Resource);
        Assert.Equal(
            ("answer alderbrook-council", new DateOnly(2026, 8, 20), null), (item.What, item.DueDate, item.Period));
    }

    static RequestRow Request(string id, string party, RequestState state) => new()
    {
        Id = id, Agreement = "northmere", Party = party, Asker = "alderbrook-council", AskedBy = "",
        Kind = RequestKind.Information, Dataset = null, Feed = null, PeriodStart = null, PeriodEnd = null, Text = "",
        Recipient = null, Purpose = null, ReceiveTicks = 0, AnswerBy = "2026-08-20", State = state,
    };
}
