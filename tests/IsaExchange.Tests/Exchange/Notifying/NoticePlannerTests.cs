using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;
using Northmere = IsaExchange.Tests.Agreement.Northmere;

namespace IsaExchange.Tests.Exchange.Notifying;

/// <summary>Who is told what on which day. The quarter July to September 2026 is due on 31 December.</summary>
public sealed class NoticePlannerTests
{
    static readonly DateOnly Start = Northmere.Day("2026-07-01");

    static List<NoticeItem> Plan(
        string day, SharingAgreement? agreement = null, ReturnActs? acts = null, SubmissionRow[]? drafts = null,
        UnexplainedSubmission[]? unexplained = null) => [.. Planner(day, agreement, acts, drafts, unexplained).Plan()];

    static NoticePlanner Planner(
        string day, SharingAgreement? agreement, ReturnActs? acts, SubmissionRow[]? drafts,
        UnexplainedSubmission[]? unexplained)
    {
        var owing = agreement ?? Northmere.Agreement;
        var today = Northmere.Day(day);
        var open = owing.ObligationsBetween(Start, Start).Where(o => o.Dataset == "police-recorded-crime")
            .Select(o => new AssessedObligation(
                o, ObligationStanding.Assess(o, acts ?? new ReturnActs([], [], [], null), today)))
            .Where(a => a.Standing.IsOpen).ToList();
        return new NoticePlanner(owing, open, drafts ?? [], unexplained ?? [], today);
    }

    static string[] Recipients(IEnumerable<NoticeItem> items) =>
        [.. items.Select(i => i.Recipient).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("2026-12-02", null)]
    [InlineData("2026-12-03", "28")]
    [InlineData("2026-12-23", "28")]
    [InlineData("2026-12-24", "7")]
    [InlineData("2026-12-30", "1")]
    [InlineData("2026-12-31", "1")]
    public void BeforeTheDueDay_TheOfficerIsRemindedOncePerStep(string day, string? step)
    {
        var items = Plan(day);

        Assert.Equal(step is null ? [] : ["amara-okafor"], Recipients(items));
        Assert.All(items, i => Assert.EndsWith($"/{step}", i.Key, StringComparison.Ordinal));
        Assert.All(items, i => Assert.Equal(NoticeKind.Reminder, i.Kind));
        Assert.All(items, i => Assert.Equal(
            "isax send FILE --dataset police-recorded-crime --period 2026-07-01/P3M --submit", i.Command));
    }

    [Theory]
    [InlineData("2027-01-01", "amara-okafor,ben-hartley,iris-calder")]
    [InlineData("2027-01-13", "amara-okafor,ben-hartley,iris-calder")]
    [InlineData("2027-01-14", "amara-okafor,ben-hartley,iris-calder,tom-ellery")]
    public void AfterTheDueDay_ItGoesFurtherStepByStep(string day, string recipients)
    {
        var items = Plan(day);

        Assert.Equal(recipients.Split(','), Recipients(items));
        Assert.All(items, i => Assert.Equal(NoticeKind.Overdue, i.Kind));
    }

    [Fact]
    public void SameStep_HasTheSameKeyOnEveryDayAndTheNextAnother()
    {
        var first = Plan("2026-12-24").Single().Key;

        Assert.Equal(first, Plan("2026-12-29").Single().Key);
        Assert.NotEqual(first, Plan("2026-12-30").Single().Key);
        Assert.NotEqual(first, Plan("2026-12-23").Single().Key);
    }

    [Fact]
    public void WhatIsInOrAnswered_RemindsNobody()
    {
        string[] areas = ["X22000001", "X22000002", "X22000003", "X22000004"];
        var period = Northmere.Period("2026-07-01/P3M");
        var inTime = new ReturnActs(
            [
                new AcceptedReturn(
                    "a", "northmere-police", "police-recorded-crime", areas, period, Northmere.Noon("2026-11-01"),
                    false),
            ],
            [], [], null);
        var answered = new ReturnActs(
            [],
            [
                new Withholding(
                    "northmere-police", "police-recorded-crime", areas, period, WithheldReasons.NotHeld,
                    Northmere.Noon("2026-11-01")),
            ],
            [], null);

        Assert.Empty(Plan("2027-01-14", acts: inTime));
        Assert.Empty(Plan("2027-01-14", acts: answered));
    }

