using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using Date = Google.Type.Date;
using Kind = IsaExchange.V1.InformationRequest.Types.Kind;
using RefusalReason = IsaExchange.V1.InformationRequest.Types.RefusalReason;
using State = IsaExchange.V1.InformationRequest.Types.State;

namespace IsaExchange.ServiceTests.Records;

/// <summary>Whoever is asked has a day to answer by, and what was said is there for both.</summary>
[Collection(RecordsTogether.Name)]
public sealed class RequestTests(RecordsExchange northmere)
{
    const string CrimeFeed = "recorded-crime-by-csp";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static InformationRequest Information(string text = "Repeat victims by ward.") =>
        new() { Kind = Kind.Information, Dataset = RecordsExchange.Dataset, Text = text };

    static InformationRequest Onward() => new()
    {
        Kind = Kind.OnwardDisclosure, Feed = CrimeFeed, Text = "For their study of burglary.",
        Recipient = "University of Northmere", Purpose = "strategic-assessment",
    };

    async Task<InformationRequest> MakeAsync(
        string who, InformationRequest request, string parent = Northmere.Police, string requestId = "") =>
        await northmere.Requests(who).MakeRequestAsync(
            new MakeRequestRequest { Parent = parent, InformationRequest = request, RequestId = requestId },
            cancellationToken: Stop);

    async Task<InformationRequest> GetAsync(string who, string name) =>
        await northmere.Requests(who).GetRequestAsync(new GetRequestRequest { Name = name }, cancellationToken: Stop);

    async Task<InformationRequest> AnswerAsync(
        string who, string name, State outcome, Action<AnswerRequestRequest>? change = null)
    {
        var answer = new AnswerRequestRequest { Name = name, Outcome = outcome, Text = "It is in the next release." };
        change?.Invoke(answer);
        return await northmere.Requests(who).AnswerRequestAsync(answer, cancellationToken: Stop);
    }

    async Task<IReadOnlyList<InformationRequest>> ListAsync(string who, string party = "-", bool openOnly = false) =>
        (await northmere.Requests(who).ListRequestsAsync(
            new ListRequestsRequest
            {
                Parent = $"{Northmere.Agreement}/parties/{party}", OpenOnly = openOnly, PageSize = 1000,
            },
            cancellationToken: Stop)).InformationRequests;

    [Fact]
    public async Task Request_HasADayToAnswerByAndIsAnsweredOnce()
    {
        var made = await MakeAsync(Northmere.CouncilAnalyst, Information("Qzrepeat victims"));
        Assert.Equal((State.Open, "northmere-county-council", false), (made.State, made.Asker, made.Overdue));
        Assert.Equal("Amara Okafor, amara.okafor@police.northmere.example", made.Contact);
        var london = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
        var local = TimeZoneInfo.ConvertTime(made.ReceiveTime.ToDateTimeOffset(), london);
        var received = DateOnly.FromDateTime(local.Date);
        Assert.Equal(received.AddDays(20), Day(made.AnswerByDate));

        var answered = await AnswerAsync(Northmere.PoliceOfficer, made.Name, State.Answered);
        Assert.Equal((State.Answered, false), (answered.State, answered.AnsweredLate));
        Assert.Equal(answered, await GetAsync(Northmere.CouncilAnalyst, made.Name));
        await Problem.IsAsync("FailedPrecondition ALREADY_ANSWERED", () => AnswerAsync(
            Northmere.PoliceDeputy, made.Name, State.Refused, a => a.RefusalReason = RefusalReason.NotHeld));

        var told = (await northmere.AccessesAsync()).Where(a => a.Object == made.Name).Select(a => a.Action).ToList();
        Assert.Contains("request.make", told);
        Assert.Contains("request.answer", told);
        Assert.Equal(0, northmere.Catalogue.Scalar("select count(*) from Events where Json like '%Qzrepeat%'"));
    }

    static DateOnly Day(Date date) => new(date.Year, date.Month, date.Day);

