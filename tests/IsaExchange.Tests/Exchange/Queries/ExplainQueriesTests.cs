using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Queries;

/// <summary>Explaining and ending, each of them once however often the request comes.</summary>
public sealed class ExplainQueriesTests
{
    static readonly RequestKey s_key = new("11111111-1111-4111-8111-111111111111", "body");
    static readonly DateOnly s_today = new(2026, 8, 1);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Caller Officer { get; } = new(Principal.ForPerson("amara-okafor"), new string('0', 64));

    static string Group => QueryStage.Silent.Id;

    static ExplainQueries Journey(QueryStage stage) => new(
        new SubmissionAccess(stage.Keys.Gate, stage.Keys.Catalogue), stage.Keys.Trail, stage.Keys.Clock, stage.Limits);

    static Task<ExplainedGroup> ExplainAsync(
        QueryStage stage, SubmissionRow row, RequestKey key, DateOnly? until = null, string? group = null) =>
        Journey(stage).ExplainAsync(
            Officer, SubmissionName.Parse(row.Name), group ?? Group, "It is closed.", until, key, Stop);

    static Task<ExplainedGroup> EndAsync(QueryStage stage, SubmissionRow row, RequestKey key) =>
        Journey(stage).EndAsync(Officer, SubmissionName.Parse(row.Name), Group, key, Stop);

    static async Task<SubmissionRow> AskedAsync(
        QueryStage stage, int month, SubmissionState state, ViolationGroup? group = null)
    {
        var row = QueryStage.Row(month, state);
        await stage.AddAsync(row, QueryStage.Report(row, group ?? QueryStage.Silent));
        return row;
    }

    static Task<int> RepeatedAsync(QueryStage stage) => stage.Keys.Catalogue.ReadAsync(
        db => db.Events.CountAsync(e => e.Json!.Contains("REPEATED"), Stop), Stop);

    [Fact]
    public async Task EndedOnADraftItAnswered_TheEndIsTold_AndToldAgain()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var given = await AskedAsync(stage, 5, SubmissionState.Submitted);
        var draft = await AskedAsync(stage, 6, SubmissionState.Ready);
        await ExplainAsync(stage, given, new RequestKey("", ""), s_today);

        var first = Assert.Single((await EndAsync(stage, draft, s_key)).Said);
        Assert.Equal((given.Id, stage.Keys.Clock.GetUtcNow().UtcTicks), (first.CarriedFrom, first.EndTicks));
        var again = Assert.Single((await EndAsync(stage, draft, s_key)).Said);
        Assert.Equal((first.Text, first.CarriedFrom, first.EndTicks), (again.Text, again.CarriedFrom, again.EndTicks));
        Assert.Equal(1, await RepeatedAsync(stage));
        var other = await Assert.ThrowsAsync<ExchangeException>(() => EndAsync(stage, draft, s_key with
        {
            Id = "22222222-2222-4222-8222-222222222222",
        }));
        Assert.Equal("NOTHING_TO_END", other.Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_WhatWasSubmittedWithItKeepsIt_AndTellsTheEnd(bool onTheCarrier)
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var given = await AskedAsync(stage, 5, SubmissionState.Submitted);
        await ExplainAsync(stage, given, new RequestKey("", ""), s_today);
        var carrier = await AskedAsync(stage, 6, SubmissionState.Ready);
        await stage.Keys.Catalogue.WriteAsync(
            async db =>
            {
                await Explanations.CarryAsync(db, carrier, [Group], s_today, Stop);
                (await db.Submissions.SingleAsync(s => s.Id == carrier.Id, Stop)).State = SubmissionState.Submitted;
                return true;
            },
            Stop);

        var ended = await EndAsync(stage, onTheCarrier ? carrier : given, s_key);
        Assert.NotNull(Assert.Single(ended.Said).EndTicks);
        var kept = await stage.Keys.Catalogue.ReadAsync(
            async db => await Explanations.OwnAsync(
                db, await db.Submissions.SingleAsync(s => s.Id == carrier.Id, Stop), Stop),
            Stop);
        var said = Assert.Single(kept[Group]);
        Assert.Equal((1, given.Id, ended.Said[0].EndTicks), (said.Number, said.CarriedFrom, said.EndTicks));
    }

    [Fact]
    public async Task Explained_TheRepeatIsTheSame_WhenTheDayAndTheSubmissionHavePassed()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var row = await AskedAsync(stage, 5, SubmissionState.Ready);
        var first = Assert.Single((await ExplainAsync(stage, row, s_key, s_today)).Said);
        stage.Keys.Clock.Advance(TimeSpan.FromDays(1));
        await stage.Keys.Catalogue.WriteAsync(
            async db =>
            {
                (await db.Submissions.SingleAsync(s => s.Id == row.Id, Stop)).State = SubmissionState.Superseded;
                return true;
            },
            Stop);
        var again = Assert.Single((await ExplainAsync(stage, row, s_key, s_today)).Said);
        Assert.Equal((first.Number, first.Text, first.Ticks), (again.Number, again.Text, again.Ticks));
        Assert.Equal(1, await RepeatedAsync(stage));
    }

    [Fact]
    public async Task WhatIsNotListed_IsExplainedForItsSubmissionOnly()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var rest = new ViolationGroup("Q702", "", Severity.Query, 7, "", "") { IsRest = true };
        var row = await AskedAsync(stage, 5, SubmissionState.Ready, rest);
        var refused = await Assert.ThrowsAsync<ExchangeException>(
            () => ExplainAsync(stage, row, s_key, s_today, rest.Id));
        Assert.Equal((ProblemKind.InvalidArgument, "UNTIL_OF_UNLISTED"), (refused.Kind, refused.Reason));
        Assert.Single((await ExplainAsync(stage, row, s_key, group: rest.Id)).Said);
    }
}