    [Fact]
    public void Exception_MovesTheRemindersWithTheDayItIsLate()
    {
        var acts = new ReturnActs(
            [], [],
            [.. new[] { "X22000001", "X22000002", "X22000003", "X22000004" }.Select(area => new ExceptionAct(
                "northmere-police", "police-recorded-crime", area, Start, Northmere.Day("2027-01-31"),
                Northmere.Noon("2026-12-20")))],
            null);

        Assert.Equal(NoticeKind.Reminder, Plan("2027-01-24", acts: acts).Single().Kind);
        Assert.Contains("more time until 31 Jan 2027, in 7 days", Plan("2027-01-24", acts: acts).Single().Text,
            StringComparison.Ordinal);
        Assert.Equal(3, Plan("2027-02-01", acts: acts).Count);
    }

    [Fact]
    public void CheckedAndNotSubmitted_SaysSoWithTheCommand()
    {
        var ready = Row(SubmissionState.Ready);
        var item = Plan("2026-12-24", drafts: [ready]).Single();

        Assert.Equal((NoticeKind.Ready, $"isax submit police-recorded-crime/{ready.Id}"), (item.Kind, item.Command));
        Assert.Contains("NOT SUBMITTED", item.Text, StringComparison.Ordinal);
        Assert.Equal(
            NoticeKind.Reminder, Plan("2026-12-24", drafts: [Row(SubmissionState.Open)]).Single().Kind);
    }

    [Fact]
    public void InAVacancy_TheDeputyIsRemindedAndWithNeitherTheStewardIsAlarmed()
    {
        var withoutOfficer = Ended("officers[northmere-police/amara-okafor]");
        var withNobody = Ended("officers[northmere-police/amara-okafor]", "officers[northmere-police/ben-hartley]");

        Assert.Equal(["ben-hartley"], Recipients(Plan("2026-12-24", withoutOfficer)));
        var alarm = Plan("2026-12-24", withNobody).Single();
        Assert.Equal((NoticeKind.Vacancy, "tom-ellery"), (alarm.Kind, alarm.Recipient));
        Assert.Equal(alarm.Key, Plan("2026-12-25", withNobody).Single().Key);
        Assert.NotEqual(alarm.Key, Plan("2027-01-01", withNobody).First(i => i.Kind == NoticeKind.Vacancy).Key);
    }

    [Theory]
    [InlineData("2030-04-01", 0)]
    [InlineData("2030-04-02", 1)]
    public void OverdueReview_IsToldToTheSteward(string day, int count) =>
        Assert.Equal(count, Plan(day).Count(i => i is { Kind: NoticeKind.Review, Recipient: "tom-ellery" }));

    [Fact]
    public void UnattendedSubmitWithOpenQueries_IsToldToTheOfficer()
    {
        var row = Row(SubmissionState.Submitted);
        var item = Plan("2026-11-04", unexplained: [new UnexplainedSubmission(row, 2)
        {
            Rules = ["Q703", "X401"],
        }]).Single();

        Assert.Equal((NoticeKind.Queries, "amara-okafor"), (item.Kind, item.Recipient));
        Assert.Contains("2 queries are not explained (Q703, X401);", item.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void OfficerOfOneArea_IsRemindedForThatOne()
    {
        var agreement = Northmere.Loaded(Northmere.Yaml.Replace(
            "amara-okafor, areas: all", "amara-okafor, areas: [X22000001]", StringComparison.Ordinal));

        Assert.Equal(["amara-okafor"], Recipients(Plan("2026-12-24", agreement)));
    }

    static SharingAgreement Ended(params string[] clauses) =>
        Northmere.Agreement.With(Northmere.Agreement.Acts with
        {
            Ends = [.. clauses.Select(c => new DesignationEnd(c, Northmere.Noon("2026-12-01")))],
        });

    static SubmissionRow Row(SubmissionState state) => new()
    {
        Id = "0197",
        Agreement = "northmere",
        AgreementRevision = "",
        Party = "northmere-police",
        Dataset = "police-recorded-crime",
        PeriodStart = "2026-07-01",
        PeriodEnd = "2026-10-01",
        Areas = "X22000001,X22000002,X22000003,X22000004",
        State = state,
        CreatedBy = "",
        CreateTicks = Northmere.Noon("2026-11-01").UtcTicks,
        ExpireTicks = 0,
        SubmitTicks = state == SubmissionState.Submitted
            ? DateTimeOffset.Parse("2026-11-01T10:00:00Z", CultureInfo.InvariantCulture).UtcTicks : null,
    };
}