    [Fact]
    public async Task Register_IsForThoseItConcernsAndWholeForTheSteward()
    {
        var made = await MakeAsync(Northmere.CouncilAnalyst, Information());
        var other = await MakeAsync(Northmere.WestOfficer, Information("Assaults by hour."));
        string[] both = [Northmere.PoliceOfficer, Northmere.PoliceAnalyst, Northmere.Steward];
        foreach (var who in both)
            Assert.Equal(2, (await ListAsync(who)).Count(r => r.Name == made.Name || r.Name == other.Name));
        Assert.DoesNotContain(await ListAsync(Northmere.WestOfficer), r => r.Name == made.Name);
        Assert.Contains(await ListAsync(Northmere.WestOfficer), r => r.Name == other.Name);
        Assert.Empty(await ListAsync(Northmere.EastOfficer));
        Assert.Equal(made.Name, (await GetAsync(Northmere.Steward, made.Name)).Name);

        await Problem.IsAsync("NotFound NOT_FOUND", () => GetAsync(Northmere.EastOfficer, made.Name));
        await Problem.IsAsync("NotFound NOT_FOUND", () => ListAsync(Northmere.EastOfficer, "northmere-police"));
        await Problem.IsAsync("PermissionDenied NOT_DESIGNATED_OFFICER", () => ListAsync(Northmere.PoliceSender));
        await Problem.IsAsync(
            "NotFound NOT_FOUND", () => AnswerAsync(Northmere.CouncilAnalyst, made.Name, State.Answered));
        await Problem.IsAsync("NotFound NOT_FOUND", () => AnswerAsync(Northmere.Steward, made.Name, State.Answered));
        await Problem.IsAsync("PermissionDenied NOT_DESIGNATED_OFFICER", () =>
            AnswerAsync(Northmere.PoliceAnalyst, made.Name, State.Answered));
    }

    [Fact]
    public async Task Overdue_StandsFirstAndItsAnswerIsLate()
    {
        var late = await MakeAsync(Northmere.CouncilAnalyst, Information());
        await MakeAsync(Northmere.CouncilAnalyst, Information());
        Assert.Equal(1, northmere.Catalogue.Scalar(
            "update Requests set AnswerBy = '2020-01-01' where Id = $id returning 1", ("$id", late.Name[^32..])));
        var first = (await ListAsync(Northmere.PoliceOfficer, openOnly: true))[0];
        Assert.Equal((late.Name, true), (first.Name, first.Overdue));
        var listed = await northmere.Exchange.IsaxAsync(Northmere.PoliceOfficer, "request", "list");
        Assert.Contains("OVERDUE", listed.Output, StringComparison.Ordinal);
        var answered = await AnswerAsync(Northmere.PoliceOfficer, late.Name, State.Answered);
        Assert.Equal((true, false), (answered.AnsweredLate, answered.Overdue));
    }

    [Fact]
    public async Task Consent_IsListedWithTheFeedUntilItsDay()
    {
        var made = await MakeAsync(Northmere.CouncilAnalyst, Onward());
        await Problem.IsAsync("FailedPrecondition CONSENT_OR_REFUSE", () =>
            AnswerAsync(Northmere.PoliceOfficer, made.Name, State.Answered));
        await Problem.IsAsync("InvalidArgument UNTIL_REQUIRED", () =>
            AnswerAsync(Northmere.PoliceOfficer, made.Name, State.Consented));
        await Problem.IsAsync("InvalidArgument UNTIL_PAST", () => AnswerAsync(
            Northmere.PoliceOfficer, made.Name, State.Consented, a => a.UntilDate = new Date
            {
                Year = 2020, Month = 1, Day = 1,
            }));
        Assert.Empty((await FeedAsync()).OnwardConsents);
        await AnswerAsync(Northmere.PoliceOfficer, made.Name, State.Consented, a => a.UntilDate = new Date
        {
            Year = 2031, Month = 3, Day = 31,
        });
        var consent = Assert.Single((await FeedAsync()).OnwardConsents);
        Assert.Equal(
            (made.Name, "northmere-police", "northmere-county-council", "University of Northmere"),
            (consent.Request, consent.Originator, consent.Asker, consent.Recipient));
        var feeds = await northmere.Exchange.IsaxAsync(Northmere.CouncilAnalyst, "feeds", "-o", "csv");
        Assert.Contains("University of Northmere", feeds.Output, StringComparison.Ordinal);
        Assert.Equal(1, northmere.Catalogue.Scalar(
            "update Requests set Until = '2020-01-01' where Id = $id returning 1", ("$id", made.Name[^32..])));
        Assert.Empty((await FeedAsync()).OnwardConsents);
    }

    async Task<Feed> FeedAsync() => (await northmere.Feeds(Northmere.CouncilAnalyst).ListFeedsAsync(
        new ListFeedsRequest { Parent = Northmere.Agreement }, cancellationToken: Stop)).Feeds
        .Single(f => f.Name.EndsWith(CrimeFeed, StringComparison.Ordinal));

