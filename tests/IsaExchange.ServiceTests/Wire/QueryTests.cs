using System.Text;
using Google.Type;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>
/// Months of one area that are compared with those before: what is asked, who is shown the counts, what an explanation
/// answers and until when, and what readers of a release are told.
/// </summary>
public sealed class QueryTests(NorthmereExchange northmere) : IClassFixture<NorthmereExchange>
{
    const string Area = "X22000001";
    const string Vanished = "Q704.crime_type.drugs";
    const string Text = "From June on drugs are recorded under another heading.";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    WireSender Police => northmere.Police;

    SubmissionService.SubmissionServiceClient Officer => northmere.Submissions(Northmere.PoliceOfficer);

    static byte[] Month(int month, int burglaries, int drugs)
    {
        var small = Northmere.SmallArea(Area);
        var period = Northmere.Month(2024, month);
        var text = Encoding.UTF8.GetString(Northmere.StreetTable(period, small, burglaries));
        for (var row = 1; row <= drugs; row++)
            text += $"{burglaries + row},2024-{month:D2},drugs,{small}\n";
        return Encoding.UTF8.GetBytes(text);
    }

    Task<Submission> SendAsync(int month, int burglaries, int drugs) => Police.SendAsync(
        Police.Request(Northmere.Month(2024, month), Area), Month(month, burglaries, drugs));

    async Task<Submission> SubmitAsync(Submission sent) => await Officer.SubmitSubmissionAsync(
        new SubmitSubmissionRequest { Name = sent.Name }, cancellationToken: Stop);

    async Task<ListViolationsResponse> ReportAsync(Submission sent) => await Officer.ListViolationsAsync(
        new ListViolationsRequest { Parent = sent.Name }, cancellationToken: Stop);

    static ExplainViolationGroupRequest Explain(Submission sent, string text = Text, Date? until = null) => new()
    {
        Name = $"{sent.Name}/violationGroups/{Vanished}", Explanation = text, UntilDate = until,
    };

    Task<Problem> RefusedAsync(string who, ExplainViolationGroupRequest request) => Problem.OfAsync(async () =>
        await northmere.Submissions(who).ExplainViolationGroupAsync(request, cancellationToken: Stop));

    static Date InDays(int days)
    {
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(days);
        return new Date { Year = day.Year, Month = day.Month, Day = day.Day };
    }

    async Task<ICollection<OpenQueries>> OpenAsync(string who) => (await northmere.Compliance(who).ListObligationsAsync(
        new ListObligationsRequest { Parent = Northmere.Agreement }, cancellationToken: Stop)).OpenQueries;

    [Fact]
    public async Task MonthByMonth_QueriesAreAskedExplainedCarriedEndedAndShown()
    {
        var may = await SendAsync(5, 500, 400);
        var first = await ReportAsync(may);
        Assert.Equal((State.Ready, 0, 0), (may.State, first.ViolationGroups.Count, first.Comparison.Submissions.Count));
        await SubmitAsync(may);

        var june = await SendAsync(6, 500, 0);
        await JuneIsAskedAboutAsync(may, june);
        await OnlyTheOfficerExplainsAsync(june);
        await Officer.ExplainViolationGroupAsync(Explain(june, "First try."), cancellationToken: Stop);
        var said = await Officer.ExplainViolationGroupAsync(
            Explain(june, until: InDays(90)), cancellationToken: Stop);
        Assert.Equal([Text, "First try."], said.Explanations.Select(e => e.Text));
        await SubmitAsync(june);
        Assert.Equal("FailedPrecondition EXPLAINED", $"{await RefusedAsync(Northmere.PoliceOfficer, Explain(june))}");

        var july = await SendAsync(7, 501, 0);
        await JulyIsExplainedByJuneAsync(june, july);
        await AugustIsOpenAgainAsync(july);
        await ReleaseTellsAsync();
    }

    async Task JuneIsAskedAboutAsync(Submission may, Submission june)
    {
        Assert.Equal((State.Ready, 1), (june.State, june.ViolationSummary.UnexplainedQueryCount));
        var report = await ReportAsync(june);
        var group = Assert.Single(report.ViolationGroups);
        Assert.Equal([may.Name], report.Comparison.Submissions);
        Assert.Equal((Vanished, "drugs", 0L), (group.Name.Split('/')[^1], group.Code, group.Comparison.Count));
        Assert.Equal((true, 400L), (group.Comparison.Before.Single().Known, group.Comparison.Before.Single().Count));
        Assert.Equal((500, 0, 0), (
            report.Locations.ExactCount, report.Locations.OutwardCount, report.Locations.UnknownCount));
        Assert.DoesNotContain("400", $"{group.Description}{group.Remedy}", StringComparison.Ordinal);
        var problem = await Problem.OfAsync(() => SubmitAsync(june));
        Assert.Equal("FailedPrecondition QUERY_NOT_EXPLAINED", problem.ToString());
        Assert.Equal(Vanished, problem["group"]);
        var early = await Problem.OfAsync(async () => await Officer.ReadEffectAsync(
            new ReadEffectRequest { Name = june.Name }, cancellationToken: Stop));
        Assert.Equal("FailedPrecondition NOT_SUBMITTED", early.ToString());
    }

