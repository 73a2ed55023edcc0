using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using Xunit;

namespace IsaExchange.Tests.Exchange.Queries;

/// <summary>Which explanation answers a query of a later submission, until when, and what readers are told.</summary>
public sealed class ExplanationsTests
{
    const string Group = "Q703.X22000001";

    static readonly DateOnly s_today = new(2026, 8, 1);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static ExplanationRow Said(
        SubmissionRow row, string text, string? until = "2026-08-01", int number = 1, string group = Group) => new()
    {
        Submission = row.Id, Group = group, Number = number, Text = text, Actor = "a", Ticks = number, Until = until,
    };

    static Task<Dictionary<string, ExplanationRow>> StandingAsync(
        QueryStage stage, SubmissionRow row, DateOnly? today = null) => stage.Keys.Catalogue.ReadAsync(
        db => Explanations.StandingAsync(db, row, today ?? s_today, Stop), Stop);

    static SubmissionRow Other(string? party = null, string? dataset = null) => new()
    {
        Id = Guid.NewGuid().ToString("N"), Agreement = "northmere", AgreementRevision = "",
        Party = party ?? "northmere-police", Dataset = dataset ?? QueryStage.Street, PeriodStart = "2026-01-01",
        PeriodEnd = "2026-02-01", Areas = QueryStage.Area, State = SubmissionState.Submitted, CreatedBy = "",
        CreateTicks = 0, ExpireTicks = 0,
    };

    [Fact]
    public async Task GivenUntilADay_ItAnswersTheNextToTheEndOfThatDay()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var (given, next) = (QueryStage.Row(1), QueryStage.Row(2, SubmissionState.Ready));
        await stage.AddAsync(given, next, Said(given, "It is closed."));
        var carried = (await StandingAsync(stage, next))[Group];
        Assert.Equal(("It is closed.", given.Id, "2026-08-01"), (carried.Text, carried.CarriedFrom, carried.Until));
        Assert.Empty(await StandingAsync(stage, next, s_today.AddDays(1)));
    }

    [Fact]
    public async Task WithoutADay_OrEnded_OrOfOthers_ItAnswersNothing()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var next = QueryStage.Row(2, SubmissionState.Ready);
        SubmissionRow[] rows = [
            Other(), Other(), Other(), Other("northmere-west-health"), Other(dataset: "police-recorded-crime"),
            QueryStage.Row(1, SubmissionState.Withdrawn)];
        var ended = Said(rows[1], "ended");
        ended.EndTicks = 1;
        await stage.AddAsync([.. rows, next]);
        await stage.AddAsync(
            Said(rows[0], "this one only", until: null), ended,
            // Said anew without a day: the last word counts.
            Said(rows[2], "first"), Said(rows[2], "last", until: null, number: 2),
            Said(rows[3], "another's"), Said(rows[4], "of another dataset"), Said(rows[5], "withdrawn"));
        Assert.Empty(await StandingAsync(stage, next));
    }

    [Fact]
    public async Task OwnWord_GoesBeforeWhatIsCarried_AndWhatIsSubmittedTakesNothingUpLater()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var given = QueryStage.Row(1);
        var (ready, submitted) = (QueryStage.Row(2, SubmissionState.Ready), QueryStage.Row(3));
        await stage.AddAsync(given, ready, submitted);
        await stage.AddAsync(Said(given, "carried"), Said(ready, "own", until: null));
        Assert.Equal("own", (await StandingAsync(stage, ready))[Group].Text);
        Assert.Empty(await StandingAsync(stage, submitted));
    }

    [Fact]
    public async Task WithTheSubmit_WhatAnswersBecomesItsOwn_AndStaysWhenItExpires()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var (given, next) = (QueryStage.Row(1), QueryStage.Row(2, SubmissionState.Ready));
        await stage.AddAsync(given, next, Said(given, "It is closed."), Said(given, "Other.", group: "Q705.time"));
        await stage.Keys.Catalogue.WriteAsync(
            async db =>
            {
                await Explanations.CarryAsync(db, next, [Group], s_today, Stop);
                return true;
            },
            Stop);
        next.State = SubmissionState.Submitted;
        var kept = Assert.Single(await StandingAsync(stage, next, s_today.AddYears(1)));
        Assert.Equal((Group, "It is closed.", given.Id), (kept.Key, kept.Value.Text, kept.Value.CarriedFrom));
    }

    [Theory]
    [InlineData("street-level-by-csp", "X22000001", "drugs")]
    [InlineData("recorded-crime-by-csp", "X22000001", "")]
    [InlineData("admissions-by-csp", "", "")]
    public async Task ReadersOfAFeed_AreToldAreaAndCode_OnlyWhereItsTablesShowThem(
        string feedId, string area, string code)
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var row = QueryStage.Row(1);
        var group = new ViolationGroup("Q702", "crime_type", Severity.Query, 1, "", "")
        {
            Area = "X22000001", Code = "drugs",
        };
        await stage.AddAsync(row, new ReportRow
        {
            Submission = row.Id, Errors = 0, Queries = 1, Truncated = false,
            Json = System.Text.Json.JsonSerializer.Serialize(new KeptReport([group], [])),
        });
        var feed = stage.Keys.Gate.Find("northmere", "").Agreement.Feeds.Single(f => f.Id == feedId);
        var told = Assert.Single(await stage.Keys.Catalogue.ReadAsync(
            db => new ReleaseQueries(db, feed, s_today).OfAsync(row, Stop), Stop));
        Assert.Equal(("Q702", area, code, true), (told.Rule, told.Area, told.Code, told.IsOpen));
    }

    [Theory]
    [InlineData(33, 33, 33, true, null)]
    [InlineData(33, 33, 34, true, "33 33 34")]
    [InlineData(997, 0, 3, true, "100 0 0")]
    [InlineData(93, 0, 7, false, "95 0 5")]
    [InlineData(98, 0, 2, false, "100 0 0")]
    public void Shares_AreWholePercents_OrStepsOfFiveWhereCountsAreHidden(
        int exact, int outward, int unknown, bool isOpen, string? expected)
    {
        var shares = Coverage.Shares(new LocationQuality(exact, outward, unknown), isOpen);
        Assert.Equal(expected, shares is null ? null : $"{shares.Exact} {shares.Outward} {shares.Unknown}");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(366, true)]
    [InlineData(-1, false)]
    [InlineData(367, false)]
    public void LastDay_IsTodayAtTheEarliestAndAYearAheadAtTheLatest(int days, bool isTaken)
    {
        string? Read() => Explanations.ReadUntil(s_today.AddDays(days), s_today, new Limits().ExplanationDaysMax);
        if (isTaken)
            Assert.NotNull(Read());
        else
            Assert.Equal("UNTIL_OUT_OF_RANGE", Assert.Throws<ExchangeException>(Read).Reason);
    }
}