    [Fact]
    public async Task Refusal_NeedsAReasonOfTheList()
    {
        var made = await MakeAsync(Northmere.CouncilAnalyst, new InformationRequest
        {
            Kind = Kind.FreedomOfInformation, Feed = CrimeFeed, Text = "A newspaper asks for it.",
        });
        await Problem.IsAsync("InvalidArgument REFUSAL_REASON", () =>
            AnswerAsync(Northmere.PoliceOfficer, made.Name, State.Refused));
        await Problem.IsAsync("InvalidArgument REFUSAL_REASON", () => AnswerAsync(
            Northmere.PoliceOfficer, made.Name, State.Refused, a => a.RefusalReason = (RefusalReason)99));
        await Problem.IsAsync("FailedPrecondition NOT_ONWARD_DISCLOSURE", () => AnswerAsync(
            Northmere.PoliceOfficer, made.Name, State.Consented,
            a => a.UntilDate = new Date { Year = 2031, Month = 1, Day = 1 }));
        var refused = await AnswerAsync(
            Northmere.PoliceOfficer, made.Name, State.Refused, a => a.RefusalReason = RefusalReason.AlreadyAvailable);
        Assert.Equal((State.Refused, RefusalReason.AlreadyAvailable), (refused.State, refused.RefusalReason));
    }

    [Fact]
    public async Task WhatCannotBeAsked_IsRefused()
    {
        var (analyst, officer) = (Northmere.CouncilAnalyst, Northmere.PoliceOfficer);
        await Refused("InvalidArgument OWN_PARTY", officer, Information());
        await Refused("InvalidArgument TEXT_LENGTH", analyst, Information(" "));
        await Refused("InvalidArgument TEXT_LENGTH", analyst, Information(new string('x', 4001)));
        await Refused("InvalidArgument KIND_REQUIRED", analyst, new InformationRequest { Text = "?" });
        var request = Information();
        request.Recipient = "Somebody";
        await Refused("InvalidArgument NOT_ONWARD_DISCLOSURE", analyst, request);
        request = Onward();
        request.Recipient = "";
        await Refused("InvalidArgument RECIPIENT_REQUIRED", analyst, request);
        request = Onward();
        request.Purpose = "";
        await Refused("InvalidArgument PURPOSE_REQUIRED", analyst, request);
        request = Onward();
        request.Feed = "";
        await Refused("InvalidArgument SUBJECT_REQUIRED", analyst, request);
        request.Dataset = "hospital-admissions";
        await Refused("InvalidArgument NOT_THE_ORIGINATOR", analyst, request);
        request = Information();
        request.Dataset = "ambulance-calls";
        await Refused("PermissionDenied DATASET_NOT_COVERED", analyst, request);
        await Refused("PermissionDenied ROLE_NOT_PERMITTED", Northmere.Steward, Information());
        await Refused("PermissionDenied PARTY_NOT_SIGNED", RecordsExchange.UnsignedOfficer, Information());

        Task Refused(string expected, string who, InformationRequest wanted) =>
            Problem.IsAsync(expected, () => MakeAsync(who, wanted));
    }

    [Fact]
    public async Task RepeatedRequest_IsOneRequest()
    {
        var id = Guid.NewGuid().ToString("D");
        var first = await MakeAsync(Northmere.CouncilAnalyst, Information(), requestId: id);
        Assert.Equal(first, await MakeAsync(Northmere.CouncilAnalyst, Information(), requestId: id));
        await Problem.IsAsync("AlreadyExists REQUEST_ID_REUSED", () =>
            MakeAsync(Northmere.CouncilAnalyst, Information("Something else."), requestId: id));
    }

    [Fact]
    public async Task Isax_AsksAnswersAndShows()
    {
        var exchange = northmere.Exchange;
        var made = await exchange.IsaxAsync(
            Northmere.CouncilAnalyst, "request", "make", "--to", "northmere-police", "--kind", "onward-disclosure",
            "--feed", CrimeFeed, "--recipient", "The press office", "--purpose", "strategic-assessment",
            "For a leaflet.", "-o", "json");
        Assert.True(made.ExitCode == 0, $"{made}");
        var name = System.Text.Json.JsonDocument.Parse(made.Output).RootElement.GetProperty("name").GetString()!;
        var refused = await exchange.IsaxAsync(
            Northmere.PoliceOfficer, "request", "answer", name[^32..], "--refuse", "recipient-not-suitable",
            "It is no party and has no need.");
        Assert.True(refused.ExitCode == 0, $"{refused}");
        var shown = await exchange.IsaxAsync(Northmere.CouncilAnalyst, "request", "show", name[^32..]);
        Assert.Contains("recipient-not-suitable", shown.Output, StringComparison.Ordinal);
        Assert.Contains("It is no party", shown.Output, StringComparison.Ordinal);
        var listed = await exchange.IsaxAsync(Northmere.CouncilAnalyst, "request", "list", "--all", "-o", "json");
        Assert.Contains(name, listed.Output, StringComparison.Ordinal);
    }
}