    async Task OnlyTheOfficerExplainsAsync(Submission june)
    {
        const string Late = "InvalidArgument UNTIL_OUT_OF_RANGE";
        Assert.Equal(
            "PermissionDenied NOT_DESIGNATED_OFFICER", $"{await RefusedAsync(Northmere.PoliceSender, Explain(june))}");
        Assert.Equal("NotFound NOT_FOUND", $"{await RefusedAsync(Northmere.WestOfficer, Explain(june))}");
        Assert.Equal(
            "InvalidArgument EXPLANATION_LENGTH",
            $"{await RefusedAsync(Northmere.PoliceOfficer, Explain(june, new string('x', 2001)))}");
        Assert.Equal(Late, $"{await RefusedAsync(Northmere.PoliceOfficer, Explain(june, until: InDays(400)))}");
        Assert.Equal(Late, $"{await RefusedAsync(Northmere.PoliceOfficer, Explain(june, until: InDays(-2)))}");
    }

    async Task JulyIsExplainedByJuneAsync(Submission june, Submission july)
    {
        Assert.Equal((1, 0), (july.ViolationSummary.QueryCount, july.ViolationSummary.UnexplainedQueryCount));
        await SubmitAsync(july);
        var said = (await ReportAsync(july)).ViolationGroups.Single().Explanations.Single();
        Assert.Equal((Text, june.Name, InDays(90)), (said.Text, said.CarriedFrom, said.UntilDate));
        var end = new EndExplanationRequest { Name = $"{july.Name}/violationGroups/{Vanished}" };
        var ended = await Officer.EndExplanationAsync(end, cancellationToken: Stop);
        Assert.Equal(Text, ended.Explanation);
        Assert.NotNull(ended.Explanations.Single().EndTime);
        Assert.NotNull((await ReportAsync(july)).ViolationGroups.Single().Explanations.Single().EndTime);
        var again = await Problem.OfAsync(async () => await Officer.EndExplanationAsync(end, cancellationToken: Stop));
        Assert.Equal("FailedPrecondition NOTHING_TO_END", again.ToString());
    }

    async Task AugustIsOpenAgainAsync(Submission july)
    {
        var august = await SendAsync(8, 502, 0);
        Assert.Equal(1, august.ViolationSummary.UnexplainedQueryCount);
        // A sender that nobody attends submits with the query open, and the officer is told.
        await Police.SubmitAsync(august.Name);
        var open = Assert.Single(await OpenAsync(Northmere.PoliceOfficer));
        Assert.Equal((august.Name, Vanished), (open.Submission, open.ViolationGroups.Single()));
        Assert.Empty(await OpenAsync(Northmere.WestOfficer));

        // What a sender may not list it is not told of here either; its own counts it is.
        var asked = new ReadEffectRequest { Name = august.Name };
        var unattended = await Police.Submissions.ReadEffectAsync(asked, cancellationToken: Stop);
        Assert.Empty(unattended.Feeds);
        var effect = await Officer.ReadEffectAsync(asked, cancellationToken: Stop);
        Assert.Equal(effect.Counts, unattended.Counts);
        Assert.Equal(july.Name, effect.SubmissionsBefore[0]);
        Assert.Equal(
            [("", 502L, 501L), ("burglary", 502L, 501L)],
            effect.Counts.Select(c => (c.Code, c.Count, c.PreviousCount)));
        Assert.All(effect.Counts, c => Assert.Equal(Northmere.Month(2024, 7), c.PreviousPeriod));
        var feed = Assert.Single(effect.Feeds);
        Assert.False(feed.Complete);
        Assert.Equal(CoverageEntry.Types.Status.Received, feed.Coverage.Single(c => c.Area == Area).Status);
        Assert.All(feed.Coverage, c => Assert.Empty(c.Submissions));
    }

    async Task ReleaseTellsAsync()
    {
        var steward = northmere.Feeds(Northmere.Steward);
        async Task<CoverageEntry> PublishedAsync(int month) => (await steward.PublishReleaseAsync(
            new PublishReleaseRequest { Parent = Northmere.StreetFeed, Period = Northmere.Month(2024, month) },
            cancellationToken: Stop)).Coverage.Single(c => c.Area == Area);
        var july = await PublishedAsync(7);
        Assert.Equal((false, Text), (july.HasUnexplainedQueries, july.Queries.Single().Explanation));
        Assert.Equal((100, 0, 0), (
            july.Locations.ExactPercent, july.Locations.OutwardPercent, july.Locations.UnknownPercent));

        var august = await PublishedAsync(8);
        Assert.Equal((true, ""), (august.HasUnexplainedQueries, august.Queries.Single().Explanation));
        await Officer.ExplainViolationGroupAsync(
            Explain(new Submission { Name = august.Submissions.Single() }, "As in June."), cancellationToken: Stop);
        Assert.Empty(await OpenAsync(Northmere.PoliceOfficer));
        Assert.False((await PublishedAsync(8)).HasUnexplainedQueries);
    }
}
