using System.Security.Cryptography;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using State = IsaExchange.V1.Obligation.Types.State;

namespace IsaExchange.ServiceTests.Compliance;

/// <summary>Exceptions, withheld returns, the report and reminders over the wire, and who may not have them.</summary>
public sealed class ComplianceTests(NorthmereExchange northmere) : IClassFixture<NorthmereExchange>
{
    static readonly Period Quarter = Northmere.Quarter(2025, 1);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    ComplianceService.ComplianceServiceClient As(string who) => northmere.Compliance(who);

    static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    static Google.Type.Date Day(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    static GrantExceptionRequest Grant(Period period, string reason = "The records system was replaced.") => new()
    {
        Parent = Northmere.Agreement,
        RequestId = Guid.NewGuid().ToString(),
        Exception = new ObligationException
        {
            Party = "northmere-police",
            Dataset = "police-recorded-crime",
            Period = period,
            UntilDate = Day(Today.AddDays(30)),
            Reason = reason,
        },
    };

    static WithholdReturnRequest Withhold(Period period, string reason = "constitutes-personal-data") => new()
    {
        Parent = Northmere.WestAdmissions,
        RequestId = Guid.NewGuid().ToString(),
        Withholding = new Withholding { Period = period, Reason = reason, Note = "Single admissions only." },
    };

    async Task<List<Obligation>> OwedAsync(string party, string dataset, Period period)
    {
        var answer = await As(Northmere.Auditor).ListObligationsAsync(
            new ListObligationsRequest
            {
                Parent = Northmere.Agreement, Party = party, Period = period, PageSize = 1000,
            },
            cancellationToken: Stop);
        return [.. answer.Obligations.Where(o => o.Dataset == dataset)];
    }

    [Fact]
    public async Task Exception_IsGrantedShownAndTakenBack()
    {
        var period = Northmere.Quarter(2025, 4);
        var request = Grant(period);
        var granted = await As(Northmere.Steward).GrantExceptionAsync(request, cancellationToken: Stop);
        Assert.Equal(Northmere.Areas, granted.Areas);
        Assert.Equal(("tom-ellery", 32), (granted.GrantedBy, granted.EventId.Length));
        var again = await As(Northmere.Steward).GrantExceptionAsync(request, cancellationToken: Stop);
        Assert.Equal(granted.Name, again.Name);

        var owed = await OwedAsync("northmere-police", "police-recorded-crime", period);
        Assert.All(owed, o => Assert.Equal((State.Excepted, Day(Today.AddDays(30))), (o.State, o.ExceptionUntil)));
        Assert.All(owed, o => Assert.Equal(new Google.Type.Date { Year = 2025, Month = 9, Day = 30 }, o.DueDate));
        var listed = await As(Northmere.PoliceAnalyst).ListExceptionsAsync(
            new ListExceptionsRequest { Parent = Northmere.Agreement, OpenOnly = true }, cancellationToken: Stop);
        Assert.Contains(granted, listed.Exceptions);

        var revoke = new RevokeExceptionRequest { Name = granted.Name };
        var revoked = await As(Northmere.Steward).RevokeExceptionAsync(revoke, cancellationToken: Stop);
        Assert.NotNull(revoked.RevokeTime);
        Assert.All(
            await OwedAsync("northmere-police", "police-recorded-crime", period),
            o => Assert.Equal(State.Overdue, o.State));
        await Problem.IsAsync(
            "FailedPrecondition ALREADY_REVOKED",
            () => As(Northmere.Steward).RevokeExceptionAsync(revoke, cancellationToken: Stop).ResponseAsync);
        Assert.True(northmere.Catalogue.Events("exception.grant") >= 2);
        Assert.True(northmere.Catalogue.Events("exception.revoke") >= 1);
    }

    [Fact]
    public async Task ReasonsAndNotes_AreNotInTheLog()
    {
        await As(Northmere.Steward).GrantExceptionAsync(
            Grant(Northmere.Quarter(2025, 7), "Zanzibar reason"), cancellationToken: Stop);
        var withheld = Withhold(Northmere.Quarter(2025, 7));
        withheld.Withholding.Note = "Zanzibar note";
        await As(Northmere.WestOfficer).WithholdReturnAsync(withheld, cancellationToken: Stop);

        Assert.Equal(0, northmere.Catalogue.Scalar("select count(*) from Events where Json like '%Zanzibar%'"));
        Assert.Equal(2, northmere.Catalogue.Scalar(
            """
            select count(distinct json_extract(Json, '$.action')) from Events
            where json_extract(Json, '$.action') in ('exception.grant', 'return.withhold')
                and length(json_extract(Json, '$.object_sha256')) = 64
            """));
    }

    [Theory]
    [InlineData(Northmere.PoliceOfficer, "PermissionDenied ROLE_NOT_PERMITTED")]
    [InlineData(Northmere.PoliceSender, "PermissionDenied ROLE_NOT_PERMITTED")]
    [InlineData(Northmere.Auditor, "PermissionDenied ROLE_NOT_PERMITTED")]
    public async Task ExceptionByAnybodyButTheSteward_IsRefused(string who, string answer)
    {
        await Problem.IsAsync(
            answer, () => As(who).GrantExceptionAsync(Grant(Quarter), cancellationToken: Stop).ResponseAsync);
        await Problem.IsAsync(
            answer,
            () => As(who).SendReminderAsync(
                new SendReminderRequest { Parent = Northmere.Agreement, Party = "northmere-police" },
                cancellationToken: Stop).ResponseAsync);
    }

    [Fact]
    public async Task ExceptionThatCannotBe_IsRefused()
    {
        await RefusedAsync("InvalidArgument REASON_REQUIRED", g => g.Exception.Reason = " ");
        await RefusedAsync("InvalidArgument REASON_TOO_LONG", g => g.Exception.Reason = new string('x', 1001));
        await RefusedAsync(
            "InvalidArgument UNTIL_OUT_OF_RANGE", g => g.Exception.UntilDate = Day(Today.AddDays(-2)));
        await RefusedAsync("InvalidArgument UNTIL_OUT_OF_RANGE", g => g.Exception.UntilDate = Day(Today.AddDays(400)));
        await RefusedAsync("InvalidArgument DAY_INVALID", g => g.Exception.UntilDate = null);
        await RefusedAsync("FailedPrecondition NOTHING_OWED", g => g.Exception.Period = Northmere.Month(2025, 1));
        await Problem.IsAsync(
            "NotFound NOT_FOUND",
            () => As(Northmere.Steward).RevokeExceptionAsync(
                new RevokeExceptionRequest { Name = Northmere.Agreement + "/exceptions/none" },
                cancellationToken: Stop).ResponseAsync);

        Task<Problem> RefusedAsync(string expected, Action<GrantExceptionRequest> spoil)
        {
            var request = Grant(Quarter);
            spoil(request);
            return Problem.IsAsync(
                expected,
                () => As(Northmere.Steward).GrantExceptionAsync(request, cancellationToken: Stop).ResponseAsync);
        }
    }

    [Fact]
    public async Task WithheldReturn_IsAnAnswerAndNeverContent()
    {
        var before = await ReportAsync(null);
        var request = Withhold(Quarter);
        var withheld = await As(Northmere.WestOfficer).WithholdReturnAsync(request, cancellationToken: Stop);
        Assert.Equal(["X22000001", "X22000002"], withheld.Areas);
        Assert.Equal(
            withheld.Name,
            (await As(Northmere.WestOfficer).WithholdReturnAsync(request, cancellationToken: Stop)).Name);

        var owed = await OwedAsync("northmere-west-health", "hospital-admissions", Quarter);
        Assert.All(owed, o => Assert.Equal((State.Withheld, 0), (o.State, o.MonthsReceived)));
        Assert.All(owed, o => Assert.Equal("constitutes-personal-data", o.WithheldReason));
        var after = await ReportAsync(null);
        Assert.Equal(before.Rate.Timely + before.Rate.Late, after.Rate.Timely + after.Rate.Late);
        // The day before it was withheld it was missing, and still is when that day is asked about.
        var yesterday = await ReportAsync(Today.AddDays(-1));
        Assert.Contains(yesterday.Missing, m => m.Party == "northmere-west-health" && m.Period.Equals(Quarter));
        Assert.DoesNotContain(after.Missing, m => m.Party == "northmere-west-health" && m.Period.Equals(Quarter));
    }

    [Fact]
    public async Task WithholdingThatCannotBe_IsRefused()
    {
        await Problem.IsAsync(
            "InvalidArgument REASON_UNKNOWN",
            () => As(Northmere.WestOfficer).WithholdReturnAsync(
                Withhold(Quarter, "too-busy"), cancellationToken: Stop).ResponseAsync);
        await Problem.IsAsync(
            "NotFound NOT_FOUND",
            () => As(Northmere.PoliceOfficer).WithholdReturnAsync(
                Withhold(Quarter), cancellationToken: Stop).ResponseAsync);
        await Problem.IsAsync(
            "PermissionDenied NOT_DESIGNATED_OFFICER",
            () => As(Northmere.WestSender).WithholdReturnAsync(
                Withhold(Quarter), cancellationToken: Stop).ResponseAsync);

        var slot = northmere.NextSlot();
        await northmere.Police.SubmitAsync(northmere.Police.Request(slot), slot.Table());
        var late = Withhold(slot.Month);
        late.Parent = Northmere.Street;
        late.Withholding.Areas.Add(slot.Area);
        await Problem.IsAsync(
            "FailedPrecondition ALREADY_SUBMITTED",
            () => As(Northmere.PoliceOfficer).WithholdReturnAsync(late, cancellationToken: Stop).ResponseAsync);
    }

    [Fact]
    public async Task ContentForWhatWasWithheld_TakesItsPlace()
    {
        var slot = northmere.NextSlot();
        var withhold = Withhold(slot.Month, "not-held");
        withhold.Parent = Northmere.Street;
        withhold.Withholding.Areas.Add(slot.Area);
        await As(Northmere.PoliceOfficer).WithholdReturnAsync(withhold, cancellationToken: Stop);
        Assert.Equal(State.Withheld, await StateAsync());
        await northmere.Police.SubmitAsync(northmere.Police.Request(slot), slot.Table());
        Assert.Equal(State.FulfilledLate, await StateAsync());

        async Task<State> StateAsync() =>
            (await OwedAsync("northmere-police", "police-street-level", slot.Month)).Single(o => o.Area == slot.Area)
            .State;
    }

    [Fact]
    public async Task Report_AnswersTheChecklistInSentencesFirst()
    {
        var report = await ReportAsync(null);
        Assert.Equal("11 of 11 authorities have a liaison officer.", report.Sentences[0]);
        Assert.Equal(11, report.Authorities.Count);
        Assert.Equal(["Amara Okafor"], report.Authorities.Single(a => a.Party == "northmere-police").Officers);
        Assert.Equal(["Ben Hartley"], report.Authorities.Single(a => a.Party == "northmere-police").Deputies);
        Assert.False(report.Clean);
        Assert.True(report.Datasets.Single(d => d.Dataset == "police-recorded-crime").Shared);
        Assert.All(report.Datasets.Where(d => d.Dataset == "hospital-admissions"), d => Assert.False(d.Shared));
        var rate = report.Rate;
        Assert.Equal(rate.Expected, rate.Timely + rate.Late + rate.Withheld + rate.Missing);
    }

    [Fact]
    public async Task ReportOfADayToCome_IsRefused() => await Problem.IsAsync(
        "InvalidArgument DAY_NOT_BEGUN", () => ReportAsync(Today.AddDays(2)));

    Task<ComplianceReport> ReportAsync(DateOnly? day) => As(Northmere.Steward).GetComplianceReportAsync(
        new GetComplianceReportRequest { Parent = Northmere.Agreement, Day = day is { } d ? Day(d) : null },
        cancellationToken: Stop).ResponseAsync;

    [Fact]
    public async Task Reminder_BecomesAFileWhoseDigestProvesIt()
    {
        var first = await RemindAsync("northmere-east-health");
        var notice = Assert.Single(first);
        Assert.Equal(("daniel-okoro", "asked"), (notice.Recipient, Assert.Single(notice.Kinds)));
        Assert.Contains("isax send FILE --dataset hospital-admissions", notice.Body, StringComparison.Ordinal);
        // A second reminder of the same day is the first one.
        Assert.Equal(notice.Name, Assert.Single(await RemindAsync("northmere-east-health")).Name);

        var sent = await notices.SentAsync(As(Northmere.Steward), notice.Name, Stop);
        var proof = sent.Proof.Split(" sha256 ");
        var file = await File.ReadAllBytesAsync(Path.Combine(northmere.Exchange.Home, proof[0]), Stop);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), proof[1]);
        Assert.Contains($"Message-Id: <{sent.MessageId}>", System.Text.Encoding.UTF8.GetString(file),
            StringComparison.OrdinalIgnoreCase);
        Assert.True(northmere.Catalogue.Events("notify.sent") >= 1);
    }

    readonly NoticeWait notices = new();

    async Task<IReadOnlyList<Notice>> RemindAsync(string party) => (await As(Northmere.Steward).SendReminderAsync(
        new SendReminderRequest
        {
            Parent = Northmere.Agreement, Party = party, RequestId = Guid.NewGuid().ToString(),
        },
        cancellationToken: Stop)).Notices;

    [Fact]
    public async Task Notices_AreTheOwnPartysAndEverybodysForTheSteward()
    {
        await RemindAsync("northmere-west-health");
        await RemindAsync("northmere-police");

        Assert.Equal(["northmere-police"], await PartiesAsync(Northmere.PoliceOfficer, ""));
        Assert.Equal(["northmere-west-health"], await PartiesAsync(Northmere.WestOfficer, ""));
        Assert.Contains("northmere-police", await PartiesAsync(Northmere.Steward, ""));
        Assert.Contains("northmere-west-health", await PartiesAsync(Northmere.Steward, ""));
        Assert.Equal(["northmere-police"], await PartiesAsync(Northmere.Steward, "northmere-police"));
        await Problem.IsAsync(
            "NotFound NOT_FOUND", () => PartiesAsync(Northmere.PoliceOfficer, "northmere-west-health"));
        await Problem.IsAsync(
            "PermissionDenied NOT_DESIGNATED_OFFICER", () => PartiesAsync(Northmere.PoliceAnalyst, ""));

        async Task<string[]> PartiesAsync(string who, string party)
        {
            var listed = await As(who).ListNoticesAsync(
                new ListNoticesRequest { Parent = Northmere.Agreement, Party = party, PageSize = 1000 },
                cancellationToken: Stop);
            return [.. listed.Notices.Select(n => n.Party).Distinct()];
        }
    }
}
