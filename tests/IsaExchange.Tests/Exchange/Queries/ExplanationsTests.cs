using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage.Catalogue;
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

    /// <summary>Submissions that are all asked the same, and what was said to them.</summary>
    static Task AddAsync(QueryStage stage, params object[] rows) => stage.AddAsync(
        [.. rows, .. rows.OfType<SubmissionRow>().Select(row => QueryStage.Report(row, QueryStage.Silent))]);

    static ViolationGroup Counted(long count, string direction = "", bool isRest = false) =>
        new(isRest ? "Q702" : "X401", "", Severity.Query, count, "", "") { Direction = direction, IsRest = isRest };

    /// <summary>Whether what was said to one group until a day answers another of the next submission.</summary>
    static async Task<bool> AnswersAsync(ViolationGroup explained, ViolationGroup asked)
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var (given, next) = (QueryStage.Row(1), QueryStage.Row(2, SubmissionState.Ready));
        await stage.AddAsync(
            given, next, QueryStage.Report(given, explained), QueryStage.Report(next, asked),
            Said(given, "Festival week.", group: explained.Id));
        return (await StandingAsync(stage, next)).ContainsKey(asked.Id);
    }

    [Fact]
    public async Task GivenUntilADay_ItAnswersTheNextToTheEndOfThatDay()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var (given, next) = (QueryStage.Row(1), QueryStage.Row(2, SubmissionState.Ready));
        await AddAsync(stage, given, next, Said(given, "It is closed."));
        var carried = (await StandingAsync(stage, next))[Group];
        Assert.Equal(("It is closed.", given.Id, "2026-08-01"), (carried.Text, carried.CarriedFrom, carried.Until));
        Assert.Empty(await StandingAsync(stage, next, s_today.AddDays(1)));
    }

    [Theory]
    [InlineData("above", "above", true)]
    [InlineData("above", "below", false)]
    [InlineData("below", "above", false)]
    public async Task SaidOfOneDirection_ItDoesNotAnswerTheOther(string explained, string asked, bool answers) =>
        Assert.Equal(answers, await AnswersAsync(Counted(1, explained), Counted(1, asked)));

    [Theory]
    [InlineData(74, 74, true)]
    [InlineData(74, 148, true)]
    [InlineData(74, 149, false)]
    [InlineData(1, 3, false)]
    [InlineData(40_000, 1, true)]
    public async Task SaidOfSoMany_ItAnswersTwiceAsManyAtMost(int explained, int asked, bool answers) =>
        Assert.Equal(answers, await AnswersAsync(Counted(explained), Counted(asked)));

    [Fact]
    public async Task SaidOfWhatIsNotListed_ItAnswersNoLaterOne() =>
        Assert.False(await AnswersAsync(Counted(7, isRest: true), Counted(7, isRest: true)));

    public static TheoryData<string> Silences => ["none", "ended", "anew", "party", "dataset", "withdrawn", "draft",
        "expired", "areas"];

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task WithoutADay_OrEnded_OrOfOthers_ItAnswersNothing(string why)
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var areas = why == "areas" ? $"{QueryStage.Area},X22000002" : QueryStage.Area;
        var (next, given) = (QueryStage.Row(2, SubmissionState.Ready, areas), why switch
        {
            "party" => Other("northmere-west-health"),
            "dataset" => Other(dataset: "police-recorded-crime"),
            "withdrawn" => QueryStage.Row(1, SubmissionState.Withdrawn),
            "draft" => QueryStage.Row(1, SubmissionState.Ready),
            "expired" => QueryStage.Row(1, SubmissionState.Expired),
            _ => Other(),
        });
        var said = Said(given, "first", until: why == "none" ? null : "2026-08-01");
        said.EndTicks = why == "ended" ? 1 : null;
        await AddAsync(stage, given, next, said);
        if (why == "anew")
            await stage.AddAsync(Said(given, "last", until: null, number: 2));
        Assert.Empty(await StandingAsync(stage, next));
    }

    [Theory]
    [InlineData(SubmissionState.Submitted, "", true)]
    [InlineData(SubmissionState.Superseded, "", true)]
    [InlineData(SubmissionState.Submitted, "ended", false)]
    [InlineData(SubmissionState.Submitted, "without a day", false)]
    [InlineData(SubmissionState.Submitted, "passed", false)]
    public async Task LastWordOverAll_CountsAlone_AndItsEndBringsBackNoneBeforeIt(
        SubmissionState state, string end, bool answers)
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var (first, second) = (QueryStage.Row(1), QueryStage.Row(2, state));
        var next = QueryStage.Row(3, SubmissionState.Ready);
        var last = Said(second, "last", number: 2, until: end switch
        {
            "without a day" => null,
            "passed" => "2026-07-31",
            _ => "2026-08-01",
        });
        last.EndTicks = end == "ended" ? 1 : null;
        await AddAsync(stage, first, second, next, Said(first, "first"), last);
        Assert.Equal(answers ? "last" : null, (await StandingAsync(stage, next)).GetValueOrDefault(Group)?.Text);
    }

    [Fact]
    public async Task OwnWord_GoesBeforeWhatIsCarried_AndWhatIsSubmittedTakesNothingUpLater()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var given = QueryStage.Row(1);
        var (ready, submitted) = (QueryStage.Row(2, SubmissionState.Ready), QueryStage.Row(3));
        await AddAsync(stage, given, ready, submitted);
        await stage.AddAsync(Said(given, "carried"), Said(ready, "own", until: null));
        Assert.Equal("own", (await StandingAsync(stage, ready))[Group].Text);
        Assert.Empty(await StandingAsync(stage, submitted));
    }

    [Fact]
    public async Task WithTheSubmit_WhatAnswersBecomesItsOwn_AndStaysWhenItExpires()
    {
        await using var stage = await QueryStage.StartAsync(Stop);
        var (given, next) = (QueryStage.Row(1), QueryStage.Row(2, SubmissionState.Ready));
        await AddAsync(stage, given, next, Said(given, "It is closed."), Said(given, "Other.", group: "Q705.time"));
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
        await stage.AddAsync(row, QueryStage.Report(row, group));
        var feed = stage.Keys.Gate.Find("northmere", "").Agreement.Feeds.Single(f => f.Id == feedId);
        var told = Assert.Single(await stage.Keys.Catalogue.ReadAsync(
            db => new ReleaseQueries(db, feed, s_today).OfAsync(row, Stop), Stop));
        Assert.Equal(("Q702", area, code, true), (told.Rule, told.Area, told.Code, told.IsOpen));
    }

    [Theory]
    [InlineData(33, 33, 33, null)]
    [InlineData(33, 33, 34, "33 33 34")]
    [InlineData(997, 0, 3, "100 0 0")]
    public void Shares_AreWholePercents(int exact, int outward, int unknown, string? expected)
    {
        var shares = Coverage.Shares(new LocationQuality(exact, outward, unknown));
        Assert.Equal(expected, shares is null ? null : $"{shares.Exact} {shares.Outward} {shares.Unknown}");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(366, true)]
    [InlineData(-1, false)]
    [InlineData(367, false)]
    public void LastDay_IsTodayAtTheEarliestAndAYearAheadAtTheLatest(int days, bool isTaken)
    {
        void Check() => Explanations.CheckUntil(s_today.AddDays(days), s_today, new Limits().ExplanationDaysMax);
        if (isTaken)
            Check();
        else
            Assert.Equal("UNTIL_OUT_OF_RANGE", Assert.Throws<ExchangeException>(Check).Reason);
    }
}
